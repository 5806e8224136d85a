import type { Movers, ScenarioSet } from '../domain/scenario.ts';
import type { Usd } from '../domain/units.ts';
import type { BookPositions } from '../scenario/bookPositions.ts';
import { type BookOverGrid, bookOverGrid } from '../scenario/bookOverGrid.ts';
import type { ContractColumns } from '../scenario/contractColumns.ts';
import type { MoveGrid } from '../scenario/moveGrid.ts';
import type { MarginModel } from './MarginModel.ts';
import type { MarketRule } from './marketRule.ts';
import { crossMargin } from './models/crossMargin.ts';
import { isolatedMargin } from './models/isolatedMargin.ts';
import { portfolioMargin } from './models/portfolioMargin.ts';
import { scanCover, scanScenarios, worstIndex } from './scan.ts';

/** What a rule asks of a book in every cell of a grid. */
export interface AmountsOverGrid {
  readonly legsUsd: Float64Array;
  readonly equityUsd: Float64Array;
  readonly initialMarginUsd: Float64Array;
  readonly maintenanceMarginUsd: Float64Array;
}

/** A leg or a coin held, over the grid. */
interface GridPosition {
  readonly underlying: string;
  readonly quantity: number;
  /** Spot index, cell by cell. */
  readonly index: Float64Array;
  /** P&L of one unit, `[cell * scenarios + scenario]`; null of what is money, and of coins. */
  readonly unitUsd: Float64Array | null;
  /** Coins whose dollars move with the index, cell by cell. */
  readonly coins: Float64Array | null;
  /** What contingency charges read; null where nothing is charged. */
  readonly charged: {
    readonly name: string;
    readonly isOption: boolean;
    readonly timeToExpiryYears: number;
    readonly deltas: Float64Array;
  } | null;
  /** Of an option that has not expired: what one unit is worth. */
  readonly optionUsd: Float64Array | null;
}

interface GridRule {
  readonly set: ScenarioSet;
  readonly cover: Float64Array;
  readonly parameters: MarketRule['parameters'];
  readonly cells: number;
  readonly positions: readonly GridPosition[];
}

/** What is asked in each cell, before charges. */
type Losses = (rule: GridRule) => Float64Array;

/**
 * Initial and maintenance margin of one of Headroom's own rulebooks in every cell: quantities times remembered columns, to the bits that
 * the rulebook gives a book that is moved to the cell, for a small part of the work. Null for other rulebooks.
 */
export function amountsOverGrid(
  book: BookPositions,
  grid: MoveGrid,
  movers: Movers,
  { market, model, parameters }: MarketRule,
  columns: ContractColumns,
): AmountsOverGrid | null {
  const lossesBy = LOSSES.get(model);
  if (lossesBy === undefined) return null;
  const set = scanScenarios(
    parameters,
    market.snapshot.underlyings.map(({ symbol }) => symbol),
  );
  const extremeCover =
    model === isolatedMargin
      ? Math.max(parameters.aloneExtremeCover!, parameters.extremeCover!)
      : parameters.extremeCover!;
  const over = bookOverGrid(book, grid, movers, columns);
  const rule: GridRule = {
    set,
    cover: Float64Array.from({ length: set.count }, (_, s) => scanCover(set, extremeCover, parameters.tailCover!)(s)),
    parameters,
    cells: over.cells,
    positions: gridPositions(book, over, set, columns),
  };
  const initialMarginUsd = lossesBy(rule);
  const nets = model === portfolioMargin;
  const [short, basis] = [shortOptionCharges(rule, nets), basisCharges(rule, nets)];
  for (let c = 0; c < over.cells; c += 1) initialMarginUsd[c] = initialMarginUsd[c]! + short[c]! + basis[c]!;
  return {
    legsUsd: over.legsUsd,
    equityUsd: over.equityUsd,
    initialMarginUsd,
    maintenanceMarginUsd: initialMarginUsd.map((usd) => parameters.maintenanceFactor! * usd),
  };
}

