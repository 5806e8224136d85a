import type { ExplainedPosition, ExplainedSum, PnlExplanation, PnlParts } from '../../engine/domain/pnlExplanation.ts';
import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { axisThousands, decimal, instrumentLabel, percent, signed } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { type Plot, type PlotArea, type PlotLabel, type PlotSegment, roundDomain, roundTicks } from '../../ui/plot.ts';
import { roundedTable } from '../../ui/roundedTable.ts';

export type ExplainPart = keyof PnlParts;

/** Legs alone, as the stress grid counts; or with collateral, as equity does. */
export type ExplainScope = 'legs' | 'all';

export const PART_NAMES: Readonly<Record<ExplainPart, string>> = {
  delta: 'Delta',
  gamma: 'Gamma',
  vega: 'Vega',
  theta: 'Theta',
  vanna: 'Vanna',
  volga: 'Volga',
  basis: 'Basis',
  currency: 'USDC',
  residual: 'Residual',
};

const PARTS = Object.keys(PART_NAMES) as ExplainPart[];

/** From these shares of the P&L on, the move is called large, and too large, for Greeks. */
const LARGE_SHARE = 0.1;
const TOO_LARGE_SHARE = 0.3;

export interface ExplainInput {
  readonly explanation: PnlExplanation;
  readonly scope: ExplainScope;
  /** The money on show; a coin is converted at the index of each end. */
  readonly unit: { readonly symbol: string; readonly kind: 'usd' | 'coin' };
  /** Years are written when they are not this one's. */
  readonly asOf: Timestamp;
}

export interface ExplainRow {
  readonly key: string;
  readonly kind: 'leg' | 'collateral' | 'coin' | 'left-out';
  readonly label: string;
  /** In the money on show, rounded so that rows add up across and down; null for what is left out. */
  readonly shown: ShownParts | null;
  /** The same, unrounded; null also for a coin's sum. */
  readonly figures: ShownParts | null;
  /** `+27.2`, `+27.2 fit`, `settled`; empty where there is no vol. */
  readonly volChange: string;
  /** The vols behind it, in words. */
  readonly volTitle: string;
  /** Stands under the row: why it is left out. */
  readonly detail: string | null;
}

export type ShownParts = Readonly<Record<ExplainPart | 'pnl', number>>;

export interface ExplainView {
  /** `USD`, or a coin. */
  readonly unit: string;
  readonly digits: number;
  readonly parts: readonly ExplainPart[];
  readonly sections: readonly { readonly key: string; readonly rows: readonly ExplainRow[] }[];
  readonly total: ShownParts;
  /** Value at the start and at the end, which is the start and the parts as they are shown. */
  readonly start: number;
  readonly end: number;
  readonly sentence: string;
  /** The residual is a large share of the P&L. */
  readonly isLarge: boolean;
  readonly notes: readonly string[];
  /** A worked example of each part: the position with most of it, its Greek times its move. */
  readonly examples: Readonly<Partial<Record<ExplainPart, string>>>;
  readonly plot: Plot;
  readonly description: string;
  /** The steps of the picture, unrounded. */
  readonly steps: () => Numbers;
  /** The rows of the table, unrounded. */
  readonly numbers: () => Numbers;
}

