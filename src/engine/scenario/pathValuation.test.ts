import { describe, expect, it } from 'vitest';
import type { SmileRule } from '../domain/scenario.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { pathScenarios } from '../fixtures/pathScenarios.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { kernelModule } from '../kernels/wasm/kernelModule.ts';
import { wasmKernels } from '../kernels/wasm/wasmKernels.ts';
import { wasmProxyReads } from '../kernels/wasm/wasmProxyReads.ts';
import { bookPositions } from './bookPositions.ts';
import { calibratedGenerator } from './calibratedGenerator.ts';
import { inlinePathPool } from './inlinePathPool.ts';
import { jointMoves } from './jointMoves.ts';
import { ellipticalGenerator } from './monteCarloScenarios.ts';
import type { PathPlan } from './pathPlan.ts';
import { pathPlan, type PathPosition, pathPositions, varianceTermsOf } from './pathPositions.ts';
import { PATHS_AT_ONCE, pathValuation } from './pathValuation.ts';
import { prepareMarket } from './preparedMarket.ts';
import { coinPnlRow, unitPnlRow } from './unitPnl.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(500);
const market = prepareMarket(
  withHistory(smallSnapshot({ usdcPrice: 0.998 }), {
    BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol),
    ETH: dailyHistory(MIDNIGHT, random.eth, random.ethVol),
  }),
);
const underlyings = ['BTC', 'ETH'];
const moves = jointMoves(market.snapshot, underlyings, 'Monte Carlo VaR');
const request = { horizonDays: 3, degreesOfFreedom: 4, seed: 9, smile: 'sticky-strike', estimates: {} } as const;
const draws = {
  'student-t': ellipticalGenerator(moves, { ...request, distribution: 'student-t' }).draws,
  normal: ellipticalGenerator(moves, { ...request, distribution: 'normal' }).draws,
  'jump-diffusion': calibratedGenerator(market, moves, { ...request, distribution: 'jump-diffusion' }).draws,
  't-copula': calibratedGenerator(market, moves, { ...request, distribution: 't-copula' }).draws,
  bates: calibratedGenerator(market, moves, { ...request, distribution: 'bates' }).draws,
};
type Kind = keyof typeof draws;
const KINDS = Object.keys(draws) as Kind[];

const LEGS: [string, number, number?][] = [
  [`BTC-${CODES.month}-100000-C`, -3],
  [`BTC-${CODES.week}-85000-P`, 2],
  [`ETH-${CODES.year}-3000-P`, -20],
  [`BTC_USDC-${CODES.month}-90000-C`, 1.5],
  ['BTC-PERPETUAL', 50_000, 70_000],
  ['ETH_USDC-PERPETUAL', -4, 2_900],
  [`BTC-${CODES.month}-100000-C`, 1],
];
const bookOf = (legs: typeof LEGS) => bookPositions(market, { ...smallBook(legs, [{ asset: 'BTC', quantity: 0.7 }]) });

function positionsOf(kind: Kind, smile: SmileRule = 'sticky-strike', legs = LEGS): PathPosition[] {
  const varianceTerms = varianceTermsOf(draws[kind]);
  return pathPositions(bookOf(legs), { underlyings, varianceTerms, smile, kernels: referenceKernels });
}
const planOf = (kind: Kind, smile: SmileRule = 'sticky-strike'): PathPlan =>
  pathPlan(underlyings, draws[kind], [positionsOf(kind, smile)]);

describe('a plan', () => {
  it('values an instrument once however many legs hold it, and adds what futures and coins make of a move', () => {
    const { rows, books } = planOf('normal');
    expect(rows.filter(({ kind }) => kind === 'option')).toHaveLength(4);
    expect(rows.filter(({ kind }) => kind === 'linear')).toHaveLength(2);
    expect(books[0]![0]).toBe(-2);
  });

  it('is plain data: a copy of it, as another thread has it, gives the same bits', async () => {
    for (const kind of KINDS) {
      const plan = planOf(kind, 'sticky-delta');
      const here = (await pathValuation(plan, referenceKernels)).pnl(5, 700);
      const there = (await pathValuation(structuredClone(plan), referenceKernels)).pnl(5, 700);
      expect(there).toEqual(here);
    }
  });
});

