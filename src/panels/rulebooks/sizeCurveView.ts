import type { MarginModelId } from '../../engine/domain/riskParameters.ts';
import type { SizeFit, SizingReport } from '../../engine/domain/rulebookReport.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { axisAmount, decimal } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { curveAt, type Plot, type PlotColour, type PlotLabel, roundDomain, roundTicks } from '../../ui/plot.ts';

export type SizeMetric = 'free' | 'initial';

export interface SizeCurveInput {
  readonly report: SizingReport;
  readonly metric: SizeMetric;
  readonly chosen: MarginModelId;
  readonly titles: ReadonlyMap<MarginModelId, string>;
  readonly unit: DisplayUnit;
  /** `BTC`, `USD`, or `×`. */
  readonly sizeUnit: string;
  readonly label: string;
  readonly tall?: boolean;
}

export interface SizeCurveView {
  readonly plot: Plot;
  readonly description: string;
  readonly numbers: () => Numbers;
}

/** The chosen rulebook is violet; others recede one by one. */
const OTHERS: readonly PlotColour[] = ['ink', 'ink2', 'ink3'];
/** Of a low plot's height, and of a tall one's. */
const LABEL_HEIGHT = { low: 0.14, tall: 0.05 } as const;
const NAME_LENGTH = 14;

export function sizeCurveView(input: SizeCurveInput): SizeCurveView {
  const { report, metric, chosen, unit } = input;
  const figure = (curve: SizingReport['curves'][number]): number[] =>
    (metric === 'free' ? curve.availableUsd : curve.initialMarginUsd).map((usd) =>
      usd === null ? Number.NaN : usd * unit.perUsd,
    );
  const others = report.curves.filter(({ id }) => id !== chosen);
  const curves = [...others, ...report.curves.filter(({ id }) => id === chosen)].map((curve) => ({
    id: curve.id,
    y: figure(curve),
    colour: curve.id === chosen ? ('mgn' as const) : OTHERS[others.indexOf(curve) % OTHERS.length]!,
    width: curve.id === chosen ? 2.2 : 1.2,
  }));
  const values = curves.flatMap(({ y }) => y).filter(Number.isFinite);
  const [low, high] = roundDomain(Math.min(0, ...values), Math.max(0, ...values), 4);
  const reach = report.sizes.at(-1) ?? 1;
  const y = {
    domain: [low, high] as const,
    base: 0,
    ticks: roundTicks(low, high, 4).map((value) => ({
      value,
      text: value === 0 ? '0' : axisAmount(value, { kind: unit.kind, perUsd: 1 }),
    })),
  };
  const x = {
    domain: [0, reach] as const,
    ticks: roundTicks(0, reach, 6).map((value) => ({ value, text: sizeText(value) })),
  };
  const largest = curves.flatMap(({ id, y: values, colour }) => {
    const fit = report.fits.find((candidate) => candidate.id === id);
    if (fit?.kind !== 'largest' || fit.largest > reach) return [];
    return [{ x: fit.largest, y: metric === 'free' ? 0 : (curveAt(report.sizes, values, fit.largest) ?? 0), colour }];
  });
  return {
    plot: {
      margin: { left: 52, right: 82, top: 16, bottom: 20 },
      x,
      y,
      areas: [],
      bars: [],
      lines: curves.map(({ id, y: values, colour, width }) => ({ id, x: report.sizes, y: values, colour, width })),
      guides: [{ x: report.presentSize, colour: 'ink3' }],
      segments: [],
      marks: largest.map((mark) => ({ ...mark, shape: 'ring' as const, size: 9 })),
      labels: [
        {
          x: report.presentSize,
          y: 'top',
          text: `now ${sizeOf(report.presentSize, input.sizeUnit)}`,
          colour: 'ink3',
          align: 'center',
          size: 10.5,
        },
        ...lineLabels(curves, report.sizes, input.titles, [low, high], LABEL_HEIGHT[input.tall ? 'tall' : 'low']),
      ],
    },
    description: description(input),
    numbers: () => numbers(input),
  };
}

