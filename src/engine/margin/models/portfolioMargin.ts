import type { ParameterSet } from '../../domain/riskParameters.ts';
import { sum } from '../../numerics/sum.ts';
import { basisCharges, CHARGE_PARAMETERS, shortOptionCharges } from '../charges.ts';
import type { MarginBook, MarginModel, MarginRequirement, ScannedPosition } from '../MarginModel.ts';
import { spec } from '../parameterSpec.ts';
import {
  lossScan,
  SCAN_PARAMETERS,
  scanCover,
  scanLabel,
  scanLosses,
  scanScenarios,
  worstIndex,
  worstScenario,
} from '../scan.ts';

/**
 * Portfolio margin: the worst loss of the whole book over the scan. Legs and coin collateral of one underlying net in full,
 * scenario by scenario. Across underlyings a share `underlyingOffset` (rho) of the requirement is taken from the worst joint
 * scenario, in which every coin makes the same step, and the rest from each underlying's own worst:
 *
 *   scan = (1 - rho) sum_u max_s L_u(s) + rho max_s sum_u L_u(s)
 *
 * Both maxima are coherent over the scan, so the requirement is never above the sum of its legs' and scales with the book.
 * The split of a position is its own loss in those worst scenarios in the same proportions, plus its own charges.
 */
export const portfolioMargin: MarginModel = {
  id: 'portfolio',
  title: 'Portfolio',
  venue: 'Headroom',
  source: 'docs/models.md#portfolio-margin',
  parametersDate: '2026-11-22',
  parameters: [
    ...SCAN_PARAMETERS,
    ...CHARGE_PARAMETERS,
    spec(
      'underlyingOffset',
      'Offset between coins',
      'fraction',
      0.5,
      0,
      1,
      'Share of the requirement that is taken from the worst scenario of all coins together.',
    ),
    spec(
      'maintenanceFactor',
      'Maintenance factor',
      'fraction',
      0.8,
      0.1,
      1,
      'Maintenance margin as a share of initial margin.',
    ),
  ],
  requirement,
  acrossCoins,
};

function acrossCoins(lossUsd: readonly ArrayLike<number>[], chargesUsd: number, parameters: ParameterSet) {
  const offset = parameters.underlyingOffset!;
  const scenarios = lossUsd[0]?.length ?? 0;
  let apart = 0;
  for (const losses of lossUsd) {
    let worst = losses[0]!;
    for (let s = 1; s < scenarios; s += 1) if (losses[s]! > worst) worst = losses[s]!;
    apart += worst;
  }
  let joint = Number.NEGATIVE_INFINITY;
  for (let s = 0; s < scenarios; s += 1) {
    let together = 0;
    for (const losses of lossUsd) together += losses[s]!;
    if (together > joint) joint = together;
  }
  const initialMarginUsd = (1 - offset) * apart + offset * joint + chargesUsd;
  return { initialMarginUsd, maintenanceMarginUsd: parameters.maintenanceFactor! * initialMarginUsd };
}

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const set = scanScenarios(parameters, book.underlyings);
  const positions = book.scanned(set);
  const cover = scanCover(set, parameters.extremeCover!, parameters.tailCover!);
  const offset = parameters.underlyingOffset!;
  const underlyings = [...new Set(positions.map((position) => position.underlying))];

  const apart = underlyings.map((underlying) => {
    const members = positions.filter((position) => position.underlying === underlying);
    const losses = scanLosses(members, set, cover);
    const worst = worstIndex(losses);
    return { underlying, worst, losses, lossUsd: losses[worst]! };
  });
  const jointLosses = scanLosses(positions, set, cover);
  const joint = worstIndex(jointLosses);
  const sumApart = apart.reduce((sum, { lossUsd }) => sum + lossUsd, 0);
  const jointLoss = jointLosses[joint]!;

  const worstOf = new Map(apart.map(({ underlying, worst }) => [underlying, worst]));
  const countedLoss = ({ pnlUsd }: ScannedPosition, scenario: number) => -pnlUsd[scenario]! * cover(scenario);
  const shortOptions = shortOptionCharges(positions, parameters);
  const basis = basisCharges(positions, parameters);
  const rows = positions.map((position, row) => ({
    id: position.id,
    initialMarginUsd:
      (1 - offset) * countedLoss(position, worstOf.get(position.underlying)!) +
      offset * countedLoss(position, joint) +
      shortOptions[row]! +
      basis[row]!,
  }));

  const components = [
    ...apart.map(({ underlying, lossUsd, losses, worst }) => ({
      name: `Worst loss, ${underlying}`,
      usd: lossUsd,
      scan: lossScan(set, losses, worst, [underlying], cover),
    })),
    ...(underlyings.length > 1 ? [{ name: 'Offset between coins', usd: 0 - offset * (sumApart - jointLoss) }] : []),
    { name: 'Short option charge', usd: sum(shortOptions) },
    { name: 'Basis charge', usd: sum(basis) },
  ];
  const initialMarginUsd = sum(components.map(({ usd }) => usd));
  return {
    initialMarginUsd,
    maintenanceMarginUsd: parameters.maintenanceFactor! * initialMarginUsd,
    worstScenario:
      jointLoss > 0 || sumApart > 0
        ? worstScenario(
            set,
            joint,
            jointLoss,
            apart.map(({ underlying, worst, lossUsd }) => ({ underlying, lossUsd, ...own(underlying, worst) })),
            underlyings,
            cover(joint),
          )
        : null,
    components,
    positions: rows,
    approximations: [],
  };

  function own(underlying: string, scenario: number) {
    const at = set.underlyings.indexOf(underlying) * set.count + scenario;
    return {
      label: scanLabel(set, scenario, [underlying], cover(scenario)),
      spotMove: set.spotMove[at]!,
      volShock: set.volShock[at]!,
    };
  }
}
