import { describe, expect, it } from 'vitest';
import type { ChainReport, ChainSide } from '../../engine/domain/riskReport.ts';
import { smileView } from './smileView.ts';

const EXPIRY = Date.UTC(2025, 5, 27, 8);
const AS_OF = EXPIRY - 18 * 86_400_000;
const side = (type: 'C' | 'P', strike: number, vol: number | null): ChainSide => ({
  instrument: `BTC-27JUN25-${strike}-${type}`,
  type,
  bid: null,
  ask: null,
  mark: null,
  markUsd: null,
  markIv: vol,
  bidIv: vol === null ? null : vol - 0.01,
  askIv: vol === null ? null : vol + 0.01,
  delta: null,
  openInterest: null,
});
const STRIKES = [50_000, 90_000, 100_000, 110_000, 250_000];
const chain: ChainReport = {
  marketId: 'm',
  underlying: 'BTC',
  expiry: EXPIRY,
  forward: 101_000,
  index: 100_000,
  atmVol: 0.5,
  rows: STRIKES.map((strike) => ({ strike, put: side('P', strike, 0.5), call: side('C', strike, 0.48) })),
  smile: STRIKES.map((strike) => ({ strike, vol: 0.49 })),
  fitError: 0.0031,
};
const input = { chain, asOf: AS_OF, legs: [], proposed: [] };

describe('smileView', () => {
  it('takes puts below the forward and calls above it', () => {
    const { rows } = smileView(input).numbers();
    expect(rows.map((row) => [row[0], row[1], row[3]])).toEqual([
      [50_000, 'put', 50],
      [90_000, 'put', 50],
      [100_000, 'put', 50],
      [110_000, 'call', 48],
      [250_000, 'call', 48],
    ]);
  });

  it('shows a few deviations round the forward, and every strike of the book however far', () => {
    const near = smileView(input);
    expect(near.plot.x.domain[0]).toBeGreaterThan(50_000);
    expect(near.plot.x.domain[1]).toBeLessThan(250_000);
    const held = smileView({ ...input, legs: [{ id: 'l1', instrument: 'BTC-27JUN25-250000-C', quantity: -6 }] });
    expect(held.plot.x.domain[1]).toBeGreaterThan(250_000);
  });

  it('marks the book with rings and the proposal with dashed ones, with their quantities', () => {
    const view = smileView({
      ...input,
      legs: [
        { id: 'l1', instrument: 'BTC-27JUN25-90000-P', quantity: -10 },
        { id: 'l2', instrument: 'BTC-25JUL25-90000-P', quantity: 4 },
      ],
      proposed: [{ instrument: 'BTC-27JUN25-110000-C', quantity: 5, price: null }],
    });
    const rings = view.plot.marks.filter(({ shape }) => shape !== 'dot');
    expect(rings.map(({ x, shape }) => [x, shape])).toEqual([
      [90_000, 'ring'],
      [110_000, 'dashed-ring'],
    ]);
    expect(view.plot.labels.map(({ text }) => text)).toEqual(['Spot', '−10 P', '+5 C']);
    expect(view.description).toContain('The book holds −10 P at 90k');
  });

  it('draws a whisker from bid to ask', () => {
    const whiskers = smileView(input).plot.segments;
    expect(whiskers.map(({ from, to }) => [from[0], from[1], to[1]])).toContainEqual([100_000, 0.49, 0.51]);
  });

  it('says how well the curve fits, or that none does', () => {
    expect(smileView(input).fit).toBe('fit within 0.31 pts (rms)');
    const none = smileView({ ...input, chain: { ...chain, smile: [], fitError: null, atmVol: null } });
    expect(none.fit).toBe('no fit');
    expect(none.plot.lines[0]!.x).toHaveLength(0);
  });
});
