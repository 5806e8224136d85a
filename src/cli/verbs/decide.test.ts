import { describe, expect, it } from 'vitest';
import { marketFileText } from '../../formats/marketFile.ts';
import { CODES, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { commandRun } from '../fixtures/commandRun.ts';

const book = (positions: readonly (readonly [string, number, number?])[]) =>
  JSON.stringify({
    schema: 'headroom/portfolio@1',
    name: 'book',
    positions: positions.map(([instrument, quantity, entryPrice], at) => ({
      id: `l${at}`,
      instrument,
      quantity,
      ...(entryPrice === undefined ? {} : { entryPrice }),
    })),
    collateral: [{ asset: 'USDC', quantity: 100_000 }],
  });

const files: Readonly<Record<string, string>> = {
  'market.json': marketFileText(smallSnapshot()),
  'book.json': book([
    [`BTC-${CODES.month}-85000-P`, -5],
    [`BTC-${CODES.week}-85000-P`, 5],
  ]),
  'condor.json': book([
    [`BTC-${CODES.month}-75000-P`, -2, 0.01],
    [`BTC-${CODES.month}-65000-P`, 2, 0.004],
  ]),
};

async function risk(...argv: string[]) {
  const { code, stdout, stderr } = await commandRun(
    [...argv, '--market', 'market.json', '--portfolio', 'book.json'],
    files,
  );
  return { code, answer: stdout === '' ? null : JSON.parse(stdout), err: stderr };
}

describe('risk cut, fill-order, cliff', () => {
  it('cut: the chosen point frees what was asked for, as risk margin has it', async () => {
    const { code, answer, err } = await risk('cut', '--free', '2000', '--evaluations', '600');
    expect([code, err]).toEqual([0, '']);
    const margin = await risk('margin', '--model', 'portfolio');
    expect(answer.initialMarginUsd).toBe(margin.answer[0].initialMarginUsd);
    const chosen = answer.frontier[answer.chosen];
    expect(chosen.freedUsd).toBeGreaterThanOrEqual(1999.99);
    expect(chosen.initialMarginUsd).toBeCloseTo(answer.initialMarginUsd - chosen.freedUsd, 6);
    expect(answer.searched.evaluations).toBeLessThanOrEqual(700);
  });

  it('fill-order: buys before it sells on the way in, and leaves the book on the way out', async () => {
    const entry = await risk('fill-order', '--trades', 'condor.json');
    expect(entry.answer).toMatchObject({
      kind: 'entry',
      isExact: true,
      best: { order: [1, 0] },
      worst: { order: [0, 1] },
    });
    const exit = await risk('fill-order');
    expect(exit.answer.kind).toBe('exit');
    // Where it ends does not depend on the way: coins are owed for what was bought back.
    expect(exit.answer.best.steps.at(-1)).toEqual(exit.answer.worst.steps.at(-1));
    expect(exit.answer.best.steps.at(-1).initialMarginUsd).toBeLessThan(exit.answer.start.initialMarginUsd);
    expect(exit.answer.best.instruments[0]).toBe(`BTC-${CODES.month}-85000-P`);
  });

  it('cliff: names the hedge that dies first', async () => {
    const { answer } = await risk('cliff', '--spot', '-0.02');
    expect(answer.asOf).toBe('2026-11-20T08:00:00Z');
    expect(answer.expiries[0]).toMatchObject({
      expiry: '2026-11-27T08:00:00Z',
      lostHedges: [{ hedge: { id: 'l1' }, protects: { id: 'l0' } }],
    });
  });

  it('refuses with a pointer', async () => {
    const { code, err } = await risk('cut', '--free', '-1');
    expect(code).toBe(2);
    expect(JSON.parse(err.trim().split('\n').at(-1)!).error).toMatchObject({ code: 'bad-value', path: '/free' });
    expect((await risk('cliff', '--model', 'moonshot')).err).toContain('moonshot');
  });
});