function gridPositions(
  book: BookPositions,
  over: BookOverGrid,
  set: ScenarioSet,
  columns: ContractColumns,
): GridPosition[] {
  const indices = new Map<string, Float64Array>();
  const indexOf = (symbol: string, index: Usd): Float64Array => {
    let known = indices.get(symbol);
    if (known === undefined) {
      known = Float64Array.from(over.gridOf(symbol).cells, ({ spotMove }) => index * (1 + spotMove));
      indices.set(symbol, known);
    }
    return known;
  };
  const legs = over.legs.map(({ position, grid, timeToExpiryYears, unrealisedCoins }): GridPosition => {
    const { leg, state } = position;
    const { underlying, name } = state.instrument;
    const isAlive = timeToExpiryYears > 0;
    const isOption = state.option !== null;
    return {
      underlying,
      quantity: leg.quantity,
      index: indexOf(underlying, state.index),
      unitUsd: isAlive ? columns.over(grid).scansUsd(state, set) : null,
      coins: unrealisedCoins,
      charged: isAlive ? { name, isOption, timeToExpiryYears, deltas: columns.over(grid).deltas(state) } : null,
      optionUsd: isAlive && isOption ? columns.over(grid).valuesUsd(state) : null,
    };
  });
  const coins = book.coins.map(
    ({ symbol, quantity, index }): GridPosition => ({
      underlying: symbol,
      quantity,
      index: indexOf(symbol, index),
      unitUsd: null,
      coins: new Float64Array(over.cells).fill(quantity),
      charged: null,
      optionUsd: null,
    }),
  );
  return [...legs, ...coins];
}

/** Losses of some positions together, added in their order: `[cell * scenarios + scenario]`. */
function lossesOf(positions: readonly GridPosition[], { set, cells }: GridRule): Float64Array {
  const losses = new Float64Array(cells * set.count);
  let waiting: PlainPosition[] = [];
  const subtractWaiting = (): void => {
    for (const position of waiting) subtractOne(losses, position);
    waiting = [];
  };
  for (const position of positions) {
    const { unitUsd, quantity, coins } = position;
    if (coins !== null) {
      subtractWaiting();
      subtractCoins(losses, position, coins, set);
    } else if (unitUsd !== null && waiting.push({ unitUsd, quantity }) === 4) {
      subtractFour(losses, ...(waiting as [PlainPosition, PlainPosition, PlainPosition, PlainPosition]));
      waiting = [];
    }
  }
  subtractWaiting();
  return losses;
}

type PlainPosition = { readonly unitUsd: Float64Array; readonly quantity: number };

function subtractOne(losses: Float64Array, { unitUsd, quantity }: PlainPosition): void {
  for (let i = 0; i < losses.length; i += 1) losses[i] = losses[i]! - unitUsd[i]! * quantity;
}

/** To the bits of four times one, with the losses read and written once. */
function subtractFour(
  losses: Float64Array,
  { unitUsd: a, quantity: timesA }: PlainPosition,
  { unitUsd: b, quantity: timesB }: PlainPosition,
  { unitUsd: c, quantity: timesC }: PlainPosition,
  { unitUsd: d, quantity: timesD }: PlainPosition,
): void {
  for (let i = 0; i < losses.length; i += 1)
    losses[i] = losses[i]! - a[i]! * timesA - b[i]! * timesB - c[i]! * timesC - d[i]! * timesD;
}

function subtractCoins(
  losses: Float64Array,
  { underlying, quantity, index, unitUsd }: GridPosition,
  coins: Float64Array,
  { count, spotMove, underlyings }: ScenarioSet,
): void {
  const offset = underlyings.indexOf(underlying) * count;
  for (let c = 0; c < coins.length; c += 1) {
    for (let s = 0; s < count; s += 1) {
      const i = c * count + s;
      const alone = unitUsd === null ? 0 : unitUsd[i]! * quantity;
      losses[i] = losses[i]! - (alone + index[c]! * spotMove[offset + s]! * coins[c]!);
    }
  }
}

// ---- losses ---------------------------------------------------------------------------------------------------------

/** As `portfolioMargin` nets them. */
function nettedLosses(rule: GridRule): Float64Array {
  const { cells, positions, parameters } = rule;
  const offset = parameters.underlyingOffset!;
  const underlyings = [...new Set(positions.map(({ underlying }) => underlying))];
  const apart = new Float64Array(cells);
  for (const symbol of underlyings) {
    const members = positions.filter(({ underlying }) => underlying === symbol);
    const worst = worstLosses(lossesOf(members, rule), rule);
    for (let c = 0; c < cells; c += 1) apart[c] = apart[c]! + worst[c]!;
  }
  if (underlyings.length < 2) return apart;
  const joint = worstLosses(lossesOf(positions, rule), rule);
  return apart.map((usd, c) => usd + (0 - offset * (usd - joint[c]!)));
}

