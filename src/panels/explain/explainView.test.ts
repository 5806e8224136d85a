import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PnlParts } from '../../engine/domain/pnlExplanation.ts';
import { type ExplainScope, explainView } from './explainView.ts';
import { explanationFixture, optionLeg } from './fixtures/explanation.ts';

const PUT = 'BTC-26JUN26-90000-P';
const CALL = 'BTC-26JUN26-117000-C';
const ETH_CALL = 'ETH-31JUL26-4400-C';
const AS_OF = Date.UTC(2026, 5, 9, 8);
const USD = { symbol: 'USD', kind: 'usd' } as const;
const BTC = { symbol: 'BTC', kind: 'coin' } as const;

const viewOf = (
  legs: Parameters<typeof explanationFixture>[0],
  unit: { symbol: string; kind: 'usd' | 'coin' } = USD,
  scope: ExplainScope = 'legs',
  rest: Parameters<typeof explanationFixture>[1] = {},
) => explainView({ explanation: explanationFixture(legs, rest), scope, unit, asOf: AS_OF });

const usd = fc.double({ min: -90_000, max: 90_000, noNaN: true });
const anyParts = fc.record({ delta: usd, gamma: usd, vega: usd, theta: usd, vanna: usd, volga: usd, residual: usd });

describe('explainView', () => {
  it('adds up as it is shown: across, down, by coin, and from start to end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(PUT, CALL, ETH_CALL), usd, anyParts), { minLength: 1, maxLength: 9 }),
        fc.constantFrom(USD, BTC),
        fc.constantFrom<ExplainScope>('legs', 'all'),
        (drawn, unit, scope) => {
          const legs = drawn.map(([name, from, parts], at) => optionLeg(`l${at}`, name, from, parts));
          const { sections, parts, total, start, end, digits } = viewOf(legs, unit, scope);
          const units = (figure: number) => Math.round(figure * 10 ** digits);
          const sum = (figures: readonly number[]) => figures.reduce((all, figure) => all + units(figure), 0);
          const rows = sections.flatMap((section) => section.rows);
          const own = rows.filter(({ kind }) => kind !== 'coin');
          for (const row of rows) expect(sum(parts.map((part) => row.shown![part]))).toBe(units(row.shown!.pnl));
          for (const part of [...parts, 'pnl'] as const)
            expect(sum(own.map(({ shown }) => shown![part]))).toBe(units(total[part]));
          expect(sum(parts.map((part) => total[part]))).toBe(units(total.pnl));
          expect(units(start) + units(total.pnl)).toBe(units(end));
          for (const { key, rows: ofCoin } of sections) {
            const last = ofCoin.at(-1)!;
            if (last.kind === 'coin')
              expect(sum(ofCoin.slice(0, -1).map(({ shown }) => shown!.pnl)), key).toBe(units(last.shown!.pnl));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('in coin, is what the value in coin becomes at the later index', () => {
    const view = viewOf([optionLeg('a', PUT, -20_000, { delta: 5_000, gamma: -9_000, residual: 1_000 })], BTC);
    const toUsd = -23_000;
    expect(view.unit).toBe('BTC');
    expect(view.start).toBe(-0.2);
    expect(view.total.pnl).toBeCloseTo(toUsd / 90_000 + 0.2, 4);
    // Gamma over the later index; delta less what -0.2 coin lose by themselves when the coin falls by 10,000.
    expect(view.total.gamma).toBe(-0.1);
    expect(view.total.delta).toBeCloseTo((5_000 - 2_000) / 90_000, 4);
  });

  it('shows USD where the coin is not at both ends', () => {
    const view = viewOf([optionLeg('a', PUT, 0, { delta: 10 })], { symbol: 'SOL', kind: 'coin' });
    expect([view.unit, view.total.pnl]).toEqual(['USD', 10]);
  });

  it('draws each part from where the one above has ended', () => {
    const { plot, parts } = viewOf([optionLeg('a', PUT, 500, { delta: 100, gamma: -40, residual: -10 })]);
    expect(plot.y.ticks.map(({ text }) => text)).toEqual([
      'Start',
      ...parts.map((part) => part[0]!.toUpperCase() + part.slice(1)),
      'End',
    ]);
    expect(plot.areas.map(({ x }) => [...(x as number[])])).toEqual([
      [0, 100],
      [60, 100],
      [50, 60],
      [0, 50],
    ]);
    // Losses are hatched, so that they can be told without colour; the residual has no side.
    expect(plot.areas.map(({ fill }) => [fill.colour, fill.hatch !== undefined])).toEqual([
      ['gain', false],
      ['loss', true],
      ['ink3', true],
      ['ink2', false],
    ]);
    expect(plot.labels.map(({ text }) => text).filter((text) => text !== '0')).toEqual([
      '500',
      '+100',
      '−40',
      '−10',
      '550',
    ]);
  });

  it.each<[string, Partial<PnlParts>[], RegExp, boolean]>([
    [
      'a small one',
      [{ delta: 1_000, residual: 20 }],
      /^P&L \+1,020 USD\. Greeks leave \+20 \(2\.0\s%\) unexplained\.$/,
      false,
    ],
    ['none', [{ delta: 1_000 }], /Greeks explain it\.$/, false],
    ['nothing at all', [{}], /^P&L 0 USD\. Nothing is left unexplained\.$/, false],
    ['a large one', [{ delta: 800, residual: 200 }], /move is large for Greeks: 20\s% is unexplained\.$/, true],
    ['a larger one', [{ delta: 620, residual: 380 }], /move is too large for Greeks: 38\s% is unexplained\.$/, true],
    [
      'one above the P&L',
      [{ delta: -500, residual: 800 }],
      /too large.*the residual, \+800, is larger than the P&L\.$/,
      true,
    ],
    [
      'one that is a leg’s',
      [{ delta: 620 }, { residual: 380 }],
      /38\s% is unexplained\. Largest: BTC 26 JUN 90k P, \+380\.$/,
      true,
    ],
    [
      'ones that cancel',
      [{ delta: 1_000, residual: 400 }, { residual: -400 }],
      /residuals of 800 in all nearly cancel\.$/,
      false,
    ],
  ])('says plainly what the residual is: %s', (_, legs, sentence, isLarge) => {
    const view = viewOf(legs.map((parts, at) => optionLeg(`l${at}`, PUT, 0, parts)));
    expect(view.sentence).toMatch(sentence);
    expect(view.isLarge).toBe(isLarge);
    expect(view.description).toContain(view.sentence);
  });

  it('names what is settled, what is read from the fit and what is left out', () => {
    const settled = optionLeg(
      'b',
      CALL,
      0,
      { theta: 5 },
      {
        settled: true,
        notes: ['it expires on the way'],
        volatility: { from: 0.5, to: null, change: 0, fromSource: 'mark', toSource: 'settled' },
      },
    );
    const fitted = optionLeg(
      'a',
      PUT,
      0,
      { delta: 5 },
      {
        notes: ['no quote at the end'],
        volatility: { from: 0.5, to: 0.541, change: 0.041, fromSource: 'mark', toSource: 'fit' },
      },
    );
    const view = viewOf([fitted, settled], USD, 'legs', {
      leftOut: [
        { id: 'c', instrument: ETH_CALL, quantity: 1, failure: { code: 'missing-data', message: 'No vol' } },
        {
          id: 'collateral:DOGE',
          instrument: 'DOGE',
          quantity: 1,
          failure: { code: 'missing-data', message: 'No price' },
        },
      ],
    });
    const rows = view.sections.flatMap((section) => section.rows);
    expect(rows.map(({ volChange, detail }) => [volChange, detail])).toEqual([
      ['+4.1 fit', null],
      ['settled', null],
      ['', 'Left out. No vol'],
    ]);
    expect(rows[0]!.volTitle).toMatch(/50\.0\s% → 54\.1\s%, read from the fit$/);
    expect(view.notes).toEqual(['no quote at the end', 'it expires on the way']);
  });

  it('works each part out for the position with most of it', () => {
    const { examples } = viewOf([
      optionLeg('a', PUT, 0, { delta: 5_000, theta: 10 }),
      optionLeg('b', CALL, 0, { delta: 10 }),
    ]);
    expect(examples.delta).toBe('BTC 26 JUN 90k P: −0.5000 BTC × −10,000 = +5,000 USD');
    expect(examples.theta).toBe('BTC 26 JUN 90k P: +10.0 per day × 1.00 days = +10 USD');
    expect(examples.vanna).toBeUndefined();
  });

  it('hands out its figures unrounded: the steps of the picture and the rows of the table', () => {
    const view = viewOf([optionLeg('a', PUT, 500.25, { delta: 0.4, gamma: 0.4 })], USD, 'all');
    const steps = view.steps().rows;
    expect(steps[0]).toEqual(['Start', null, 101_500.25]);
    expect(steps[1]).toEqual(['Delta', -9_999.6, 91_500.65]);
    expect(steps.at(-1)).toEqual(['End', -9_999.2, 91_501.05]);
    const numbers = view.numbers();
    expect(numbers.columns.map(({ name }) => name)).not.toContain('USDC');
    expect(numbers.rows.map((row) => row[0])).toEqual(['BTC 26 JUN 90k P', 'USDC cash', 'BTC held', 'Total']);
    for (const row of numbers.rows) expect(row).toHaveLength(numbers.columns.length);
  });
});
