import type { BookAlong, BookMoment, CoinState, RuleFigures } from './BookAlong.ts';
import { addBlended, type Segment, segmentAt } from './coinSegments.ts';
import { axisValue, type EvenAxis } from './EvenTable.ts';
import type { MarginTables, Refinement } from './MarginTables.ts';

/** How the coins' states lie together: each coin's spot beside what the first coin's makes of it, and its vol beside its own spot's. */
export interface StateFrame {
  /** Change of a coin's log spot per log-move of the first coin; the first coin's own is 0. */
  readonly follows: readonly number[];
  /** Change of a coin's log vol per log-move of its spot. */
  readonly volFollows: readonly number[];
  /** Of the frame's coordinates, as `frameCoordinate` bends them: the first coin's spot, then what the others move beside it. */
  readonly axes: readonly EvenAxis[];
}

/** Nodes an axis, by number of coins; of more coins than are listed, what they offset is taken as it is now. */
const NODES: Readonly<Record<number, readonly number[]>> = { 2: [25, 13], 3: [15, 7, 7] };
const LONGEST_GAP_DAYS = 10;
/** Log-moves up to about this have their nodes even; farther out nodes thin out: a rule's scan bends at steps of a few per cent. */
const EVEN_WITHIN = 0.06;

/** Even steps of it are even in small log-moves and in the logarithm of large ones. */
export function frameCoordinate(logMove: number): number {
  return Math.asinh(logMove / EVEN_WITHIN);
}

export function frameNodes(coins: number): readonly number[] {
  return NODES[coins] ?? [];
}

interface JointSlice {
  readonly days: number;
  /** Backing of the whole book less that of its parts, USD. */
  readonly backing: Float64Array;
  /** Requirement of the whole book over the sum of its parts'. */
  readonly maintenance: Float64Array;
  readonly initial: Float64Array;
}

interface JointSegment extends Segment {
  readonly slices: JointSlice[];
}

/**
 * What the requirement of several coins together is of the sum of what each coin's part would ask: offsets between coins, and what
 * the rule makes of the collateral that belongs to none. The share depends on the coins' spots; vols are taken to go with them.
 */
export class JointMargin {
  readonly #book: BookAlong;
  readonly #frame: StateFrame;
  readonly #segments: JointSegment[] = [];
  readonly #nodes: readonly number[];

  constructor(book: BookAlong, frame: StateFrame, segments: readonly Segment[], isStill: boolean) {
    this.#book = book;
    this.#frame = frame;
    this.#nodes = isStill ? [] : frameNodes(book.coins.length);
    this.#segments = segments.map((segment) => ({ ...segment, slices: [] }));
  }

  /** Whether what coins offset is taken as the same everywhere. */
  get isStill(): boolean {
    return this.#nodes.length === 0;
  }

  async build(tables: readonly (readonly MarginTables[])[], gate: Refinement['gate']): Promise<void> {
    const parts = this.isStill ? exactParts(this.#book) : interpolatedParts(tables);
    for (const segment of this.#segments) {
      const { fromDays, toDays } = segment;
      const gaps = Math.max(1, Math.ceil((toDays - fromDays) / LONGEST_GAP_DAYS));
      const times =
        toDays > fromDays
          ? Array.from({ length: gaps + 1 }, (_, i) => fromDays + ((toDays - fromDays) * i) / gaps)
          : [fromDays];
      const size = this.#nodes.reduce((product, count) => product * count, 1);
      segment.slices.length = 0;
      for (const days of times) {
        const slice = {
          days,
          backing: new Float64Array(size),
          maintenance: new Float64Array(size),
          initial: new Float64Array(size),
        };
        for (let node = 0; node < size; node += 1) {
          const shares = sharesOfParts(this.#book, { ...segment, days, states: this.#states(node), cashUsd: 0 }, parts);
          slice.backing[node] = shares.backingUsd;
          slice.maintenance[node] = shares.maintenance;
          slice.initial[node] = shares.initial;
          await gate();
        }
        segment.slices.push(slice);
      }
    }
  }

  /** A figure at some states, at one time. */
  readings(
    figure: 'backing' | 'maintenance' | 'initial',
    settledUntil: number,
    days: number,
    spot: readonly Float64Array[],
  ): Float64Array {
    const out = new Float64Array(spot[0]!.length);
    const { slices } = segmentAt(this.#segments, settledUntil);
    const table = addBlended(
      slices,
      slices.map((slice) => slice[figure]),
      days,
      new Float64Array(slices[0]!.backing.length),
    );
    const dimensions = this.#nodes.length;
    if (dimensions === 0) return out.fill(table[0]!);
    const { follows, axes } = this.#frame;
    const cells = new Int32Array(dimensions);
    const shares = new Float64Array(dimensions);
    const corners = 2 ** dimensions;
    for (let i = 0; i < out.length; i += 1) {
      for (let u = 0; u < dimensions; u += 1) {
        const axis = axes[u]!;
        const beside = spot[u]![i]! - follows[u]! * spot[0]![i]!;
        const along = Math.min(Math.max((frameCoordinate(beside) - axis.from) / axis.step, 0), axis.count - 1);
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
      out[i] = value;
    }
    return out;
  }

  /** The first coin's axis runs fastest. */
  #states(node: number): CoinState[] {
    const { follows, volFollows, axes } = this.#frame;
    if (this.#nodes.length === 0) return this.#book.coins.map(() => ({ spot: 0, vol: 0 }));
    let rest = node;
    let first = 0;
    return this.#nodes.map((count, u) => {
      const beside = EVEN_WITHIN * Math.sinh(axisValue(axes[u]!, rest % count));
      rest = Math.floor(rest / count);
      if (u === 0) first = beside;
      const spot = beside + follows[u]! * first;
      return { spot, vol: volFollows[u]! * spot };
    });
  }
}

type PartFigures = (coin: number, moment: BookMoment) => Omit<RuleFigures, 'equityUsd' | 'scan'>;

/** What the rule itself asks of a coin's part. */
export function exactParts(book: BookAlong): PartFigures {
  return (coin, moment) => book.figures({ ...moment, cashUsd: 0 }, coin);
}

function interpolatedParts(tables: readonly (readonly MarginTables[])[]): PartFigures {
  return (coin, { settledUntil, days, states }) => {
    const own = tables[coin]!;
    const segments = own.map(({ segment }) => segment);
    return own[segments.indexOf(segmentAt(segments, settledUntil))]!.reading(days, states[coin]!);
  };
}

/** What the whole book is asked for over what its coins' parts are. */
export function sharesOfParts(
  book: BookAlong,
  moment: BookMoment,
  parts: PartFigures,
): { readonly backingUsd: number; readonly maintenance: number; readonly initial: number } {
  const whole = book.figures({ ...moment, cashUsd: 0 });
  let [backingUsd, maintenance, initial] = [whole.backingUsd, 0, 0];
  book.coins.forEach((_, u) => {
    const part = parts(u, moment);
    backingUsd -= part.backingUsd;
    maintenance += part.maintenanceMarginUsd;
    initial += part.initialMarginUsd;
  });
  const share = (all: number, sum: number) => (sum > 0 ? all / sum : 1);
  return {
    backingUsd,
    maintenance: share(whole.maintenanceMarginUsd, maintenance),
    initial: share(whole.initialMarginUsd, initial),
  };
}

/** Whether a figure is the same everywhere, up to what is negligible. */
export function isConstant(values: readonly number[], negligible: number): boolean {
  return Math.max(...values) - Math.min(...values) <= negligible;
}