describe.each(KINDS)('paths by %s', (kind) => {
  it.each<SmileRule>(['sticky-strike', 'sticky-delta', 'spot-vol-beta'])(
    'are worth what each position is worth by itself: %s',
    async (smile) => {
      const count = 400;
      const paths = Int32Array.from({ length: count }, (_, i) => 1_000 + i);
      const set = await pathScenarios(draws[kind], underlyings, paths, smile);
      const book = bookOf(LEGS);
      const expected = new Float64Array(count);
      let size = 0;
      const add = (units: number, row: Float64Array): void =>
        row.forEach((unit, s) => {
          expected[s] = expected[s]! + units * unit;
          size = Math.max(size, Math.abs(units * unit));
        });
      for (const { leg, state, unrealisedCoins } of book.legs) {
        add(leg.quantity, unitPnlRow(state, set));
        if (unrealisedCoins !== 0) add(unrealisedCoins, coinPnlRow(state.index, state.instrument.underlying, set));
      }
      for (const { symbol, quantity, index } of book.coins) add(quantity, coinPnlRow(index, symbol, set));

      const { pnl } = (await pathValuation(planOf(kind, smile), referenceKernels)).pnl(1_000, count);
      pnl[0]!.forEach((value, s) => expect(Math.abs(value - expected[s]!)).toBeLessThan(1e-12 * size));
    },
  );

  it('have the same bits in blocks of any size and order, one by one, and by two pools in turn', async () => {
    const plan = planOf(kind);
    const count = PATHS_AT_ONCE + 900;
    const whole = (await inlinePathPool(referenceKernels).pnl(plan, 0, count))!.pnl[0]!;
    const pools = [inlinePathPool(referenceKernels, 333), inlinePathPool(referenceKernels, 5_000)];
    const pieces = [
      [2_000, count],
      [0, 777],
      [1_999, 2_000],
      [777, 1_999],
    ] as const;
    const found = new Float64Array(count);
    await Promise.all(
      pieces.map(async ([from, to], i) => {
        const block = await pools[i % 2]!.pnl(plan, from, to - from);
        found.set(block!.pnl[0]!, from);
      }),
    );
    expect(found).toEqual(whole);
  });

  it('chosen one by one are the same as in a block', async () => {
    const positions = positionsOf(kind, 'sticky-delta');
    const plan = pathPlan(underlyings, draws[kind], [positions]);
    const valuation = await pathValuation(plan, referenceKernels);
    const whole = valuation.pnl(0, 1_200).pnl[0]!;
    const chosen = Int32Array.of(3, 4, 5, 700, 1_199);
    const total = new Float64Array(chosen.length);
    let rows = 0;
    valuation.rowPnl(plan.rows, chosen, (pnl, row) => {
      rows += 1;
      pnl.forEach((unit, s) => (total[s] = total[s]! + plan.books[0]![row]! * unit));
    });
    expect(rows).toBe(plan.rows.length);
    const size = Math.max(...whole.map(Math.abs));
    chosen.forEach((path, s) => expect(Math.abs(total[s]! - whole[path]!)).toBeLessThan(1e-12 * size));
  });
});

describe('compiled kernels', () => {
  const compiled = wasmKernels(
    new WebAssembly.Instance(new WebAssembly.Module(kernelModule('simd'))).exports,
    'simd',
    wasmProxyReads,
  );

  it.each(KINDS)(
    'give the same bits in blocks of any size, and the reference’s figures to the last digits: %s',
    async (kind) => {
      const plan = pathPlan(underlyings, draws[kind], [
        positionsOf(kind),
        positionsOf(kind, 'sticky-delta', LEGS.slice(1, 4)),
      ]);
      const count = PATHS_AT_ONCE + 901;
      const whole = (await inlinePathPool(compiled).pnl(plan, 7, count))!.pnl;
      const cut = (await inlinePathPool(compiled, 137).pnl(plan, 7, count))!.pnl;
      const alone = (await inlinePathPool(compiled).pnl(plan, 1_907, 1))!.pnl;
      const reference = (await inlinePathPool(referenceKernels).pnl(plan, 7, count))!.pnl;
      for (const book of [0, 1]) {
        expect(cut[book]!.every((value, s) => Object.is(value, whole[book]![s]))).toBe(true);
        expect(alone[book]![0]).toBe(whole[book]![1_900]);
        // Of what the book is worth, some 200,000 USD.
        const furthest = whole[book]!.reduce(
          (most, value, s) => Math.max(most, Math.abs(value - reference[book]![s]!)),
          0,
        );
        expect(furthest).toBeLessThan(1e-12 * 200_000);
      }
    },
  );
});

describe('several books', () => {
  it('share their rows, and each has the P&L that it has alone', async () => {
    const [all, some] = [positionsOf('normal'), positionsOf('normal', 'sticky-strike', LEGS.slice(0, 3))];
    const both = (await pathValuation(pathPlan(underlyings, draws.normal, [all, some]), referenceKernels)).pnl(0, 500);
    for (const [book, positions] of [all, some].entries()) {
      const alone = await pathValuation(pathPlan(underlyings, draws.normal, [positions]), referenceKernels);
      expect(both.pnl[book]).toEqual(alone.pnl(0, 500).pnl[0]);
    }
  });
});

describe('a pool on this thread', () => {
  it('tells how many paths are done, and gives up between blocks', async () => {
    const told: number[] = [];
    const control = { onProgress: (done: number) => told.push(done), cancelled: () => told.length === 2 };
    const answer = await inlinePathPool(referenceKernels, 100).pnl(planOf('normal'), 0, 1_000, control);
    expect(answer).toBeNull();
    expect(told).toEqual([100, 200]);
  });
});
