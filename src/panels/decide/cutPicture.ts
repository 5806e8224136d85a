import type { CheapestCutReport, CutPoint } from '../../engine/domain/decideReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { amount, axisAmount, signedAmount } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { type Plot, roundDomain, roundTicks } from '../../ui/plot.ts';
import { ticksBelowHead } from './ticksBelowHead.ts';
import { tradeText } from './tradeText.ts';

export interface CutPictureInput {
  readonly report: CheapestCutReport;
  /** Place in the frontier. */
  readonly selected: number | null;
  readonly unit: DisplayUnit;
  readonly asOf: Timestamp;
  readonly narrow: boolean;
}

export interface CutPicture {
  readonly plot: Plot;
  readonly description: string;
  readonly numbers: () => Numbers;
}

export const COST_NAMES = { premium: 'Premium', delta: 'Delta change' } as const;

/** Cost against margin freed: each dot a trade, the chosen one ringed, the wanted margin a guide. */
export function cutPicture({ report, selected, unit, asOf, narrow }: CutPictureInput): CutPicture {
  const { frontier, targetUsd, objective } = report;
  const most = Math.max(targetUsd ?? 0, frontier.at(-1)?.freedUsd ?? 0) * unit.perUsd;
  const dearest = Math.max(0, ...frontier.map(({ costUsd }) => costUsd)) * unit.perUsd;
  const least = Math.min(0, ...frontier.map(({ costUsd }) => costUsd)) * unit.perUsd;
  const x: [number, number] = [0, most > 0 ? most * 1.06 : 1];
  const y = roundDomain(least, dearest > least ? dearest * 1.1 : least + 1, 4);
  const points = frontier.map(({ freedUsd, costUsd }) => [freedUsd * unit.perUsd, costUsd * unit.perUsd] as const);
  const axis = (value: number) => axisAmount(value, { kind: unit.kind, perUsd: 1 });
  return {
    plot: {
      margin: { left: 48, right: 14, top: 20, bottom: 20 },
      x: { domain: x, ticks: roundTicks(x[0], x[1], narrow ? 4 : 6).map((value) => ({ value, text: axis(value) })) },
      y: { domain: y, base: 0, ticks: ticksBelowHead(y).map((value) => ({ value, text: axis(value) })) },
      areas: [],
      bars: [],
      lines: [
        {
          id: 'frontier',
          x: [0, ...points.map(([freed]) => freed)],
          y: [0, ...points.map(([, cost]) => cost)],
          colour: 'mgn',
          opacity: 0.6,
          width: 1.2,
        },
      ],
      guides: targetUsd === null ? [] : [{ x: targetUsd * unit.perUsd, colour: 'ink3', dash: [2, 2] }],
      segments: [],
      marks: points.map(([freed, cost], at) => ({
        x: freed,
        y: cost,
        shape: at === selected ? 'ring' : 'dot',
        colour: at === selected ? 'ink' : 'mgn',
        size: at === selected ? 11 : 7,
      })),
      labels: [
        { x: x[0], y: 'top', text: `${COST_NAMES[objective]}, ${unit.symbol}`, colour: 'ink3', align: 'left', dx: -44 },
        { x: x[1], y: 'top', text: `by margin freed, ${unit.symbol}`, colour: 'ink3', align: 'right' },
      ],
    },
    description: description(report, unit, asOf),
    numbers: () => numbers(report, unit, asOf),
  };
}

/** The point nearest to a margin freed, as it is drawn; null without points. */
export function pointNear(frontier: readonly CutPoint[], freed: number, unit: DisplayUnit): number | null {
  let near: number | null = null;
  for (const [at, { freedUsd }] of frontier.entries()) {
    const distance = Math.abs(freedUsd * unit.perUsd - freed);
    if (near === null || distance < Math.abs(frontier[near]!.freedUsd * unit.perUsd - freed)) near = at;
  }
  return near;
}

function description(
  { frontier, objective, targetUsd, chosen }: CheapestCutReport,
  unit: DisplayUnit,
  asOf: Timestamp,
) {
  if (frontier.length === 0) return 'No trade was found that frees margin.';
  const cost = objective === 'premium' ? 'premium' : 'change of delta';
  const told = (point: CutPoint) =>
    `${amount(point.freedUsd, unit)} ${unit.symbol} freed at ${amount(point.costUsd, unit)} ${cost}: ${point.trades.map((trade) => tradeText(trade, asOf)).join(', ')}`;
  const wanted = targetUsd === null || chosen === null ? '' : ` For the margin wanted: ${told(frontier[chosen]!)}.`;
  return `${frontier.length} trades by margin freed. The least frees ${told(frontier[0]!)}. The most: ${told(frontier.at(-1)!)}.${wanted}`;
}

function numbers({ frontier }: CheapestCutReport, unit: DisplayUnit, asOf: Timestamp): Numbers {
  const money = (name: string) => ({ name, unit: unit.symbol, digits: unit.kind === 'usd' ? 0 : 4 });
  return {
    columns: [
      money('Margin freed'),
      money('Cost'),
      money('Net premium'),
      money('Lost to the spread'),
      money('Delta change'),
      money('Free margin change'),
      { name: 'Trades', unit: '', digits: 0 },
    ],
    rows: frontier.map((point) => [
      ...[
        point.freedUsd,
        point.costUsd,
        point.premiumUsd,
        point.spreadUsd,
        point.deltaUsd,
        point.availableChangeUsd,
      ].map((usd) => usd * unit.perUsd),
      point.trades.map((trade) => tradeText(trade, asOf)).join('; '),
    ]),
  };
}

/** `+3,831`: what is paid is a cost, what is received a credit. */
export function premiumText(premiumUsd: number, unit: DisplayUnit): string {
  return premiumUsd < 0 ? `${signedAmount(-premiumUsd, unit)} in` : amount(premiumUsd, unit);
}
