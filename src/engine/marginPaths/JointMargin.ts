import type { BookAlong, CoinState, RuleFigures } from './BookAlong.ts';
import { blendedTable, type Segment, segmentAt } from './coinSegments.ts';
import { axisValue, type EvenAxis } from './EvenTable.ts';
import type { MarginTables, Refinement } from './MarginTables.ts';

/** How the coins' states lie together: each coin's spot beside what the first coin's makes of it, and its vol beside its own spot's. */
export interface StateFrame {
  /** Change of a coin's log spot per log-move of the first coin; the first coin's own is 0. */
  readonly follows: readonly number[];
  /** Change of a coin's log vol per log-move of its spot. */
  readonly volFollows: readonly number[];
  /** Of the frame's coordinates: the first coin's spot, then what the others move beside it. */
  readonly axes: readonly EvenAxis[];
}

/** Nodes an axis, by number of coins; of more coins than are listed, what they offset is taken as it is now. */
const NODES: Readonly<Record<number, readonly number[]>> = { 2: [17, 9], 3: [13, 5, 5] };
const LONGEST_GAP_DAYS = 7;
/** An offset that is this share of the tolerance is none. */
const NEGLIGIBLE = 0.02;

export function frameNodes(coins: number): readonly number[] {
  return NODES[coins] ?? [];
}

interface JointSlice {
  readonly days: number;
  readonly headroom: Float64Array;
  readonly maintenance: Float64Array;
  readonly initial: Float64Array;
}

interface JointSegment extends Segment {
  readonly slices: JointSlice[];
}

/**
 * What the requirement of several coins together has beyond the sum of what each coin's part would ask: offsets between coins, and what
 * the rule makes of the collateral that belongs to none. It depends on the coins' spots; vols are taken to go with them.
 */
export class JointMargin {
  readonly #book: BookAlong;
  readonly #frame: StateFrame;
  readonly #segments: JointSegment[] = [];
  readonly #nodes: readonly number[];

  constructor(book: BookAlong, frame: StateFrame, segments: readonly Segment[], isConstant: boolean) {
    this.#book = book;
    this.#frame = frame;
    this.#nodes = isConstant ? [] : frameNodes(book.coins.length);
    this.#segments = segments.map((segment) => ({ ...segment, slices: [] }));
  }

  async build(tables: readonly (readonly MarginTables[])[], { gate }: Refinement): Promise<void> {
    for (const segment of this.#segments) {
      const { fromDays, toDays } = segment;
      const parts = Math.max(1, Math.ceil((toDays - fromDays) / LONGEST_GAP_DAYS));
      const times =
        toDays > fromDays
          ? Array.from({ length: parts + 1 }, (_, i) => fromDays + ((toDays - fromDays) * i) / parts)
          : [fromDays];
      const size = this.#nodes.reduce((product, count) => product * count, 1);
      segment.slices.length = 0;
      for (const days of times) {
        const slice = {
          days,
          headroom: new Float64Array(size),
          maintenance: new Float64Array(size),
          initial: new Float64Array(size),
        };
        for (let node = 0; node < size; node += 1) {
          const states = this.#states(node);
          const beyond = beyondParts(this.#book, tables, { ...segment, days, states });
          slice.headroom[node] = beyond.backingUsd - beyond.maintenanceMarginUsd;
          slice.maintenance[node] = beyond.maintenanceMarginUsd;
          slice.initial[node] = beyond.initialMarginUsd;
          await gate();
        }
        segment.slices.push(slice);
      }
    }
  }

  /** Adds the figure at some states to `out`, at one time. */
  addReadings(
    figure: 'headroom' | 'maintenance' | 'initial',
    settledUntil: number,
    days: number,
    spot: readonly Float64Array[],
    out: Float64Array,
  ): void {
    const { slices } = segmentAt(this.#segments, settledUntil);
    const table = blendedTable(
      slices,
      slices.map((slice) => slice[figure]),
      days,
      new Float64Array(slices[0]!.headroom.length),
    );
    const dimensions = this.#nodes.length;
    if (dimensions === 0) {
      for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + table[0]!;
      return;
    }
    const { follows, axes } = this.#frame;
    const cells = new Int32Array(dimensions);
    const shares = new Float64Array(dimensions);
    const corners = 2 ** dimensions;
    for (let i = 0; i < out.length; i += 1) {
      for (let u = 0; u < dimensions; u += 1) {
        const axis = axes[u]!;
        const beside = spot[u]![i]! - follows[u]! * spot[0]![i]!;
        const along = Math.min(Math.max((beside - axis.from) / axis.step, 0), axis.count - 1);
        cells[u] = Math.min(Math.floor(along), axis.count - 2);
        shares[u] = along - cells[u]!;
      }
      let value = 0;
      for (let corner = 0; corner < corners; corner += 1) {
        let weight = 1;
        let node = 0;
        for (let u = dimensions - 1; u >= 0; u -= 1) {
          const up = (corner >> u) & 1;
          weight *= up === 1 ? shares[u]! : 1 - shares[u]!;
          node = node * axes[u]!.count + cells[u]! + up;
        }
        if (weight !== 0) value += weight * table[node]!;
      }
      out[i] = out[i]! + value;
    }
  }

  /** The first coin's axis runs fastest. */
  #states(node: number): CoinState[] {
    const { follows, volFollows, axes } = this.#frame;
    if (this.#nodes.length === 0) return this.#book.coins.map(() => ({ spot: 0, vol: 0 }));
    let rest = node;
    let first = 0;
    return this.#nodes.map((count, u) => {
      const beside = axisValue(axes[u]!, rest % count);
      rest = Math.floor(rest / count);
      if (u === 0) first = beside;
      const spot = beside + follows[u]! * first;
      return { spot, vol: volFollows[u]! * spot };
    });
  }
}

/** What the whole book is asked for beyond what its coins' parts are, as interpolated, at some state. */
export function beyondParts(
  book: BookAlong,
  tables: readonly (readonly MarginTables[])[],
  moment: { readonly days: number; readonly settledUntil: number; readonly states: readonly CoinState[] },
): Omit<RuleFigures, 'equityUsd'> {
  const whole = book.figures({ ...moment, cashUsd: 0 });
  let { backingUsd, maintenanceMarginUsd, initialMarginUsd } = whole;
  tables.forEach((own, u) => {
    const table = own.find(
      (candidate) =>
        candidate.segment ===
        segmentAt(
          own.map(({ segment }) => segment),
          moment.settledUntil,
        ),
    )!;
    const part = table.reading(moment.days, moment.states[u]!);
    backingUsd -= part.backingUsd;
    maintenanceMarginUsd -= part.maintenanceMarginUsd;
    initialMarginUsd -= part.initialMarginUsd;
  });
  return { backingUsd, maintenanceMarginUsd, initialMarginUsd };
}

/** Whether what coins offset is the same everywhere, up to what is negligible. */
export function isConstant(offsets: readonly number[], toleranceUsd: number): boolean {
  return Math.max(...offsets) - Math.min(...offsets) <= NEGLIGIBLE * toleranceUsd;
}
