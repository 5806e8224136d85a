import { describe, expect, it } from 'vitest';
import type { Frontier, FrontierPoint, FrontierReport } from '../../engine/domain/liquidationFrontier.ts';
import { type FrontierInput, frontierSentence, frontierView, headroomNear, sigmasTo } from './frontierView.ts';

const SPOT = [-0.6, -0.3, 0, 0.4, 1];
const VOL = [-0.5, 0, 0.5, 1.5];
/** Headroom falls with spot alone: zero at −15 %. */
const headroomAt = (spotMove: number) => 100_000 * (Math.log1p(spotMove) - Math.log1p(-0.15));

const edge: FrontierPoint[] = VOL.map((volShock) => ({ spotMove: -0.15, volShock }));
const frontier: Frontier = {
  now: 'safe',
  headroomNowUsd: headroomAt(0),
  headroomUsd: VOL.map(() => SPOT.map(headroomAt)),
  lines: [edge],
  regions: [[...edge, { spotMove: -0.6, volShock: 1.5 }, { spotMove: -0.6, volShock: -0.5 }, edge[0]!]],
  nearest: { spotMove: -0.15, volShock: 0.22, sigmas: 1.94 },
  unsupported: null,
};
const report: FrontierReport = {
  marketId: 'm',
  elapsedMs: 1,
  isCoarse: false,
  spot: SPOT,
  vol: VOL,
  distance: { horizonDays: 30, spotDeviation: 0.2, volDeviation: 0.3, correlation: -0.5, source: 'By the history.' },
  before: frontier,
  after: null,
};
const input: FrontierInput = { report, pin: null, index: 100_000, symbol: 'BTC', unit: 'usd' };
const plainSpaces = (text: string) => text.replaceAll('\u00a0', ' ');
const sentenceOf = (change: Partial<Frontier>, rest: Partial<FrontierReport> = {}) =>
  plainSpaces(frontierSentence({ ...report, before: { ...frontier, ...change }, ...rest }));
const none = { nearest: null, lines: [], regions: [] };

describe('frontierSentence', () => {
  it('gives the move, the vol and the distance', () => {
    expect(sentenceOf({})).toBe('Shortest way to liquidation: −15.0 %, IV ×1.22, 1.9 σ of 30 days');
    expect(sentenceOf({ nearest: { spotMove: -0.15, volShock: 0, sigmas: null } })).toBe(
      'Shortest way to liquidation: −15.0 %, IV unmoved',
    );
  });

  it('says how far it looked where there is none', () => {
    expect(sentenceOf(none)).toBe('None inside −60 %…+100 % × IV ×0.50…×2.50');
    // Liquidation lies elsewhere than along spot, and nothing says how far a move of vol is.
    expect(sentenceOf({ nearest: null })).toBe('None along spot −60 %…+100 %');
    expect(sentenceOf({ nearest: null }, { isCoarse: true })).toBe('Looking for the shortest way');
  });

  it('says when the book is there already, or the rule takes no such book', () => {
    expect(sentenceOf({ now: 'liquidation', nearest: null })).toBe('Already in liquidation');
    expect(sentenceOf({ now: 'unknown', nearest: null })).toBe('This rulebook cannot take the book');
    expect(frontierSentence(null)).toBe('Not computed yet');
  });

  it('speaks of the proposal, and of what was', () => {
    const after = { ...frontier, nearest: { spotMove: -0.05, volShock: 0.1, sigmas: 0.04 } };
    expect(plainSpaces(frontierSentence({ ...report, after }))).toBe(
      'Shortest way to liquidation: −5.0 %, IV ×1.10, 0.04 σ of 30 days, was 1.9 σ',
    );
    expect(plainSpaces(frontierSentence({ ...report, before: { ...frontier, ...none }, after }))).toContain(
      ', was none',
    );
    expect(
      plainSpaces(frontierSentence({ ...report, before: { ...frontier, ...none, now: 'liquidation' }, after })),
    ).toContain(', was there already');
  });
});

