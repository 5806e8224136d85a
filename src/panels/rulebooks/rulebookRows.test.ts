import { describe, expect, it } from 'vitest';
import type { SizeFit } from '../../engine/domain/rulebookReport.ts';
import type { MarginOutcome, MarginResult } from '../../engine/domain/riskReport.ts';
import { margin, TEST_MODELS } from '../../state/testState.ts';
import { componentRows, FIRST_SORT, nextSort, rulebookRows, type Sort } from './rulebookRows.ts';

/** Deribit asks more than Cross and holds it against more equity. */
const BEFORE: MarginOutcome[] = [
  margin('isolated', 90, 100),
  margin('cross', 60, 100),
  { ...(margin('deribit', 70, 150) as MarginResult), id: 'deribit', title: 'Deribit', equityBasis: 'With bonus' },
  { id: 'reg-t', title: 'Reg T', unsupported: { code: 'unsupported', message: 'BTC-PERPETUAL is no security.' } },
];
const AFTER: MarginOutcome[] = [
  margin('isolated', 120, 100),
  margin('cross', 60, 100),
  { ...(margin('deribit', 80, 150) as MarginResult), id: 'deribit', title: 'Deribit' },
  BEFORE[3]!,
];
const FITS: SizeFit[] = [
  { id: 'isolated', kind: 'none' },
  { id: 'cross', kind: 'largest', least: 0, largest: 12, hasGaps: false },
  { id: 'deribit', kind: 'unbounded', least: 0, hasGaps: false },
];

const rows = (sort: Sort = FIRST_SORT, after: MarginOutcome[] | null = null) =>
  rulebookRows({ report: { before: BEFORE, after }, models: TEST_MODELS, chosen: 'cross', fits: FITS, sort });
const order = (sort: Sort) => rows(sort).map(({ id }) => id);

describe('rulebookRows', () => {
  it('put the most free margin first and what cannot take the book last, whichever way it is turned', () => {
    expect(order(FIRST_SORT)).toEqual(['deribit', 'cross', 'isolated', 'reg-t']);
    expect(order({ key: 'free', descending: false })).toEqual(['isolated', 'cross', 'deribit', 'reg-t']);
    expect(order({ key: 'initial', descending: false })).toEqual(['cross', 'deribit', 'isolated', 'reg-t']);
    expect(order({ key: 'title', descending: true })).toEqual(['isolated', 'deribit', 'cross', 'reg-t']);
    expect(order({ key: 'fit', descending: true })).toEqual(['deribit', 'cross', 'isolated', 'reg-t']);
  });

  it('turn round at the second click, and start each column with its best', () => {
    expect(nextSort(FIRST_SORT, 'free')).toEqual({ key: 'free', descending: false });
    expect(nextSort(FIRST_SORT, 'initial')).toEqual({ key: 'initial', descending: false });
    expect(nextSort(FIRST_SORT, 'fit')).toEqual({ key: 'fit', descending: true });
  });

  it('tell free margin against the chosen rulebook, each by its own equity', () => {
    const against = Object.fromEntries(rows().map(({ id, againstUsd }) => [id, againstUsd]));
    expect(against).toEqual({ isolated: -30, cross: null, deribit: 40, 'reg-t': null });
  });

  it('speak of the proposed book where there is one, bars on one scale with what was', () => {
    const isolated = rows(FIRST_SORT, AFTER).find(({ id }) => id === 'isolated')!;
    expect(isolated.current?.initialMarginUsd).toBe(120);
    expect(isolated.before?.initialMarginUsd).toBe(90);
    expect([isolated.share, isolated.beforeShare]).toEqual([1, 0.75]);
    expect(rows().find(({ id }) => id === 'isolated')).toMatchObject({ after: null, beforeShare: null, share: 1 });
  });

  it('carry the reason of a refusal', () => {
    expect(rows().at(-1)).toMatchObject({ id: 'reg-t', current: null, refusal: 'BTC-PERPETUAL is no security.' });
  });
});

describe('componentRows', () => {
  const of = (components: MarginResult['components']): MarginResult => ({
    ...(margin('cross', 60, 100) as MarginResult),
    components,
  });

  it('tell each part before and after, also what came and what went, and leave out what is nothing', () => {
    const before = of([
      { name: 'Scan', usd: 50 },
      { name: 'Gone', usd: 10 },
      { name: 'Nothing', usd: 0 },
    ]);
    const after = of([
      { name: 'Scan', usd: 65 },
      { name: 'New', usd: 5 },
      { name: 'Nothing', usd: 0 },
    ]);
    expect(componentRows({ before, after, current: after })).toEqual([
      { name: 'Scan', beforeUsd: 50, currentUsd: 65 },
      { name: 'New', beforeUsd: 0, currentUsd: 5 },
      { name: 'Gone', beforeUsd: 10, currentUsd: 0 },
    ]);
    expect(componentRows({ before, after: null, current: before })).toEqual([
      { name: 'Scan', beforeUsd: null, currentUsd: 50 },
      { name: 'Gone', beforeUsd: null, currentUsd: 10 },
    ]);
  });
});
