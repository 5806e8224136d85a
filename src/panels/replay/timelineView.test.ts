import { describe, expect, it } from 'vitest';
import type { ReplayFigures, ReplayPoint } from '../../engine/domain/replayTimeline.ts';
import { distanceText, pointAt, timeAxis, timelineView } from './timelineView.ts';

const FROM = Date.UTC(2026, 1, 5, 9, 36);
const HOUR = 3_600_000;
const USD = { symbol: 'USD', perUsd: 1, kind: 'usd' } as const;

function point(hours: number, figures: Partial<ReplayFigures> | null, leftOut: readonly string[] = []): ReplayPoint {
  const whole: ReplayFigures = {
    initialMarginUsd: 100,
    maintenanceMarginUsd: 80,
    equityUsd: 300,
    availableUsd: 200,
    worstScenario: '−16 %, IV ×1.50',
    liquidation: { below: -0.2, above: null, examined: { from: -0.2, to: 0.6 } },
    ...figures,
  };
  return {
    at: FROM + hours * HOUR,
    indices: [{ underlying: 'BTC', index: 70_000 - 1_000 * hours }],
    figures: figures === null ? null : whole,
    failure: figures === null ? { code: 'missing-data', message: 'No leg can be priced.' } : null,
    leftOut,
  };
}

const view = (points: readonly ReplayPoint[], unit: Parameters<typeof timelineView>[0]['unit'] = USD) =>
  timelineView({ points, from: FROM, to: FROM + 19 * HOUR, marks: [], unit, underlying: 'BTC' });

describe('timelineView', () => {
  it('says first what matters most: short of maintenance, short of initial margin, or how much was free at least', () => {
    const calm = point(0, {});
    const tight = point(6, { equityUsd: 120, availableUsd: 20 });
    const uncovered = point(12, { equityUsd: 90, availableUsd: -10 });
    const short = point(18, { equityUsd: 70, availableUsd: -30 });
    expect(view([calm, tight]).headline).toBe(
      'Margin is covered throughout; least is free at 5 FEB 15:36 UTC, 20 USD.',
    );
    expect(view([calm, tight, uncovered]).headline).toContain('below initial margin at 5 FEB 21:36 UTC');
    expect(view([calm, uncovered, short]).headline).toBe(
      'Equity is below maintenance at 6 FEB 03:36 UTC: 70 against 80 USD.',
    );
    expect(view([point(0, null)]).headline).toContain('No moment');
  });

  it('breaks its lines where there is no figure, and says why', () => {
    const { money, gaps, numbers } = view([point(0, {}), point(6, null), point(12, {}, ['a', 'b'])]);
    for (const { y } of money.lines) expect(Array.from(y, Number.isFinite)).toEqual([true, false, true]);
    expect(gaps).toEqual([
      '1 of 3 moments without figures: No leg can be priced.',
      '2 legs have no price at some moments and are left out there.',
    ]);
    expect(numbers().rows[1]!.slice(2)).toEqual([null, null, null, null, null, null, null, 'No leg can be priced.']);
    expect(numbers().rows[0]).toEqual([
      '2026-02-05 09:36:00',
      70_000,
      100,
      80,
      300,
      200,
      -20,
      null,
      '−16 %, IV ×1.50',
      null,
    ]);
  });

  it('draws in the unit that is asked for, and keeps its figures in USD', () => {
    const { money, numbers } = view([point(0, {})], { symbol: 'BTC', perUsd: 1 / 100, kind: 'coin' });
    expect(money.lines.map(({ id, y }) => [id, y[0]])).toEqual([
      ['initial', 1],
      ['maintenance', 0.8],
      ['equity', 3],
    ]);
    expect(numbers().rows[0]![4]).toBe(300);
  });

  it('words the way to liquidation', () => {
    const at = (liquidation: ReplayFigures['liquidation']) => distanceText(point(0, { liquidation }));
    expect(at({ below: -0.181, above: 0.361, examined: { from: -0.181, to: 0.361 } })).toBe(
      '−18.1\u00a0% / +36.1\u00a0%',
    );
    expect(at({ below: null, above: 0.361, examined: { from: -0.6, to: 0.361 } })).toBe(
      'none to −60\u00a0% / +36.1\u00a0%',
    );
    expect(at({ below: 0, above: 0, examined: { from: 0, to: 0 } })).toBe('short of maintenance');
    expect(at(null)).toBe('not known');
  });

  it('finds what was known at a time, and a few round times for its axis', () => {
    const points = [point(0, {}), point(6, {}), point(12, {})];
    expect([-1, 0, 8, 11.9, 12, 30].map((hours) => points.indexOf(pointAt(points, FROM + hours * HOUR)!))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    expect(pointAt([], FROM)).toBeNull();
    for (const span of [0, 5_000, 20 * 60_000, 19 * HOUR, 40 * 24 * HOUR, 3_000 * 24 * HOUR]) {
      const { domain, ticks } = timeAxis(FROM, FROM + span);
      expect(domain[1]).toBeGreaterThan(domain[0]);
      expect(ticks.length).toBeLessThanOrEqual(60);
      for (const { value } of ticks) expect(value >= domain[0] && value <= domain[1]).toBe(true);
    }
    expect(timeAxis(FROM, FROM + 19 * HOUR).ticks.map(({ text }) => text)).toEqual([
      '12:00',
      '15:00',
      '18:00',
      '21:00',
      '6 FEB',
      '03:00',
    ]);
  });
});
