import { monotoneCubic } from '../numerics/monotoneCubic.ts';
import type { BookAlong, CoinState, RuleFigures } from './BookAlong.ts';
import { type Segment, sliceShare } from './coinSegments.ts';
import { addReadings, axisValue, type EvenAxis, evenAxis, type EvenGrid, refinedRow } from './EvenTable.ts';
import { type VisitedStates, visitedAt } from './pilotWalk.ts';

/** The rule's figures of one coin's part of a book at one time, on an even grid. */
export interface MarginSlice {
  readonly days: number;
  /** Backing less maintenance: what the rule adds to the book's equity to make headroom. */
  readonly headroom: Float64Array;
  readonly backing: Float64Array;
  readonly maintenance: Float64Array;
  readonly initial: Float64Array;
  /** Of a rule that puts coins together from their scans: the scan at each node of `SCAN_GRID`, `[node * width + scenario]`. */
  readonly scan: ScanTable | null;
}

export interface ScanTable {
  readonly grid: EvenGrid;
  /** Scenarios and one: what is charged besides. */
  readonly width: number;
  readonly values: Float64Array;
}

/** Scans are smooth where their worst bends, so their grid is coarser. */
const SCAN_COUNTS = { spot: 97, vol: 15 } as const;

const FIGURES = ['backing', 'maintenance', 'initial'] as const;

/** How fine the rule is known, and how much may be spent on it. */
export interface Refinement {
  /** Interpolated headroom is to be this near, USD. */
  readonly toleranceUsd: number;
  /** True once no more requirements may be asked for. */
  spent(): boolean;
  /** Awaited after each requirement; ends the run by throwing. */
  gate(): Promise<void>;
}

/** Even nodes of spot that every slice starts from, and how often the gap between two may be halved. */
const FIRST_NODES = 9;
const MOST_HALVINGS = 4;
/** Even rows of vol: the fewest, and where a check says that they are too few. */
const VOL_ROWS = [3, 5, 7] as const;
/** Shortest gap between two slices that is divided: in days, and as a share of the stretch. */
const SHORTEST_GAP = 1 / 12;
const SMALLEST_GAP = 1 / 40;
/** A gap that ends in an expiry is divided here: time decays fastest at the end. */
const EXPIRY_DIVISION = 0.7;

/**
 * One coin's requirement over (spot, vol, time) in a stretch without expiry: computed where it bends, interpolated between. In spot by a
 * monotone cubic between nodes that are halved where their middle is not met, in vol by cubics through even rows, in time straight
 * between slices that are divided where their middle is not met.
 */
export class MarginTables {
  readonly #segment: Segment;
  readonly #book: BookAlong;
  readonly #coin: number;
  readonly #grid: EvenGrid;
  readonly #visited: VisitedStates;
  readonly #known: Map<string, RuleFigures>;

  /**
   * @param visited states of the coin on some paths, to look for errors at
   * @param known what the rule has been asked before, by moment; what it is asked is added
   */
  constructor(
    book: BookAlong,
    coin: number,
    segment: Segment,
    grid: EvenGrid,
    visited: VisitedStates,
    known: Map<string, RuleFigures>,
  ) {
    this.#book = book;
    this.#coin = coin;
    this.#segment = segment;
    this.#grid = grid;
    this.#visited = visited;
    this.#known = known;
  }