/** Names beside the right end of the curves, pushed apart where they would touch. */
function lineLabels(
  curves: readonly { readonly id: string; readonly y: readonly number[]; readonly colour: PlotColour }[],
  sizes: readonly number[],
  titles: ReadonlyMap<string, string>,
  [low, high]: readonly [number, number],
  height: number,
): PlotLabel[] {
  const gap = height * (high - low);
  const ends = curves
    .flatMap(({ id, y, colour }) => {
      const last = y.findLastIndex(Number.isFinite);
      return last < 0 ? [] : [{ text: titles.get(id) ?? id, colour, x: sizes[last]!, at: y[last]! }];
    })
    .sort((a, b) => a.at - b.at);
  let floor = low + gap / 2;
  return ends.map(({ text, colour, x, at }) => {
    const y = Math.min(Math.max(at, floor), high - gap / 2);
    floor = y + gap;
    return { x, y, text: shortName(text), colour, align: 'left' as const, weight: 500 as const, dx: 5, size: 10.5 };
  });
}

/** As much of a name as fits beside the plot. */
function shortName(title: string): string {
  return title.length <= NAME_LENGTH ? title : `${title.slice(0, NAME_LENGTH - 1).trimEnd()}…`;
}

/** `12.3`, `4,500`: as many decimals as the size has. */
export function sizeText(size: number): string {
  const decimals = (String(Number(size.toPrecision(10))).split('.')[1] ?? '').length;
  return decimal(size, Math.min(decimals, 4));
}

/** A fit in a few words: `12.3`, `beyond 2,000`, `none`. */
export function fitText(fit: SizeFit, searchedTo: number): string {
  if (fit.kind === 'largest') return sizeText(fit.largest);
  if (fit.kind === 'unbounded') return `over ${sizeText(searchedTo)}`;
  return fit.kind === 'none' ? 'none' : 'unsupported';
}

/** What a fit says, in a sentence. */
export function fitSentence(
  fit: SizeFit,
  { searchedTo }: Pick<SizingReport, 'searchedTo'>,
  title: string,
  sizeUnit: string,
): string {
  const of = (size: number) => sizeOf(size, sizeUnit);
  switch (fit.kind) {
    case 'unsupported':
      return `${title} cannot take this book.`;
    case 'none':
      return `${title}: no size up to ${of(searchedTo)} fits the equity.`;
    case 'unbounded':
      return `${title}: every size looked at fits${fit.least > 0 ? ` from ${of(fit.least)} on` : ''}, up to ${of(searchedTo)}${gaps(fit.hasGaps)}.`;
    case 'largest':
      return `${title}: largest size ${of(fit.largest)}${fit.least > 0 ? `, from ${of(fit.least)} on` : ''}${gaps(fit.hasGaps)}.`;
  }
}

function sizeOf(size: number, unit: string): string {
  return unit === '' ? sizeText(size) : `${sizeText(size)} ${unit}`;
}

function gaps(hasGaps: boolean): string {
  return hasGaps ? '; some sizes below do not fit' : '';
}

function description({ report, metric, titles, sizeUnit, label }: SizeCurveInput): string {
  const what = metric === 'free' ? 'Free margin' : 'Initial margin';
  const fits = report.curves.flatMap(({ id }) => {
    const fit = report.fits.find((candidate) => candidate.id === id);
    return fit === undefined ? [] : [fitSentence(fit, report, titles.get(id) ?? id, sizeUnit)];
  });
  return `${what} over the size of ${label}, now ${sizeText(report.presentSize)}. ${fits.join(' ')}`;
}

function numbers({ report, titles, unit, sizeUnit }: SizeCurveInput): Numbers {
  const money = unit.symbol;
  const digits = unit.kind === 'usd' ? 0 : 4;
  return {
    columns: [
      { name: 'Size', unit: sizeUnit, digits: 2 },
      ...report.curves.flatMap(({ id }) => [
        { name: `Initial margin, ${titles.get(id) ?? id}`, unit: money, digits },
        { name: `Free, ${titles.get(id) ?? id}`, unit: money, digits },
      ]),
    ],
    rows: report.sizes.map((size, i) => [
      size,
      ...report.curves.flatMap(({ initialMarginUsd, availableUsd }) => [
        shown(initialMarginUsd[i]!, unit),
        shown(availableUsd[i]!, unit),
      ]),
    ]),
  };
}

function shown(usd: number | null, unit: DisplayUnit): number | null {
  return usd === null ? null : usd * unit.perUsd;
}