/** As `crossMargin` and `isolatedMargin` add them: nothing nets. `locks`: an option bought is charged what it is worth. */
function addedLosses(locks: boolean): Losses {
  return (rule) => {
    const { cells, positions } = rule;
    const total = new Float64Array(cells);
    for (const position of positions) {
      const { quantity, optionUsd } = position;
      if (locks && optionUsd !== null && quantity > 0) {
        for (let c = 0; c < cells; c += 1) total[c] = total[c]! + quantity * optionUsd[c]!;
        continue;
      }
      const worst = worstLosses(lossesOf([position], rule), rule);
      for (let c = 0; c < cells; c += 1) total[c] = total[c]! + worst[c]!;
    }
    return total;
  };
}

const LOSSES: ReadonlyMap<MarginModel, Losses> = new Map([
  [portfolioMargin, nettedLosses],
  [crossMargin, addedLosses(false)],
  [isolatedMargin, addedLosses(true)],
]);

/** The worst counted loss of each cell. */
function worstLosses(losses: Float64Array, { set, cover, cells }: GridRule): Float64Array {
  const worst = new Float64Array(cells);
  const counted = new Float64Array(set.count);
  for (let c = 0; c < cells; c += 1) {
    for (let s = 0; s < set.count; s += 1) counted[s] = losses[c * set.count + s]! * cover[s]!;
    worst[c] = counted[worstIndex(counted)]!;
  }
  return worst;
}

// ---- charges: `charges.ts`, cell by cell ----------------------------------------------------------------------------

/** Net quantity that decides whether a position counts as sold: of its contract, or its own where nothing nets. */
function netQuantity(positions: readonly GridPosition[], nets: boolean): (position: GridPosition) => number {
  if (!nets) return ({ quantity }) => quantity;
  const net = new Map<string, number>();
  for (const { charged, quantity } of positions)
    if (charged !== null) net.set(charged.name, (net.get(charged.name) ?? 0) + quantity);
  return ({ charged }) => (charged === null ? 0 : net.get(charged.name)!);
}

function shortOptionCharges({ positions, cells, parameters }: GridRule, nets: boolean): Float64Array {
  const total = new Float64Array(cells);
  const netOf = netQuantity(positions, nets);
  for (const position of positions) {
    const { quantity, index, charged } = position;
    if (!charged?.isOption || netOf(position) >= 0) continue;
    for (let c = 0; c < cells; c += 1) total[c] = total[c]! + -quantity * index[c]! * parameters.shortOptionCharge!;
  }
  return total;
}

function basisCharges({ positions, cells, parameters }: GridRule, nets: boolean): Float64Array {
  const netOf = netQuantity(positions, nets);
  const counted = positions
    .filter(({ charged }) => charged !== null)
    .filter((position) => !position.charged!.isOption || netOf(position) < 0);
  const deltaUsd = new Map<string, Float64Array>();
  const keyOf = ({ underlying, charged }: GridPosition, row: number) =>
    nets ? `${underlying}|${charged!.timeToExpiryYears}` : String(row);
  const keys = counted.map(keyOf);
  counted.forEach(({ quantity, index, charged }, row) => {
    const key = keys[row]!;
    let net = deltaUsd.get(key);
    if (net === undefined) deltaUsd.set(key, (net = new Float64Array(cells)));
    const { deltas } = charged!;
    for (let c = 0; c < cells; c += 1) net[c] = net[c]! + quantity * deltas[c]! * index[c]!;
  });
  const total = new Float64Array(cells);
  counted.forEach(({ quantity, index, charged }, row) => {
    const net = deltaUsd.get(keys[row]!)!;
    const { deltas, timeToExpiryYears: years } = charged!;
    const drift = Number.isFinite(years) ? Math.expm1(parameters.basisAnnualRate! * years) : 0;
    const most = Math.max(parameters.basisMinimum!, drift);
    for (let c = 0; c < cells; c += 1)
      total[c] = total[c]! + Math.sign(net[c]!) * (quantity * deltas[c]!) * index[c]! * most;
  });
  return total;
}
