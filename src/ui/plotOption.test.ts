import { describe, expect, it } from 'vitest';
import type { ChartTheme } from './chartTheme.ts';
import type { Plot } from './plot.ts';
import { plotOption } from './plotOption.ts';

const theme: ChartTheme = {
  font: 'Inter',
  grid: 'grid',
  colour: (token, opacity) => (opacity === undefined || opacity === 1 ? token : `${token}/${opacity}`),
  hatch: () => null,
};
const plot: Plot = {
  margin: { left: 48, right: 16, top: 18, bottom: 20 },
  x: { domain: [0, 100], ticks: [{ value: 50, text: 'half' }] },
  y: { domain: [-1, 1], base: 0, ticks: [{ value: 0, text: '0' }] },
  areas: [{ x: [0, 50, 100], upper: [1, 1, 1], lower: [0, Number.NaN, 0], fill: { colour: 'gain', opacity: 0.1 } }],
  bars: [{ edges: [0, 10, 20], heights: [0.5, -1], foot: -1, fill: { colour: 'loss', opacity: 0.3 } }],
  lines: [{ id: 'now', x: [0, 50, 100], y: [0, Number.NaN, 1], colour: 'ink', width: 2, dash: [5, 3] }],
  guides: [
    { x: 50, colour: 'ink3' },
    { x: 500, colour: 'ink3' },
  ],
  segments: [],
  marks: [
    { x: 50, y: 0, shape: 'crossed-ring', colour: 'crit', size: 14 },
    { x: 50, y: 7, shape: 'dot', colour: 'ink', size: 4 },
  ],
  labels: [{ x: 50, y: 'top', text: '<b>Spot</b>', colour: 'ink2', align: 'center' }],
};

interface Series {
  readonly id: string;
  readonly type: string;
  readonly data: readonly unknown[];
  readonly lineStyle?: { readonly type: unknown };
  readonly renderItem?: (
    parameters: unknown,
    api: { coord: (point: number[]) => number[] },
  ) => { children: { type: string; style: Record<string, unknown> }[] };
}
const option = plotOption(plot, theme, 'What it shows');
const series = option.series as readonly Series[];
/** Ten pixels a unit of x, a hundred a unit of y, from the top. */
const drawn = (id: string) =>
  series.find((each) => each.id === id)!.renderItem!({}, { coord: ([x, y]) => [x! * 10, (1 - y!) * 100] }).children;

describe('plotOption', () => {
  it('is still, and described in our words', () => {
    expect(option.animation).toBe(false);
    expect(option.aria).toEqual({ enabled: true, label: { enabled: true, description: 'What it shows' } });
  });

  it('keeps the ids of series apart, so that a repaint replaces like by like', () => {
    expect(series.map(({ id }) => id)).toEqual(['under', 'guides', 'line:now', 'marks']);
  });

  it('breaks lines and areas where there is no value, and dashes only what is dashed', () => {
    const line = series.find(({ id }) => id === 'line:now')!;
    expect(line.data).toEqual([
      [0, 0],
      [50, '-'],
      [100, 1],
    ]);
    expect(line.lineStyle?.type).toEqual([5, 3]);
    expect(drawn('under').map(({ type }) => type)).toEqual(['polygon', 'polygon', 'rect']);
  });

  it('draws nothing outside its axes', () => {
    expect(drawn('guides')).toHaveLength(1);
    expect(drawn('marks').map(({ type }) => type)).toEqual(['circle', 'line', 'line', 'text']);
  });

  it('leaves out the labels of a column that would stand on one another', () => {
    const lane = (y: number, text: string) => ({ x: 100, y, text, colour: 'ink2', align: 'right', size: 10 }) as const;
    const low = plotOption(
      { ...plot, labels: [lane(0.9, 'first'), lane(0.82, 'on it'), lane(0.74, 'below')] },
      theme,
      '',
    );
    const marks = (low.series as readonly Series[]).find(({ id }) => id === 'marks')!;
    const shapes = marks.renderItem!({}, { coord: ([x, y]) => [x! * 10, (1 - y!) * 100] }).children;
    expect(shapes.filter(({ type }) => type === 'text').map(({ style }) => style.text)).toEqual(['first', 'below']);
  });

  it('draws a region as one path with its holes, and an arrow at the end alone where asked', () => {
    const ring = [
      [0, 0],
      [10, 0],
      [10, 1],
      [0, 0],
    ] as const;
    const other = plotOption(
      {
        ...plot,
        areas: [],
        bars: [],
        marks: [],
        labels: [],
        regions: [
          { rings: [ring, [...ring].reverse()], fill: { colour: 'crit', opacity: 0.1 } },
          { rings: [], fill: { colour: 'crit', opacity: 0.1 } },
        ],
        segments: [{ from: [0, 0], to: [50, 0], colour: 'ink', width: 1, arrows: 'end' }],
      },
      theme,
      '',
    ).series as readonly Series[];
    const shapes = (id: string) =>
      other.find((each) => each.id === id)!.renderItem!({}, { coord: ([x, y]) => [x! * 10, (1 - y!) * 100] })
        .children as unknown as readonly { type: string; shape: Record<string, unknown> }[];
    expect(shapes('under').map(({ type, shape }) => [type, shape.pathData])).toEqual([
      [
        'path',
        'M0.00 100.00L100.00 100.00L100.00 0.00L0.00 100.00ZM0.00 100.00L100.00 0.00L100.00 100.00L0.00 100.00Z',
      ],
    ]);
    const [line, ...heads] = shapes('marks');
    expect(line!.shape).toMatchObject({ x1: 0, x2: 500 });
    expect(heads).toHaveLength(2);
    for (const head of heads) expect(head.shape.x1).toBe(500);
  });

  it('passes text on as text', () => {
    expect(drawn('marks').at(-1)!.style).toMatchObject({ text: '<b>Spot</b>', fill: 'ink2', stroke: 's1' });
    expect(JSON.stringify(option)).not.toContain('tooltip');
  });
});
