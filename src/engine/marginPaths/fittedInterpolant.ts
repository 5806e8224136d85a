import type { MarginInterpolation, MarginPathsRequest } from '../domain/marginPaths.ts';
import { sampleQuantile } from '../numerics/sampleQuantile.ts';
import type { BookAlong, BookMoment, RuleFigures } from './BookAlong.ts';
import type { BookDesk } from './bookDesk.ts';
import { BookInterpolant, type CoinStretch, type InterpolantTables } from './BookInterpolant.ts';
import { coinSegments, type Segment } from './coinSegments.ts';
import type { EquitySlice } from './equityTables.ts';
import { axisValue, type EvenAxis, evenAxis, type EvenGrid } from './EvenTable.ts';
import {
  exactParts,
  frameCoordinate,
  frameNodes,
  isConstant,
  type JointTables,
  jointTables,
  sharesOfParts,
} from './JointMargin.ts';
import type { MarginSlice, Refinement } from './MarginTables.ts';
import type { PathDraws } from './PathBlock.ts';
import type { PathsLabour } from './pathsLabour.ts';
import { coinFollows, type Pilot, type Range, type VisitedStates, volFollows } from './pilotWalk.ts';
import type { RefinedStretch, StretchTask } from './refinedStretch.ts';

/** Of initial margin: what interpolated headroom is to be near by. */
export const TOLERANCE = 0.005;
/** Requirements asked for to refine what coins ask for by themselves, about. */
const MOST_EVALUATIONS = 4000;
/** Rounds of refinement, each at a third of the tolerance before. */
const ROUNDS = 3;
/** How far beyond where the first paths go the tables reach, as a share of it. */
const BEYOND = 0.25;
/** What coins offset counts as the same everywhere where it differs by no more than this share of the tolerance. */
const NEGLIGIBLE = 0.2;
const SPOT_COUNT = 193;
const VOL_COUNT = 31;
/** Log shocks of vol are held here by every scenario. */
const VOL_RANGE: Range = { from: Math.log(0.5), to: Math.log(4) };
/** A coin that does not move still needs an axis. */
const LEAST_REACH = 1e-3;

export interface FittedInterpolant {
  readonly interpolant: BookInterpolant;
  readonly heldBack: readonly BookMoment[];
}

/** Tables that are refined until they meet the rule on half of the pilot's held-back states; the other half judges them. */
export async function fittedInterpolant(
  { book, draws, request }: BookDesk,
  labour: PathsLabour,
  pilot: Pilot,
  now: RuleFigures,
  toleranceUsd: number,
  gate: Refinement['gate'],
): Promise<FittedInterpolant> {
  const { acrossCoins } = book;
  const interpolantOf = (stretches: InterpolantTables['stretches'], joint: InterpolantTables['joint']) => {
    const { backingUsd, maintenanceMarginUsd, initialMarginUsd } =
      book.coins.length === 0 ? now : { backingUsd: 0, maintenanceMarginUsd: 0, initialMarginUsd: 0 };
    const still = { backingUsd, maintenanceMarginUsd, initialMarginUsd };
    return new BookInterpolant({ stretches, joint, stillUsd: book.stillUsd, still }, acrossCoins);
  };
  if (book.coins.length === 0) return { interpolant: interpolantOf([], null), heldBack: [] };
  const own = pilot.coins.flatMap((segments, coin) =>
    segments.map(({ spot, vol, ...segment }) => new StretchInWork(coin, segment, gridOf(spot, vol), pilot)),
  );
  for (const stretch of own) stretch.budget = MOST_EVALUATIONS / own.length;
  const refining = pilot.heldBack.filter((_, i) => i % 2 === 0);
  const heldBack = pilot.heldBack.filter((_, i) => i % 2 === 1);
  let tolerance = toleranceUsd / 2;
  for (let round = 0; ; round += 1) {
    const open = own.filter(({ budget }) => round === 0 || budget > 0);
    const tasks = open.map((stretch) => stretch.task(tolerance / Math.sqrt(book.coins.length), round === 0));
    await labour.refined(tasks, gate, (refined, i) => open[i]!.take(refined));
    const stretches = book.coins.map((_, u) => own.filter(({ coin }) => coin === u).map((each) => each.stretch));
    const joint =
      book.coins.length === 1
        ? null
        : acrossCoins !== null
          ? 'by-scans'
          : await joined(book, draws, pilot, stretches, request, toleranceUsd, gate);
    const interpolant = interpolantOf(stretches, joint);
    const { boundUsd } = await interpolationErrors(book, interpolant, refining, toleranceUsd, gate);
    // What coins offset has its own error, which finer tables of each coin do not mend.
    const rounds = joint === null || joint === 'by-scans' || joint.nodes.length === 0 ? ROUNDS : 1;
    if (boundUsd <= 0.8 * toleranceUsd || round + 1 === rounds) return { interpolant, heldBack };
    tolerance /= 3;
  }
}

