import type { VarReport } from '../../engine/domain/riskReport.ts';
import type { ExtremeValueReport, TailFit } from '../../engine/domain/tailReport.ts';
import { axisAmount, money, percent, signed } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import type { Plot } from '../../ui/plot.ts';

/** What stands behind an extreme value figure, ready to draw and to read. */
export interface TailView {
  readonly plot: Plot;
  readonly description: string;
  /** The fit in a sentence, and what chose its threshold. */
  readonly sentences: readonly string[];
  readonly losses: () => Numbers;
  readonly thresholds: () => Numbers;
}

const FIT_POINTS = 80;

/**
 * Losses beyond the threshold against the share of outcomes at least as bad, both logarithmic: a power tail is a straight line,
 * one that bends down is lighter. The fitted tail runs through them and on to the figures that were asked for.
 */
export function tailView(report: VarReport, tail: ExtremeValueReport): TailView {
  const { fit } = tail;
  return {
    plot: tailPlot(report, tail),
    description: `Losses beyond the threshold of ${money(fit.thresholdUsd)} USD and the share of outcomes at least as bad, both logarithmic, with the fitted tail. ${fitSentence(tail)}`,
    sentences: [fitSentence(tail), choiceSentence(tail)],
    losses: () => ({
      columns: [
        { name: 'Loss', unit: 'USD', digits: 0 },
        { name: 'Share of outcomes at least as bad', unit: '', digits: 5 },
        { name: 'Share by the fit', unit: '', digits: 5 },
      ],
      rows: tail.losses.map(({ lossUsd, probability }) => [lossUsd, probability, survival(tail, lossUsd)]),
    }),
    thresholds: () => thresholdNumbers(tail),
  };
}

function fitSentence({ fit, observations, source }: ExtremeValueReport): string {
  const outcomes = source === 'monte-carlo' ? 'Monte Carlo losses' : 'historical losses';
  const shapeError = fit.shapeError === null ? ' (no standard error)' : ` ± ${fit.shapeError.toFixed(2)}`;
  const scaleError = fit.scaleError === null ? '' : ` ± ${money(fit.scaleError)}`;
  return `${money(fit.exceedances)} of ${money(observations)} ${outcomes} lie beyond ${money(fit.thresholdUsd)} USD; the tail fitted to them has ξ ${signed(fit.shape, 2)}${shapeError} and β ${money(fit.scaleUsd)}${scaleError} USD.`;
}

function choiceSentence({ chosenBy, rule }: ExtremeValueReport): string {
  if (chosenBy === 'request') return 'The threshold is the one you set.';
  return `The threshold goes by a rule: ${rule.charAt(0).toLowerCase()}${rule.slice(1)}.`;
}

/** P(loss > level) by the fit, beyond its threshold. */
function survival({ fit, observations }: ExtremeValueReport, lossUsd: number): number {
  const share = fit.exceedances / observations;
  const x = (lossUsd - fit.thresholdUsd) / fit.scaleUsd;
  if (x <= 0) return share;
  if (1 + fit.shape * x <= 0) return 0;
  return share * (Math.abs(fit.shape) < 1e-9 ? Math.exp(-x) : (1 + fit.shape * x) ** (-1 / fit.shape));
}

