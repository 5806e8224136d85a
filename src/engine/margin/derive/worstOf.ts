import { RiskError } from '../../domain/failure.ts';
import type { Usd } from '../../domain/units.ts';

/** The least of the scenarios and the basis contingency; the first of equal ones, and basis only where it is strictly less. */
export interface Worst {
  readonly worst: number | 'basis';
  readonly worstPnl: Usd;
  /** The least of the scenarios alone. */
  readonly scenarioMinimum: Usd;
}

/** @throws RiskError `bad-value` without scenarios. */
export function worstOf(scenarioPnl: readonly Usd[], basis: Usd): Worst {
  if (scenarioPnl.length === 0) throw new RiskError('bad-value', 'A portfolio manager needs at least one scenario');
  const scenarioMinimum = Math.min(...scenarioPnl);
  return basis < scenarioMinimum
    ? { worst: 'basis', worstPnl: basis, scenarioMinimum }
    : { worst: scenarioPnl.indexOf(scenarioMinimum), worstPnl: scenarioMinimum, scenarioMinimum };
}
