import { describe, expect, it } from 'vitest';
import type { EditedRequest } from './domain/editedReport.ts';
import { MILLISECONDS_PER_DAY } from './domain/units.ts';
import { editedDesk } from './editedDesk.ts';
import { evaluate } from './evaluate.ts';
import { stressGrid } from './explore.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from './fixtures/smallMarket.ts';
import { headroomModels } from './margin/headroomModels.ts';
import { marketRule } from './margin/marketRule.ts';
import { bookPositions } from './scenario/bookPositions.ts';
import { prepareMarket } from './scenario/preparedMarket.ts';
import { computedRows, rememberedRows } from './scenario/unitPnlCache.ts';
import { valueAtRisk } from './var/valueAtRisk.ts';

const snapshot = smallSnapshot();
const market = prepareMarket({
  ...snapshot,
  underlyings: snapshot.underlyings.map((underlying, coin) => ({
    ...underlying,
    history: {
      intervalDays: 1,
      closes: Array.from({ length: 300 }, (_, day) => {
        const at = AS_OF - 8 * 3_600_000 - (300 - day) * MILLISECONDS_PER_DAY;
        return [at, underlying.index * Math.exp(0.04 * Math.sin(day * (1.7 + coin)))] as const;
      }),
      volatilityIndex: [],
    },
  })),
});
const book = (calls: number) =>
  smallBook(
    [
      [`BTC-${CODES.month}-100000-C`, calls],
      [`BTC-${CODES.week}-80000-P`, -2],
      [`ETH-${CODES.year}-3000-C`, 10],
      [`BTC_USDC-${CODES.year}-80000-P`, 1],
      ['BTC-PERPETUAL', -30_000, 91_000],
      [`ETH_USDC-${CODES.month}`, 3, 2_900],
    ],
    [{ asset: 'BTC', quantity: 1.5 }],
  );
const request = (calls: number): EditedRequest => ({
  inputVersion: calls,
  marketId: 'small',
  book: book(calls),
  proposed: null,
  models: ['portfolio'],
  parameters: {},
  moves: { paths: 20_000, seed: 3, confidence: 0.98, horizonDays: 1, distribution: 'student-t', degreesOfFreedom: 4 },
  stress: {
    spot: [-0.3, -0.1, 0, 0.2],
    vol: [-0.2, 0, 0.6],
    volUnit: 'relative',
    days: 10,
    smile: 'sticky-delta',
    movers: 'BTC',
  },
});
const desk = () => editedDesk(market, rememberedRows(), () => 0);

describe('an edit', () => {
  it('has the report of an evaluation, to the bit, and the bits of a desk that is asked for the first time', () => {
    const used = desk();
    used.edited(request(5), headroomModels);
    const answer = used.edited(request(-3), headroomModels);
    expect(answer.report).toEqual(evaluate(market, request(-3), computedRows, () => 0));
    expect(answer).toEqual(desk().edited(request(-3), headroomModels));
  });

  it('has the grid of the stress grid', () => {
    const { stress } = request(-3);
    const rule = marketRule(market, { model: 'portfolio', parameters: {} }, headroomModels, computedRows);
    const { pnlUsd } = stressGrid(bookPositions(market, book(-3)), stress, rule);
    const { gridPnlUsd } = desk().edited(request(-3), headroomModels);
    pnlUsd.forEach((row, v) =>
      row.forEach((pnl, s) => expect(Math.abs(gridPnlUsd[v]![s]! - pnl)).toBeLessThan(1e-9 * 90_000)),
    );
  });

  it('has a VaR within its errors of one whose paths are drawn elsewhere', async () => {
    const { moves } = request(-3);
    const answer = desk().edited(request(-3), headroomModels);
    const other = await valueAtRisk(market, {
      ...moves,
      inputVersion: 0,
      marketId: 'small',
      portfolio: book(-3),
      method: 'monte-carlo',
      seed: 99,
      paths: 200_000,
      revaluation: 'full',
      smile: 'sticky-strike',
      lossLevelsUsd: [],
    });
    for (const figure of ['valueAtRiskUsd', 'expectedShortfallUsd'] as const) {
      const error = Math.hypot(answer.standardError![figure], other!.standardError![figure]);
      expect(Math.abs(answer[figure] - other![figure])).toBeLessThan(4 * error);
      expect(error).toBeLessThan(0.1 * other![figure]);
    }
  });

  it('of a book that nothing moves loses nothing', () => {
    const answer = desk().edited({ ...request(0), book: smallBook([]) }, headroomModels);
    expect(answer).toMatchObject({ valueAtRiskUsd: 0, expectedShortfallUsd: 0, standardError: null });
    expect(answer.gridPnlUsd.every((row) => row.every((pnl) => pnl === 0))).toBe(true);
  });
});