export function explainView({ explanation, scope, unit: wanted, asOf }: ExplainInput): ExplainView {
  const coin =
    wanted.kind === 'coin' ? explanation.indices.find(({ underlying }) => underlying === wanted.symbol) : undefined;
  const unit = coin === undefined ? 'USD' : wanted.symbol;
  const digits = coin === undefined ? 0 : 4;
  const inUnit = (sum: ExplainedSum): ShownSum => (coin === undefined ? inUsd(sum) : inCoin(sum, coin));
  const positions = scope === 'legs' ? explanation.legs : [...explanation.legs, ...explanation.collateral];
  const whole = inUnit(scope === 'legs' ? explanation.legsTotal : explanation.total);
  const figures = positions.map(inUnit);
  const isPart = (part: ExplainPart) =>
    part !== 'currency' || figures.some((each) => Math.abs(each.currency) >= 0.5 * 10 ** -digits);
  const parts = PARTS.filter(isPart);

  const rounded = roundedTable(
    figures.map((each) => parts.map((part) => each[part])),
    digits,
  );
  const shownOf = (cells: readonly number[], pnl: number): ShownParts => {
    const entries = parts.map((part, at) => [part, cells[at]!] as const);
    return { ...ZERO, ...Object.fromEntries(entries), pnl };
  };
  const rows = positions.map((position, at): ExplainRow & { readonly underlying: string | null } => ({
    key: position.id,
    kind: explanation.collateral.includes(position) ? 'collateral' : 'leg',
    underlying: position.underlying,
    label: positionLabel(position, asOf),
    shown: shownOf(rounded.cells[at]!, rounded.rowTotals[at]!),
    figures: figures[at]!,
    ...volWords(position),
    detail: null,
  }));
  const total = parts.length === 0 || rows.length === 0 ? { ...ZERO } : shownOf(rounded.columnTotals, rounded.total);
  const start = atDigits(whole.from, digits);
  const end = atDigits(start + total.pnl, digits);
  const residual = residualWords(total, positions, figures, { unit, digits, asOf });

  const view = { unit, digits, parts, total, start, end };
  return {
    ...view,
    ...residual,
    sections: sections(rows, explanation, scope, parts, asOf, digits),
    notes: positions.flatMap(({ notes }) => notes),
    examples: examples(positions, asOf),
    plot: waterfall(view),
    description: [
      `Waterfall of the P&L in ${unit}. Start ${decimal(start, digits)}.`,
      ...parts.map((part) => `${PART_NAMES[part]} ${signed(total[part], digits)}.`),
      `End ${decimal(end, digits)}. ${residual.sentence}`,
    ].join(' '),
    steps: () => steps(whole, parts, unit, digits),
    numbers: () => tableNumbers(rows, whole, parts, unit, digits),
  };
}

type ShownSum = ShownParts & { readonly from: number; readonly to: number };

const ZERO: ShownParts = {
  delta: 0,
  gamma: 0,
  vega: 0,
  theta: 0,
  vanna: 0,
  volga: 0,
  basis: 0,
  currency: 0,
  residual: 0,
  pnl: 0,
};

function inUsd({ fromUsd, toUsd, pnlUsd, ...sum }: ExplainedSum): ShownSum {
  return { ...partsOf((part) => sum[part]), pnl: pnlUsd, from: fromUsd, to: toUsd };
}

/**
 * Value in coin is V / S, so its change from S to S' is (dV - V dS / S) / S': every part over the later index, and delta less
 * what the value held in coin at the start moves with it.
 */
function inCoin(sum: ExplainedSum, { indexFrom, indexTo }: PnlExplanation['indices'][number]): ShownSum {
  const conversion = (sum.fromUsd * (indexTo - indexFrom)) / indexFrom;
  const usd = (part: ExplainPart) => (part === 'delta' ? sum.delta - conversion : sum[part]);
  return {
    ...partsOf((part) => usd(part) / indexTo),
    pnl: (sum.pnlUsd - conversion) / indexTo,
    from: sum.fromUsd / indexFrom,
    to: sum.toUsd / indexTo,
  };
}

function partsOf(value: (part: ExplainPart) => number): PnlParts {
  return Object.fromEntries(PARTS.map((part) => [part, value(part)])) as unknown as PnlParts;
}

function positionLabel({ instrument, underlying, volatility }: ExplainedPosition, asOf: Timestamp): string {
  if (volatility !== null || parseInstrument(instrument).ok) return instrumentLabel(instrument, asOf);
  return `${instrument} ${underlying === null ? 'cash' : 'held'}`;
}

