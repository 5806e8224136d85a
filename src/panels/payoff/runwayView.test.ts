import { describe, expect, it } from 'vitest';
import { curveFixture } from './fixtures/curveFixture.ts';
import { liquidationSentence, type RunwayInput, runwayReadout, runwayView } from './runwayView.ts';

const SPOTS = Array.from({ length: 121 }, (_, i) => 40_000 + 1000 * i);
/** Equity meets maintenance at 85k and 120k. */
const curves = curveFixture(SPOTS, () => 0, {
  equity: (spot) => 150_000 - 2 * Math.abs(spot - 102_500),
  maintenance: () => 115_000,
  liquidation: { below: -0.15, above: 0.2 },
});
const input: RunwayInput = {
  explore: { curves: { before: curves, after: null }, pinned: null },
  pinnedMove: null,
  index: 100_000,
  symbol: 'BTC',
  unit: 'usd',
  asOf: 0,
};

const plainSpaces = (text: string) => text.replaceAll('\u00a0', ' ');

describe('liquidationSentence', () => {
  const at = (below: number | null, above: number | null) =>
    liquidationSentence({ ...curves, liquidation: { below, above, examined: { from: -0.6, to: 0.6 } } }, 100_000);
  it('names both levels with their distance', () => {
    expect(plainSpaces(at(-0.146, 0.191))).toBe('Liquidation at 85.4k (−14.6 %) and 119.1k (+19.1 %)');
  });
  it('says how far it looked where there is none', () => {
    expect(plainSpaces(at(null, null))).toBe('No liquidation between −60 % and +60 %');
    expect(plainSpaces(at(-0.146, null))).toBe('Liquidation at 85.4k (−14.6 %), none up to +60 %');
    expect(plainSpaces(at(null, 0.191))).toBe('Liquidation at 119.1k (+19.1 %), none down to −60 %');
  });
  it('says when the book is already short', () => {
    expect(plainSpaces(at(0, 0))).toBe('Equity is below maintenance now');
    const short = { ...curves, liquidation: { below: 0, above: 0, examined: { from: 0, to: 0 } } };
    expect(liquidationSentence(short, 100_000, true)).toBe('Equity is below maintenance in this scenario');
  });
  it('looks no farther than the rule takes the book', () => {
    const cut = (examined: { from: number; to: number } | null) =>
      plainSpaces(liquidationSentence({ ...curves, liquidation: { below: null, above: null, examined } }, 100_000));
    expect(cut({ from: -0.35, to: 0.6 })).toBe('No liquidation between −35 % and +60 %');
    expect(cut(null)).toBe('This rulebook cannot take the book');
  });
});

describe('runwayView', () => {
  it('marks each crossing on the equity line with its level in words', () => {
    const { plot } = runwayView(input);
    expect(plot.marks.map(({ x, y, shape }) => [x, y, shape])).toEqual([
      [85_000, 115_000, 'crossed-ring'],
      [120_000, 115_000, 'crossed-ring'],
    ]);
    expect(plot.labels.filter((label) => label.colour === 'crit').map((label) => label.text)).toEqual([
      'Liquidation 85.0k',
      'Liquidation 120.0k',
    ]);
  });

  it('tints headroom violet and hatches the shortfall, each only on its side', () => {
    const [room, short] = runwayView(input).plot.areas;
    expect([room?.fill.colour, short?.fill.colour]).toEqual(['mgn', 'crit']);
    SPOTS.forEach((spot, i) => {
      const inside = spot >= 85_000 && spot <= 120_000;
      expect(room!.upper[i]! - room!.lower[i]!).toBeGreaterThanOrEqual(0);
      expect(short!.upper[i]! - short!.lower[i]!).toBeGreaterThanOrEqual(0);
      expect(inside ? short!.upper[i]! - short!.lower[i]! : room!.upper[i]! - room!.lower[i]!).toBe(0);
    });
  });

  it('reads headroom as equity minus maintenance', () => {
    const view = runwayView(input);
    expect(runwayReadout(view, 102_500)).toMatchObject({ equity: 149_000, maintenance: 115_000, headroom: 34_000 });
    expect(runwayReadout(view, 39_000)).toBeNull();
    expect(view.plot.labels.map((label) => label.text)).toContain('Headroom 30.0k');
  });

  it('divides by the spot of each point in coin, and keeps the crossings where they are', () => {
    const view = runwayView({ ...input, unit: 'coin' });
    const reading = runwayReadout(view, 120_000)!;
    expect(reading.maintenance).toBeCloseTo(115_000 / 120_000, 12);
    expect(reading.headroom).toBeCloseTo(0, 12);
    expect(view.plot.marks.map(({ x }) => x)).toEqual([85_000, 120_000]);
  });

  it('draws before dashed beside after', () => {
    const after = curveFixture(SPOTS, () => 0, { equity: () => 140_000, maintenance: () => 90_000 });
    const view = runwayView({ ...input, explore: { curves: { before: curves, after }, pinned: null } });
    expect(view.plot.lines.filter(({ dash }) => dash).map(({ id }) => id)).toEqual([
      'maintenance before',
      'equity before',
    ]);
    expect(plainSpaces(view.sentence)).toBe('No liquidation between −60 % and +60 %');
    expect(view.numbers().columns.map(({ name }) => name)).toContain('Headroom, before');
  });

  it('breaks its lines where the rule cannot take the book, and scales by the rest', () => {
    const part = (curve: (spot: number) => number) => (spot: number) => (spot < 80_000 ? null : curve(spot));
    const broken = curveFixture(SPOTS, () => 0, { equity: part(() => 150_000), maintenance: part(() => 90_000) });
    const view = runwayView({ ...input, explore: { curves: { before: broken, after: null }, pinned: null } });
    expect(view.plot.y.domain).toEqual([0, expect.closeTo(160_000, -4)]);
    expect(runwayReadout(view, 60_000)).toBeNull();
    expect(runwayReadout(view, 100_000)).toMatchObject({ headroom: 60_000 });
    const { rows } = view.numbers();
    expect(rows[0]!.slice(2)).toEqual([null, null, null, null]);
    expect(view.plot.labels.every(({ x, y }) => Number.isFinite(x) && (y === 'top' || Number.isFinite(y)))).toBe(true);
  });

  it('is axes alone before the first answer', () => {
    const view = runwayView({ ...input, explore: null });
    expect(view.plot.lines).toEqual([]);
    expect(view.plot.marks).toEqual([]);
    expect(view.sentence).toBe('Not computed yet');
  });
});
