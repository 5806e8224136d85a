import type { ParameterSet, ParameterSpec } from '../domain/riskParameters.ts';
import type { WorstScenario } from '../domain/riskReport.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import type { ComponentScan, ScannedPosition } from './MarginModel.ts';
import { spec } from './parameterSpec.ts';
import { percent, signedPercent } from './percent.ts';

/**
 * The stressed spot x vol scan that Headroom's three rulebooks share: what they differ in is only what may offset what.
 *
 * Nine spot moves, -range to +range in quarters, each with vol up, unchanged and down: 27 scenarios. Two extreme moves of a
 * multiple of the range with vol up, of whose loss only a share counts. A far tail of rises by 6, 12 and 30 ranges with vol
 * up, of whose loss a share of 1 / multiple counts: a future then loses less than at the edge of the range, so that the tail binds only
 * for calls sold, whose loss has no bound. Vol shocks are relative and scale with (30 / days to expiry)^power; a vol that
 * rises, rises at least to a floor, since quiet vols jump the farthest.
 *
 * The shape follows what portfolio margin engines publish: Deribit's 27 + extended risk matrix, the two extreme scenarios with
 * partial cover of SPAN, the tails weighted by range / move and the floor of a raised vol of Deribit, Derive's second manager
 * and Paradex. The numbers are Headroom's own.
 */
export const SCAN_PARAMETERS: readonly ParameterSpec[] = [
  spec(
    'priceRange',
    'Price range, BTC and ETH',
    'fraction',
    0.16,
    0.02,
    0.5,
    'Largest spot move of the scan for BTC and ETH, either way.',
  ),
  spec(
    'priceRangeOther',
    'Price range, other coins',
    'fraction',
    0.2,
    0.02,
    0.6,
    'Largest spot move of the scan for every other coin.',
  ),
  spec('volatilityUp', 'Vol shock up', 'fraction', 0.5, 0, 2, 'Relative rise of the vol of a 30-day option.'),
  spec('volatilityDown', 'Vol shock down', 'fraction', 0.25, 0, 0.9, 'Relative fall of the vol of a 30-day option.'),
  spec(
    'shortTermPower',
    'Vol power under 30 days',
    'exponent',
    0.3,
    0,
    1,
    'Vol shocks are multiplied by (30 / days)^power below 30 days to expiry.',
  ),
  spec(
    'longTermPower',
    'Vol power from 30 days',
    'exponent',
    0.13,
    0,
    1,
    'Vol shocks are multiplied by (30 / days)^power from 30 days to expiry on.',
  ),
  spec(
    'extremeMultiple',
    'Extreme move',
    'multiple of the range',
    2,
    1,
    4,
    'Size of the two extreme moves, in price ranges.',
  ),
  spec('extremeCover', 'Extreme cover', 'fraction', 0.35, 0, 1, 'Share of the loss in an extreme move that counts.'),
  spec(
    'tailCover',
    'Far tail cover',
    'fraction of range / move',
    0.5,
    0,
    2,
    'How much of range / move counts of the loss in rises by 6, 12 and 30 price ranges; 0 leaves them out. Derive counts 0.77, Paradex 0.75.',
  ),
  spec(
    'leastVolUp',
    'Least raised vol',
    'vol a year',
    0.4,
    0,
    2,
    'A vol that the scan raises is raised at least to this. Derive and Paradex take 0.4, Deribit 0.5.',
  ),
];

const STEPS_EACH_SIDE = 4;
const EXTREME_SIGNS = [-1, 1];
/** The far tail, in price ranges: upward, where the loss of a call sold has no bound. */
const TAIL_MULTIPLES = [6, 12, 30];
/** A spot fall of the whole loses its meaning at -100 %: no scan move goes below this. */
const LOWEST_MOVE = -0.95;

/** The scan made last with some parameters: a grid asks for the same one in every cell. */
const scanOf = new WeakMap<ParameterSet, ScenarioSet>();

/** The scan as a scenario set over the underlyings; the same step of the scan moves every coin at once. */
export function scanScenarios(parameters: ParameterSet, underlyings: readonly string[]): ScenarioSet {
  const known = scanOf.get(parameters);
  if (known?.underlyings.length === underlyings.length && known.underlyings.every((coin, i) => coin === underlyings[i]))
    return known;
  const set = scan(parameters, underlyings);
  scanOf.set(parameters, set);
  return set;
}

