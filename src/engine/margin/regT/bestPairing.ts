import { type CoverBasis, type CoverColumns, leastCostCover } from '../../numerics/leastCostCover.ts';
import type { RegTLeg } from './limitedRisk.ts';
import { pairingPrices, type PairingPrices, strategyRisk, uncountedValue } from './pairingCosts.ts';
import {
  type PairingLeg,
  type RecognisedStrategy,
  recognisedStrategies,
  type StrategyKind,
} from './recognisedStrategies.ts';
import { REG_T_RATES, type RegTPhase, type RegTRates } from './regTRates.ts';
import type { RegTUnderlying } from './shortOption.ts';

/** One option of a book, by its net quantity. */
export interface PairingOption extends RegTLeg {
  /** Without it the option has not long to live, and is paid in full. */
  readonly monthsToExpiry?: number;
}

export interface BestPairing {
  /** USD, of the whole book: gross, the price of what is bought included. */
  readonly initial: number;
  readonly maintenance: number;
  /** Value of the underlying that the account may not count, since a call is sold against it below the market. */
  readonly uncounted: number;
  /** What the book is taken for. */
  readonly strategies: readonly PairedStrategy[];
}

export interface PairedStrategy {
  readonly kind: StrategyKind;
  /** Options by their index in the book; the underlying is the one after the last. */
  readonly legs: readonly number[];
  /** Contracts per unit, above 0, and units. */
  readonly amounts: readonly number[];
  readonly units: number;
  /** USD, of all units. */
  readonly initial: number;
  readonly maintenance: number;
  /** How the initial requirement falls on the legs. */
  readonly shares: readonly number[];
}

/**
 * The pairing of a book's legs into recognised strategies that asks for the least money: a linear programme over every strategy
 * the legs can form, each contract used once. Contracts are divisible, as coin options are, so parts of a unit occur.
 *
 * The initial requirement decides, less what its strategies let the underlying count; among pairings that are equal in it, the
 * maintenance requirement. The one pairing is margined in both.
 *
 * @param coins of the underlying, held or (negative) owed.
 * @throws RiskError `too-large` as recognisedStrategies does, `bad-value` as shortOptionPerUnit does.
 */
export function bestPairing(
  options: readonly PairingOption[],
  coins: number,
  underlying: RegTUnderlying,
  rates: RegTRates = REG_T_RATES,
): BestPairing {
  const shape = rememberedShape(options, coins);
  const { book, strategies, columns } = shape;
  const leg = (place: number) => options[shape.order[place]!];
  const premiums = book.map((_, place) => leg(place)?.premium ?? 0);
  const months = book.map((_, place) => leg(place)?.monthsToExpiry ?? 0);
  const prices = pairingPrices(book, underlying, premiums, months, rates);

  const costs = pairingCosts(shape, prices, rates, 'initial');
  let cover = leastCostCover(columns, costs, shape.supply, shape.start);
  if (coins !== 0) {
    const later = pairingCosts(shape, prices, rates, 'maintenance');
    keepEquallyCheap(later, columns, costs, cover.rowPrices);
    cover = leastCostCover(columns, later, shape.supply, cover.basis);
  }

  const paired: PairedStrategy[] = [];
  let uncounted = 0;
  // In the order of the book, whatever order the programme found them in.
  const used = Array.from(cover.basis.columns, (column, i) => ({ column, units: cover.basis.units[i]! }))
    .filter(({ units }) => units > 0)
    .sort((one, other) => one.column - other.column);
  for (const { column, units } of used) {
    const strategy = strategies[column]!;
    const bought = strategy.legs.reduce(
      (total, place, k) => total + (book[place]!.long ? strategy.amounts[k]! * premiums[place]! : 0),
      0,
    );
    const risk = strategyRisk(strategy, book, prices, rates, 'initial');
    uncounted += units * uncountedValue(strategy, book, prices);
    paired.push({
      kind: strategy.kind,
      legs: strategy.legs.map((place) => shape.order[place]!),
      amounts: strategy.amounts,
      units,
      initial: units * (risk + bought),
      maintenance: units * (strategyRisk(strategy, book, prices, rates, 'maintenance') + bought),
      shares: legShares(strategy, book, prices, risk).map((share) => units * share),
    });
  }
  return {
    initial: paired.reduce((total, { initial }) => total + initial, 0),
    maintenance: paired.reduce((total, { maintenance }) => total + maintenance, 0),
    uncounted,
    strategies: paired,
  };
}

/**
 * What a unit asks for, by leg: an option bought its price; what is asked beyond falls on the underlying where there is one, of a
 * strangle on each side what the rule takes of it, and otherwise on the options sold in equal parts.
 */
function legShares(
  { kind, legs, amounts }: RecognisedStrategy,
  book: readonly PairingLeg[],
  { premiums, uncovered }: PairingPrices,
  risk: number,
): number[] {
  if (kind === 'short straddle' || kind === 'short strangle') {
    const [put, call] = legs as [number, number];
    return uncovered[call]! >= uncovered[put]!
      ? [premiums[put]!, uncovered[call]!]
      : [uncovered[put]!, premiums[call]!];
  }
  const bears = legs.map((place) => legs.length === 1 || book[place]!.type === 'coin');
  if (!bears.includes(true)) for (const [k, place] of legs.entries()) bears[k] = !book[place]!.long;
  const parts = amounts.reduce((total, amount, k) => total + (bears[k] ? amount : 0), 0);
  return legs.map(
    (place, k) => amounts[k]! * ((book[place]!.long ? premiums[place]! : 0) + (bears[k] ? risk / parts : 0)),
  );
}