function volWords({ volatility }: ExplainedPosition): Pick<ExplainRow, 'volChange' | 'volTitle'> {
  if (volatility === null) return { volChange: '', volTitle: '' };
  const { from, to, change, fromSource, toSource } = volatility;
  if (to === null)
    return { volChange: 'settled', volTitle: `${percent(from)} at the start; settled options have no vol` };
  const isFit = fromSource === 'fit' || toSource === 'fit';
  const source = (each: string) => (each === 'fit' ? ', read from the fit' : '');
  return {
    volChange: `${signed(change * 100, 1)}${isFit ? ' fit' : ''}`,
    volTitle: `${percent(from)}${source(fromSource)} → ${percent(to)}${source(toSource)}`,
  };
}

/** One section a coin, closed by its sum where there are several; stablecoins and what is left out come last. */
function sections(
  rows: readonly (ExplainRow & { readonly underlying: string | null })[],
  { leftOut }: PnlExplanation,
  scope: ExplainScope,
  parts: readonly ExplainPart[],
  asOf: Timestamp,
  digits: number,
): ExplainView['sections'] {
  const coins = [...new Set(rows.map(({ underlying }) => underlying))].sort(
    (a, b) => Number(a === null) - Number(b === null),
  );
  const several = coins.filter((coin) => coin !== null).length > 1;
  const found = coins.map((coin) => {
    const own = rows.filter(({ underlying }) => underlying === coin);
    const sum = (part: ExplainPart | 'pnl') =>
      atDigits(
        own.reduce((total, row) => total + row.shown![part], 0),
        digits,
      );
    const shown = { ...ZERO, ...Object.fromEntries(parts.map((part) => [part, sum(part)])), pnl: sum('pnl') };
    const total: ExplainRow[] =
      several && coin !== null && own.length > 1
        ? [{ ...BLANK, key: `sum:${coin}`, kind: 'coin', label: `${coin} total`, shown }]
        : [];
    return { key: coin ?? 'cash', rows: [...own, ...total] };
  });
  const lost = leftOut
    .filter(({ id }) => scope === 'all' || !id.startsWith('collateral:'))
    .map(
      ({ id, instrument, failure }): ExplainRow => ({
        ...BLANK,
        key: id,
        kind: 'left-out',
        label: parseInstrument(instrument).ok ? instrumentLabel(instrument, asOf) : instrument,
        shown: null,
        detail: `Left out. ${failure.message}`,
      }),
    );
  return lost.length === 0 ? found : [...found, { key: 'left-out', rows: lost }];
}

const BLANK = { figures: null, volChange: '', volTitle: '', detail: null } as const;

/** What the residual amounts to and, when it is large, whose it is. */
function residualWords(
  { pnl, residual }: ShownParts,
  positions: readonly ExplainedPosition[],
  figures: readonly ShownSum[],
  { unit, digits, asOf }: { readonly unit: string; readonly digits: number; readonly asOf: Timestamp },
): Pick<ExplainView, 'sentence' | 'isLarge'> {
  const write = (value: number) => signed(value, digits);
  const head = `P&L ${write(pnl)} ${unit}.`;
  if (pnl === 0 && residual === 0) return { sentence: `${head} Nothing is left unexplained.`, isLarge: false };
  const share = pnl === 0 ? Number.POSITIVE_INFINITY : Math.abs(residual / pnl);
  const isLarge = share > LARGE_SHARE;
  const whose = largestResidual(positions, figures);
  const gross = figures.reduce((sum, each) => sum + Math.abs(each.residual), 0);
  const named =
    whose !== null &&
    positions.length > 1 &&
    whose.residual * residual > 0 &&
    Math.abs(whose.residual) > 0.5 * Math.abs(residual)
      ? ` Largest: ${positionLabel(whose.position, asOf)}, ${write(whose.residual)}${whose.position.settled ? ', which expires on the way' : ''}.`
      : '';
  if (!isLarge) {
    const cancels = gross > LARGE_SHARE * Math.abs(pnl) && gross > 3 * Math.abs(residual);
    const rest =
      residual === 0 ? 'Greeks explain it' : `Greeks leave ${write(residual)} (${percent(share)}) unexplained`;
    return {
      sentence: `${head} ${rest}${cancels ? `; by leg, residuals of ${decimal(gross, digits)} in all nearly cancel` : ''}.`,
      isLarge,
    };
  }
  const size =
    share > 1 ? `the residual, ${write(residual)}, is larger than the P&L` : `${percent(share, 0)} is unexplained`;
  const large = share > TOO_LARGE_SHARE ? 'too large' : 'large';
  return { sentence: `${head} The move is ${large} for Greeks: ${size}.${named}`, isLarge };
}