describe('frontierView', () => {
  it('draws region, line, way and now in logarithms, in which the way is straight', () => {
    const { plot } = frontierView(input);
    expect(plot.x.domain).toEqual([Math.log(0.4), Math.log(2)]);
    expect(plot.y.domain).toEqual([Math.log(0.5), Math.log(2.5)]);
    expect(plot.regions![0]!.fill.hatch).toBeGreaterThan(0);
    expect(plot.regions![0]!.rings[0]![0]).toEqual([Math.log1p(-0.15), Math.log(0.5)]);
    expect(plot.lines.map(({ id, dash }) => [id, dash])).toEqual([['frontier 1', undefined]]);
    expect(plot.segments).toEqual([
      { from: [0, 0], to: [Math.log1p(-0.15), Math.log1p(0.22)], colour: 'ink', width: 1.4, arrows: 'end' },
    ]);
    expect(plot.marks.map(({ shape }) => shape)).toEqual(['crossed-ring', 'dot']);
    expect(plot.labels.map(({ text }) => plainSpaces(text))).toEqual(['Liquidation', '1.9 σ: 85.0k, IV ×1.22', 'Now']);
    // Spot ticks are prices at their logarithms.
    const tick = plot.x.ticks.find(({ text }) => text === '100k');
    expect(tick?.value).toBeCloseTo(0, 12);
  });

  it('draws before dashed, and the pin as a ring on its guide', () => {
    const after = { ...frontier, ...none };
    const { plot } = frontierView({
      ...input,
      report: { ...report, after },
      pin: { spotMove: -0.1, volShock: 0.5 },
    });
    expect(plot.lines.map(({ id, dash }) => [id, dash])).toEqual([['before 1', [5, 3]]]);
    expect(plot.marks.at(-1)).toEqual({
      x: Math.log1p(-0.1),
      y: Math.log1p(0.5),
      shape: 'ring',
      colour: 'ink',
      size: 9,
    });
    expect(plot.guides.at(-1)?.x).toBeCloseTo(Math.log(0.9), 12);
    expect(plot.segments).toEqual([]);
  });

  it('keeps the way’s words on the plot, and off its arrow', () => {
    const at = (spotMove: number, volShock: number) =>
      frontierView({
        ...input,
        report: { ...report, before: { ...frontier, nearest: { spotMove, volShock, sigmas: 2 } } },
      }).plot.labels.find(({ text }) => text.includes('σ'))!;
    expect(at(0.2, 0.1)).toMatchObject({ align: 'left', dx: 12, dy: 0 });
    expect(at(-0.2, 0.1)).toMatchObject({ align: 'right', dx: -12, dy: 0 });
    expect(at(0.9, 0.1)).toMatchObject({ align: 'right', dy: -16 });
    expect(at(0.9, -0.1)).toMatchObject({ align: 'right', dy: 16 });
  });

  it('is axes and now alone before the first answer', () => {
    const view = frontierView({ ...input, report: null });
    expect(view.plot.regions).toEqual([]);
    expect(view.plot.lines).toEqual([]);
    expect(view.plot.marks).toHaveLength(1);
    expect(view.description).toContain('Nothing is computed yet');
    expect(view.numbers().rows).toEqual([]);
  });

  it('has a table of headroom, vol from high to low, in the unit on show', () => {
    const { columns, rows } = frontierView(input).numbers();
    expect(columns.map(({ name }) => name)).toEqual(['IV factor', '−60 %', '−30 %', '0 %', '+40 %', '+100 %']);
    expect(rows.map(([factor]) => factor)).toEqual([2.5, 1.5, 1, 0.5]);
    expect(rows[0]![3]).toBe(headroomAt(0));
    const coin = frontierView({ ...input, unit: 'coin' }).numbers();
    expect(coin.rows[0]![5]).toBeCloseTo(headroomAt(1) / 200_000, 12);
  });

  it('says what it is measured by', () => {
    expect(plainSpaces(frontierView(input).source)).toBe('1 σ over 30 days: spot 22 %, IV 35 %. By the history.');
    const alone = { ...report.distance, volDeviation: null, correlation: null };
    expect(plainSpaces(frontierView({ ...input, report: { ...report, distance: alone } }).source)).toBe(
      '1 σ over 30 days: spot 22 %. By the history.',
    );
  });
});

describe('under the crosshair', () => {
  it('reads headroom between computed points', () => {
    expect(headroomNear(report, [0, 0])).toBeCloseTo(headroomAt(0), 6);
    // Linear in ln spot, as the fixture is.
    expect(headroomNear(report, [Math.log(0.85), 0.1])).toBeCloseTo(0, 6);
    expect(headroomNear(report, [Math.log(0.4), Math.log(0.5)])).toBeCloseTo(headroomAt(-0.6), 6);
    expect(headroomNear(report, [Math.log(2), Math.log(2.5)])).toBeCloseTo(headroomAt(1), 6);
    expect(headroomNear(report, [Math.log(2.1), 0])).toBeNull();
  });

  it('reads none beside a point that has none', () => {
    const headroomUsd = frontier.headroomUsd.map((row) => [null, ...row.slice(1)]);
    expect(headroomNear({ ...report, before: { ...frontier, headroomUsd } }, [Math.log(0.5), 0])).toBeNull();
  });

  it('counts standard deviations with the correlation', () => {
    expect(sigmasTo(report, [-0.2, 0.3])).toBeCloseTo(Math.sqrt(4 / 3), 12);
    const alone = { ...report, distance: { ...report.distance, volDeviation: null, correlation: null } };
    expect(sigmasTo(alone, [-0.2, 0.3])).toBeNull();
  });
});
