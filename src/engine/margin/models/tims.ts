import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { ScenarioSet } from '../../domain/scenario.ts';
import { sum } from '../../numerics/sum.ts';
import type { MarginBook, MarginModel, MarginRequirement } from '../MarginModel.ts';
import { chargedRows, netPositions } from '../netPositions.ts';
import { signedPercent } from '../percent.ts';
import { TIMS_PARAMETERS, timsClassRequirement, timsGroupRequirement, timsMoves } from '../tims/timsRequirement.ts';

/**
 * OCC portfolio margin (TIMS): each coin is a class, its options, futures and the coins themselves valued at ten prices with the vol
 * of each series held. The coins are one product group: at each of the ten points, every coin at the same one, losses count in full and
 * gains of another coin by the offset. The worst point is the requirement, at least a charge for every option contract.
 *
 * Coins held or owed are the underlying of the class, long or short: that is what customer portfolio margin does with stock. All of
 * the book's equity backs the requirement, and maintenance is the same as initial margin.
 */
export const tims: MarginModel = {
  id: 'tims',
  title: 'TIMS',
  venue: 'OCC',
  source:
    'OCC data description of portfolio margin (ten points, least charge); Cboe Rule 10.4 and FINRA 4210(g) from memory',
  parametersDate: '2026-11-22',
  parameters: TIMS_PARAMETERS,
  requirement,
};

const APPROXIMATIONS = [
  "Written for securities: a coin is a class with the range of an equity. Ranges, least charge and offset are from memory or Headroom's choice, as each parameter says.",
  'Every option is valued on the forward of its own expiry, which moves with the index, at its own vol and as it settles; OCC uses its own theoretical values.',
  'Futures and perpetuals stand in the class of their coin with their P&L at the ten points. OCC takes futures only into cross-margin programmes with a futures clearing house.',
  'The least equity of a portfolio margin account, 100,000 USD and more, is not asked for.',
];

/** A loss below this is rounding, and no scenario binds. */
const NEGLIGIBLE_USD = 1e-6;

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const moves = timsMoves({ down: parameters.moveDown!, up: parameters.moveUp! });
  const positions = book
    .scanned(timsScenarios(moves, book.underlyings))
    .filter(({ contract }) => contract === null || contract.timeToExpiryYears > 0);
  const { options } = netPositions(book);
  const leastOf = options.map(({ quantity, index }) => [Math.abs(quantity), parameters.minimumRate! * index] as const);
  const underlyings = [...new Set(positions.map(({ underlying }) => underlying))];
  const classes = underlyings.map((underlying) => {
    const members = positions.filter((position) => position.underlying === underlying);
    const points = moves.map((_, point) => sum(members.map(({ pnlUsd }) => pnlUsd[point]!)));
    const minimum = sum(
      options.map((option, i) => (option.underlying === underlying ? leastOf[i]![0] * leastOf[i]![1] : 0)),
    );
    return { underlying, ...timsClassRequirement(points, minimum) };
  });

  // With one class alone no gain of another is cut.
  const offset = classes.length > 1 ? parameters.groupOffset! : 1;
  const counted = classes.map(({ points }) => points.map((pnl) => (pnl > 0 ? offset * pnl : pnl)));
  const losses = moves.map((_, point) => 0 - sum(counted.map((points) => points[point]!)));
  const binding = losses.reduce((worst, loss, point) => (loss > losses[worst]! ? point : worst), 0);
  const loss = losses[binding]!;
  const atRisk = loss > 0;
  const initialMarginUsd = timsGroupRequirement(classes, offset);
  const minimum = sum(classes.map((own) => own.minimum));
  const topUp = Math.max(minimum - Math.max(loss, 0), 0);

  const shareOf = new Map(
    classes.map(({ underlying, points }) => [underlying, atRisk ? (points[binding]! > 0 ? offset : 1) : 0]),
  );
  const rows = new Map(
    chargedRows(
      book,
      options.map((option, i) => [option, minimum > 0 ? (topUp * leastOf[i]![0] * leastOf[i]![1]) / minimum : 0]),
    ).map(({ id, initialMarginUsd: own }) => [id, own]),
  );
  for (const { id, underlying, pnlUsd } of positions)
    rows.set(id, rows.get(id)! - shareOf.get(underlying)! * pnlUsd[binding]!);

  const label = (point: number) => `${signedPercent(moves[point]!)}, IV held`;
  return {
    initialMarginUsd,
    maintenanceMarginUsd: initialMarginUsd,
    worstScenario:
      loss > NEGLIGIBLE_USD
        ? {
            label: label(binding),
            spotMove: moves[binding]!,
            volShock: 0,
            lossUsd: loss,
            byUnderlying: classes.map(({ underlying }, i) => ({
              underlying,
              label: label(binding),
              spotMove: moves[binding]!,
              volShock: 0,
              lossUsd: 0 - counted[i]![binding]!,
            })),
          }
        : null,
    components: [
      ...classes.map(({ underlying }, i) => ({
        name: `Worst of ten points, ${underlying}`,
        usd: atRisk ? 0 - counted[i]![binding]! : 0,
        scan: { amountUsd: counted[i]!.map((pnl) => (atRisk ? 0 - pnl : 0)), binding, label },
      })),
      { name: 'Least charge of options', usd: topUp },
    ],
    positions: book.positions.map(({ id }) => ({ id, initialMarginUsd: rows.get(id)! })),
    approximations: APPROXIMATIONS,
  };
}

/** The ten points as scenarios: spot of every coin moved, each strike's vol and the time as they are. */
function timsScenarios(moves: readonly number[], underlyings: readonly string[]): ScenarioSet {
  const spotMove = new Float64Array(moves.length * underlyings.length);
  underlyings.forEach((_, row) => spotMove.set(moves, row * moves.length));
  return {
    id: `tims:${moves[0]},${moves.at(-1)}:${underlyings.join(',')}`,
    count: moves.length,
    underlyings,
    spotMove,
    volShock: new Float64Array(spotMove.length),
    volUnit: 'relative',
    volTermPower: { short: 0, long: 0 },
    horizonDays: 0,
    smile: 'sticky-strike',
  };
}
