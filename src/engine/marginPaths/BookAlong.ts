import type { Instrument } from '../domain/instrument.ts';
import { stablecoinPrice } from '../domain/marketSnapshot.ts';
import type { CollateralRisk } from '../domain/riskReport.ts';
import type { Scenario, SmileRule } from '../domain/scenario.ts';
import { MILLISECONDS_PER_DAY, type Timestamp, type Usd } from '../domain/units.ts';
import type { MarginRequirement } from '../margin/MarginModel.ts';
import { marginBook } from '../margin/marginBook.ts';
import { equityOf } from '../margin/marginOutcome.ts';
import type { MarketRule } from '../margin/marketRule.ts';
import { sum } from '../numerics/sum.ts';
import type { BookPositions, LegPosition } from '../scenario/bookPositions.ts';
import { spotMoveOf, VOL_TERM_POWER, volShockOf } from '../scenario/jointMoves.ts';
import { legsValueUsd, movedLeg } from '../scenario/shiftedBook.ts';
import { shiftedState, shockTermFactor } from '../scenario/shiftedState.ts';

/** Log-moves of a coin's spot and 30-day vol since now. */
export interface CoinState {
  readonly spot: number;
  readonly vol: number;
}

/** Where a book is on a path. */
export interface BookMoment {
  readonly days: number;
  /** Legs that expire at or before this are settled. */
  readonly settledUntil: Timestamp;
  /** By coin, in the order of `coins`. */
  readonly states: readonly CoinState[];
  /** What legs have been settled for. */
  readonly cashUsd: Usd;
}

/** What the rule holds against what. */
export interface RuleFigures {
  /** What the rule counts as equity, less the book's own equity: zero for most. */
  readonly backingUsd: Usd;
  readonly equityUsd: Usd;
  readonly initialMarginUsd: Usd;
  readonly maintenanceMarginUsd: Usd;
  /** Counted losses by scenario, then what is charged besides; only of a rule that puts coins together from these. */
  readonly scan: Float64Array | null;
}

/**
 * A book along a path, as the rule sees it: what lives is revalued at the path's spot and vol and at what is left of its time, what has
 * expired is dollars, and coin held as collateral is at the path's index. The shock of an option's vol goes by its days to expiry
 * now, as in Monte Carlo VaR.
 */
export class BookAlong {
  readonly coins: readonly string[];
  readonly book: BookPositions;
  readonly #rule: MarketRule;
  readonly #smile: SmileRule;
  readonly #termFactors: ReadonlyMap<LegPosition, number>;
  /** Requirements asked of the rule. */
  evaluations = 0;

  constructor(rule: MarketRule, book: BookPositions, smile: SmileRule) {
    this.#rule = rule;
    this.#smile = smile;
    this.book = book;
    this.coins = [
      ...new Set([
        ...book.legs.map(({ state }) => state.instrument.underlying),
        ...book.coins.map(({ symbol }) => symbol),
      ]),
    ];
    this.#termFactors = new Map(book.legs.map((leg) => [leg, shockTermFactor(leg.state, VOL_TERM_POWER)]));
  }

  /** The rule's own way of putting coins together; null where it has none. */
  get acrossCoins(): ((lossUsd: readonly ArrayLike<number>[], chargesUsd: Usd) => Requirement) | null {
    const { model, parameters } = this.#rule;
    return model.acrossCoins === undefined || this.coins.length < 2
      ? null
      : (lossUsd, chargesUsd) => model.acrossCoins!(lossUsd, chargesUsd, parameters);
  }

  get market() {
    return this.#rule.market;
  }

  /** Expiries of the legs, ascending, those of one coin or of all. */
  expiries(coin?: number): Timestamp[] {
    const of = coin === undefined ? null : this.coins[coin];
    const dates = this.book.legs
      .filter(({ state }) => of === null || state.instrument.underlying === of)
      .map(({ state }) => expiryOf(state.instrument))
      .filter((expiry) => Number.isFinite(expiry));
    return [...new Set(dates)].sort((a, b) => a - b);
  }

  daysTo(expiry: Timestamp): number {
    return (expiry - this.market.snapshot.asOf) / MILLISECONDS_PER_DAY;
  }

  /** Legs of a coin that live after `settledUntil`. */
  living(coin: number, settledUntil: Timestamp): LegPosition[] {
    return this.book.legs.filter(
      ({ state: { instrument } }) => instrument.underlying === this.coins[coin] && expiryOf(instrument) > settledUntil,
    );
  }

  /** Collateral that no path moves. */
  get stillUsd(): Usd {
    return sum(
      this.book.collateral.filter(({ asset }) => !this.coins.includes(asset)).map(({ valueUsd }) => valueUsd ?? 0),
    );
  }

