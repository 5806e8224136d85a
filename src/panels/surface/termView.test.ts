import { describe, expect, it } from 'vitest';
import { EXPIRIES, smallMarket } from '../../engine/fixtures/smallMarket.ts';
import { editedMarket } from '../../engine/scenario/editedMarket.ts';
import { surfaceReport } from '../../engine/surfaceReport.ts';
import { meshView } from './meshView.ts';
import { leftOutReasons, shortFlags, smileFlags, stopWords, surfaceNumbers } from './surfaceRows.ts';
import { skewView, termView } from './termView.ts';

const request = { marketId: 'm', underlying: 'BTC', mesh: 'delta' as const };
const market = smallMarket();
const report = surfaceReport(market, request);
const asOf = report.asOf;
const edits = [{ underlying: 'BTC', expiry: EXPIRIES.month, level: 0.02, skew: 0, wings: 0 }];
const edited = surfaceReport(editedMarket(market, edits).market, request);
const finite = (values: ArrayLike<number>) => Array.from(values).filter(Number.isFinite);

describe('termView', () => {
  it('draws at-the-money vols at the root of time, and forward vols as steps between the expiries', () => {
    const { plot, numbers } = termView(report, EXPIRIES.month)!;
    const atm = plot.lines.find(({ id }) => id === 'atm')!;
    expect(Array.from(atm.x)).toEqual(report.expiries.map(({ timeToExpiryYears }) => Math.sqrt(timeToExpiryYears)));
    expect(Array.from(atm.y)).toEqual(report.expiries.map(({ figures }) => figures!.atm));
    const forward = plot.lines.find(({ id }) => id === 'forward')!;
    expect(forward.x).toHaveLength(6);
    expect(finite(forward.y)[2]).toBe(report.expiries[1]!.forwardVol);
    expect(plot.marks.filter(({ shape }) => shape === 'ring')).toHaveLength(1);
    expect(numbers().rows[1]!.slice(2)).toEqual([
      report.expiries[1]!.figures!.atm * 100,
      report.expiries[1]!.forwardVol! * 100,
    ]);
  });

  it('shows what was before, dashed, once a smile is edited', () => {
    expect(termView(report, null)!.plot.lines.some(({ id }) => id === 'market')).toBe(false);
    const { plot, description } = termView(edited, null)!;
    const before = plot.lines.find(({ id }) => id === 'market')!;
    expect(Array.from(before.y)).toEqual(report.expiries.map(({ figures }) => figures!.atm));
    expect(description).toContain('1 of 3 smiles are edited');
  });
});

describe('skewView', () => {
  it('draws risk reversals and butterflies at 25 and 10 delta, in points, round zero', () => {
    const { plot, numbers } = skewView(report, null)!;
    expect(plot.lines.map(({ id }) => id)).toEqual(['rr25', 'rr10', 'bf25', 'bf10']);
    expect(plot.y.base).toBe(0);
    expect(plot.y.domain[0]).toBeLessThan(0);
    expect(plot.y.domain[1]).toBeGreaterThan(0);
    const { riskReversal25, butterfly10 } = report.expiries[2]!.figures!;
    const row = numbers().rows[2]!;
    expect([row[2], row[5]]).toEqual([riskReversal25 * 100, butterfly10 * 100]);
    expect(plot.labels.map(({ text }) => text).sort()).toEqual(['10Δ BF', '10Δ RR', '25Δ BF', '25Δ RR']);
  });
});

