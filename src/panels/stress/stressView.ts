import type { StressGrid, WorstScenario } from '../../engine/domain/riskReport.ts';
import type { Movers } from '../../engine/domain/scenario.ts';
import type { Lit } from '../../state/AppState.ts';
import { decimal, signed, signedPercent, volFactor } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';

export type StressMetric = 'pnl' | 'margin' | 'free';

export interface StressInput {
  readonly before: StressGrid;
  /** Null when nothing is proposed. */
  readonly after: StressGrid | null;
  /** Value of the legs now, for P&L in coin. */
  readonly legsValueUsd: { readonly before: number; readonly after: number };
  readonly metric: StressMetric;
  readonly unit: 'usd' | 'coin';
  readonly index: number;
  readonly symbol: string;
  readonly movers: Movers;
  /** Equity of the book before the trade: full colour. It does not move when a trade is proposed. */
  readonly scaleUsd: number;
  /** The scenario that sets the margin of the book that the cells speak of. */
  readonly worst: WorstScenario | null;
  readonly pin: { readonly spotMove: number; readonly volShock: number; readonly days: number } | null;
  /** Cells of the phone: every second column and fewer rows. */
  readonly narrow?: boolean;
}

export interface StressCellView {
  readonly row: number;
  readonly column: number;
  readonly spotMove: number;
  readonly volShock: number;
  /** In the unit on show, unscaled; null where the rule cannot take the book. */
  readonly value: number | null;
  readonly before: number | null;
  /** In the scaled unit of the head. */
  readonly text: string;
  /** Spoken, and the cell's accessible name. */
  readonly name: string;
  readonly tone: 'gain' | 'loss' | 'margin' | 'room' | 'short' | 'zero';
  /** Strength of the colour, 0 to 1, on the fixed scale. */
  readonly strength: number;
  readonly negative: boolean;
  readonly binding: boolean;
  readonly pinned: boolean;
}

export interface StressView {
  readonly columns: readonly { readonly move: number; readonly text: string }[];
  readonly rows: readonly {
    readonly shock: number;
    readonly text: string;
    readonly cells: readonly StressCellView[];
  }[];
  /** `k USD`, `M USD`, `BTC`, `mBTC` (thousandths). */
  readonly unit: string;
  /** What the colours mean, in words. */
  readonly scale: string;
  /** The binding scenario as the rulebook names it, and where it lies; null when nothing is at risk. */
  readonly binding: { readonly label: string; readonly place: 'cell' | 'near' | 'off' } | null;
  readonly numbers: () => Numbers;
}

/** In a cell whose book the rule cannot take. */
const ABSENT = 'n/a';

interface CellFigures {
  readonly pnl: number;
  readonly margin: number | null;
  readonly free: number | null;
}

export function stressView(input: StressInput): StressView {
  const { before, metric } = input;
  const current = input.after ?? before;
  const now = figures(current, input.after === null ? input.legsValueUsd.before : input.legsValueUsd.after, input);
  const old = input.after === null ? null : figures(before, input.legsValueUsd.before, input);
  const bindingAt = bindingCell(input, current);
  const outlined = bindingAt?.place === 'off' ? null : bindingAt;
  const columns = shownColumns(current.spot, outlined?.column, input.narrow ?? false);
  const rows = shownRows(current.vol, outlined?.row, input.narrow ?? false);

  const shown = rows.flatMap((row) => columns.flatMap((column) => now[row]![column]![metric] ?? []));
  const scaling = cellScaling(shown, input);
  const full = input.unit === 'usd' ? input.scaleUsd : input.scaleUsd / input.index;

  return {
    columns: columns.map((column) => ({ move: current.spot[column]!, text: moveText(current.spot[column]!) })),
    rows: rows.map((row) => ({
      shock: current.vol[row]!,
      text: volFactor(current.vol[row]!),
      cells: columns.map((column): StressCellView => {
        const cell = now[row]![column]!;
        const value = cell[metric];
        const [spotMove, volShock] = [current.spot[column]!, current.vol[row]!];
        const binding = outlined !== null && outlined?.row === row && outlined.column === column;
        const pinned = isPinned(input.pin, spotMove, volShock);
        const text = value === null ? ABSENT : scaling.format(value);
        return {
          row,
          column,
          spotMove,
          volShock,
          value,
          before: old?.[row]![column]![metric] ?? null,
          text,
          name: cellName(spotMove, volShock, cell, input, { binding, pinned }),
          ...tone(metric, value, full, text),
          negative: metric !== 'margin' && value !== null && value < 0 && text !== '0',
          binding,
          pinned,
        };
      }),
    })),
    unit: scaling.unit,
    scale: scaleWords(metric),
    binding: bindingAt === null ? null : { label: bindingAt.label, place: bindingAt.place },
    numbers: () => numbers(input, current, now, old),
  };
}