/** A book without its prices, and all that follows from it: it outlasts every move of the market. */
interface PairingShape {
  /** Legs by expiry and strike, the underlying last, and where each stood. */
  readonly book: readonly PairingLeg[];
  readonly order: readonly number[];
  readonly supply: readonly number[];
  readonly strategies: readonly RecognisedStrategy[];
  readonly columns: CoverColumns;
  /** The best pairing at a price among the strikes: a start that is the same whatever was asked before. */
  readonly start: CoverBasis;
}

const SHAPES_REMEMBERED = 8;
const shapes = new Map<string, PairingShape>();

function rememberedShape(options: readonly PairingOption[], coins: number): PairingShape {
  const order = options
    .map((_, i) => i)
    .sort((i, j) => {
      const [one, other] = [options[i]!, options[j]!];
      return (
        (one.expiry ?? 0) - (other.expiry ?? 0) ||
        one.strike - other.strike ||
        (one.type === other.type ? one.quantity - other.quantity : one.type < other.type ? -1 : 1)
      );
    });
  let key = String(coins);
  for (const i of order) {
    const { type, strike, quantity, expiry = 0 } = options[i]!;
    key += `;${type}${strike},${expiry},${quantity}`;
  }
  // Only what follows from the key is kept apart from the order of the caller's legs.
  const known = shapes.get(key);
  shapes.delete(key);
  const shape =
    known ??
    pairingShape(
      order.map((i) => options[i]!),
      coins,
    );
  shapes.set(key, shape);
  if (shapes.size > SHAPES_REMEMBERED) shapes.delete(shapes.keys().next().value!);
  return { ...shape, order: coins === 0 ? order : [...order, options.length] };
}

function pairingShape(options: readonly PairingOption[], coins: number): PairingShape {
  const book = options.map(
    ({ type, strike, quantity, expiry = 0 }): PairingLeg => ({ type, strike, expiry, long: quantity > 0 }),
  );
  const supply = options.map(({ quantity }) => Math.abs(quantity));
  if (coins !== 0) {
    book.push({ type: 'coin', strike: 0, expiry: 0, long: coins > 0 });
    supply.push(Math.abs(coins));
  }
  const strategies = recognisedStrategies(book);
  const columns = coverColumns(strategies);
  const shape = { book, order: [], supply, strategies, columns };
  const strikes = options.map(({ strike }) => strike).sort((one, other) => one - other);
  const price = strikes[Math.floor(strikes.length / 2)] ?? 1;
  const intrinsic = options.map(({ type, strike }) => Math.max(type === 'C' ? price - strike : strike - price, 0));
  const prices = pairingPrices(
    book,
    { price, underlyingClass: 'broad', leverage: 1 },
    [...intrinsic, 0],
    book.map(() => 0),
    REG_T_RATES,
  );
  const { basis } = leastCostCover(columns, pairingCosts(shape, prices, REG_T_RATES, 'initial'), supply);
  return { ...shape, start: basis };
}

function coverColumns(strategies: readonly RecognisedStrategy[]): CoverColumns {
  const starts = new Int32Array(strategies.length + 1);
  strategies.forEach(({ legs }, j) => {
    starts[j + 1] = starts[j]! + legs.length;
  });
  const rows = new Int32Array(starts.at(-1)!);
  const amounts = new Float64Array(rows.length);
  strategies.forEach((strategy, j) => {
    rows.set(strategy.legs, starts[j]!);
    amounts.set(strategy.amounts, starts[j]!);
  });
  return { starts, rows, amounts };
}

/** What a unit of every strategy takes from the account beyond the price of what is bought. */
function pairingCosts(
  { book, strategies }: Pick<PairingShape, 'book' | 'strategies'>,
  prices: PairingPrices,
  rates: RegTRates,
  phase: RegTPhase,
): Float64Array {
  const costs = new Float64Array(strategies.length);
  for (let j = 0; j < costs.length; j += 1) {
    const strategy = strategies[j]!;
    costs[j] = strategyRisk(strategy, book, prices, rates, phase) + uncountedValue(strategy, book, prices);
  }
  return costs;
}

/** Shares of the largest cost within which two pairings ask for the same. */
const EQUAL = 1e-10;

/** Prices out of the second choice every column that would make the first one dearer. */
function keepEquallyCheap(
  later: Float64Array,
  { starts, rows, amounts }: CoverColumns,
  costs: Float64Array,
  rowPrices: Float64Array,
): void {
  const slack = EQUAL * costs.reduce((largest, cost) => Math.max(largest, Math.abs(cost)), 1);
  for (let j = 0; j < costs.length; j += 1) {
    let gap = costs[j]!;
    for (let k = starts[j]!; k < starts[j + 1]!; k += 1) gap -= amounts[k]! * rowPrices[rows[k]!]!;
    if (gap > slack) later[j] = Infinity;
  }
}