  /**
   * The rule on the whole book, or on what of it belongs to one coin.
   * @throws RiskError when the rule cannot take it.
   */
  figures(moment: BookMoment, coin: number | null = null): RuleFigures {
    this.evaluations += 1;
    const { market, model, parameters, rows } = this.#rule;
    const book = this.#moved(moment, coin);
    const requirement = model.requirement(marginBook(book, market.snapshot, rows), parameters);
    const { initialMarginUsd, maintenanceMarginUsd } = requirement;
    const equityUsd = equityOf(requirement, book);
    const scan = model.acrossCoins === undefined || coin === null ? null : scanOf(requirement);
    return { equityUsd, backingUsd: equityUsd - book.equityUsd, initialMarginUsd, maintenanceMarginUsd, scan };
  }

  #moved({ days, settledUntil, states, cashUsd }: BookMoment, coin: number | null): BookPositions {
    const { book } = this;
    const own = (symbol: string): boolean => coin === null || symbol === this.coins[coin];
    const scenarios = new Map(
      this.coins.map((symbol, u): [string, Scenario] => [
        symbol,
        {
          spotMove: spotMoveOf(states[u]!.spot),
          volShock: volShockOf(states[u]!.vol),
          volUnit: 'relative',
          days,
          smile: this.#smile,
        },
      ]),
    );
    const legs = book.legs
      .filter(({ state: { instrument } }) => own(instrument.underlying) && expiryOf(instrument) > settledUntil)
      .map((position) => {
        const scenario = scenarios.get(position.state.instrument.underlying)!;
        const volShock = scenario.volShock * this.#termFactors.get(position)!;
        return movedLeg(position, shiftedState(position.state, { ...scenario, volShock }));
      });
    const coins = book.coins
      .filter(({ symbol }) => own(symbol))
      .map((held) => ({ ...held, index: held.index * (1 + scenarios.get(held.symbol)!.spotMove) }));
    const index = new Map(coins.map((held) => [held.symbol, held.index]));
    const collateral = book.collateral
      .filter(({ asset }) => coin === null || asset === this.coins[coin])
      .map((holding) => {
        const price = index.get(holding.asset);
        return price === undefined ? holding : { ...holding, valueUsd: holding.quantity * price };
      });
    if (cashUsd !== 0) addCash(collateral, cashUsd, stablecoinPrice(this.market.snapshot, CASH) ?? 1);
    const collateralUsd = sum(collateral.map(({ valueUsd }) => valueUsd ?? 0));
    return { ...book, legs, coins, collateral, collateralUsd, equityUsd: collateralUsd + legsValueUsd({ legs }) };
  }
}

type Requirement = Pick<RuleFigures, 'initialMarginUsd' | 'maintenanceMarginUsd'>;

function scanOf({ components, initialMarginUsd }: MarginRequirement): Float64Array | null {
  const scanned = components.filter((component) => component.scan !== undefined);
  // A part without a position has no scan, and loses nothing.
  if (scanned.length !== 1) return null;
  const { scan, usd } = scanned[0]!;
  const { amountUsd } = scan!;
  const found = new Float64Array(amountUsd.length + 1);
  found.set(amountUsd);
  found[amountUsd.length] = initialMarginUsd - usd;
  return found;
}

/** What legs settle in. */
const CASH = 'USDC';

function addCash(collateral: CollateralRisk[], cashUsd: Usd, price: number): void {
  const at = collateral.findIndex(({ asset }) => asset === CASH);
  const held = collateral[at] ?? { asset: CASH, quantity: 0, valueUsd: 0 };
  const all = { ...held, quantity: held.quantity + cashUsd / price, valueUsd: (held.valueUsd ?? 0) + cashUsd };
  if (at < 0) collateral.push(all);
  else collateral[at] = all;
}

export function expiryOf(instrument: Instrument): Timestamp {
  return instrument.product === 'perpetual' ? Number.POSITIVE_INFINITY : instrument.expiry;
}

/** States of one coin as a scenario set: what its contracts are worth there. */
export function scenarioColumns(
  symbol: string,
  spot: ArrayLike<number>,
  vol: ArrayLike<number>,
  days: number,
  smile: SmileRule,
) {
  return {
    id: 'path states',
    count: spot.length,
    underlyings: [symbol],
    spotMove: Float64Array.from(spot, spotMoveOf),
    volShock: Float64Array.from(vol, volShockOf),
    volUnit: 'relative',
    volTermPower: VOL_TERM_POWER,
    horizonDays: days,
    smile,
  } as const;
}
