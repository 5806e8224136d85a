import type { ParameterSet } from '../domain/riskParameters.ts';
import { sum } from '../numerics/sum.ts';
import { basisCharges, shortOptionCharges } from './charges.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import type { MarginRequirement, ScannedPosition } from './MarginModel.ts';
import { scanLabel, scanLosses, worstIndex, worstScenario } from './scan.ts';

/** What one leg is charged for its scan, and in which scenario. */
interface LegCharge {
  readonly lossUsd: number;
  readonly scenario: number;
  /** How much of the loss in it counts. */
  readonly share: number;
}

/** The worst counted loss of one position alone over the scan. */
export function ownWorstLoss(
  position: ScannedPosition,
  set: ScenarioSet,
  cover: (scenario: number) => number,
): LegCharge {
  const losses = scanLosses([position], set, cover);
  const scenario = worstIndex(losses);
  return { lossUsd: losses[scenario]!, scenario, share: cover(scenario) };
}

/**
 * A requirement in which nothing nets: each position's own charge and contingencies, added. The binding scenario is that of
 * the position with the largest charge, and says so.
 */
export function legByLegRequirement(
  positions: readonly ScannedPosition[],
  set: ScenarioSet,
  parameters: ParameterSet,
  rule: { lossName: string; charge(position: ScannedPosition): LegCharge },
): MarginRequirement {
  const charges = positions.map((position) => rule.charge(position));
  // Each position alone: a charge on a net of one is the charge of a leg that has nothing to net against.
  const shortOptions = positions.map((position) => shortOptionCharges([position], parameters)[0]!);
  const basis = positions.map((position) => basisCharges([position], parameters)[0]!);
  const rows = positions.map(({ id }, row) => ({
    id,
    initialMarginUsd: charges[row]!.lossUsd + shortOptions[row]! + basis[row]!,
  }));

  const components = [
    { name: rule.lossName, usd: sum(charges.map(({ lossUsd }) => lossUsd)) },
    { name: 'Short option charge', usd: sum(shortOptions) },
    { name: 'Basis charge', usd: sum(basis) },
  ];
  const initialMarginUsd = sum(components.map(({ usd }) => usd));
  const largest = charges.reduce((best, { lossUsd }, row) => (lossUsd > charges[best]!.lossUsd ? row : best), 0);
  const binding = charges[largest];
  const position = positions[largest];
  return {
    initialMarginUsd,
    maintenanceMarginUsd: parameters.maintenanceFactor! * initialMarginUsd,
    worstScenario:
      binding && position && binding.lossUsd > 0
        ? {
            ...worstScenario(set, binding.scenario, binding.lossUsd, [], [position.underlying], binding.share),
            label: `each leg its own; largest ${nameOf(position)} at ${scanLabel(set, binding.scenario, [position.underlying], binding.share)}`,
          }
        : null,
    components,
    positions: rows,
    approximations: [],
  };
}

function nameOf({ contract, underlying, quantity }: ScannedPosition): string {
  return contract?.instrument.name ?? `${underlying} ${quantity < 0 ? 'owed' : 'held'}`;
}
