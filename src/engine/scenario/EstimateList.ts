import { RiskError } from '../domain/failure.ts';
import type { EstimateOverrides, ScenarioEstimate, ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import { DAYS_PER_YEAR, MILLISECONDS_PER_DAY } from '../domain/units.ts';
import type { JointMoves } from './jointMoves.ts';

type Estimated = Omit<ScenarioEstimate, 'value' | 'isOverridden'>;

/** The numbers of one generator in the order in which it asks for them, each as estimated or as overridden. */
export class EstimateList {
  readonly #overrides: EstimateOverrides;
  readonly #values: ScenarioEstimate[] = [];

  constructor(overrides: EstimateOverrides = {}) {
    this.#overrides = overrides;
  }

  /** Whether a person has put a number in this one's place. */
  has(id: string): boolean {
    return Object.hasOwn(this.#overrides, id);
  }

  /** The number to compute with. @throws RiskError `bad-value` when its override lies out of bounds, or both are missing. */
  use(estimate: Estimated): number {
    const override = this.has(estimate.id) ? this.#overrides[estimate.id]! : null;
    if (override !== null && !(override >= estimate.min && override <= estimate.max)) {
      throw new RiskError(
        'bad-value',
        `${estimate.group}, ${estimate.name} must lie between ${estimate.min} and ${estimate.max}; got ${override}`,
        `/estimates/${estimate.id}`,
      );
    }
    const value = override ?? estimate.estimated;
    if (value === null) {
      throw new RiskError(
        'missing-data',
        `The history does not determine ${estimate.group}, ${estimate.name}; set ${estimate.id} by hand`,
        `/estimates/${estimate.id}`,
      );
    }
    this.#values.push({ ...estimate, value, isOverridden: override !== null });
    return value;
  }

  report(generator: string, method: string, moves: JointMoves): ScenarioEstimates {
    const step = moves.stepDays * MILLISECONDS_PER_DAY;
    return {
      generator,
      method,
      observations: moves.count,
      from: date(moves.ends[0]! - step),
      to: date(moves.ends[moves.count - 1]!),
      stepDays: moves.stepDays,
      values: this.#values,
    };
  }
}

function date(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** `BTC.spot`, `ETH.vol`: the id of factor `i` (spots first, then vols); and its name, `BTC spot`. */
export function factorId(moves: JointMoves, i: number): string {
  const n = moves.underlyings.length;
  return i < n ? `${moves.underlyings[i]}.spot` : `${moves.underlyings[i - n]}.vol`;
}

export function factorName(moves: JointMoves, i: number): string {
  return factorId(moves, i).replace('.', ' ');
}

/** The log-moves of factor `i`, oldest first. */
export function factorMoves(moves: JointMoves, i: number): Float64Array {
  const n = moves.underlyings.length;
  const [rows, u] = i < n ? [moves.spot, i] : [moves.vol, i - n];
  return rows.subarray(u * moves.count, (u + 1) * moves.count);
}

/** Factor that takes a standard deviation of one step to per cent a year. */
export function annualPercent(stepDays: number): number {
  return 100 * Math.sqrt(DAYS_PER_YEAR / stepDays);
}

/** Numbers of the factors that move at all: a coin that is pegged, or a vol that is estimated from it, has no distribution. */
export function movingFactors(moves: JointMoves): number[] {
  return Array.from({ length: 2 * moves.underlyings.length }, (_, i) => i).filter((i) =>
    factorMoves(moves, i).some((value) => Math.abs(value) > 1e-12),
  );
}
