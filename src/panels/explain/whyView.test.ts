import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarginExplanation, MarginStep } from '../../engine/domain/marginExplanation.ts';
import type { Portfolio } from '../../engine/domain/portfolio.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { type WhyInput, whyView } from './whyView.ts';

const AS_OF = Date.UTC(2026, 5, 9, 8);
const PUT = 'BTC-26JUN26-95000-P';
const BOOK: Portfolio = {
  name: 'b',
  legs: [{ id: 'a', instrument: 'BTC-26JUN26-90000-P', quantity: -10 }],
  collateral: [],
};
const PROPOSED: Portfolio = { ...BOOK, legs: [...BOOK.legs, { id: 'n', instrument: PUT, quantity: -2 }] };
const USD: DisplayUnit = { symbol: 'USD', perUsd: 1, kind: 'usd' };
const cell = (spotMove: number) => ({ label: `${spotMove * 100} %`, at: { spotMove, volShock: 0.5 } });
const step = (kind: MarginStep['kind'], usd: number, change: Partial<MarginStep> = {}): MarginStep => ({
  kind,
  usd,
  component: 'Worst loss, BTC',
  from: null,
  to: null,
  legs: ['n'],
  parts: [],
  ...change,
});
const STEPS = [
  step('alone', 5_480.004, { to: cell(-0.16) }),
  step('offset', -610.333, { from: cell(-0.12), to: cell(-0.12) }),
  step('cell', 610.333, { from: cell(-0.12), to: cell(-0.16) }),
  step('charge', 590.001, { component: 'Short option charge' }),
];
const trade = (steps: readonly MarginStep[], fromUsd: number): MarginExplanation => ({
  marketId: 'm',
  model: 'portfolio',
  title: 'Portfolio',
  kind: 'trade',
  fromUsd,
  toUsd: steps.reduce((sum, { usd }) => sum + usd, fromUsd),
  steps,
  fromCell: cell(-0.12),
  toCell: cell(-0.16),
  leftOut: [],
});
const view = (explanation: MarginExplanation, change: Partial<WhyInput> = {}) =>
  whyView({ explanation, book: BOOK, proposed: PROPOSED, unit: USD, asOf: AS_OF, ...change });

describe('whyView', () => {
  it('names each step, shows it to the cent, and begins where the one above has ended', () => {
    const { rows, sentence } = view(trade(STEPS, 41_230));
    expect(rows.map(({ label, text }) => [label, text])).toEqual([
      ['Before', '41,230.00'],
      ['−2 BTC 26 JUN 95k P alone', '+5,480.01'],
      ['Offset against the book', '−610.33'],
      ['Another cell binds', '+610.33'],
      ['Short option charge', '+590.00'],
      ['After', '47,300.01'],
    ]);
    for (let at = 2; at < rows.length - 1; at += 1) expect(rows[at]!.from).toBe(rows[at - 1]!.to);
    expect(sentence).toBe(
      'Initial margin rises by 6,070.01 USD (+14.7 %). The binding scenario moves from -12 % to -16 %.',
    );
    expect(rows[3]!.detail).toContain('moves from -12 % to -16 %');
  });

  it('adds up to the last digit on the screen, whatever the steps and the unit', () => {
    const usd = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(usd, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.boolean(),
        (list, from, isCoin) => {
          const unit: DisplayUnit = isCoin ? { symbol: 'BTC', perUsd: 1 / 98_765, kind: 'coin' } : USD;
          const { rows, digits } = view(
            trade(
              list.map((each) => step('charge', each)),
              from,
            ),
            { unit },
          );
          const units = rows.map(({ value }) => Math.round(value * 10 ** digits));
          const steps = units.slice(1, -1).reduce((sum, each) => sum + each, 0);
          expect(units[0]! + steps).toBe(units.at(-1));
        },
      ),
    );
  });

  it('points at the rows of the trade and at the cells of the step', () => {
    const { rows } = view(trade(STEPS, 41_230));
    expect(rows[1]!.lit).toEqual({ rows: ['n', `ghost-${PUT}`], cells: [{ spotMove: -0.16, volShock: 0.5 }] });
    expect(rows[3]!.lit.cells.map(({ spotMove }) => spotMove)).toEqual([-0.12, -0.16]);
    expect(rows.at(-1)!.lit).toEqual({ rows: [], cells: [{ spotMove: -0.16, volShock: 0.5 }] });
  });

  it('says what offsetting is worth where nothing is proposed', () => {
    const parts = [
      { id: 'a', usd: 9_000 },
      { id: 'collateral:BTC', usd: 1_000 },
    ];
    const book: MarginExplanation = {
      ...trade([step('alone', 10_000, { parts }), step('offset', -4_000, { to: cell(-0.16) })], 0),
      kind: 'book',
      fromCell: null,
    };
    const { rows, sentence } = view(book, { proposed: null });
    expect(rows.map(({ label }) => label)).toEqual(['Each leg alone', 'Offsets between them', 'Initial margin']);
    expect(sentence).toBe(
      'Offsetting is worth 4,000.00 USD: 40 % of what the legs need apart.'.replace('40 %', '40\u00a0%'),
    );
    expect(rows[0]!.detail).toContain('BTC 26 JUN 90k P 9,000.00; BTC held 1,000.00');
  });

  it('breaks the axis only where small steps stand on large totals', () => {
    expect(view(trade([step('charge', 500)], 80_000)).isBroken).toBe(true);
    expect(view(trade([step('charge', 80_000)], 500))).toMatchObject({ isBroken: false, low: 0 });
  });
});
