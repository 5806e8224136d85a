import type { Failure } from './failure.ts';
import type { Portfolio } from './portfolio.ts';
import type { MarginModelId, ParameterSet } from './riskParameters.ts';
import type { Movers, Scenario } from './scenario.ts';
import type { SmileEdit } from './smileEdit.ts';
import type { Trade } from './trade.ts';
import type { Timestamp, Usd } from './units.ts';

/** What every question about what to do has in common: the market, and the rulebook that judges. */
export interface DecideQuestion {
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly model: MarginModelId;
  /** Edited parameters of the model. */
  readonly parameters: ParameterSet;
}

/** Where a trade takes place: across the quoted spread, or at mark where that side is not quoted. */
export type FillKind = 'bid' | 'ask' | 'mark';

/** Legs that could not be priced are left out of every figure of these answers. */
interface LeavesOut {
  readonly leftOut: readonly string[];
}

// ---- marginal margin: one contract more ------------------------------------------------------------------------------

export interface MarginalMarginRequest extends DecideQuestion {
  readonly book: Portfolio;
  readonly underlying: string;
  readonly expiry: Timestamp;
}

/** What one contract more of each option of an expiry does to the margin of a book. */
export interface MarginalMarginReport {
  readonly marketId: string;
  readonly model: MarginModelId;
  readonly underlying: string;
  readonly expiry: Timestamp;
  /** The book's initial margin without any of it. */
  readonly initialMarginUsd: Usd;
  /** By instrument name. */
  readonly contracts: Readonly<Record<string, MarginalMargins>>;
}

export interface MarginalMargins {
  readonly bought: MarginalMargin;
  readonly sold: MarginalMargin;
}

/** Change by one contract, or why the rule or the market cannot say. */
export type MarginalMargin =
  | { readonly initialMarginUsd: Usd; readonly availableUsd: Usd }
  | { readonly unsupported: Failure };

// ---- cheapest cut: margin freed against what it costs ----------------------------------------------------------------

/**
 * `premium`: what is paid for options across the spread, each purchase, sale or roll for itself: a credit pays for no other part,
 * and no part costs less than what crossing the spread loses. `delta`: change of the legs' delta in USD, each coin for itself.
 * Of what costs the same, that which is less of the other objective and has fewer trades.
 */
export type CutObjective = 'premium' | 'delta';

export interface CheapestCutRequest extends DecideQuestion {
  readonly book: Portfolio;
  readonly objective: CutObjective;
  /** Margin to be freed, USD; null asks for the frontier alone. */
  readonly targetUsd: Usd | null;
  /** Whether futures and perpetuals may be traded, or options alone. */
  readonly withFutures: boolean;
  /** Margins that are looked up at most; absent means 5,000. */
  readonly evaluations?: number;
}

export interface CutTrade extends Trade {
  readonly price: number;
  readonly fill: FillKind;
}

/** One trade that frees margin. Every figure is the chosen rule's own, of the book before and of the book with the trade. */
export interface CutPoint {
  readonly trades: readonly CutTrade[];
  /** Initial margin before less initial margin after. */
  readonly freedUsd: Usd;
  readonly initialMarginUsd: Usd;
  readonly availableChangeUsd: Usd;
  /** By the objective asked for. */
  readonly costUsd: Usd;
  /** Paid for options less received for them, USD; negative is a credit. */
  readonly premiumUsd: Usd;
  /** What crossing the spread loses against mark, USD. */
  readonly spreadUsd: Usd;
  /** Change of the legs' delta, USD, all coins added up with their signs. */
  readonly deltaUsd: Usd;
}

export interface CheapestCutReport extends LeavesOut {
  readonly marketId: string;
  readonly model: MarginModelId;
  readonly objective: CutObjective;
  readonly targetUsd: Usd | null;
  /** Of the book as it stands. */
  readonly initialMarginUsd: Usd;
  readonly availableUsd: Usd;
  /** By margin freed, ascending; each costs more than the one before. */
  readonly frontier: readonly CutPoint[];
  /** The point of the frontier that frees the target at least cost; null without a target, or when nothing found frees it. */
  readonly chosen: number | null;
  readonly searched: CutSearchSummary;
  readonly elapsedMs: number;
}

