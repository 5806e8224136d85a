import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookRisk } from './bookRisk.ts';
import type { MarginResult, StressAxes } from './domain/riskReport.ts';
import { explore, liquidationMoves } from './explore.ts';
import { evaluate } from './evaluate.ts';
import { RiskError } from './domain/failure.ts';
import { rememberedRows } from './scenario/unitPnlCache.ts';
import { dailyHistory, randomMoves, withHistory } from './fixtures/dailyHistory.ts';
import { AS_OF, CODES, EXPIRIES, smallBook, smallMarket, smallSnapshot } from './fixtures/smallMarket.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { marginModels } from './margin/marginModels.ts';
import { portfolioMargin } from './margin/models/portfolioMargin.ts';
import { prepareMarket } from './scenario/preparedMarket.ts';

const moves = randomMoves(400);

const market = smallMarket();
const book = smallBook(
  [
    [`BTC-${CODES.month}-75000-P`, -5],
    [`BTC-${CODES.week}-100000-C`, -3],
    ['BTC-PERPETUAL', -60_000, 88_000],
    [`ETH_USDC-${CODES.week}`, 10, 2_900],
    [`ETH-${CODES.month}-3400-C`, -8],
  ],
  [
    { asset: 'USDC', quantity: 120_000 },
    { asset: 'BTC', quantity: 0.5 },
  ],
);
const STRESS: StressAxes = {
  spot: [-0.16, 0, 0.16],
  vol: [-0.25, 0, 0.5],
  volUnit: 'relative',
  days: 0,
  smile: 'sticky-strike',
  movers: 'all',
};
const CURVE = {
  underlying: 'BTC',
  spot: [-0.5, -0.25, 0, 0.25, 0.5],
  movers: 'all',
  volShock: 0,
  volUnit: 'relative',
  smile: 'sticky-strike',
  days: [0, 3],
  runwayDays: 0,
} as const;

function report(
  overrides: Partial<Parameters<typeof explore>[1]> = {},
  library: readonly MarginModel[] | undefined = undefined,
  on = market,
) {
  return explore(
    on,
    {
      inputVersion: 1,
      marketId: market.snapshot.id,
      book,
      proposed: null,
      model: 'portfolio',
      parameters: {},
      stress: STRESS,
      curve: CURVE,
      pin: null,
      ...overrides,
    },
    rememberedRows(),
    () => 0,
    library,
  );
}

describe('explore', () => {
  it('shows in the centre of the grid exactly what the verdict shows', () => {
    const { stress } = report();
    const risk = bookRisk(market, book, { models: ['portfolio'] });
    const margin = risk.margins[0] as MarginResult;
    expect(stress.before.pnlUsd[1]![1]).toBe(0);
    expect(stress.before.initialMarginUsd[1]![1]).toBe(margin.initialMarginUsd);
    expect(stress.before.maintenanceMarginUsd[1]![1]).toBe(margin.maintenanceMarginUsd);
    expect(stress.before.equityUsd[1]![1]).toBeCloseTo(margin.equityUsd, 8);
  });

  it('moves equity by the P&L of the legs and of coin collateral', () => {
    const { stress } = report();
    const centre = stress.before.equityUsd[1]![1]!;
    expect(stress.before.equityUsd[1]![0]! - centre).toBeCloseTo(stress.before.pnlUsd[1]![0]! - 0.16 * 0.5 * 90_000, 6);
  });

  it('values the pinned scenario as the cell it is', () => {
    const pinned = report({
      pin: { spotMove: 0.16, volShock: 0.5, volUnit: 'relative', days: 0, smile: 'sticky-strike', movers: 'all' },
    }).pinned!;
    const { before } = report().stress;
    expect(pinned.before.pnlUsd).toBe(before.pnlUsd[2]![2]);
    expect(pinned.before.initialMarginUsd).toBe(before.initialMarginUsd[2]![2]);
  });

  it('draws one curve a date and one an expiry, and ends each option at its intrinsic value', () => {
    const single = smallBook([[`BTC-${CODES.week}-100000-C`, -1]]);
    const { before } = report({ book: single }).curves;
    expect(before.pnl.map(({ expiry }) => expiry)).toEqual([null, null, EXPIRIES.week]);
    const atExpiry = before.pnl[2]!.pnlUsd;
    expect(atExpiry[0]).toBeCloseTo(-before.legsValueUsd, 6);
    expect(atExpiry[4]).toBeCloseTo(-(90_000 * 1.5 - 100_000) - before.legsValueUsd, 6);
  });

  it('moves one coin alone when asked', () => {
    const alone = report({ stress: { ...STRESS, movers: 'ETH' } }).stress.before;
    const btcOnly = smallBook([[`BTC-${CODES.month}-75000-P`, -5]]);
    expect(
      report({ book: btcOnly, stress: { ...STRESS, movers: 'ETH' } })
        .stress.before.pnlUsd.flat()
        .every((pnl) => pnl === 0),
    ).toBe(true);
    expect(alone.pnlUsd[1]![0]).not.toBe(report().stress.before.pnlUsd[1]![0]);
  });

  it('previews with the same digits that keeping gives', () => {
    const bigger = { ...book, legs: book.legs.map((leg) => (leg.id === 'a' ? { ...leg, quantity: -9 } : leg)) };
    expect(report({ proposed: bigger }).stress.after).toEqual(report({ book: bigger }).stress.before);
  });

  it('treats a settled coin option as coins, and needs no margin for a settled one bought', () => {
    const bought = smallBook([[`BTC-${CODES.week}-80000-C`, 2]], [{ asset: 'USDC', quantity: 50_000 }]);
    const later = report({ book: bought, model: 'isolated', stress: { ...STRESS, days: 8 } }).stress.before;
    const coins = (2 * (90_000 - 80_000)) / 90_000;
    // Two calls have become coins worth 20,000 USD: what is left at risk is those coins in the scan, extremes counted at 70 %.
    expect(later.initialMarginUsd[1]![1]).toBeCloseTo(coins * 90_000 * 0.32 * 0.7, 6);
  });
});

