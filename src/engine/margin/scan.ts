import type { ParameterSet, ParameterSpec } from '../domain/riskParameters.ts';
import type { WorstScenario } from '../domain/riskReport.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import type { ComponentScan, ScannedPosition } from './MarginModel.ts';

/**
 * The stressed spot x vol scan that Headroom's three rulebooks share: what they differ in is only what may offset what.
 *
 * Nine spot moves, -range to +range in quarters, each with vol up, unchanged and down: 27 scenarios. Two extreme moves of a
 * multiple of the range with vol up, of whose loss only a share counts. Vol shocks are relative and scale with
 * (30 / days to expiry)^power. The shape follows what portfolio margin engines publish (Deribit's 27 + extended risk matrix;
 * the two extreme scenarios with partial cover of SPAN); the numbers are Headroom's own.
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
];

export function spec(
  key: string,
  label: string,
  unit: string,
  initial: number,
  min: number,
  max: number,
  description: string,
): ParameterSpec {
  return { key, label, unit, initial, min, max, description };
}

const STEPS_EACH_SIDE = 4;
/** A spot fall of the whole loses its meaning at -100 %: no scan move goes below this. */
const LOWEST_MOVE = -0.95;

/** The scan as a scenario set over the underlyings; the same step of the scan moves every coin at once. */
export function scanScenarios(parameters: ParameterSet, underlyings: readonly string[]): ScenarioSet {
  const steps: { spot: number; vol: number }[] = [];
  for (let k = -STEPS_EACH_SIDE; k <= STEPS_EACH_SIDE; k += 1) {
    for (const vol of [parameters.volatilityUp!, 0, -parameters.volatilityDown!])
      steps.push({ spot: k / STEPS_EACH_SIDE, vol });
  }
  for (const sign of [-1, 1]) steps.push({ spot: sign * parameters.extremeMultiple!, vol: parameters.volatilityUp! });

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
    horizonDays: 0,
    smile: 'sticky-strike',
  };
}

/** Share of the loss in each scenario that counts: all of it in the grid, `extremeCover` in the two extreme moves. */
export function scanCover(set: ScenarioSet, extremeCover: number): (scenario: number) => number {
  return (scenario) => (scenario >= set.count - 2 ? extremeCover : 1);
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

/** Index of the largest loss; the first of equal ones. The scan holds the scenario where nothing moves, so it is never below zero. */
export function worstIndex(losses: Float64Array): number {
  let worst = 0;
  for (let s = 1; s < losses.length; s += 1) if (losses[s]! > losses[worst]!) worst = s;
  return worst;
}

/** Losses of a scan as the worst of them makes a component; `share` is how much of them counts. */
export function lossScan(
  set: ScenarioSet,
  losses: Float64Array,
  binding: number,
  underlyings: readonly string[],
  share = 1,
): ComponentScan {
  return {
    amountUsd: share === 1 ? losses : losses.map((loss) => share * loss),
    binding,
    label: (scenario) => scanLabel(set, scenario, underlyings),
  };
}

/** A scenario of the scan in words: `−16 %, IV ×1.50`, each coin apart where their moves differ. */
export function scanLabel(
  set: ScenarioSet,
  scenario: number,
  underlyings: readonly string[] = set.underlyings,
): string {
  const moves = underlyings.map((symbol) => ({
    symbol,
    move: set.spotMove[set.underlyings.indexOf(symbol) * set.count + scenario]!,
  }));
  const equal = moves.every(({ move }) => move === moves[0]?.move);
  const spot = equal
    ? percent(moves[0]?.move ?? 0)
    : moves.map(({ symbol, move }) => `${symbol} ${percent(move)}`).join(', ');
  return `${spot}, IV ×${(1 + set.volShock[scenario]!).toFixed(2)}`;
}

/** A move in words, `−12.5 %`. */
export function percent(move: number): string {
  const rounded = Math.round(move * 1000) / 10;
  const sign = rounded < 0 ? '−' : rounded > 0 ? '+' : '';
  return `${sign}${Math.abs(rounded)} %`;
}

export function worstScenario(
  set: ScenarioSet,
  scenario: number,
  lossUsd: number,
  byUnderlying: WorstScenario['byUnderlying'],
  underlyings: readonly string[],
): WorstScenario {
  const row = Math.max(set.underlyings.indexOf(underlyings[0] ?? ''), 0);
  return {
    label: scanLabel(set, scenario, underlyings),
    spotMove: set.spotMove[row * set.count + scenario]!,
    volShock: set.volShock[row * set.count + scenario]!,
    lossUsd,
    byUnderlying,
  };
}