describe('meshView', () => {
  it('is a picture whose lines are the expiries, the chosen one strong', () => {
    const { picture, expiryAt, numbers } = meshView(report, EXPIRIES.month)!;
    expect(picture.lines.map(({ isStrong }) => isStrong)).toEqual([false, true, false]);
    expect(picture.along[0]).toBe(0);
    expect(picture.along.at(-1)).toBe(1);
    expect(picture.lines.map(({ row }) => expiryAt(row))).toEqual(Object.values(EXPIRIES));
    const [low, high] = picture.domain;
    for (const vol of picture.values.flat()) {
      expect(vol).toBeGreaterThanOrEqual(low);
      expect(vol).toBeLessThanOrEqual(high);
    }
    // The middle column is the option of 50 delta, whose vol is near that of the money.
    const month = picture.lines[1]!.row;
    expect(picture.name(month, 14)).toMatch(/^25 DEC, 50Δ call: 5\d\.\d\s%$/u);
    expect(picture.ticks.across.map(({ text }) => text)).toEqual(['10Δ put', '25Δ', '50Δ', '25Δ', '10Δ call']);
    expect(numbers().rows).toHaveLength(3);
  });

  it('spans strikes over the forward, each expiry as far as it is quoted', () => {
    const strikes = surfaceReport(market, { ...request, mesh: 'moneyness' });
    const { picture } = meshView(strikes, null)!;
    expect(picture.ticks.across.map(({ text }) => text)).toContain('0\u00a0%');
    for (const row of picture.across) {
      expect(row[0]).toBeGreaterThanOrEqual(0);
      expect(row.at(-1)).toBeLessThanOrEqual(1);
      expect(row).toEqual(row.toSorted((one, two) => one - two));
    }
  });

  it('is null without a mesh', () => {
    expect(meshView({ ...report, mesh: null }, null)).toBeNull();
  });
});

describe('surface rows', () => {
  it('say in a line each what there is, for exports', () => {
    const { columns, rows } = surfaceNumbers(edited);
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row).toHaveLength(columns.length);
    expect(rows[1]!.at(-1)).toBe('edited');
    expect(rows[0]!.at(-1)).toBe('none');
  });

  it('name each arbitrage with where it is, and wings’ crossings as milder than quotes’', () => {
    const [week] = report.expiries;
    const smile = {
      ...week!,
      faults: [
        { kind: 'butterfly', strike: 94_000 },
        { kind: 'calendar', earlier: EXPIRIES.week, strike: 88_000, where: 'quotes' },
        { kind: 'calendar', earlier: EXPIRIES.week, strike: 1e7, where: 'wings' },
      ],
    } as const;
    expect(smileFlags(smile, asOf)).toEqual([
      'butterfly arbitrage: one at 94.0k is worth less than nothing',
      'calendar arbitrage: total variance at 88.0k is below that of 27 NOV',
      'beyond the quotes, total variance falls below that of 27 NOV',
    ]);
    expect(shortFlags(smile)).toEqual([
      { text: 'butterfly', isGrave: true },
      { text: 'calendar', isGrave: true },
      { text: 'calendar in wings', isGrave: false },
    ]);
    expect(shortFlags({ ...week!, failure: 'why' })).toEqual([{ text: 'no smile', isGrave: true }]);
  });

  it('say what stopped an edit, with both expiries of a calendar in order', () => {
    const stop = { expiry: EXPIRIES.month, other: EXPIRIES.week, strike: 88_000, message: '' };
    expect(stopWords({ ...stop, kind: 'calendar' }, asOf)).toBe(
      'Stopped at the last value without arbitrage: beyond, total variance at 88.0k would fall from 27 NOV to 25 DEC.',
    );
    for (const kind of ['butterfly', 'wing', 'shape'] as const)
      expect(stopWords({ ...stop, kind, other: null }, asOf)).toContain('25 DEC');
  });

  it('count what is left out by reason', () => {
    const quote = report.expiries[0]!.quotes[0]!;
    const out = (reason: string) => ({ ...quote, reason });
    const smile = { ...report.expiries[0]!, quotes: [quote, out('far'), out('capped'), out('capped')] };
    expect(leftOutReasons(smile)).toEqual([
      { reason: 'capped', count: 2 },
      { reason: 'far', count: 1 },
    ]);
  });
});
