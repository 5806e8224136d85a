import { describe, expect, it } from 'vitest';
import { plotFraction } from '../../ui/plot.ts';
import { curveFixture } from './fixtures/curveFixture.ts';
import { type PayoffInput, payoffReadout, payoffView, shortAmount } from './payoffView.ts';

const AS_OF = Date.UTC(2025, 5, 9, 8);
const DAY = 86_400_000;
const SPOTS = Array.from({ length: 121 }, (_, i) => 40_000 + 1000 * i);
/** Short 10 puts struck at 92k for 1,500 each, at expiry. */
const shortPuts = (spot: number) => 15_000 - 10 * Math.max(92_000 - spot, 0);

const input: PayoffInput = {
  explore: { curves: { before: curveFixture(SPOTS, shortPuts), after: null }, pinned: null },
  pin: null,
  index: 100_000,
  symbol: 'BTC',
  unit: 'usd',
  asOf: AS_OF,
  curveDays: 7,
  volShock: 0,
  movers: 'all',
  emphasis: 'now',
};

function lineOf(view: ReturnType<typeof payoffView>, id: string) {
  const line = view.plot.lines.find((each) => each.id === id);
  if (line === undefined) throw new Error(`no line ${id}`);
  return line;
}

describe('payoffView', () => {
  it('changes colour exactly where the position breaks even', () => {
    const view = payoffView(input);
    const [gain, loss] = [lineOf(view, 'gain'), lineOf(view, 'loss')];
    const breakEven = Array.from(gain.x).indexOf(90_500);
    expect(breakEven).toBeGreaterThan(0);
    expect(gain.y[breakEven]).toBe(0);
    expect(loss.y[breakEven]).toBe(0);
    expect(Math.max(...Array.from(loss.y).filter(Number.isFinite))).toBe(0);
    expect(Math.min(...Array.from(gain.y).filter(Number.isFinite))).toBe(0);
    expect(view.description).toContain('Crosses zero at 90,500.0');
  });

  it('hatches below zero and tints above', () => {
    const [above, below] = payoffView(input).plot.areas;
    expect(above?.fill).toMatchObject({ colour: 'gain', opacity: 0.1 });
    expect(below?.fill.hatch).toBeGreaterThan(0);
    expect(below?.fill.colour).toBe('loss');
  });

  it('draws what was before dashed and what comes after solid, and nothing else dashed', () => {
    const after = curveFixture(SPOTS, (spot) => shortPuts(spot) * 1.5);
    const view = payoffView({
      ...input,
      explore: { curves: { before: input.explore!.curves.before, after }, pinned: null },
    });
    expect(view.plot.lines.filter((line) => line.dash !== undefined).map((line) => line.id)).toEqual(['before']);
    expect(Array.from(lineOf(view, 'before').y)).toEqual(SPOTS.map(shortPuts));
    expect(view.main?.after[0]).toBe(1.5 * shortPuts(40_000));
  });

  it('measures coin P&L in what the legs are worth in coin', () => {
    // One linear future from 100k: worth nothing now, S - 100k later. A coin holder gains 1 - 100k / S coins.
    const future = curveFixture(SPOTS, (spot) => spot - 100_000);
    const view = payoffView({
      ...input,
      unit: 'coin',
      explore: { curves: { before: future, after: null }, pinned: null },
    });
    SPOTS.forEach((spot, i) => expect(view.main?.after[i]).toBeCloseTo(1 - 100_000 / spot, 12));
    // A coin's worth of dollars in value already: 0.5 BTC of legs that gain nothing in USD lose coins as spot rises.
    const flat = curveFixture(SPOTS, () => 0, { legsValueUsd: 50_000 });
    const held = payoffView({
      ...input,
      unit: 'coin',
      explore: { curves: { before: flat, after: null }, pinned: null },
    });
    expect(held.main?.after[SPOTS.indexOf(125_000)]).toBeCloseTo(50_000 / 125_000 - 0.5, 12);
    expect(held.numbers().columns[2]).toMatchObject({ unit: 'BTC' });
  });

  it('has a curve for now, for the date and for each expiry, and colours the one asked for', () => {
    const curves = curveFixture(SPOTS, shortPuts, {
      date: { days: 7, pnl: (spot) => shortPuts(spot) + 1 },
      expiries: [
        { days: 18, expiry: AS_OF + 18 * DAY, pnl: (spot) => shortPuts(spot) + 2 },
        { days: 46, expiry: AS_OF + 46 * DAY, pnl: (spot) => shortPuts(spot) + 3 },
      ],
    });
    const explore = { curves: { before: curves, after: null }, pinned: null };
    const view = payoffView({ ...input, explore, emphasis: AS_OF + 46 * DAY });
    expect(view.curves.map((curve) => curve.label)).toEqual(['Now', '16 JUN', '27 JUN', '25 JUL']);
    expect(view.main?.label).toBe('25 JUL');
    expect(view.settlementNote).toContain('After 27 JUN, expired legs count at their intrinsic value');
    expect(payoffReadout(view, 100_000).map(({ label, after }) => [label, after])).toEqual([
      ['25 JUL', 15_003],
      ['Now', 15_000],
      ['16 JUN', 15_001],
      ['27 JUN', 15_002],
    ]);
    // An expiry that left the book falls back to now.
    expect(payoffView({ ...input, explore, emphasis: 5 }).main?.label).toBe('Now');
  });

  it('draws a date that is an expiry once', () => {
    const curves = curveFixture(SPOTS, shortPuts, {
      date: { days: 18, pnl: shortPuts },
      expiries: [{ days: 18, expiry: AS_OF + 18 * DAY, pnl: shortPuts }],
    });
    const explore = { curves: { before: curves, after: null }, pinned: null };
    const view = payoffView({ ...input, explore, curveDays: 18, emphasis: 'date' });
    expect(view.curves.map((curve) => curve.label)).toEqual(['Now', 'At expiry']);
    expect(view.main?.label).toBe('At expiry');
  });

  it('keeps one scale while the liquidation levels and the pin stay inside it', () => {
    const at = (below: number | null, pinned: number | null) =>
      payoffView({
        ...input,
        pin: pinned === null ? null : { spotMove: pinned, days: 0 },
        explore: {
          curves: { before: curveFixture(SPOTS, shortPuts, { liquidation: { below, above: null } }), after: null },
          pinned: null,
        },
      }).plot.x.domain;
    expect(at(null, null)).toEqual([70_000, 130_000]);
    expect(at(-0.2, null)).toEqual([70_000, 130_000]);
    expect(at(-0.35, null)).toEqual([60_000, 140_000]);
    expect(at(null, 0.45)[0]).toBeCloseTo(50_000, 6);
    // Never beyond the curves themselves.
    expect(at(null, 0.9)).toEqual([40_000, 160_000]);
  });

  it('puts the pinned value on the curve and says what it was', () => {
    const after = curveFixture(SPOTS, (spot) => 2 * shortPuts(spot));
    const cell = (pnlUsd: number) => ({
      pnlUsd,
      equityUsd: 0,
      initialMarginUsd: 0,
      maintenanceMarginUsd: 0,
      unsupported: null,
    });
    const explore = {
      curves: { before: input.explore!.curves.before, after },
      pinned: { before: cell(shortPuts(85_000)), after: cell(2 * shortPuts(85_000)) },
    };
    const view = payoffView({ ...input, explore, pin: { spotMove: -0.15, days: 0 } });
    expect(view.plot.marks).toContainEqual({ x: 85_000, y: -110_000, shape: 'ring', colour: 'loss', size: 8 });
    expect(view.plot.labels.map((label) => label.text)).toContain('−110.0k was −55.0k');
    // Pinned on another date: the guide stays, the ring would not stand on this curve.
    const later = payoffView({ ...input, explore, pin: { spotMove: -0.15, days: 7 } });
    expect(later.plot.marks.map((mark) => mark.shape)).toEqual(['dot']);
    expect(later.plot.guides).toHaveLength(2);
  });

  it('shows axes and spot alone before the first answer', () => {
    const view = payoffView({ ...input, explore: null });
    expect(view.plot.lines).toEqual([]);
    expect(view.plot.guides).toEqual([{ x: 100_000, colour: 'ink3' }]);
    expect(plotFraction(view.plot.x, 100_000)).toBe(0.5);
    expect(view.numbers().rows).toEqual([]);
    expect(view.description).toContain('Nothing is computed yet');
  });

  it('has a table of the same figures, in full', () => {
    const { columns, rows } = payoffView(input).numbers();
    expect(columns.map(({ name, unit }) => `${name} ${unit}`)).toEqual(['BTC spot USD', 'Move %', 'Now USD']);
    expect(rows).toHaveLength(SPOTS.length);
    expect(rows[0]).toEqual([40_000, -60, shortPuts(40_000)]);
  });
});

describe('shortAmount', () => {
  it('uses few characters and never a plain hyphen', () => {
    expect(shortAmount(-17_512, 'usd')).toBe('−17.5k');
    expect(shortAmount(840, 'usd')).toBe('+840');
    expect(shortAmount(-1_250_000, 'usd')).toBe('−1.25m');
    expect(shortAmount(-0.4123, 'coin')).toBe('−0.412');
    expect(shortAmount(0, 'usd')).toBe('0');
  });
});