function scan(parameters: ParameterSet, underlyings: readonly string[]): ScenarioSet {
  const steps: { spot: number; vol: number }[] = [];
  for (let k = -STEPS_EACH_SIDE; k <= STEPS_EACH_SIDE; k += 1) {
    for (const vol of [parameters.volatilityUp!, 0, -parameters.volatilityDown!])
      steps.push({ spot: k / STEPS_EACH_SIDE, vol });
  }
  for (const sign of EXTREME_SIGNS)
    steps.push({ spot: sign * parameters.extremeMultiple!, vol: parameters.volatilityUp! });
  for (const multiple of TAIL_MULTIPLES) steps.push({ spot: multiple, vol: parameters.volatilityUp! });

  const count = steps.length;
  const spotMove = new Float64Array(count * underlyings.length);
  const volShock = new Float64Array(count * underlyings.length);
  underlyings.forEach((symbol, row) => {
    const range = symbol === 'BTC' || symbol === 'ETH' ? parameters.priceRange! : parameters.priceRangeOther!;
    steps.forEach((step, s) => {
      spotMove[row * count + s] = Math.max(step.spot * range, LOWEST_MOVE);
      volShock[row * count + s] = step.vol;
    });
  });
  const key = SCAN_PARAMETERS.map(({ key: name }) => parameters[name]).join(',');
  return {
    id: `scan:${key}:${underlyings.join(',')}`,
    count,
    underlyings,
    spotMove,
    volShock,
    volUnit: 'relative',
    volTermPower: { short: parameters.shortTermPower!, long: parameters.longTermPower! },
    leastVolUp: parameters.leastVolUp!,
    horizonDays: 0,
    smile: 'sticky-strike',
  };
}

/** Share of the loss in each scenario that counts: all of it in the grid, `extremeCover` in the two extreme moves. */
export function scanCover(set: ScenarioSet, extremeCover: number, tailCover: number): (scenario: number) => number {
  const shares = [...EXTREME_SIGNS.map(() => extremeCover), ...TAIL_MULTIPLES.map((multiple) => tailCover / multiple)];
  const grid = set.count - shares.length;
  return (scenario) => (scenario < grid ? 1 : shares[scenario - grid]!);
}

/** Counted losses of the positions together in each scenario, USD, positive = loss. */
export function scanLosses(
  positions: readonly ScannedPosition[],
  set: ScenarioSet,
  cover: (scenario: number) => number,
): Float64Array {
  const losses = new Float64Array(set.count);
  for (const position of positions) for (let s = 0; s < set.count; s += 1) losses[s] = losses[s]! - position.pnlUsd[s]!;
  for (let s = 0; s < set.count; s += 1) losses[s] = losses[s]! * cover(s);
  return losses;
}

/**
 * Index of the largest loss. The scan holds the scenario where nothing moves, so the loss is never below zero. Of losses equal up
 * to rounding the first: a future loses at the edge of the range what counts of its loss in the tail.
 */
export function worstIndex(losses: Float64Array): number {
  let worst = 0;
  for (let s = 1; s < losses.length; s += 1) {
    const least = losses[worst]!;
    if (losses[s]! > least + 1e-12 * Math.abs(least)) worst = s;
  }
  return worst;
}

/** Counted losses of a scan as the worst of them makes a component. */
export function lossScan(
  set: ScenarioSet,
  losses: Float64Array,
  binding: number,
  underlyings: readonly string[],
  cover: (scenario: number) => number,
): ComponentScan {
  return {
    amountUsd: losses,
    binding,
    label: (scenario) => scanLabel(set, scenario, underlyings, cover(scenario)),
  };
}

/**
 * A scenario of the scan in words: `−16 %, IV ×1.50`, each coin apart where their moves differ, and how much of the loss counts
 * where not all does.
 */
export function scanLabel(set: ScenarioSet, scenario: number, underlyings: readonly string[], share: number): string {
  const moves = underlyings.map((symbol) => ({
    symbol,
    move: set.spotMove[set.underlyings.indexOf(symbol) * set.count + scenario]!,
  }));
  const equal = moves.every(({ move }) => move === moves[0]?.move);
  const spot = equal
    ? signedPercent(moves[0]?.move ?? 0)
    : moves.map(({ symbol, move }) => `${symbol} ${signedPercent(move)}`).join(', ');
  const counted = share === 1 ? '' : `, ${percent(share)} counted`;
  return `${spot}, IV ×${(1 + set.volShock[scenario]!).toFixed(2)}${counted}`;
}

export function worstScenario(
  set: ScenarioSet,
  scenario: number,
  lossUsd: number,
  byUnderlying: WorstScenario['byUnderlying'],
  underlyings: readonly string[],
  share: number,
): WorstScenario {
  const row = Math.max(set.underlyings.indexOf(underlyings[0] ?? ''), 0);
  return {
    label: scanLabel(set, scenario, underlyings, share),
    spotMove: set.spotMove[row * set.count + scenario]!,
    volShock: set.volShock[row * set.count + scenario]!,
    lossUsd,
    byUnderlying,
  };
}
