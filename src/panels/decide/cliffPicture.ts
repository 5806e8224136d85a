import type { CliffState, ExpiryCliffReport } from '../../engine/domain/decideReport.ts';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { amount, axisAmount, dateCode } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { type Plot, type PlotLine, roundDomain } from '../../ui/plot.ts';
import { ticksBelowHead } from './ticksBelowHead.ts';

export interface CliffPicture {
  readonly plot: Plot;
  readonly description: string;
  readonly numbers: () => Numbers;
}

/** Equity and requirement from now through each expiry, at equal distances: before and after each. */
export function cliffPicture(report: ExpiryCliffReport, unit: DisplayUnit): CliffPicture {
  const { now, expiries, asOf } = report;
  const states: readonly CliffState[] = [now, ...expiries.flatMap(({ before, after }) => [before, after])];
  /** Now at 0, the n-th expiry at n. */
  const places = [0, ...expiries.flatMap((_, at) => [at + 1, at + 1])];
  const end = expiries.length + 0.6;
  const figures = (figure: (state: CliffState) => number) => states.map((state) => figure(state) * unit.perUsd);
  const line = (
    id: string,
    figure: (state: CliffState) => number,
    rest: Pick<PlotLine, 'colour' | 'width' | 'opacity'>,
  ): PlotLine => {
    const y = figures(figure);
    return { id, x: [...places, end], y: [...y, y.at(-1)!], ...rest };
  };
  const all = [...figures(({ equityUsd }) => equityUsd), ...figures(({ initialMarginUsd }) => initialMarginUsd)];
  const domain = roundDomain(Math.min(0, ...all), Math.max(1e-9, ...all) * 1.1, 4);
  const cliffs = expiries.flatMap(({ after, lostHedges }, at) =>
    lostHedges.length === 0 ? [] : [{ x: at + 1, y: after.initialMarginUsd * unit.perUsd }],
  );
  return {
    plot: {
      margin: { left: 48, right: 14, top: 20, bottom: 20 },
      x: {
        domain: [-0.3, end],
        ticks: [
          { value: 0, text: 'now' },
          ...expiries.map(({ expiry }, at) => ({ value: at + 1, text: dateCode(expiry, asOf) })),
        ],
      },
      y: {
        domain,
        base: 0,
        ticks: ticksBelowHead(domain).map((value) => ({
          value,
          text: axisAmount(value, { kind: unit.kind, perUsd: 1 }),
        })),
      },
      areas: [],
      bars: [],
      lines: [
        line('equity', ({ equityUsd }) => equityUsd, { colour: 'ink', width: 2 }),
        line('maintenance', ({ maintenanceMarginUsd }) => maintenanceMarginUsd, {
          colour: 'mgn',
          width: 1.2,
          opacity: 0.6,
        }),
        line('initial', ({ initialMarginUsd }) => initialMarginUsd, { colour: 'mgn', width: 2.2 }),
      ],
      guides: [],
      segments: [],
      marks: cliffs.map(({ x, y }) => ({ x, y, shape: 'ring', colour: 'warn', size: 12 })),
      labels: [
        {
          x: -0.3,
          y: 'top',
          text: `Equity and margin through expiries, ${unit.symbol}`,
          colour: 'ink3',
          align: 'left',
          dx: -44,
        },
        { x: 0, y: now.equityUsd * unit.perUsd, text: 'Equity', colour: 'ink', align: 'left', weight: 500, dy: -9 },
        {
          x: 0,
          y: now.initialMarginUsd * unit.perUsd,
          text: 'Initial',
          colour: 'mgn',
          align: 'left',
          weight: 500,
          dy: -9,
        },
      ],
    },
    description: `Initial margin ${amount(now.initialMarginUsd, unit)} ${unit.symbol} now. ${expiries
      .map(
        ({ expiry, before, after, lostHedges }) =>
          `${dateCode(expiry, asOf)}: ${amount(before.initialMarginUsd, unit)} before, ${amount(after.initialMarginUsd, unit)} after${lostHedges.length > 0 ? ', a hedge dies before what it hedges' : ''}.`,
      )
      .join(' ')}`,
    numbers: () => numbers(report, states, unit),
  };
}

function numbers({ asOf, expiries }: ExpiryCliffReport, states: readonly CliffState[], unit: DisplayUnit): Numbers {
  const money = (name: string) => ({ name, unit: unit.symbol, digits: unit.kind === 'usd' ? 0 : 4 });
  const moments = [
    'now',
    ...expiries.flatMap(({ expiry }) => ['before', 'after'].map((when) => `${when} ${dateCode(expiry, asOf)}`)),
  ];
  return {
    columns: [
      { name: 'Moment', unit: '', digits: 0 },
      { name: 'Days', unit: '', digits: 2 },
      money('Equity'),
      money('Initial margin'),
      money('Maintenance margin'),
      money('Free margin'),
    ],
    rows: states.map((state, at) => [
      moments[at]!,
      at === 0 ? 0 : (expiries[(at - 1) >> 1]!.expiry - asOf) / MILLISECONDS_PER_DAY,
      ...[state.equityUsd, state.initialMarginUsd, state.maintenanceMarginUsd, state.availableUsd].map(
        (usd) => usd * unit.perUsd,
      ),
    ]),
  };
}