/** What was looked at. Unless it is exhaustive the frontier is the best that was found, not proven to be the best there is. */
export interface CutSearchSummary {
  readonly candidates: number;
  readonly evaluations: number;
  /** Every combination was looked at: the frontier is then the best there is of these. */
  readonly isExhaustive: boolean;
  readonly mostTrades: number;
  /** In coins, by underlying: the steps in which sizes were tried. */
  readonly lots: readonly { readonly underlying: string; readonly lot: number }[];
}

export interface SearchProgress {
  /** 0 to 1. */
  readonly share: number;
}

// ---- fill order --------------------------------------------------------------------------------------------------------

export interface FillOrderRequest extends DecideQuestion {
  readonly book: Portfolio;
  /** Whole trades, filled one after the other. Null closes the book, leg by leg, across the quoted spread. */
  readonly trades: readonly Trade[] | null;
}

export interface FillOrderReport extends LeavesOut {
  readonly marketId: string;
  readonly model: MarginModelId;
  readonly kind: 'entry' | 'exit';
  readonly trades: readonly Trade[];
  /** Before the first fill. */
  readonly start: FillState;
  readonly best: FillPath;
  readonly worst: FillPath;
  /** Every order was compared. Otherwise the orders are the best and the worst found. */
  readonly isExact: boolean;
  readonly evaluations: number;
}

/** The account between two fills. */
export interface FillState {
  readonly initialMarginUsd: Usd;
  readonly availableUsd: Usd;
}

/** One order of the trades. */
export interface FillPath {
  /** Places in `trades`, first filled first. */
  readonly order: readonly number[];
  /** The account after each fill. */
  readonly steps: readonly FillState[];
  /** Highest initial margin on the way, start included. */
  readonly peakUsd: Usd;
  /** After so many fills; 0 is the start. */
  readonly peakAt: number;
  readonly leastAvailableUsd: Usd;
  readonly leastAvailableAt: number;
}

// ---- expiry cliff ------------------------------------------------------------------------------------------------------

export interface ExpiryCliffRequest extends DecideQuestion {
  readonly book: Portfolio;
  /** The pinned scenario that holds on the way; its days are not used. Null: spot and vols stay. */
  readonly pin: (Scenario & { readonly movers: Movers }) | null;
}

export interface ExpiryCliffReport extends LeavesOut {
  readonly marketId: string;
  readonly model: MarginModelId;
  readonly asOf: Timestamp;
  /** At the as-of time, under the pin. */
  readonly now: CliffState;
  /** Coming expiries of the book, earliest first. */
  readonly expiries: readonly CliffExpiry[];
}

export interface CliffState {
  readonly equityUsd: Usd;
  readonly initialMarginUsd: Usd;
  readonly maintenanceMarginUsd: Usd;
  readonly availableUsd: Usd;
}

export interface CliffExpiry {
  readonly expiry: Timestamp;
  readonly before: CliffState;
  readonly after: CliffState;
  /** What expires, with what it settles for, signed for the holder. */
  readonly expired: readonly {
    readonly id: string;
    readonly instrument: string;
    readonly quantity: number;
    readonly settlementUsd: Usd;
  }[];
  /** Hedges that die before what they hedge; empty where the requirement does not rise. */
  readonly lostHedges: readonly LostHedge[];
}

/** A leg, or coins held as collateral: `collateral:BTC`, in coins. */
export interface CliffLeg {
  readonly id: string;
  readonly instrument: string;
  readonly quantity: number;
}

/** An expiring leg that keeps the requirement down, and the leg that lives on without it. */
export interface LostHedge {
  readonly hedge: CliffLeg;
  readonly protects: CliffLeg;
  /** How much more the rule would ask just before the expiry without the hedge. */
  readonly worthUsd: Usd;
}