  /** The slices at a tolerance. Not whole where what may be spent was spent on the way. */
  async refined(refinement: Refinement): Promise<{ readonly slices: MarginSlice[]; readonly isWhole: boolean }> {
    const { fromDays, toDays, endsInExpiry } = this.#segment;
    const slices = [await this.#slice(fromDays, refinement)];
    if (toDays > fromDays) slices.push(await this.#slice(toDays, refinement));
    for (let at = 0; at + 1 < slices.length; ) {
      const [low, high] = [slices[at]!, slices[at + 1]!];
      const gap = high.days - low.days;
      const division = endsInExpiry && high.days === toDays ? EXPIRY_DIVISION : 0.5;
      const middle = low.days + division * gap;
      const bends =
        gap > Math.max(SHORTEST_GAP, SMALLEST_GAP * (toDays - fromDays)) &&
        !refinement.spent() &&
        (await this.#bends(low, high, middle, refinement));
      if (bends) slices.splice(at + 1, 0, await this.#slice(middle, refinement));
      else at += 1;
    }
    return { slices, isWhole: !refinement.spent() };
  }

  async #bends(
    low: MarginSlice,
    high: MarginSlice,
    days: number,
    { toleranceUsd, gate }: Refinement,
  ): Promise<boolean> {
    const share = (days - low.days) / (high.days - low.days);
    for (const { spot } of visitedAt(this.#visited, days)) {
      const state = { spot, vol: this.#centre };
      const [a, b] = [readAt(this.#grid, low.headroom, state), readAt(this.#grid, high.headroom, state)];
      const exact = headroom(this.#exact(days, state));
      await gate();
      if (Math.abs(exact - (a + share * (b - a))) > toleranceUsd) return true;
    }
    return false;
  }

  async #slice(days: number, refinement: Refinement): Promise<MarginSlice> {
    const nodes = await this.#spotNodes(days, refinement);
    const vols = await this.#volRows(days, nodes, refinement);
    const rows: RuleFigures[][] = [];
    for (const vol of vols) {
      const row: RuleFigures[] = [];
      for (const spot of nodes) {
        row.push(this.#exact(days, { spot, vol }));
        await refinement.gate();
      }
      rows.push(row);
    }
    const table = (figure: (row: RuleFigures) => number) =>
      this.#dense(
        nodes,
        rows.map((row) => row.map(figure)),
      );
    const backing = table(({ backingUsd }) => backingUsd);
    const maintenance = table(({ maintenanceMarginUsd }) => maintenanceMarginUsd);
    return {
      days,
      backing,
      maintenance,
      initial: table(({ initialMarginUsd }) => initialMarginUsd),
      headroom: backing.map((value, i) => value - maintenance[i]!),
      scan: this.#scanTable(nodes, rows),
    };
  }

  /** Nodes of spot at the middle vol: halved where the middle of a gap is not met. */
  async #spotNodes(days: number, { toleranceUsd, gate, spent }: Refinement): Promise<number[]> {
    const axis = evenAxis(this.#grid.spot.from, axisValue(this.#grid.spot, this.#grid.spot.count - 1), FIRST_NODES);
    const vol = this.#centre;
    let nodes = Array.from({ length: FIRST_NODES }, (_, i) => axisValue(axis, i));
    const value = async (spot: number): Promise<number> => {
      const found = headroom(this.#exact(days, { spot, vol }));
      await gate();
      return found;
    };
    let open = nodes.slice(0, -1).map((from, i): [number, number] => [from, nodes[i + 1]!]);
    for (let halving = 0; halving < MOST_HALVINGS && open.length > 0 && !spent(); halving += 1) {
      const values: number[] = [];
      for (const node of nodes) values.push(await value(node));
      const read = monotoneCubic(nodes, values);
      const next: [number, number][] = [];
      const added: number[] = [];
      for (const [from, to] of open) {
        const middle = from + (to - from) / 2;
        const exact = await value(middle);
        // What has been computed is used: but only where it was needed are its neighbours looked at.
        if (Math.abs(exact - read(middle)) <= toleranceUsd) continue;
        added.push(middle);
        next.push([from, middle], [middle, to]);
      }
      nodes = [...nodes, ...added].sort((a, b) => a - b);
      open = next;
    }
    return nodes;
  }

  /** The fewest even rows of vol whose cubics meet the rule between them, at some nodes. */
  async #volRows(days: number, nodes: readonly number[], { toleranceUsd, gate, spent }: Refinement): Promise<number[]> {
    const { vol } = this.#grid;
    const [from, to] = [vol.from, axisValue(vol, vol.count - 1)];
    const rowsOf = (count: number) => Array.from({ length: count }, (_, i) => axisValue(evenAxis(from, to, count), i));
    for (const [place, count] of VOL_ROWS.entries()) {
      const rows = rowsOf(count);
      const finer = VOL_ROWS[place + 1];
      if (finer === undefined || spent()) return rows;
      let meets = true;
      for (const share of [0.35, 0.5, 0.65]) {
        const spot = nodes[Math.round(share * (nodes.length - 1))]!;
        const values: number[] = [];
        for (const level of rows) {
          values.push(headroom(this.#exact(days, { spot, vol: level })));
          await gate();
        }
        const between = refinedRow(values, 2 * count - 1);
        const levels = rowsOf(2 * count - 1);
        // At the ends few paths are, and a rule's vols reach their floor there.
        for (let i = count > 3 ? 3 : 1; i < levels.length - (count > 3 ? 3 : 1) && meets; i += 2) {
          const exact = headroom(this.#exact(days, { spot, vol: levels[i]! }));
          await gate();
          meets = Math.abs(exact - between[i]!) <= toleranceUsd;
        }
      }
      if (meets) return rows;
    }
    return rowsOf(VOL_ROWS.at(-1)!);
  }

  #scanTable(nodes: readonly number[], rows: readonly (readonly RuleFigures[])[]): ScanTable | null {
    const width = Math.max(...rows.flat().map(({ scan }) => scan?.length ?? 0));
    if (width === 0) return null;
    const axis = ({ from, step, count }: EvenAxis, finer: number) => evenAxis(from, from + step * (count - 1), finer);
    const grid = {
      spot: axis(this.#grid.spot, SCAN_COUNTS.spot),
      vol: axis(this.#grid.vol, SCAN_COUNTS.vol),
    };
    const values = new Float64Array(SCAN_COUNTS.spot * SCAN_COUNTS.vol * width);
    for (let s = 0; s < width; s += 1) {
      const table = this.#dense(
        nodes,
        rows.map((row) => row.map(({ scan }) => scan?.[s] ?? 0)),
        grid,
      );
      for (let node = 0; node < table.length; node += 1) values[node * width + s] = table[node]!;
    }
    return { grid, width, values };
  }

  /** Rows at nodes read on an even grid. */
  #dense(nodes: readonly number[], rows: readonly (readonly number[])[], grid: EvenGrid = this.#grid): Float64Array {
    const { spot, vol } = grid;
    const across = rows.map((row) => {
      const read = monotoneCubic(nodes, row);
      return Float64Array.from({ length: spot.count }, (_, i) => read(axisValue(spot, i)));
    });
    const table = new Float64Array(spot.count * vol.count);
    for (let column = 0; column < spot.count; column += 1) {
      const values = across.map((row) => row[column]!);
      refinedRow(values, vol.count).forEach((value, row) => {
        table[row * spot.count + column] = value;
      });
    }
    return table;
  }

  get #centre(): number {
    const { vol } = this.#grid;
    return axisValue(vol, (vol.count - 1) / 2);
  }

  #exact(days: number, state: CoinState): RuleFigures {
    const key = `${days},${state.spot},${state.vol}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { coins } = this.#book;
    const states = coins.map((_, u) => (u === this.#coin ? state : { spot: 0, vol: 0 }));
    const moment = { days, settledUntil: this.#segment.settledUntil, states, cashUsd: 0 };
    const figures = this.#book.figures(moment, coins.length === 1 ? null : this.#coin);
    this.#known.set(key, figures);
    return figures;
  }
}

/** The figures of a coin's part at one state, as interpolated. */
export function readingOf(
  grid: EvenGrid,
  slices: readonly MarginSlice[],
  days: number,
  state: CoinState,
): Omit<RuleFigures, 'equityUsd' | 'scan'> {
  const { before, share } = sliceShare(slices, days);
  const [low, high] = [slices[before]!, slices[Math.min(before + 1, slices.length - 1)]!];
  const at = (figure: (typeof FIGURES)[number]) => {
    const [a, b] = [low, high].map((slice) => readAt(grid, slice[figure], state));
    return a! + share * (b! - a!);
  };
  return { backingUsd: at('backing'), maintenanceMarginUsd: at('maintenance'), initialMarginUsd: at('initial') };
}

function headroom({ backingUsd, maintenanceMarginUsd }: RuleFigures): number {
  return backingUsd - maintenanceMarginUsd;
}

const [oneSpot, oneVol, oneOut] = [new Float64Array(1), new Float64Array(1), new Float64Array(1)];

export function readAt(grid: EvenGrid, table: Float64Array, { spot, vol }: CoinState): number {
  oneSpot[0] = spot;
  oneVol[0] = vol;
  oneOut[0] = 0;
  addReadings(grid, table, oneSpot, oneVol, oneOut);
  return oneOut[0];
}