function largestResidual(positions: readonly ExplainedPosition[], figures: readonly ShownSum[]) {
  let at = -1;
  figures.forEach((each, row) => {
    if (at < 0 || Math.abs(each.residual) > Math.abs(figures[at]!.residual)) at = row;
  });
  return at < 0 ? null : { position: positions[at]!, residual: figures[at]!.residual };
}

/** In USD, since Greeks are: `BTC 27 JUN 96k P: −1.20 BTC × −9,200`. */
function examples(positions: readonly ExplainedPosition[], asOf: Timestamp): ExplainView['examples'] {
  const words: Partial<Record<ExplainPart, (position: ExplainedPosition) => string>> = {
    delta: ({ greeks, spotChangeUsd, underlying }) =>
      `${signed(greeks.delta, 4)} ${underlying} × ${signed(spotChangeUsd, 0)}`,
    gamma: ({ greeks, spotChangeUsd }) =>
      `½ × ${signed(greeks.gamma * 1e3, 4)} per 1,000 × ${signed(spotChangeUsd, 0)}²`,
    vega: ({ greeks, volatility }) =>
      `${signed(greeks.vega / 100, 1)} per pt × ${signed(volatility!.change * 100, 1)} pts`,
    theta: ({ greeks, days }) => `${signed(greeks.theta / 365, 1)} per day × ${decimal(days, 2)} days`,
    vanna: ({ greeks, spotChangeUsd, volatility }) =>
      `${signed(greeks.vanna / 100, 4)} per pt × ${signed(spotChangeUsd, 0)} × ${signed(volatility!.change * 100, 1)} pts`,
    volga: ({ greeks, volatility }) =>
      `½ × ${signed(greeks.volga / 1e4, 2)} per pt² × (${signed(volatility!.change * 100, 1)} pts)²`,
  };
  const found: Partial<Record<ExplainPart, string>> = {};
  for (const part of PARTS) {
    const most = positions.reduce<ExplainedPosition | null>(
      (best, each) => (Math.abs(each[part]) > Math.abs(best?.[part] ?? 0) ? each : best),
      null,
    );
    const write = words[part];
    if (most !== null && write !== undefined)
      found[part] = `${positionLabel(most, asOf)}: ${write(most)} = ${signed(most[part], 0)} USD`;
  }
  return found;
}

type Waterfall = Pick<ExplainView, 'unit' | 'digits' | 'parts' | 'total' | 'start' | 'end'>;

const BAR_HALF = 0.34;

/**
 * From start to end, a row each: every part begins where the one above has ended. The axis counts the change since the start,
 * so that small changes of a large book can be seen.
 */
