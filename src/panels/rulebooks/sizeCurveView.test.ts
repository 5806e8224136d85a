import { describe, expect, it } from 'vitest';
import type { SizingReport } from '../../engine/domain/rulebookReport.ts';
import { fitSentence, fitText, sizeCurveView } from './sizeCurveView.ts';

const REPORT: SizingReport = {
  inputVersion: 0,
  marketId: 'm',
  presentSize: 10,
  sizes: [0, 10, 20, 30],
  curves: [
    { id: 'portfolio', initialMarginUsd: [0, 50, 100, 150], availableUsd: [100, 50, 0, -50] },
    { id: 'reg-t', initialMarginUsd: [0, 20, null, null], availableUsd: [100, 80, null, null] },
  ],
  fits: [
    { id: 'portfolio', kind: 'largest', least: 0, largest: 20, hasGaps: false },
    { id: 'reg-t', kind: 'largest', least: 2.5, largest: 12.5, hasGaps: true },
  ],
  searchedTo: 10_000,
};
const USD = { symbol: 'USD', perUsd: 1, kind: 'usd' as const };
const view = (metric: 'free' | 'initial', chosen = 'portfolio') =>
  sizeCurveView({
    report: REPORT,
    metric,
    chosen,
    titles: new Map([
      ['portfolio', 'Portfolio'],
      ['reg-t', 'Reg T'],
    ]),
    unit: USD,
    sizeUnit: 'BTC',
    label: 'Sell BTC 27 JUN 90k P',
  });

describe('the curve of margin by size', () => {
  it('draws the chosen rulebook in the colour of requirement, last, and breaks where a rulebook cannot follow', () => {
    const { lines } = view('free').plot;
    expect(lines.map(({ id, colour }) => [id, colour])).toEqual([
      ['reg-t', 'ink'],
      ['portfolio', 'mgn'],
    ]);
    expect(Array.from(lines[0]!.y)).toEqual([100, 80, Number.NaN, Number.NaN]);
  });

  it('marks the largest size where free margin is used up, and on the requirement where that is drawn', () => {
    expect(view('free').plot.marks.find(({ colour }) => colour === 'mgn')).toMatchObject({ x: 20, y: 0 });
    expect(view('initial').plot.marks.find(({ colour }) => colour === 'mgn')).toMatchObject({ x: 20, y: 100 });
  });

  it('tells the sizes in words', () => {
    const sentence = (at: number) => fitSentence(REPORT.fits[at]!, REPORT, 'Reg T', 'BTC');
    expect(sentence(0)).toBe('Reg T: largest size 20 BTC.');
    expect(sentence(1)).toBe('Reg T: largest size 12.5 BTC, from 2.5 BTC on; some sizes below do not fit.');
    expect(fitSentence({ id: 'x', kind: 'none' }, REPORT, 'X', 'USD')).toBe(
      'X: no size up to 10,000 USD fits the equity.',
    );
    expect(fitText({ id: 'x', kind: 'unbounded', least: 0, hasGaps: false }, 10_000)).toBe('over 10,000');
    expect(view('free').description).toContain('Portfolio: largest size 20 BTC.');
  });

  it('gives the figures as a table, nothing where there is none', () => {
    const { columns, rows } = view('free').numbers();
    expect(columns.map(({ name }) => name)).toEqual([
      'Size',
      'Initial margin, Portfolio',
      'Free, Portfolio',
      'Initial margin, Reg T',
      'Free, Reg T',
    ]);
    expect(rows[2]).toEqual([20, 100, 0, null, null]);
  });
});
