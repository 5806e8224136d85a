import type { MarginInterpolation, MarginPathsRequest } from '../domain/marginPaths.ts';
import { sampleQuantile } from '../numerics/sampleQuantile.ts';
import type { BookAlong, BookMoment, RuleFigures } from './BookAlong.ts';
import { BookInterpolant, type CoinStretch, equitySlices } from './BookInterpolant.ts';
import { coinSegments } from './coinSegments.ts';
import { axisValue, type EvenAxis, evenAxis } from './EvenTable.ts';
import { exactParts, frameCoordinate, frameNodes, isConstant, JointMargin, sharesOfParts } from './JointMargin.ts';
import { MarginTables, type Refinement } from './MarginTables.ts';
import type { PathDraws } from './PathBlock.ts';
import { ScanJoint } from './ScanJoint.ts';
import { coinFollows, type Pilot, type Range, volFollows } from './pilotWalk.ts';

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
  book: BookAlong,
  draws: PathDraws,
  pilot: Pilot,
  request: MarginPathsRequest,
  now: RuleFigures,
  toleranceUsd: number,
  gate: Refinement['gate'],
): Promise<FittedInterpolant> {
  if (book.coins.length === 0) return { interpolant: new BookInterpolant([], null, book.stillUsd, now), heldBack: [] };
  const stretches: CoinStretch[][] = [];
  for (const [u, segments] of pilot.coins.entries()) {
    const own: CoinStretch[] = [];
    for (const { spot, vol, ...segment } of segments) {
      const grid = {
        spot: reaching(spot, SPOT_COUNT),
        vol: reaching(vol, VOL_COUNT, VOL_RANGE),
      };
      const margins = new MarginTables(book, u, segment, grid, (days) => pilot.visited(u, days));
      own.push({ ...segment, grid, margins, equity: await equitySlices(book, u, segment, grid, request.smile, gate) });
    }
    stretches.push(own);
  }
  const tables = stretches.map((own) => own.map(({ margins }) => margins));
  const none = { backingUsd: 0, maintenanceMarginUsd: 0, initialMarginUsd: 0 };
  const refining = pilot.heldBack.filter((_, i) => i % 2 === 0);
  const heldBack = pilot.heldBack.filter((_, i) => i % 2 === 1);
  const own = tables.flat();
  const budgets = new Map(own.map((table) => [table, MOST_EVALUATIONS / own.length]));
  let tolerance = toleranceUsd / 2;
  for (let round = 0; ; round += 1) {
    for (const table of own) {
      const before = book.evaluations;
      const budget = budgets.get(table)!;
      if (round > 0 && budget <= 0) continue;
      const spent = () => book.evaluations - before >= budget;
      await table.refine({ toleranceUsd: tolerance / Math.sqrt(book.coins.length), spent, gate });
      budgets.set(table, budget - (book.evaluations - before));
    }
    const { acrossCoins } = book;
    const joint =
      book.coins.length === 1
        ? null
        : acrossCoins !== null
          ? new ScanJoint(acrossCoins, tables)
          : await jointMargin(book, draws, pilot, tables, request, toleranceUsd, gate);
    const interpolant = new BookInterpolant(stretches, joint, book.stillUsd, none);
    const { boundUsd } = await interpolationErrors(book, interpolant, refining, toleranceUsd, gate);
    // What coins offset has its own error, which finer tables of each coin do not mend.
    const rounds = joint === null || joint instanceof ScanJoint || joint.isStill ? ROUNDS : 1;
    if (boundUsd <= 0.8 * toleranceUsd || round + 1 === rounds) return { interpolant, heldBack };
    tolerance /= 3;
  }
}

async function jointMargin(
  book: BookAlong,
  draws: PathDraws,
  pilot: Pilot,
  tables: readonly (readonly MarginTables[])[],
  { days }: MarginPathsRequest,
  toleranceUsd: number,
  gate: Refinement['gate'],
): Promise<JointMargin> {
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
  const joint = new JointMargin(book, frame, coinSegments(book, null, days), isStill);
  await joint.build(tables, gate);
  return joint;
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