function waterfall({ unit, digits, parts, total, start, end }: Waterfall): Plot {
  const rows = parts.length + 2;
  const middle = (row: number) => rows - row - 0.5;
  const areas: PlotArea[] = [];
  const segments: PlotSegment[] = [];
  const labels: PlotLabel[] = [];
  const levels = [0];
  for (const part of parts) levels.push(levels.at(-1)! + total[part]);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const domain = roundDomain(low, high, 4);
  const ticks = roundTicks(domain[0], domain[1], 4);
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  const figure = (row: number, text: string, isTotal: boolean) =>
    labels.push({
      x: domain[1],
      y: middle(row),
      text,
      colour: isTotal ? 'ink' : text === '0' ? 'ink3' : 'ink2',
      align: 'right',
      weight: isTotal ? 600 : 400,
      dx: FIGURE_WIDTH,
    });
  const bar = (row: number, from: number, to: number, fill: PlotArea['fill']) => {
    if (from === to) return;
    const [upper, lower] = [middle(row) + BAR_HALF, middle(row) - BAR_HALF];
    areas.push({ x: [Math.min(from, to), Math.max(from, to)], upper: [upper, upper], lower: [lower, lower], fill });
    const edge = { colour: fill.colour, width: 1 };
    segments.push({ from: [to, upper], to: [to, lower], ...edge });
  };

  figure(0, decimal(start, digits), true);
  segments.push({ from: [0, middle(0) + BAR_HALF], to: [0, middle(0) - BAR_HALF], colour: 'ink', width: 2 });
  parts.forEach((part, at) => {
    const [from, to] = [levels[at]!, levels[at + 1]!];
    const isLoss = to < from;
    // The residual is nobody's gain or loss by name: grey, so that it cannot be taken for one.
    const colour = part === 'residual' ? 'ink3' : isLoss ? 'loss' : 'gain';
    bar(at + 1, from, to, { colour, opacity: 0.42, ...(isLoss ? { hatch: 0.6 } : {}) });
    // The level goes on to the next row, also through a row that changes nothing.
    const through = from === to ? middle(at + 1) - BAR_HALF : middle(at + 1) + BAR_HALF;
    segments.push({ from: [from, middle(at) - BAR_HALF], to: [from, through], colour: 'ink4', width: 1 });
    figure(at + 1, signed(total[part], digits), part === 'residual');
  });
  const last = levels.at(-1)!;
  segments.push({
    from: [last, middle(rows - 2) - BAR_HALF],
    to: [last, middle(rows - 1) + BAR_HALF],
    colour: 'ink4',
    width: 1,
  });
  bar(rows - 1, 0, last, { colour: 'ink2', opacity: 0.85, ...(last < 0 ? { hatch: 0.6 } : {}) });
  figure(rows - 1, decimal(end, digits), true);

  const names = ['Start', ...parts.map((part) => PART_NAMES[part]), 'End'];
  return {
    margin: { left: 66, right: FIGURE_WIDTH + 12, top: 4, bottom: 20 },
    x: {
      domain,
      base: 0,
      ticks: ticks.map((value) => ({
        value,
        text: unit === 'USD' ? axisThousands(value) : decimal(value, stepDigits(step)),
      })),
    },
    y: {
      domain: [0, rows],
      hideGrid: true,
      ticks: names.map((text, row) => ({ value: middle(row), text })),
    },
    areas,
    bars: [],
    lines: [],
    guides: [],
    segments,
    marks: [],
    labels,
  };
}

/** Pixels right of the bars for the figures, which stand in a column. */
const FIGURE_WIDTH = 68;

function stepDigits(step: number): number {
  return Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

function atDigits(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale + 0;
}

function steps(whole: ShownSum, parts: readonly ExplainPart[], unit: string, digits: number): Numbers {
  let level = whole.from;
  return {
    columns: [
      { name: 'Step', unit: '', digits: 0 },
      { name: 'Change', unit, digits },
      { name: 'Value', unit, digits },
    ],
    rows: [
      ['Start', null, whole.from],
      ...parts.map((part) => {
        level += whole[part];
        return [PART_NAMES[part], whole[part], level];
      }),
      ['End', whole.pnl, whole.to],
    ],
  };
}

function tableNumbers(
  rows: readonly ExplainRow[],
  whole: ShownSum,
  parts: readonly ExplainPart[],
  unit: string,
  digits: number,
): Numbers {
  const line = (label: string, figures: ShownParts) => [label, figures.pnl, ...parts.map((part) => figures[part])];
  return {
    columns: [
      { name: 'Position', unit: '', digits: 0 },
      { name: 'P&L', unit, digits },
      ...parts.map((part) => ({ name: PART_NAMES[part], unit, digits })),
      { name: 'IV change', unit: 'pts', digits: 1 },
    ],
    rows: [...rows.map((row) => [...line(row.label, row.figures!), row.volChange]), [...line('Total', whole), null]],
  };
}
