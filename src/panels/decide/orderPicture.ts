import type { FillOrderReport, FillPath } from '../../engine/domain/decideReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { amount, axisAmount } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { type Plot, type PlotLabel, type PlotLine, roundDomain } from '../../ui/plot.ts';
import { ticksBelowHead } from './ticksBelowHead.ts';
import { tradeText } from './tradeText.ts';

export interface OrderPicture {
  readonly plot: Plot;
  readonly description: string;
  readonly numbers: () => Numbers;
}

/** Initial margin after each fill: the best order bold, the worst dashed, both peaks marked. */
export function orderPicture(report: FillOrderReport, unit: DisplayUnit, asOf: Timestamp): OrderPicture {
  const { start, best, worst, trades } = report;
  const marginsOf = ({ steps }: FillPath) =>
    [start, ...steps].map(({ initialMarginUsd }) => initialMarginUsd * unit.perUsd);
  const [low, high] = [marginsOf(best), marginsOf(worst)];
  const domain = roundDomain(0, Math.max(1e-9, ...low, ...high) * 1.12, 4);
  const count = trades.length;
  const peak = ({ peakAt, peakUsd }: FillPath, colour: 'mgn' | 'ink2') =>
    ({ x: peakAt + 0.5, y: peakUsd * unit.perUsd, shape: 'dot', colour, size: 7 }) as const;
  const peakLabel = (text: string, { peakAt, peakUsd }: FillPath, colour: 'mgn' | 'ink2'): PlotLabel => ({
    x: peakAt + 0.5,
    y: peakUsd * unit.perUsd,
    text,
    colour,
    align: 'center',
    weight: 500,
    // Equal peaks at one place: the worst above, the best below.
    dy: text === 'Best' && peakUsd === worst.peakUsd ? 12 : -9,
  });
  return {
    plot: {
      margin: { left: 48, right: 14, top: 20, bottom: 20 },
      x: {
        domain: [0, count + 1],
        hideGrid: true,
        ticks: Array.from({ length: count + 1 }, (_, fills) => ({
          value: fills + 0.5,
          text: fills === 0 ? 'start' : String(fills),
        })),
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
        { ...stepLine('worst', high), colour: 'ink2', width: 1.4, dash: [5, 3] },
        { ...stepLine('best', low), colour: 'mgn', width: 2.2 },
      ],
      guides: [],
      segments: [],
      marks: [peak(worst, 'ink2'), peak(best, 'mgn')],
      labels: [
        {
          x: 0,
          y: 'top',
          text: `Initial margin after each fill, ${unit.symbol}`,
          colour: 'ink3',
          align: 'left',
          dx: -44,
        },
        ...(best.peakUsd < worst.peakUsd || trades.length > 1
          ? [peakLabel('Worst', worst, 'ink2'), peakLabel('Best', best, 'mgn')]
          : []),
      ],
    },
    description: [best, worst]
      .map(
        (path, at) =>
          `${at === 0 ? 'Best' : 'Worst'} order: peak initial margin ${amount(path.peakUsd, unit)} ${unit.symbol} ${peakWords(path)}, ${path.order.map((item) => tradeText(trades[item]!, asOf)).join(', then ')}.`,
      )
      .join(' '),
    numbers: () => ({
      columns: [
        { name: 'Fills', unit: '', digits: 0 },
        { name: 'Best, trade', unit: '', digits: 0 },
        { name: 'Best, initial margin', unit: unit.symbol, digits: unit.kind === 'usd' ? 0 : 4 },
        { name: 'Worst, trade', unit: '', digits: 0 },
        { name: 'Worst, initial margin', unit: unit.symbol, digits: unit.kind === 'usd' ? 0 : 4 },
      ],
      rows: low.map((margin, fills) => [
        fills,
        fills === 0 ? null : tradeText(trades[best.order[fills - 1]!]!, asOf),
        margin,
        fills === 0 ? null : tradeText(trades[worst.order[fills - 1]!]!, asOf),
        high[fills]!,
      ]),
    }),
  };
}

/** `before the first fill`, `after fill 3`. */
export function peakWords({ peakAt }: Pick<FillPath, 'peakAt'>): string {
  return peakAt === 0 ? 'before the first fill' : `after fill ${peakAt}`;
}

function stepLine(id: string, values: readonly number[]): Pick<PlotLine, 'id' | 'x' | 'y'> {
  return { id, x: values.flatMap((_, at) => [at, at + 1]), y: values.flatMap((value) => [value, value]) };
}
