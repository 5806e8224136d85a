import { beforeAll, describe, expect, it } from 'vitest';
import type { MarketDelta } from '../../../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, yearFraction } from '../../../engine/domain/units.ts';
import { smallSnapshot } from '../../../engine/fixtures/smallMarket.ts';
import { undiscountedBlack } from '../../../engine/pricing/black76.ts';
import { calibrateSurface } from '../../../engine/surface/calibrateSurface.ts';
import { marketFileText, parseMarketFile } from '../../../formats/marketFile.ts';
import { listedExpiries } from '../listedExpiries.ts';
import { simulatedMarket } from '../simulatedMarket.ts';
import { trackValue } from './MarketScript.ts';
import { marketSimulator } from './marketSimulator.ts';
import { simulationParameters } from './simulationParameters.ts';

const AS_OF = Date.UTC(2026, 10, 20, 8);
const HOUR = 3_600;
let start: MarketSnapshot;

beforeAll(() => {
  start = simulatedMarket(466, AS_OF);
});

/** A coarser walk, so that days take no time. */
const coarse = () => ({ ...simulationParameters(start), internalStepSeconds: 60 });

describe('marketSimulator', () => {
  it('reads where the demo market stands: its own variance now and in the long run', () => {
    const [btc] = simulationParameters(start).coins;
    expect(Math.sqrt(btc!.model.variance.now)).toBeCloseTo(0.455, 3);
    expect(Math.sqrt(btc!.model.variance.longRunVariance)).toBeCloseTo(0.57, 3);
  });

  it('goes on from there without a jump', () => {
    const simulator = marketSimulator({ seed: 3, start });
    simulator.step(0.25);
    for (const [u, { expiries, index }] of simulator.market().underlyings.entries()) {
      expect(Math.abs(index / start.underlyings[u]!.index - 1)).toBeLessThan(1e-3);
      for (const [e, { quotes, forward }] of expiries.entries()) {
        const before = start.underlyings[u]!.expiries[e]!;
        expect(Math.abs(forward / before.forward - 1)).toBeLessThan(1e-3);
        expect(quotes).toHaveLength(before.quotes.length);
        for (const [i, quote] of quotes.entries()) {
          expect(quote.openInterest).toBe(before.quotes[i]!.openInterest);
          expect(Math.abs(quote.markIv! - before.quotes[i]!.markIv!)).toBeLessThan(0.003);
        }
      }
    }
  });

  it('gives the same bits for a seed, however the time is cut', () => {
    const run = (seed: number, steps: readonly number[]) => {
      const simulator = marketSimulator({ seed, start, parameters: coarse() });
      const deltas = steps.map((seconds) => simulator.step(seconds));
      return { deltas, market: simulator.market() };
    };
    expect(run(5, [HOUR, HOUR]).deltas).toEqual(run(5, [HOUR, HOUR]).deltas);
    const [whole, cut] = [run(5, [6 * HOUR]), run(5, [1, HOUR - 1, 0.5, 2 * HOUR - 0.5, 3 * HOUR])];
    const prices = ({ market }: typeof whole) =>
      market.underlyings.map(({ index, perpetual, expiries }) => [
        index,
        perpetual,
        expiries.map(({ forward, quotes }) => [forward, quotes.map(({ markIv }) => markIv)]),
      ]);
    // Strikes may have been laid out at another moment: a day that does not go far lays none.
    expect(prices(cut)).toEqual(prices(whole));
    expect(run(6, [6 * HOUR]).market.underlyings[0]!.index).not.toBe(whole.market.underlyings[0]!.index);
  });

  it('lists what the exchange would, over weeks: expiries leave and join at 08:00, strikes follow spot', () => {
    const simulator = marketSimulator({ seed: 11, start, parameters: coarse() });
    const deltas: MarketDelta[] = [];
    for (let n = 0; n < 15 * 4; n += 1) {
      deltas.push(simulator.step(6 * HOUR));
      const { asOf, underlyings } = simulator.market();
      for (const { expiries, index } of underlyings) {
        for (const { expiry, forward, quotes } of expiries) {
          expect(expiry).toBeGreaterThan(asOf);
          expect(quotes.every(({ markIv }) => markIv !== undefined && markIv > 0.05 && markIv < 5)).toBe(true);
          expect(Math.abs(Math.log(forward / index))).toBeLessThan(0.1);
          const strikes = quotes.map(({ strike }) => strike);
          expect(Math.min(...strikes)).toBeLessThan(forward);
          expect(Math.max(...strikes)).toBeGreaterThan(forward);
        }
      }
    }
    const { asOf, underlyings } = simulator.market();
    expect(asOf).toBe(AS_OF + 15 * MILLISECONDS_PER_DAY);
    const listed = listedExpiries(asOf).map(({ expiry }) => expiry);
    for (const { expiries } of underlyings)
      for (const expiry of listed) expect(expiries.map((each) => each.expiry)).toContain(expiry);
    const delisted = deltas.flatMap((delta) => delta.underlyings[0]!.delisted ?? []);
    expect(delisted).toHaveLength(new Set(delisted).size);
    expect(delisted.every((expiry) => new Date(expiry).getUTCHours() === 8)).toBe(true);
    expect(delisted.length).toBeGreaterThan(10);
    // Each day that has ended has its close.
    const closes = underlyings[0]!.history!.closes;
    expect(closes).toHaveLength(731);
    expect(closes.at(-1)![0]).toBe(Date.UTC(2026, 11, 4));
    for (let i = 1; i < closes.length; i += 1) expect(closes[i]![0] - closes[i - 1]![0]).toBe(MILLISECONDS_PER_DAY);
  });

  it('makes markets that are files, and whose smiles the engine finds free of arbitrage', () => {
    const simulator = marketSimulator({
      seed: 2,
      start,
      parameters: coarse(),
      script: {
        vol: [
          [0, 1],
          [24, 2.4],
        ],
        skew: [
          [0, 0],
          [24, -0.35],
        ],
        spot: [
          [0, 0],
          [24, -0.25],
        ],
      },
    });
    for (let n = 0; n < 4; n += 1) {
      simulator.step(6 * HOUR);
      const market = simulator.market();
      const file = parseMarketFile(marketFileText(market));
      expect(file.ok).toBe(true);
      for (const underlying of market.underlyings) {
        const surface = calibrateSurface(underlying, market.asOf);
        // A hundred times further out than anything is quoted, wings fitted to rounded vols may cross.
        expect(surface.calendarArbitrage.filter(({ logMoneyness }) => Math.abs(logMoneyness) <= 3)).toEqual([]);
        for (const fit of surface.fits) {
          expect(fit.butterflyArbitrage).toBe(false);
          expect(fit.rmse).toBeLessThan(0.002);
        }
        for (const { expiry, forward, quotes } of underlying.expiries) {
          const years = yearFraction(market.asOf, expiry);
          const calls = quotes.filter(({ type }) => type === 'C');
          const price = (i: number) =>
            undiscountedBlack(1, forward, calls[i]!.strike, calls[i]!.markIv! * Math.sqrt(years));
          // Marks are rounded to a hundredth of a vol point: twice half of that times the largest vega.
          const slack = 0.0001 * 0.4 * forward * Math.sqrt(years);
          for (let i = 1; i < calls.length - 1; i += 1) {
            const [low, middle, high] = [calls[i - 1]!.strike, calls[i]!.strike, calls[i + 1]!.strike];
            const share = (high - middle) / (high - low);
            expect(share * price(i - 1) + (1 - share) * price(i + 1) - price(i)).toBeGreaterThan(-slack);
          }
        }
      }
    }
  });

  it('quotes marks between bids and asks, at the time they were told, no later than ten seconds on', () => {
    const simulator = marketSimulator({ seed: 4, start });
    let told = AS_OF;
    for (let n = 0; n < 200; n += 1) {
      const delta = simulator.step(0.25);
      expect(delta.asOf).toBe(AS_OF + (n + 1) * 250);
      const [btc] = delta.underlyings;
      expect(btc!.indexTimestamp).toBe(delta.asOf);
      if (btc!.expiries === undefined) continue;
      expect(delta.asOf - told).toBeLessThanOrEqual(10_000);
      told = delta.asOf;
      for (const { timestamp, quotes = [] } of btc!.expiries) {
        expect(timestamp).toBe(delta.asOf);
        for (const { markIv, bidIv, askIv, timestamp: at } of quotes) {
          expect(at).toBe(delta.asOf);
          if (bidIv !== undefined) expect(bidIv).toBeLessThan(markIv!);
          if (askIv !== undefined) expect(askIv).toBeGreaterThan(markIv!);
        }
      }
    }
    expect(told).toBeGreaterThan(AS_OF);
    expect(told).toBeLessThan(AS_OF + 50_000);
  });

  it('does what its script says', () => {
    const simulator = marketSimulator({
      seed: 8,
      start,
      parameters: coarse(),
      script: {
        spot: [
          [0, 0],
          [4, -0.25],
        ],
        spotOf: {
          ETH: [
            [0, 0],
            [4, 0.1],
          ],
        },
        noise: [[0, 0]],
        vol: [
          [0, 1],
          [4, 2],
        ],
        premium: [
          [0, 0],
          [4, -0.01],
        ],
        stablecoins: {
          USDC: [
            [0, 1],
            [4, 0.88],
          ],
        },
      },
    });
    const delta = simulator.step(4 * HOUR);
    const [btc, eth] = simulator.market().underlyings;
    // Without noise only the compensation of jumps and diffusion is left, which is none.
    expect(btc!.index / start.underlyings[0]!.index).toBeCloseTo(0.75, 6);
    expect(eth!.index / start.underlyings[1]!.index).toBeCloseTo(1.1, 6);
    expect(btc!.perpetual!.mark / btc!.index - 1).toBeCloseTo(-0.01, 2);
    expect(delta.stablecoins).toEqual([{ asset: 'USDC', priceUsd: 0.88 }]);
    const atm = (market: MarketSnapshot, e: number) =>
      calibrateSurface(market.underlyings[0]!, market.asOf).fits[e]!.atmVol!;
    const ratio = (e: number) => atm(simulator.market(), e) / atm(start, e);
    expect(ratio(0)).toBeGreaterThan(1.8);
    expect(ratio(11)).toBeLessThan(1.5);
    expect(ratio(11)).toBeGreaterThan(1.1);
  });

  it('moves any market with prices, options or none', () => {
    const { underlyings } = smallSnapshot();
    const bare = {
      ...smallSnapshot(),
      underlyings: [
        { ...underlyings[0]!, expiries: [] },
        { ...underlyings[1]!, symbol: 'XRP' },
      ],
    };
    const simulator = marketSimulator({ seed: 1, start: bare });
    simulator.step(60);
    const [btc, xrp] = simulator.market().underlyings;
    expect(btc!.expiries).toEqual([]);
    expect(xrp!.expiries).toHaveLength(3);
    expect(xrp!.index).not.toBe(3_000);
  });
});

describe('trackValue', () => {
  it('holds the ends and goes smoothly between', () => {
    const track = [
      [1, 0],
      [3, 10],
    ] as const;
    expect([0, 1, 2, 3, 9].map((hours) => trackValue(track, hours, 7))).toEqual([0, 0, 5, 10, 10]);
    expect(trackValue(track, 1.01, 7)).toBeLessThan(0.01);
    expect(trackValue(undefined, 1, 7)).toBe(7);
  });
});
