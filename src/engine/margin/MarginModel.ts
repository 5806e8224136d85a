import type { MarketSnapshot } from '../domain/marketSnapshot.ts';
import type { MarginModelDescription, ParameterSet } from '../domain/riskParameters.ts';
import type { CollateralRisk, MarginResult } from '../domain/riskReport.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import type { Usd } from '../domain/units.ts';
import type { ContractState } from '../scenario/contractState.ts';

/**
 * A margin rule: it turns a book into a requirement. A model is one file in `models`, one line in the list of models, and its
 * tests.
 */
export interface MarginModel extends MarginModelDescription {
  /**
   * The requirement of a book, as it stands or moved by a scenario; a rule sees no difference.
   * @param parameters complete and within bounds, as `resolvedParameters` gives them.
   * @throws RiskError `unsupported` naming the leg and the reason when the rule cannot take the book.
   */
  requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement;
  /**
   * The requirement of several coins together from a scan of each, where it follows from those: never above the sum of what the coins'
   * parts of the book are asked by themselves. The parts have their scan in their one component that has one.
   */
  readonly acrossCoins?: AcrossCoins;
}

/**
 * @param lossUsd by coin, then scenario: counted losses of a coin's part.
 * @param chargesUsd what the parts are charged besides, together.
 */
export type AcrossCoins = (
  lossUsd: readonly ArrayLike<number>[],
  chargesUsd: Usd,
  parameters: ParameterSet,
) => { readonly initialMarginUsd: Usd; readonly maintenanceMarginUsd: Usd };

/** What a rule may read of a book and its market. */
export interface MarginBook {
  /** Priced legs in the portfolio's order, then coin collateral. What has expired is money, and no rule charges it. */
  readonly positions: readonly MarginPosition[];
  /** All collateral, coins included, valued without haircut. */
  readonly collateral: readonly CollateralRisk[];
  /** Collateral plus the value of the legs. */
  readonly equityUsd: Usd;
  /** The market as it is: its coins, stablecoins and histories. Prices of a moved book are in its positions. */
  readonly market: MarketSnapshot;
  /** Symbols of the market's coins: what a scenario set has to move. */
  readonly underlyings: readonly string[];
  /** The positions with their P&L in each scenario of a set; each contract is repriced once per set and remembered. */
  scanned(set: ScenarioSet): readonly ScannedPosition[];
}

export interface MarginPosition {
  /** Leg id, or `collateral:BTC` for coins held as collateral. */
  readonly id: string;
  readonly underlying: string;
  /** Null for coin collateral. */
  readonly contract: ContractState | null;
  readonly quantity: number;
  readonly valueUsd: Usd;
  /** Position delta in coin. */
  readonly deltaCoins: number;
  /** Spot index of the underlying. */
  readonly index: Usd;
}

export interface ScannedPosition extends MarginPosition {
  /** P&L of the whole position in each scenario of the set, USD. */
  readonly pnlUsd: Float64Array;
}

/** What a rule answers; what it leaves free and its share of equity are added by `marginOutcome`. */
export interface MarginRequirement
  extends Omit<MarginResult, 'equityUsd' | 'equityBasis' | 'availableUsd' | 'marginRatio' | 'components'> {
  /**
   * What the rule holds the requirement against, where it is not the book's equity: the money it counts, and what that is in a
   * few words, `Equity without option value`.
   */
  readonly backing?: { readonly equityUsd: Usd; readonly basis: string };
  readonly components: readonly MarginComponent[];
}

/** One part of a requirement. */
export interface MarginComponent {
  readonly name: string;
  readonly usd: Usd;
  /** Present where the part is the worst of a scan. */
  readonly scan?: ComponentScan;
}

/** How a component came out of its scan, so that its change can be told apart into a move of the cell and a move in the cell. */
export interface ComponentScan {
  /** What the component would be if this scenario were the one that binds, USD; `usd` is its value at `binding`. */
  readonly amountUsd: ArrayLike<number>;
  readonly binding: number;
  /** A scenario in words, `−16 %, IV ×1.50`. */
  label(scenario: number): string;
}