/** A change for the line below the grid: `now −44.8k, was −35.7k, −9.1k`. */
export function cellChange(cell: StressCellView, unit: 'usd' | 'coin'): string {
  const figure = (value: number) => shortFigure(value, unit);
  if (cell.value === null) return 'not available';
  if (cell.before === null) return figure(cell.value);
  return `${figure(cell.value)}, was ${figure(cell.before)}, change ${figure(cell.value - cell.before)}`;
}

/** `−17.5k`, `+840`, `−0.412`: enough digits to tell cells apart, few enough to be spoken. */
export function shortFigure(value: number, unit: 'usd' | 'coin', withPlus = true): string {
  const write = withPlus ? signed : decimal;
  if (unit === 'coin') return write(value, Math.abs(value) >= 100 ? 1 : 3);
  const size = Math.abs(value);
  if (size >= 999_950) return `${write(value / 1e6, 2)}M`;
  return size >= 999.5 ? `${write(value / 1000, 1)}k` : write(value, 0);
}

/**
 * The figures of each cell in the unit on show. In coin: P&L is what the legs are worth in coin at the cell's spot, less
 * what they are worth in coin now; margin and free margin are divided by the cell's spot.
 */
function figures(grid: StressGrid, legsValueUsd: number, input: StressInput): CellFigures[][] {
  const moves = input.movers === 'all' || input.movers === input.symbol;
  return grid.vol.map((_, row) =>
    grid.spot.map((spotMove, column) => {
      const pnl = grid.pnlUsd[row]![column]!;
      const margin = grid.initialMarginUsd[row]![column] ?? null;
      const equity = grid.equityUsd[row]![column] ?? null;
      const free = equity === null || margin === null ? null : equity - margin;
      if (input.unit === 'usd') return { pnl, margin, free };
      const spot = input.index * (1 + (moves ? spotMove : 0));
      return {
        pnl: (legsValueUsd + pnl) / spot - legsValueUsd / input.index,
        margin: margin && margin / spot,
        free: free && free / spot,
      };
    }),
  );
}

/** Five characters fit a cell: the unit of the head and the decimals follow from the largest figure. */
function cellScaling(
  values: readonly number[],
  input: StressInput,
): { unit: string; format: (value: number) => string } {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const write = input.metric === 'pnl' ? signed : decimal;
  const by = (divisor: number, digits: number) => (value: number) => write(value / divisor, digits);
  if (input.unit === 'coin') {
    if (largest >= 0.9995)
      return { unit: input.symbol, format: by(1, largest >= 99.95 ? 0 : largest >= 9.995 ? 1 : 2) };
    // Thousandths of a coin: `−557` says as much as `−0.557` and fits.
    return { unit: `m${input.symbol}`, format: by(1e-3, largest >= 0.09995 ? 0 : 1) };
  }
  if (largest >= 999_500)
    return { unit: 'M USD', format: by(1e6, largest >= 99.95e6 ? 0 : largest >= 9.995e6 ? 1 : 2) };
  if (largest >= 999.5) return { unit: 'k USD', format: by(1e3, largest >= 99_950 ? 0 : 1) };
  return { unit: 'USD', format: by(1, 0) };
}

/** Colour on a fixed scale: its square root, so that small differences show too, full at the equity before the trade. */
function tone(
  metric: StressMetric,
  value: number | null,
  full: number,
  text: string,
): Pick<StressCellView, 'tone' | 'strength'> {
  if (value === null || text === '0') return { tone: 'zero', strength: 0 };
  const share = full > 0 ? Math.min(1, Math.abs(value) / full) : 1;
  if (metric === 'margin') return { tone: 'margin', strength: share };
  const strength = Math.sqrt(share);
  if (metric === 'free') return { tone: value < 0 ? 'short' : 'room', strength };
  return { tone: value < 0 ? 'loss' : 'gain', strength };
}

function scaleWords(metric: StressMetric): string {
  if (metric === 'margin') return 'Colour: initial margin as a share of equity before the trade';
  const what = metric === 'pnl' ? 'P&L' : 'free margin';
  return `Colour: square root of ${what} over equity before the trade, full at ±100 %`;
}

function moveText(move: number): string {
  return signed(move * 100, 0);
}

function isPinned(pin: StressInput['pin'], spotMove: number, volShock: number): boolean {
  return (
    pin !== null &&
    pin.days === 0 &&
    Math.abs(pin.spotMove - spotMove) < 1e-9 &&
    Math.abs(pin.volShock - volShock) < 1e-9
  );
}

/** The cells, `row:column` of the shown grid, nearest to places on spot and vol; what lies beyond the grid has none. */
export function litCells({ rows, columns }: StressView, places: Lit['cells']): ReadonlySet<string> {
  const spot = columns.map(({ move }) => move);
  const vol = rows.map(({ shock }) => shock);
  return new Set(
    places.flatMap(({ spotMove, volShock }) => {
      const [row, column] = [nearestOn(vol, volShock), nearestOn(spot, spotMove)];
      return row.place === 'off' || column.place === 'off' ? [] : [`${row.at}:${column.at}`];
    }),
  );
}

