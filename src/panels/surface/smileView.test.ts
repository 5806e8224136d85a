import { describe, expect, it } from 'vitest';
import type { SmileEdit } from '../../engine/domain/smileEdit.ts';
import type { SurfaceReport } from '../../engine/domain/surfaceReport.ts';
import { crossedMarket } from '../../engine/fixtures/crossedMarket.ts';
import { CODES, EXPIRIES, smallMarket, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { repairedReport } from '../../engine/repairedReport.ts';
import { editedMarket } from '../../engine/scenario/editedMarket.ts';
import { prepareMarket } from '../../engine/scenario/preparedMarket.ts';
import { surfaceReport } from '../../engine/surfaceReport.ts';
import { type SmileInput, smileView } from './smileView.ts';

const market = smallMarket();
const reportOf = (edits: readonly SmileEdit[] = []): SurfaceReport =>
  surfaceReport(editedMarket(market, edits).market, { marketId: 'm', underlying: 'BTC', mesh: null });
const input: SmileInput = { report: reportOf(), expiry: EXPIRIES.month, beside: [], legs: [], proposed: [] };

function view(change: Partial<SmileInput> = {}) {
  const found = smileView({ ...input, ...change });
  if (found === null) throw new Error('No view');
  return found;
}

describe('smileView', () => {
  it('marks the quotes that the fit has used, one a strike, with a whisker from bid to ask', () => {
    const { plot, smile } = view();
    const dots = plot.marks.filter(({ shape }) => shape === 'dot');
    const used = smile.quotes.filter(
      ({ strike, reason }) => reason === null && strike >= plot.x.domain[0] && strike <= plot.x.domain[1],
    );
    expect(dots.map(({ x, y }) => [x, y])).toEqual(used.map(({ strike, vol }) => [strike, vol]));
    const atMoney = plot.segments.find(({ from }) => from[0] === 90_000)!;
    expect(atMoney.to[1] - atMoney.from[1]).toBeCloseTo(0.02, 10);
  });

  it('draws a repaired smile dashed beside the fit, with the cost in words, and nothing to hold it by', () => {
    const report = repairedReport(crossedMarket(), { marketId: 'm', underlying: 'BTC', mesh: null });
    const { plot, smile, fit, handles, numbers } = view({ report });
    const lineOf = (id: string) => plot.lines.find((line) => line.id === id)!;
    expect(lineOf('smile').dash).toBeUndefined();
    expect(lineOf('smile').y).toEqual(smile.repair!.fittedCurve.map(({ vol }) => vol));
    expect(lineOf('repaired').dash).toEqual([5, 3]);
    expect(lineOf('repaired').y).toEqual(smile.curve.map(({ vol }) => vol));
    expect(fit).toMatch(/^fit \d\.\d\d pts rms, repaired \d+\.\d\d pts rms, at most \d+\.\d\d pts apart$/);
    expect(handles).toEqual([]);
    const { columns, rows } = numbers();
    const column = (name: string) => columns.findIndex((each) => each.name === name);
    for (const row of rows)
      expect(row[column('Repaired less mark')]).toBeCloseTo(
        (row[column('Repaired IV')] as number) - (row[column('Mark IV')] as number),
        1,
      );
  });

  it('draws what was left out hollow, and says why', () => {
    const snapshot = smallSnapshot();
    const spoilt = {
      ...snapshot,
      underlyings: snapshot.underlyings.map((coin) => ({
        ...coin,
        expiries: coin.expiries.map((expiry) => ({
          ...expiry,
          // A mark that no option can have, out of sight; and a plateau at the upper end.
          quotes: expiry.quotes.map((quote) =>
            quote.strike === 60_000
              ? { ...quote, markIv: 7 }
              : quote.strike >= 110_000
                ? { ...quote, markIv: 0.58 }
                : quote,
          ),
        })),
      })),
    };
    const report = surfaceReport(prepareMarket(spoilt), { marketId: 'm', underlying: 'BTC', mesh: null });
    const { plot, numbers, description } = view({ report });
    const hollow = plot.marks.filter(({ shape }) => shape === 'hollow').map(({ x }) => x);
    expect(hollow).toContain(115_000);
    const reasons = numbers().rows.map((row) => row.at(-1));
    expect(reasons).toContain('The vol is not below 500 %');
    expect(reasons.some((reason) => String(reason).includes('a cap of the exchange'))).toBe(true);
    expect(description).toMatch(/\d+ quotes used, \d+ left out/);
  });

  it('shows a few deviations round the forward, and every strike of the book however far', () => {
    const near = view().plot.x.domain;
    expect(near[0]).toBeGreaterThan(55_000);
    const held = view({ legs: [{ id: 'l1', instrument: `BTC-${CODES.month}-250000-C`, quantity: -6 }] });
    expect(held.plot.x.domain[1]).toBeGreaterThan(250_000);
  });

  it('marks the book with rings and the proposal with dashed ones, with their quantities', () => {
    const { plot, description } = view({
      legs: [
        { id: 'l1', instrument: `BTC-${CODES.month}-80000-P`, quantity: -10 },
        { id: 'l2', instrument: `BTC-${CODES.week}-80000-P`, quantity: 4 },
      ],
      proposed: [{ instrument: `BTC-${CODES.month}-105000-C`, quantity: 5, price: null }],
    });
    const rings = plot.marks.filter(({ shape }) => shape.endsWith('ring'));
    expect(rings.map(({ x, shape }) => [x, shape])).toEqual([
      [80_000, 'ring'],
      [105_000, 'dashed-ring'],
    ]);
    expect(plot.labels.map(({ text }) => text)).toEqual(['Spot', '−10 P', '+5 C']);
    expect(description).toContain('The book holds −10 P at 80k');
  });

  it('draws other expiries as named lines beside it', () => {
    const { plot } = view({ beside: [EXPIRIES.week, EXPIRIES.year] });
    expect(plot.lines.map(({ id }) => id)).toEqual([`beside-${EXPIRIES.week}`, `beside-${EXPIRIES.year}`, 'smile']);
    expect(plot.labels.map(({ text }) => text)).toEqual(expect.arrayContaining(['27 NOV', '24 SEP 2027']));
    expect(plot.margin.right).toBeGreaterThan(70);
    expect(plot.x.domain[1] - plot.x.domain[0]).toBeGreaterThan(view().plot.x.domain[1] - view().plot.x.domain[0]);
  });

  it('has a handle where each part of the smile can be held', () => {
    const { handles, smile } = view();
    expect(handles.map(({ kind }) => kind)).toEqual(['wings', 'level', 'skew']);
    expect(handles[1]).toEqual({ kind: 'level', strike: smile.forward, vol: smile.figures!.atm });
  });

  it('keeps the market’s own fit, dashed, behind an edited smile, and says that it is edited', () => {
    const edit = { underlying: 'BTC', expiry: EXPIRIES.month, level: 0.02, skew: 0, wings: 0 };
    const { plot, fit, numbers } = view({ report: reportOf([edit]) });
    const own = plot.lines.find(({ id }) => id === 'smile')!;
    const fitted = plot.lines.find(({ id }) => id === 'market')!;
    expect(fitted.dash).toEqual([5, 3]);
    expect(own.y[48]! - fitted.y[48]!).toBeCloseTo(0.02, 2);
    expect(fit).toMatch(/^edited; fit within/);
    expect(numbers().columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['Edited IV', 'Fitted IV']));
    expect(view().plot.lines.map(({ id }) => id)).toEqual(['smile']);
  });

  it('reads out the nearest quote in a line', () => {
    expect(view().readout(89_000)).toMatch(
      /^25 DEC 90k [CP] {2}mark 5\d\.\d\s%, bid 5\d\.\d\s%, ask 5\d\.\d\s%, fit [−+]?[\d.]+ pts off$/u,
    );
  });

  it('says when there is no smile, and draws its quotes all the same', () => {
    const none = smallMarket({ smile: (k) => (Math.abs(k) < 0.1 ? 0.6 : Number.NaN) });
    const report = surfaceReport(none, { marketId: 'm', underlying: 'BTC', mesh: null });
    const { fit, plot, handles, description } = view({ report });
    expect(fit).toBe('no fit');
    expect(handles).toEqual([]);
    expect(plot.lines[0]!.x).toHaveLength(0);
    expect(description).toContain('a smile needs 5');
    expect(smileView({ ...input, expiry: 1 })).toBeNull();
  });
});