/** A stretch between rounds of refinement. */
class StretchInWork {
  readonly coin: number;
  budget = 0;
  readonly #segment: Segment;
  readonly #grid: EvenGrid;
  readonly #visited: VisitedStates;
  #known = new Map<string, RuleFigures>();
  #margins: readonly MarginSlice[] = [];
  #equity: readonly EquitySlice[] = [];

  constructor(coin: number, segment: Segment, grid: EvenGrid, { visited }: Pilot) {
    this.coin = coin;
    this.#segment = segment;
    this.#grid = grid;
    this.#visited = visited[coin]!;
  }

  get stretch(): CoinStretch {
    return { ...this.#segment, grid: this.#grid, equity: this.#equity, margins: this.#margins };
  }

  task(toleranceUsd: number, isFirst: boolean): StretchTask {
    return {
      coin: this.coin,
      segment: this.#segment,
      grid: this.#grid,
      visited: this.#visited,
      known: this.#known,
      toleranceUsd,
      budget: this.budget,
      withEquity: isFirst,
    };
  }

  take({ margins, isWhole, equity, known, evaluations }: RefinedStretch): void {
    this.budget -= evaluations;
    this.#known = known;
    this.#equity = equity ?? this.#equity;
    // A round that ran out halfway is no finer than the one before.
    if (this.#margins.length === 0 || isWhole) this.#margins = margins;
  }
}

function gridOf(spot: Range, vol: Range): EvenGrid {
  return { spot: reaching(spot, SPOT_COUNT), vol: reaching(vol, VOL_COUNT, VOL_RANGE) };
}

async function joined(
  book: BookAlong,
  draws: PathDraws,
  pilot: Pilot,
  stretches: InterpolantTables['stretches'],
  { days }: MarginPathsRequest,
  toleranceUsd: number,
  gate: Refinement['gate'],
): Promise<JointTables> {
  const coins = book.coins.length;
  const nodes = frameNodes(coins);
  const frame = {
    follows: coinFollows(draws, coins),
    volFollows: volFollows(draws, coins),
    axes: nodes.map((count, u) => bent(reaching(pilot.beside[u]!, count))),
  };
  const probes: ReturnType<typeof sharesOfParts>[] = [];
  for (const moment of pilot.heldBack.slice(0, 24)) {
    probes.push(sharesOfParts(book, moment, exactParts(book)));
    await gate();
  }
  const isStill =
    isConstant(
      probes.map((probe) => probe.backingUsd),
      NEGLIGIBLE * toleranceUsd,
    ) &&
    isConstant(
      probes.map((probe) => probe.maintenance),
      NEGLIGIBLE * TOLERANCE,
    );
  return jointTables(book, frame, coinSegments(book, null, days), isStill, stretches, gate);
}

/** Interpolated headroom against the rule's own at some moments. */
export async function interpolationErrors(
  book: BookAlong,
  interpolant: BookInterpolant,
  moments: readonly BookMoment[],
  toleranceUsd: number,
  gate: Refinement['gate'],
): Promise<Omit<MarginInterpolation, 'evaluations' | 'toleranceUsd'>> {
  const errors = new Float64Array(moments.length);
  let misjudged = 0;
  for (const [i, { days, settledUntil, states, cashUsd }] of moments.entries()) {
    const exact = book.figures({ days, settledUntil, states, cashUsd });
    const headroom = exact.equityUsd - exact.maintenanceMarginUsd;
    const readings = interpolant.at(days, settledUntil);
    const one = {
      spot: states.map(({ spot }) => Float64Array.of(spot)),
      vol: states.map(({ vol }) => Float64Array.of(vol)),
      cashUsd: Float64Array.of(cashUsd),
    };
    const read = readings.equity(one)[0]! - readings.maintenance(one)[0]!;
    errors[i] = Math.abs(read - headroom);
    if (read > 0 !== headroom > 0) misjudged += 1;
    await gate();
  }
  errors.sort();
  const boundUsd = errors.length === 0 ? 0 : sampleQuantile(errors, 0.95, 1);
  return {
    states: errors.length,
    rootMeanSquareUsd:
      errors.length === 0 ? 0 : Math.sqrt(errors.reduce((total, e) => total + e * e, 0) / errors.length),
    largestUsd: errors.at(-1) ?? 0,
    boundUsd,
    isMet: boundUsd <= toleranceUsd,
    misjudged,
  };
}

function bent(axis: EvenAxis): EvenAxis {
  return evenAxis(frameCoordinate(axis.from), frameCoordinate(axisValue(axis, axis.count - 1)), axis.count);
}

function reaching({ from, to }: Range, count: number, within?: Range): EvenAxis {
  const beyond = Math.max(BEYOND * (to - from), LEAST_REACH);
  const [low, high] = [from - beyond, to + beyond];
  return evenAxis(Math.max(low, within?.from ?? low), Math.min(high, within?.to ?? high), count);
}