/** The line of an axis nearest to a value, and whether the value is on it, between two, or more than half a step beyond the ends. */
function nearestOn(
  axis: readonly number[],
  to: number,
): { readonly at: number; readonly place: 'cell' | 'near' | 'off' } {
  const at = axis.reduce((best, value, i) => (Math.abs(value - to) < Math.abs(axis[best]! - to) ? i : best), 0);
  const miss = Math.abs(axis[at]! - to);
  if (miss < 1e-9) return { at, place: 'cell' };
  const ends = at === 0 ? [0, 1] : [axis.length - 2, axis.length - 1];
  const isBeyond = to < Math.min(axis[0]!, axis.at(-1)!) || to > Math.max(axis[0]!, axis.at(-1)!);
  const step = axis.length < 2 ? 0 : Math.abs(axis[ends[0]!]! - axis[ends[1]!]!);
  return { at, place: isBeyond && miss > step / 2 ? 'off' : 'near' };
}

/** The cell nearest to the scenario that sets the margin. */
function bindingCell(
  { worst, symbol }: StressInput,
  grid: StressGrid,
): { row: number; column: number; label: string; place: 'cell' | 'near' | 'off' } | null {
  if (worst === null) return null;
  const own = worst.byUnderlying.find((each) => each.underlying === symbol);
  const scenario = worst.byUnderlying.length > 1 && own ? own : worst;
  const [row, column] = [nearestOn(grid.vol, scenario.volShock), nearestOn(grid.spot, scenario.spotMove)];
  const place = [row.place, column.place];
  return {
    row: row.at,
    column: column.at,
    place: place.includes('off') ? 'off' : place.includes('near') ? 'near' : 'cell',
    label: scenario === own && own.label !== worst.label ? `${symbol} ${scenario.label}` : scenario.label,
  };
}

function cellName(
  spotMove: number,
  volShock: number,
  { pnl, margin, free }: CellFigures,
  { unit }: StressInput,
  marks: { readonly binding: boolean; readonly pinned: boolean },
): string {
  const spot = spotMove === 0 ? 'spot unchanged' : `spot ${signedPercent(spotMove, 0)}`;
  const requirement =
    margin === null || free === null
      ? 'margin not available'
      : `margin ${shortFigure(margin, unit, false)}, free ${shortFigure(free, unit, false)}${free < 0 ? ', short' : ''}`;
  return [
    `${spot}, vol ${volFactor(volShock)}: P&L ${shortFigure(pnl, unit)}, ${requirement}`,
    ...(marks.binding ? ['binding cell'] : []),
    ...(marks.pinned ? ['pinned'] : []),
  ].join(', ');
}

/** Seven columns and five rows fit the phone: the ends, the middle and its neighbours, and the binding cell. */
function shownColumns(spot: readonly number[], binding: number | undefined, narrow: boolean): number[] {
  const all = spot.map((_, i) => i);
  if (!narrow || all.length <= 7) return all;
  const middle = (all.length - 1) / 2;
  return withBinding(
    all.filter((i) => Math.abs(i - middle) <= 2 || i === 0 || i === all.length - 1),
    binding,
    middle,
  );
}

function shownRows(vol: readonly number[], binding: number | undefined, narrow: boolean): number[] {
  const all = vol.map((_, i) => i);
  if (!narrow || all.length <= 5) return all;
  const unshocked = vol.indexOf(0);
  const shown = all.filter((i) => [0, unshocked - 1, unshocked, unshocked + 2, all.length - 1].includes(i));
  return withBinding(shown, binding, unshocked);
}

/** The binding line takes the place of the nearest shown line that is not the middle. */
function withBinding(shown: readonly number[], binding: number | undefined, middle: number): number[] {
  if (binding === undefined || shown.includes(binding)) return [...shown];
  const replaced = shown
    .filter((i) => i !== middle)
    .reduce((best, i) => (Math.abs(i - binding) < Math.abs(best - binding) ? i : best));
  return shown.map((i) => (i === replaced ? binding : i)).sort((a, b) => a - b);
}

function numbers(
  input: StressInput,
  grid: StressGrid,
  now: readonly (readonly CellFigures[])[],
  old: readonly (readonly CellFigures[])[] | null,
): Numbers {
  const unit = input.unit === 'usd' ? 'USD' : input.symbol;
  const digits = input.unit === 'usd' ? 0 : 4;
  const names = ['P&L', 'Initial margin', 'Free margin'];
  const list = (cell: CellFigures) => [cell.pnl, cell.margin, cell.free];
  return {
    columns: [
      { name: 'Vol factor', unit: '', digits: 3 },
      { name: 'Spot move', unit: '%', digits: 0 },
      ...names.map((name) => ({ name, unit, digits })),
      ...(old === null ? [] : names.map((name) => ({ name: `${name}, before`, unit, digits }))),
    ],
    rows: grid.vol.flatMap((shock, row) =>
      grid.spot.map((move, column) => [
        1 + shock,
        move * 100,
        ...list(now[row]![column]!),
        ...(old === null ? [] : list(old[row]![column]!)),
      ]),
    ),
  };
}
