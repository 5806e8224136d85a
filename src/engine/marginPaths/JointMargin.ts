import type { BookAlong, BookMoment, CoinState, RuleFigures } from './BookAlong.ts';
import { addBlended, type Segment, segmentAt } from './coinSegments.ts';
import { axisValue, type EvenAxis, type EvenGrid } from './EvenTable.ts';
import { type MarginSlice, type Refinement, readingOf } from './MarginTables.ts';

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
  readonly slices: readonly JointSlice[];
}

/** Plain data. */
export interface JointTables {
  readonly frame: StateFrame;
  /** An axis; none where what coins offset is the same everywhere. */
  readonly nodes: readonly number[];
  readonly segments: readonly JointSegment[];
}

/** A coin's requirements in one stretch. */
type PartStretch = Segment & { readonly grid: EvenGrid; readonly margins: readonly MarginSlice[] };

/**
 * Tables of what the requirement of several coins together is of the sum of what each coin's part would ask.
 * @param isStill what they offset is taken as the same everywhere, as it is of more coins than can be tabled
 */
export async function jointTables(
  book: BookAlong,
  frame: StateFrame,
  segments: readonly Segment[],
  isStill: boolean,
  stretches: readonly (readonly PartStretch[])[],
  gate: Refinement['gate'],
): Promise<JointTables> {
  const nodes = isStill ? [] : frameNodes(book.coins.length);
  const parts = nodes.length === 0 ? exactParts(book) : interpolatedParts(stretches);
  const size = nodes.reduce((product, count) => product * count, 1);
  const filled: JointSegment[] = [];
  for (const segment of segments) {
    const { fromDays, toDays } = segment;
    const gaps = Math.max(1, Math.ceil((toDays - fromDays) / LONGEST_GAP_DAYS));
    const times =
      toDays > fromDays
        ? Array.from({ length: gaps + 1 }, (_, i) => fromDays + ((toDays - fromDays) * i) / gaps)
        : [fromDays];
    const slices: JointSlice[] = [];
    for (const days of times) {
      const slice = {
        days,
        backing: new Float64Array(size),
        maintenance: new Float64Array(size),
        initial: new Float64Array(size),
      };
      for (let node = 0; node < size; node += 1) {
        const states = statesAt(book.coins.length, frame, nodes, node);
        const shares = sharesOfParts(book, { ...segment, days, states, cashUsd: 0 }, parts);
        slice.backing[node] = shares.backingUsd;
        slice.maintenance[node] = shares.maintenance;
        slice.initial[node] = shares.initial;
        await gate();
      }
      slices.push(slice);
    }
    filled.push({ ...segment, slices });
  }
  return { frame, nodes, segments: filled };
}

/** The first coin's axis runs fastest. */
function statesAt(
  coins: number,
  { follows, volFollows, axes }: StateFrame,
  nodes: readonly number[],
  node: number,
): CoinState[] {
  if (nodes.length === 0) return Array.from({ length: coins }, () => ({ spot: 0, vol: 0 }));
  let rest = node;
  let first = 0;
  return nodes.map((count, u) => {
    const beside = EVEN_WITHIN * Math.sinh(axisValue(axes[u]!, rest % count));
    rest = Math.floor(rest / count);
    if (u === 0) first = beside;
    const spot = beside + follows[u]! * first;
    return { spot, vol: volFollows[u]! * spot };
  });
}

/**
 * What the requirement of several coins together is of the sum of what each coin's part would ask: offsets between coins, and what
 * the rule makes of the collateral that belongs to none. The share depends on the coins' spots; vols are taken to go with them.
 */
export class JointMargin {
  readonly #tables: JointTables;

  constructor(tables: JointTables) {
    this.#tables = tables;
  }

  /** A figure at some states, at one time. */
  readings(
    figure: 'backing' | 'maintenance' | 'initial',
    settledUntil: number,
    days: number,
    spot: readonly Float64Array[],
  ): Float64Array {
    const out = new Float64Array(spot[0]!.length);
    const { frame, nodes, segments } = this.#tables;
    const { slices } = segmentAt(segments, settledUntil);
    const table = addBlended(
      slices,
      slices.map((slice) => slice[figure]),
      days,
      new Float64Array(slices[0]!.backing.length),
    );
    const dimensions = nodes.length;
    if (dimensions === 0) return out.fill(table[0]!);
    const { follows, axes } = frame;
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
}

type PartFigures = (coin: number, moment: BookMoment) => Omit<RuleFigures, 'equityUsd' | 'scan'>;

/** What the rule itself asks of a coin's part. */
export function exactParts(book: BookAlong): PartFigures {
  return (coin, moment) => book.figures({ ...moment, cashUsd: 0 }, coin);
}

function interpolatedParts(stretches: readonly (readonly PartStretch[])[]): PartFigures {
  return (coin, { settledUntil, days, states }) => {
    const { grid, margins } = segmentAt(stretches[coin]!, settledUntil);
    return readingOf(grid, margins, days, states[coin]!);
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