function tailPlot(report: VarReport, tail: ExtremeValueReport): Plot {
  const { fit, observations } = tail;
  const losses = tail.losses.filter(({ lossUsd }) => lossUsd > 0);
  const figures = [report.valueAtRiskUsd, report.expectedShortfallUsd].filter((usd) => usd > 0);
  // A logarithmic axis begins above nothing: where the threshold is no loss, at the smallest loss beyond it.
  const least =
    fit.thresholdUsd > 0 ? fit.thresholdUsd : Math.min(1e12, ...losses.map(({ lossUsd }) => lossUsd), ...figures);
  const most = Math.max(least * 2, ...losses.map(({ lossUsd }) => lossUsd), ...figures);
  const [low, high] = [Math.log10(least * 0.9), Math.log10(most * 1.15)];
  const start = Math.log10(least);
  const curve = Array.from({ length: FIT_POINTS + 1 }, (_, i) => start + ((high - start) * i) / FIT_POINTS);
  const level = (p: number): number => (p > 0 ? Math.log10(p) : Number.NaN);
  const rarest = Math.min(1 / observations, ...figures.map((usd) => survival(tail, usd)).filter((p) => p > 0));
  const floor = Math.floor(Math.log10(rarest) - 0.1);
  const ceiling = Math.log10(fit.exceedances / observations) + 0.12;
  const shown = (usd: number): boolean => usd > least && survival(tail, usd) > 0;
  const figure = (usd: number, shape: 'dot' | 'ring'): Plot['marks'] =>
    shown(usd)
      ? [
          {
            x: Math.log10(usd),
            y: level(survival(tail, usd)),
            shape,
            colour: shape === 'dot' ? 'ink' : 'ink2',
            size: 8,
          },
        ]
      : [];
  const label = (usd: number, text: string, above: boolean): Plot['labels'] =>
    shown(usd)
      ? [
          {
            x: Math.log10(usd),
            y: level(survival(tail, usd)),
            text,
            colour: 'ink',
            align: above ? 'left' : 'right',
            dx: above ? 9 : -9,
            dy: above ? -9 : 9,
            weight: 500,
            size: 11,
          },
        ]
      : [];
  return {
    margin: { left: 56, right: 20, top: 18, bottom: 24 },
    x: {
      domain: [low, high],
      ticks: logTicks(10 ** low, 10 ** high).map((value) => ({
        value: Math.log10(value),
        text: axisAmount(value, { kind: 'usd', perUsd: 1 }),
      })),
    },
    y: {
      domain: [floor, ceiling],
      ticks: Array.from({ length: Math.floor(ceiling) - floor + 1 }, (_, i) => floor + i).map((power) => ({
        value: power,
        text: percent(10 ** power, Math.max(0, -power - 2)),
      })),
    },
    areas: [],
    bars: [],
    lines: [
      {
        id: 'fit',
        x: curve,
        y: curve.map((x) => level(survival(tail, 10 ** x))),
        colour: 'loss',
        width: 1.6,
      },
    ],
    guides: fit.thresholdUsd > 0 ? [{ x: start, colour: 'ink3', dash: [3, 3] }] : [],
    segments: [],
    marks: [
      ...losses.map(({ lossUsd, probability }): Plot['marks'][number] => ({
        x: Math.log10(lossUsd),
        y: level(probability),
        shape: 'ring',
        colour: 'ink2',
        size: 4,
      })),
      ...figure(report.valueAtRiskUsd, 'dot'),
      ...figure(report.expectedShortfallUsd, 'ring'),
    ],
    labels: [
      ...(fit.thresholdUsd > 0
        ? [{ x: start, y: 'top', text: 'Threshold', colour: 'ink3', align: 'left', weight: 500, size: 10.5 } as const]
        : []),
      ...label(report.valueAtRiskUsd, 'VaR', false),
      ...label(report.expectedShortfallUsd, 'ES', true),
    ],
  };
}

/** 1, 2 and 5 times powers of ten; powers alone where those would crowd. */
function logTicks(low: number, high: number): number[] {
  const steps = high / low > 200 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1)
    for (const step of steps) {
      const tick = step * 10 ** power;
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  return ticks;
}

function thresholdNumbers({ fit: used, thresholds }: ExtremeValueReport): Numbers {
  const row = (fit: TailFit): (string | number | null)[] => [
    `${percent(fit.thresholdQuantile, 1)}${fit.exceedances === used.exceedances ? ', in use' : ''}`,
    fit.thresholdUsd,
    fit.exceedances,
    fit.meanExcessUsd,
    fit.meanExcessError,
    fit.shape,
    fit.shapeError,
    fit.valueAtRiskUsd,
    fit.expectedShortfallUsd,
  ];
  return {
    columns: [
      { name: 'Below', unit: '', digits: 0 },
      { name: 'Threshold', unit: 'USD', digits: 0 },
      { name: 'Beyond', unit: '', digits: 0 },
      { name: 'Mean excess', unit: 'USD', digits: 0 },
      { name: '± excess', unit: 'USD', digits: 0 },
      { name: 'ξ', unit: '', digits: 2 },
      { name: '± ξ', unit: '', digits: 2 },
      { name: 'VaR', unit: 'USD', digits: 0 },
      { name: 'ES', unit: 'USD', digits: 0 },
    ],
    rows: thresholds.map(row),
  };
}

/** What the moments are and where their expansion ends, in a sentence; null for a report without them. */
export function cornishFisherSentence({ cornishFisher }: VarReport): string | null {
  if (cornishFisher === undefined) return null;
  const { skewness, excessKurtosis, monotone, turnsAtConfidence } = cornishFisher;
  const shape = `Cornish-Fisher expands a skewness of ${signed(skewness, 2)} and an excess kurtosis of ${signed(excessKurtosis, 2)}`;
  if (monotone) return `${shape}; it is monotone at every confidence.`;
  if (turnsAtConfidence === null) return `${shape}; it is monotone for losses, not for gains.`;
  return `${shape}; it stops being monotone at a confidence of ${percent(turnsAtConfidence, 2)}, and losses further out are held at that level.`;
}

/** Component, marginal and incremental VaR, one row a position. `nameOf` is what the user knows it by. */
export function positionNumbers(report: VarReport, nameOf: (id: string) => string): Numbers {
  return {
    columns: [
      { name: 'Position', unit: '', digits: 0 },
      { name: 'Component', unit: 'USD', digits: 0 },
      { name: 'Marginal', unit: 'USD per unit', digits: 2 },
      { name: 'Incremental', unit: 'USD', digits: 0 },
    ],
    rows: [
      ...report.byPosition.map((row) => [
        nameOf(row.id),
        row.valueAtRiskUsd,
        row.marginalVaRUsd ?? null,
        row.incrementalVaRUsd ?? null,
      ]),
      ['Total', report.valueAtRiskUsd, '', ''],
    ],
  };
}
