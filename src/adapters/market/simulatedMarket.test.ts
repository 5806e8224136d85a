import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MarketSnapshot, UnderlyingMarket } from '../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import { undiscountedBlack } from '../../engine/pricing/black76.ts';
import { calibrateSurface } from '../../engine/surface/calibrateSurface.ts';
import { surfaceVol } from '../../engine/surface/smileVol.ts';
import { sviButterflyMinimum, sviTotalVariance } from '../../engine/surface/svi.ts';
import type { VolSurface } from '../../engine/surface/VolSurface.ts';
import { parseMarketFile } from '../../formats/marketFile.ts';
import { demoMarketText } from './demoMarket.ts';
import { simulatedMarket } from './simulatedMarket.ts';

const AS_OF = Date.UTC(2026, 10, 20, 8);

let market: MarketSnapshot;
let surfaces: readonly VolSurface[];

beforeAll(() => {
  const parsed = parseMarketFile(demoMarketText());
  if (!parsed.ok) throw new Error(parsed.failure.message);
  market = parsed.value;
  surfaces = market.underlyings.map((underlying) => calibrateSurface(underlying, market.asOf));
});

function logReturns({ history }: UnderlyingMarket): number[] {
  const closes = history!.closes.map(([, close]) => close);
  return closes.slice(1).map((close, i) => Math.log(close / closes[i]!));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(one: readonly number[], two: readonly number[]): number {
  const [meanOne, meanTwo] = [mean(one), mean(two)];
  const product = mean(one.map((value, i) => (value - meanOne) * (two[i]! - meanTwo)));
  const deviation = (values: readonly number[], centre: number) =>
    Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
  return product / (deviation(one, meanOne) * deviation(two, meanTwo));
}

function excessKurtosis(values: readonly number[]): number {
  const centre = mean(values);
  const moment = (power: number) => mean(values.map((value) => (value - centre) ** power));
  return moment(4) / moment(2) ** 2 - 3;
}

/** Ljung and Box's statistic of ten lags; chi-square with ten degrees of freedom without autocorrelation. */
function ljungBox(values: readonly number[]): number {
  const n = values.length;
  let statistic = 0;
  for (let lag = 1; lag <= 10; lag++) {
    const centre = mean(values);
    let product = 0;
    for (let i = lag; i < n; i++) product += (values[i]! - centre) * (values[i - lag]! - centre);
    const square = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    statistic += (product / square) ** 2 / (n - lag);
  }
  return n * (n + 2) * statistic;
}

describe('the demo market', () => {
  it('is what the simulator makes, byte for byte', () => {
    const file = readFileSync(new URL('../../../public/demo/market.json', import.meta.url), 'utf8');
    expect(file === demoMarketText(), 'run `npx tsx scripts/make-demo-market.mjs`').toBe(true);
    expect(file.length).toBeLessThan(250_000);
  });

  it('says that it is simulated, by what and from which seed', () => {
    expect(market.source.kind).toBe('simulated');
    expect(market.source.name).toMatch(/^Headroom simulator, seed \d+$/);
    expect(market.asOf).toBe(AS_OF);
    expect(market.stablecoins).toEqual([{ asset: 'USDC', priceUsd: 1 }]);
  });

  it('has three coins, twelve expiries each from a day to a year, all quoted', () => {
    expect(market.underlyings.map(({ symbol }) => symbol)).toEqual(['BTC', 'ETH', 'SOL']);
    for (const { expiries, index, perpetual } of market.underlyings) {
      expect(expiries).toHaveLength(12);
      expect((expiries[0]!.expiry - AS_OF) / MILLISECONDS_PER_DAY).toBe(1);
      expect((expiries[11]!.expiry - AS_OF) / MILLISECONDS_PER_DAY).toBeGreaterThan(360);
      let previous = index;
      for (const { forward, quotes } of expiries) {
        expect(forward).toBeGreaterThan(previous);
        previous = forward;
        expect(quotes.length).toBeGreaterThanOrEqual(20);
        expect(quotes.filter(({ bidIv, askIv }) => bidIv !== undefined && askIv !== undefined).length).toBeGreaterThan(
          quotes.length / 2,
        );
      }
      expect(previous / index).toBeLessThan(1.1);
      expect(perpetual!.mark / index).toBeCloseTo(1, 2);
      expect(perpetual!.fundingRate8h).toBeGreaterThan(0);
    }
  });

  it('quotes the mark between bid and ask, and spreads that widen in the wings and for short expiries', () => {
    for (const { expiries } of market.underlyings) {
      const typical = expiries.map(({ quotes, forward }) => {
        const spreads: { width: number; distance: number }[] = [];
        for (const { strike, markIv, bidIv, askIv } of quotes) {
          if (bidIv !== undefined) expect(bidIv).toBeLessThan(markIv!);
          if (askIv !== undefined) expect(askIv).toBeGreaterThan(markIv!);
          if (bidIv === undefined || askIv === undefined) continue;
          spreads.push({ width: askIv - bidIv, distance: Math.abs(Math.log(strike / forward)) });
        }
        spreads.sort((one, two) => one.distance - two.distance);
        const third = Math.floor(spreads.length / 3);
        const near = mean(spreads.slice(0, third).map(({ width }) => width));
        expect(mean(spreads.slice(-third).map(({ width }) => width))).toBeGreaterThan(near);
        return near;
      });
      expect(typical[0]).toBeGreaterThan(2 * typical[11]!);
    }
  });

  it('has smiles that fit within half a vol point and carry neither butterfly nor calendar arbitrage', () => {
    for (const [i, surface] of surfaces.entries()) {
      expect(surface.calendarArbitrage).toEqual([]);
      for (const fit of surface.fits) {
        expect(fit.failure).toBeNull();
        expect(fit.rmse).toBeLessThan(0.005);
        expect(fit.butterflyArbitrage).toBe(false);
        // Far beyond the quotes as well.
        const { expiries } = market.underlyings[i]!;
        const quotes = expiries.find(({ expiry }) => expiry === fit.expiry)!.quotes;
        const reach = 2 * Math.log(quotes.at(-1)!.strike / fit.forward);
        expect(sviButterflyMinimum(fit.svi!, -reach, reach).g).toBeGreaterThan(0);
      }
      for (let n = 1; n < surface.fits.length; n++) {
        for (let k = -1.2; k <= 1.2; k += 0.05) {
          const before = sviTotalVariance(surface.fits[n - 1]!.svi!, k);
          expect(sviTotalVariance(surface.fits[n]!.svi!, k)).toBeGreaterThan(before);
        }
      }
    }
  });

  it('has option prices themselves without arbitrage: butterflies, verticals and calendars, from the rounded marks', () => {
    for (const { expiries } of market.underlyings) {
      for (const { forward, quotes, expiry } of expiries) {
        const years = (expiry - AS_OF) / (365 * MILLISECONDS_PER_DAY);
        const calls = quotes
          .filter(({ type }) => type === 'C')
          .map(({ strike, markIv }) => ({
            strike,
            price: undiscountedBlack(1, forward, strike, markIv! * Math.sqrt(years)),
          }));
        // A mark rounded to a hundredth of a vol point moves a price by up to half of that times vega.
        const slack = 0.00005 * forward * Math.sqrt(years) * 0.4 * 4;
        for (let n = 1; n < calls.length - 1; n++) {
          const [low, middle, high] = [calls[n - 1]!, calls[n]!, calls[n + 1]!];
          expect(middle.price).toBeLessThan(low.price);
          expect(low.price - middle.price).toBeLessThan(middle.strike - low.strike);
          const share = (high.strike - middle.strike) / (high.strike - low.strike);
          expect(share * low.price + (1 - share) * high.price - middle.price).toBeGreaterThan(-slack);
        }
      }
    }
  });

  it('has vols at the levels of its coins, rising with time, and puts dearer than calls where short', () => {
    const bands = [
      [0.45, 0.6],
      [0.6, 0.7],
      [0.75, 0.88],
    ] as const;
    for (const [i, surface] of surfaces.entries()) {
      for (const { atmVol } of surface.fits) {
        expect(atmVol).toBeGreaterThan(bands[i]![0]);
        expect(atmVol).toBeLessThan(bands[i]![1]);
      }
      const skew = (days: number) => {
        const deviation = surfaceVol(surface, days / 365, 0)! * Math.sqrt(days / 365);
        return surfaceVol(surface, days / 365, -deviation)! - surfaceVol(surface, days / 365, deviation)!;
      };
      const wings = (days: number) => {
        const centre = surfaceVol(surface, days / 365, 0)!;
        const deviation = centre * Math.sqrt(days / 365);
        return (
          (surfaceVol(surface, days / 365, -2 * deviation)! + surfaceVol(surface, days / 365, 2 * deviation)!) / centre
        );
      };
      expect(skew(2)).toBeGreaterThan(0.02);
      expect(skew(2)).toBeGreaterThan(skew(300));
      expect(wings(2)).toBeGreaterThan(wings(300));
    }
  });

  it('has two years of days without a gap that end at the index before the as-of time', () => {
    for (const { history, index } of market.underlyings) {
      const { closes, volatilityIndex } = history!;
      expect(closes).toHaveLength(731);
      expect(closes.at(-1)).toEqual([Date.UTC(2026, 10, 19), index]);
      for (let i = 1; i < closes.length; i++) expect(closes[i]![0] - closes[i - 1]![0]).toBe(MILLISECONDS_PER_DAY);
      if (volatilityIndex.length > 0) {
        expect(volatilityIndex.map(([day]) => day)).toEqual(closes.map(([day]) => day));
      }
    }
    expect(market.underlyings.map(({ history }) => history!.volatilityIndex.length)).toEqual([731, 731, 0]);
  });

  it('has returns with fat tails, clustered vol and coins that move together', () => {
    const returns = market.underlyings.map(logReturns);
    for (const [i, series] of returns.entries()) {
      expect(excessKurtosis(series)).toBeGreaterThan(3);
      expect(excessKurtosis(series)).toBeLessThan(15);
      // 29.59 is the 99.9 % quantile of chi-square with ten degrees of freedom.
      expect(ljungBox(series.map((value) => value ** 2))).toBeGreaterThan(29.59);
      const annual = Math.sqrt(365 * mean(series.map((value) => value ** 2)));
      expect(annual).toBeGreaterThan([0.38, 0.5, 0.6][i]!);
      expect(annual).toBeLessThan([0.55, 0.75, 0.9][i]!);
    }
    expect(correlation(returns[0]!, returns[1]!)).toBeGreaterThan(0.75);
    expect(correlation(returns[0]!, returns[1]!)).toBeLessThan(0.9);
    expect(correlation(returns[0]!, returns[2]!)).toBeGreaterThan(0.6);
  });

  it('has volatility indices that follow vol, revert and rise when prices fall', () => {
    for (const [i, underlying] of market.underlyings.slice(0, 2).entries()) {
      const levels = underlying.history!.volatilityIndex.map(([, vol]) => vol);
      const changes = levels.slice(1).map((level, n) => Math.log(level / levels[n]!));
      const returns = logReturns(underlying);
      expect(correlation(changes, returns)).toBeLessThan(-0.3);
      // The month's realised vol and the index of its end go together.
      const realised = returns.map((_, n) =>
        Math.sqrt(mean(returns.slice(Math.max(0, n - 29), n + 1).map((x) => x * x))),
      );
      expect(correlation(realised.slice(30), levels.slice(31))).toBeGreaterThan(0.6);
      // Reversion: what is high falls.
      const centre = mean(levels);
      const months = levels.slice(60).map((level, n) => level - levels[n]!);
      expect(
        correlation(
          levels.slice(0, -60).map((level) => level - centre),
          months,
        ),
      ).toBeLessThan(-0.3);
      // It ends near the surface's own month.
      expect(levels.at(-1)! / surfaceVol(surfaces[i]!, 30 / 365, 0)!).toBeGreaterThan(1);
      expect(levels.at(-1)! / surfaceVol(surfaces[i]!, 30 / 365, 0)!).toBeLessThan(1.1);
    }
  });
});

describe('simulatedMarket', () => {
  it('is a pure function of seed and time', () => {
    expect(simulatedMarket(3, AS_OF)).toEqual(simulatedMarket(3, AS_OF));
    expect(simulatedMarket(3, AS_OF).id).not.toBe(simulatedMarket(4, AS_OF).id);
    expect(simulatedMarket(3, AS_OF).underlyings[0]!.history!.closes[0]).not.toEqual(
      simulatedMarket(4, AS_OF).underlyings[0]!.history!.closes[0],
    );
  });

  it('is a market file at any time', () => {
    for (const asOf of [Date.UTC(2026, 0, 1, 0, 30), Date.UTC(2027, 5, 25, 8), Date.UTC(2028, 1, 29, 5)]) {
      const made = simulatedMarket(7, asOf);
      expect(made.underlyings.every(({ expiries }) => expiries.every(({ quotes }) => quotes.length >= 10))).toBe(true);
      for (const underlying of made.underlyings) {
        const surface = calibrateSurface(underlying, asOf);
        expect(surface.fits.every(({ rmse }) => rmse !== null && rmse < 0.005)).toBe(true);
        expect(surface.calendarArbitrage).toEqual([]);
      }
    }
  });
});