describe('one code path', () => {
  const withVolHistory = prepareMarket(
    withHistory(smallSnapshot(), {
      BTC: dailyHistory(AS_OF, moves.btc, moves.btcVol),
      ETH: dailyHistory(AS_OF, moves.eth, moves.ethVol),
    }),
  );

  it.each(marginModels.map(({ id }) => id))('gives at no move what evaluate gives, to the last bit: %s', (id) => {
    const [{ margins }, { curves, stress }] = [
      evaluate(
        withVolHistory,
        { inputVersion: 1, marketId: '', book, proposed: null, models: [id], parameters: {} },
        rememberedRows(),
        () => 0,
        marginModels,
      ).before,
      report({ model: id }, marginModels, withVolHistory),
    ];
    const outcome = margins[0]!;
    const at = CURVE.spot.indexOf(0);
    const runway = {
      equityUsd: curves.before.equityUsd[at],
      initialMarginUsd: curves.before.initialMarginUsd[at],
      maintenanceMarginUsd: curves.before.maintenanceMarginUsd[at],
    };
    if ('unsupported' in outcome) expect(curves.before.unsupported).toEqual(outcome.unsupported);
    else {
      expect(runway).toEqual({
        equityUsd: outcome.equityUsd,
        initialMarginUsd: outcome.initialMarginUsd,
        maintenanceMarginUsd: outcome.maintenanceMarginUsd,
      });
      expect(stress.before.initialMarginUsd[1]![1]).toBe(outcome.initialMarginUsd);
      expect(stress.before.equityUsd[1]![1]).toBe(outcome.equityUsd);
    }
  });

  it('draws the runway, the grid and the pinned cell alike for any book, move, vol, date and skew rule', () => {
    const quantity = fc.integer({ min: -20, max: 20 }).filter((n) => n !== 0);
    const names = [
      `BTC-${CODES.week}-80000-P`,
      `BTC-${CODES.month}-75000-P`,
      `BTC-${CODES.year}-110000-C`,
      `ETH-${CODES.month}-3400-C`,
      `BTC-${CODES.month}`,
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...names), quantity), { minLength: 1, maxLength: 5 }),
        fc.double({ min: -0.6, max: 1, noNaN: true }),
        fc.double({ min: -0.5, max: 1.5, noNaN: true }),
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom('sticky-strike' as const, 'sticky-delta' as const),
        fc.constantFrom(...marginModels.map(({ id }) => id)),
        (legs, spotMove, volShock, days, smile, model) => {
          const spot = [...new Set([spotMove, 0])].sort((a, b) => a - b);
          const one = report(
            {
              book: smallBook(legs),
              model,
              stress: { ...STRESS, spot, vol: [volShock], days, smile },
              curve: { ...CURVE, spot, volShock, smile, runwayDays: days },
              pin: { spotMove, volShock, volUnit: 'relative', days, smile, movers: 'all' },
            },
            marginModels,
            withVolHistory,
          );
          const at = spot.indexOf(spotMove);
          for (const figure of ['equityUsd', 'initialMarginUsd', 'maintenanceMarginUsd'] as const) {
            expect(one.curves.before[figure][at]).toBe(one.stress.before[figure][0]![at]);
            expect(one.pinned!.before[figure]).toBe(one.stress.before[figure][0]![at]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lets the date pass along the runway', () => {
    const short = smallBook([[`BTC-${CODES.week}-90000-C`, -4]]);
    const at = (runwayDays: number) => report({ book: short, curve: { ...CURVE, runwayDays } }).curves.before;
    expect(at(3).initialMarginUsd).not.toEqual(at(0).initialMarginUsd);
    // Settled: what is left is money, and nothing is charged for it.
    expect(at(8).maintenanceMarginUsd[3]).toBeLessThan(at(0).maintenanceMarginUsd[3]!);
    expect(at(8).pnl).toEqual(at(0).pnl);
  });
});

describe('a rule that cannot take the book', () => {
  /** Takes no perpetual, and no book at all once spot is low. */
  const picky: MarginModel = {
    ...portfolioMargin,
    id: 'picky',
    requirement(margined, parameters) {
      const perpetual = margined.positions.find(({ contract }) => contract?.instrument.product === 'perpetual');
      if (perpetual)
        throw new RiskError('unsupported', `It takes no perpetuals: ${perpetual.contract!.instrument.name}`);
      if (margined.positions[0]!.index < 60_000) throw new RiskError('unsupported', 'It takes no coin below 60,000');
      return portfolioMargin.requirement(margined, parameters);
    },
  };
  const reason = { code: 'unsupported', message: 'It takes no perpetuals: BTC-PERPETUAL' };

  it('leaves P&L as it is and has no margin, with the leg in words', () => {
    const refused = report({ model: 'picky', pin: { ...STRESS, spotMove: 0.1, volShock: 0 } }, [picky]);
    const taken = report();
    expect(refused.curves.before.pnl).toEqual(taken.curves.before.pnl);
    expect(refused.stress.before.pnlUsd).toEqual(taken.stress.before.pnlUsd);
    expect(refused.curves.before).toMatchObject({
      unsupported: reason,
      equityUsd: [null, null, null, null, null],
      maintenanceMarginUsd: [null, null, null, null, null],
      liquidation: { below: null, above: null, examined: null },
    });
    expect(refused.stress.before.unsupported).toEqual(reason);
    expect(refused.stress.before.initialMarginUsd.flat().every((usd) => usd === null)).toBe(true);
    expect(refused.pinned!.before).toMatchObject({ equityUsd: null, unsupported: reason });
    expect(refused.pinned!.before.pnlUsd).not.toBe(0);
  });

  it('answers where it takes the moved book', () => {
    const options = smallBook([[`BTC-${CODES.month}-75000-P`, -1]], [{ asset: 'USDC', quantity: 500_000 }]);
    const { before } = report({ book: options, model: 'picky' }, [picky]).curves;
    expect(before.maintenanceMarginUsd.map((usd) => usd !== null)).toEqual([false, true, true, true, true]);
    expect(before.liquidation).toEqual({ below: null, above: null, examined: { from: -0.25, to: 0.5 } });
    expect(before.unsupported?.message).toBe('It takes no coin below 60,000');
  });
});

describe('liquidation moves', () => {
  const found = (spot: readonly number[], headroomAt: (move: number) => number | null) =>
    liquidationMoves(spot, spot.map(headroomAt), headroomAt);

  it('finds the nearest crossing on each side, not the chord’s', () => {
    const f = (move: number) => (move < 0 ? 100 - 5_000 * move ** 2 : (Math.exp(2) - Math.exp(12 * move)) * 10);
    expect(found([-0.2, -0.1, 0, 0.1, 0.2], f)).toEqual({
      below: expect.closeTo(-Math.sqrt(0.02), 5),
      above: expect.closeTo(1 / 6, 5),
      examined: { from: expect.closeTo(-Math.sqrt(0.02), 5), to: expect.closeTo(1 / 6, 5) },
    });
  });
  it('is null where headroom stays, and zero where it is gone already', () => {
    const none = { below: null, above: null };
    expect(found([-0.1, 0, 0.1], () => 1)).toEqual({ ...none, examined: { from: -0.1, to: 0.1 } });
    // An account with nothing in it owes nothing.
    expect(found([-0.1, 0, 0.1], () => 0)).toEqual({ ...none, examined: { from: -0.1, to: 0.1 } });
    expect(found([-0.1, 0, 0.1], () => -1)).toEqual({ below: 0, above: 0, examined: { from: 0, to: 0 } });
  });
  it('looks no farther than the rule answers', () => {
    expect(found([-0.2, -0.1, 0, 0.1, 0.2], (move) => (move < -0.15 ? null : 1 - 8 * move))).toMatchObject({
      below: null,
      above: expect.closeTo(0.125, 5),
      examined: { from: -0.1 },
    });
    expect(found([-0.1, 0, 0.1], () => null)).toEqual({ below: null, above: null, examined: null });
  });
});
