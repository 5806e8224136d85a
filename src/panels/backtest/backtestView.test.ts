import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtestView, dayAt, pValueText } from './backtestView.ts';
import { backtestReport } from './fixtures/backtestReport.ts';

const DAY = 86_400_000;
const USD = { symbol: 'USD', perUsd: 1, kind: 'usd' } as const;
const viewOf = (change: Partial<BacktestInput> = {}) =>
  backtestView({ report: backtestReport(), method: 'historical', unit: USD, narrow: false, ...change });
const sentences = (change: Parameters<typeof backtestReport>[0] = {}) =>
  viewOf({ report: backtestReport(change) }).verdicts.map(({ sentence }) => sentence);

describe('the picture', () => {
  it('marks each exception at its loss, below the VaR line', () => {
    const { plot, days } = viewOf();
    expect(plot.marks).toHaveLength(3);
    for (const mark of plot.marks) {
      expect(mark).toMatchObject({ shape: 'ring', colour: 'loss', y: -1500 });
      expect(dayAt(days, mark.x)?.isException).toBe(true);
    }
    const line = plot.lines.find(({ id }) => id === 'value-at-risk')!;
    expect(Array.from(line.y)).toEqual(days.map(() => -1000));
    expect(plot.y.domain[0]).toBeLessThan(-1500);
  });

  it('draws the chosen method’s exceptions alone', () => {
    expect(viewOf({ method: 'filtered-historical' }).plot.marks).toEqual([]);
  });

  it('has one bar a day on its sign’s side, and none in a gap', () => {
    const whole = backtestReport();
    const cut = (values: readonly number[]) => values.filter((_, day) => day !== 5 && day !== 6);
    const report = {
      ...whole,
      dates: cut(whole.dates),
      pnlUsd: cut(whole.pnlUsd),
      methods: whole.methods.map((tested) => ({
        ...tested,
        valueAtRiskUsd: cut(tested.valueAtRiskUsd),
        expectedShortfallUsd: cut(tested.expectedShortfallUsd),
        exceptions: tested.exceptions.map((day) => day - 2),
      })),
    };
    const [losses, gains] = viewOf({ report }).plot.bars.map(({ heights }) => Array.from(heights));
    expect(losses).toHaveLength(40);
    expect(losses!.filter(Number.isFinite).every((usd) => usd < 0)).toBe(true);
    expect(gains!.filter(Number.isFinite).every((usd) => usd > 0)).toBe(true);
    for (const day of [5, 6]) expect([losses![day], gains![day]]).toEqual([Number.NaN, Number.NaN]);
    expect(losses!.filter(Number.isFinite).length + gains!.filter(Number.isFinite).length).toBe(38);
  });

  it('names VaR and ES apart even where their lines nearly meet', () => {
    const report = backtestReport({ expectedShortfallUsd: Array.from({ length: 40 }, () => 1001) });
    const { plot } = viewOf({ report });
    const [upper, lower] = plot.labels;
    expect(upper!.y as number).toBeGreaterThan(lower!.y as number);
    expect(lower!.dy! - upper!.dy!).toBeGreaterThan(12);
    expect(plot.labels.map(({ text }) => text)).toEqual(['VaR 99\u00a0%', 'ES']);
  });

  it('names months, and the year where it begins', () => {
    expect(viewOf().plot.x.ticks.map(({ text }) => text)).toEqual(['DEC 2025', 'JAN 2026']);
    const long = viewOf({ report: backtestReport({}, 1200), narrow: true }).plot.x.ticks;
    expect(long.length).toBeLessThanOrEqual(4);
    expect(long.map(({ text }) => text)).toEqual(['JAN 2026', 'JAN 2027', 'JAN 2028', 'JAN 2029']);
  });

  it('shows coin where coin is shown', () => {
    const { plot, numbers } = viewOf({ unit: { symbol: 'BTC', perUsd: 2 ** -10, kind: 'coin' } });
    expect(plot.marks[0]!.y).toBe(-1500 / 1024);
    expect(numbers().columns[1]).toEqual({ name: 'P&L', unit: 'BTC', digits: 4 });
    expect(numbers().rows[10]!.slice(1)).toEqual([-1500 / 1024, 1000 / 1024, 1200 / 1024, 'yes']);
  });
});

describe('the words', () => {
  it('say what each test found', () => {
    expect(sentences()).toEqual([
      '3 exceptions where 0.4 were expected: model too mild, p = 0.005',
      'Yellow: in 40 days yellow begins at 2, red at 5',
      '1 exception came the day after another: not rejected, p = 0.21',
      'Losses beyond VaR are 1.25 × ES: too mild, −8.38 < −3.60, p < 0.0001',
    ]);
  });

  it('a model too strict, exceptions that cluster, an ES that only normal tails reject', () => {
    const { z1: _, ...shortfall } = {
      ...(backtestReport().methods[0]!.shortfall as { z2: number; pValue: number; basis: string }),
      z1: 0,
      minimallyBiasedUsd: 0,
      criticalValue: -0.7,
      criticalValueFatTails: -0.82,
    };
    const found = sentences({
      exceptions: [],
      expectedExceptions: 9.6,
      coverage: { likelihoodRatio: 9, pValue: 0.00004 },
      shortfall: { ...shortfall, z1: null, z2: -0.75 },
    });
    expect(found[0]).toBe('0 exceptions where 9.6 were expected: model too strict, p < 0.0001');
    expect(found[2]).toBe('No exceptions, so none that cluster');
    expect(found[3]).toBe('No loss beyond VaR: −0.75 is too mild for normal tails (−0.70), not for fat ones (−0.82)');
    const clustered = sentences({
      independence: { likelihoodRatio: 12, pValue: 0.0005, n00: 34, n01: 1, n10: 1, n11: 3 },
    });
    expect(clustered[2]).toBe('3 exceptions came the day after another: they cluster, p = 0.0005');
  });

  it('a test that has no meaning says why', () => {
    const found = sentences({ shortfall: { code: 'unsupported', message: 'Expected shortfall is no loss' } });
    expect(found[3]).toBe('Expected shortfall is no loss');
    expect(
      viewOf({ report: backtestReport({ shortfall: { code: 'unsupported', message: 'x' } }) }).rows[0]!.shortfall,
    ).toEqual({
      text: 'none',
      isRejected: false,
    });
  });

  it('rows count exceptions and mark what is rejected', () => {
    const [historical, , filtered] = viewOf().rows;
    expect(historical).toMatchObject({
      exceptions: '3 of 0.4',
      zone: 'yellow',
      kupiec: { text: '0.005', isRejected: true },
      christoffersen: { text: '0.21', isRejected: false },
      shortfall: { text: '−8.38', isRejected: true },
    });
    expect(filtered).toMatchObject({ exceptions: '0 of 0.4', kupiec: { text: '0.37', isRejected: false } });
  });

  it('a p-value has the digits that matter', () => {
    expect([0.5, 0.0996, 0.05, 0.004, 0.00051, 0.00001, 1].map(pValueText)).toEqual([
      'p = 0.50',
      'p = 0.10',
      'p = 0.050',
      'p = 0.004',
      'p = 0.0005',
      'p < 0.0001',
      'p = 1.00',
    ]);
  });

  it('the day under the pointer is the nearest', () => {
    const { days } = viewOf();
    expect(dayAt(days, days[7]!.date + 0.4 * DAY)).toBe(days[7]);
    expect(dayAt([], 0)).toBeNull();
  });
});
