import type { Failure, Result } from './failure.ts';
import type { OptionType } from './instrument.ts';
import type { Notice } from './marketSummary.ts';
import type { Portfolio } from './portfolio.ts';
import type { ProxyError } from './ProxyError.ts';
import type { MarginModelId, ParameterSet } from './riskParameters.ts';
import type { Movers, Scenario, SmileRule, VolShockUnit } from './scenario.ts';
import type { EstimateOverrides, ScenarioEstimates } from './scenarioEstimates.ts';
import type { SmileEdit } from './smileEdit.ts';
import type { CornishFisherReport, ExtremeValueReport, TailSource } from './tailReport.ts';
import type { Timestamp, Usd, Vol } from './units.ts';

// ---- evaluate: everything that must follow a keystroke -------------------------------------------------------------

export interface EvaluateRequest {
  /** Echoed in the report; a report with an older version than the inputs is stale. */
  readonly inputVersion: number;
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly book: Portfolio;
  /** The resulting book if the proposal were kept; null when nothing is proposed. */
  readonly proposed: Portfolio | null;
  readonly models: readonly MarginModelId[];
  /** Edited parameters by model id; what is absent has its default. */
  readonly parameters: Readonly<Record<string, ParameterSet>>;
}

export interface RiskReport {
  readonly inputVersion: number;
  readonly marketId: string;
  readonly elapsedMs: number;
  readonly before: BookRisk;
  readonly after: BookRisk | null;
}

/**
 * Sensitivities of a quantity to the market, signed for the holder. Delta: coin (USD per USD of spot). Gamma: coin per USD.
 * Vega: USD per 1.00 of vol. Theta: USD per year of calendar time. Rho: USD per 1.00 of rate. Vanna: coin per 1.00 of vol.
 * Volga: USD per 1.00 of vol squared. Views rescale (per point, per day, per 1 %).
 */
export interface Greeks {
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly rho: number;
  readonly vanna: number;
  readonly volga: number;
}

export interface BookRisk {
  readonly collateralUsd: Usd;
  /** Collateral plus the value of all priced positions. */
  readonly equityUsd: Usd;
  /** Legs in the portfolio's order. */
  readonly positions: readonly PositionRisk[];
  readonly collateral: readonly CollateralRisk[];
  /** Over priced legs, coin collateral not included. Dollar Greeks add over coins; coin Greeks are in `byUnderlying`. */
  readonly byUnderlying: readonly ({
    readonly underlying: string;
    readonly valueUsd: Usd;
    readonly legs: number;
  } & Greeks)[];
  /** Ascending; perpetuals have expiry null. */
  readonly byExpiry: readonly ({
    readonly underlying: string;
    readonly expiry: Timestamp | null;
    readonly valueUsd: Usd;
    readonly legs: number;
  } & Greeks)[];
  readonly margins: readonly MarginOutcome[];
  readonly notices: readonly Notice[];
}

export type PositionRisk = PricedPosition | UnpricedPosition;

export interface PricedPosition extends Greeks {
  readonly id: string;
  readonly instrument: string;
  readonly quantity: number;
  /** What the position is worth now, signed: options at mark; futures and perpetuals their unrealised profit since entry (0 without an entry price). */
  readonly valueUsd: Usd;
  /** Mark per unit in the instrument's quote unit: coin for inverse options, USD (USDC) otherwise. */
  readonly markPrice: number;
  /** Null for futures and perpetuals. */
  readonly impliedVolatility: Vol | null;
  /** `mark`: quoted by the market; `fit`: read from the fitted smile because this strike has no quote. */
  readonly volatilitySource: 'mark' | 'fit' | null;
}

export interface UnpricedPosition {
  readonly id: string;
  readonly instrument: string;
  readonly quantity: number;
  /** Why it has no value. It is left out of every figure. */
  readonly failure: Failure;
}

export interface CollateralRisk {
  readonly asset: string;
  readonly quantity: number;
  /** Null when the market has no price for the asset; it then counts as nothing, and a notice says so. */
  readonly valueUsd: Usd | null;
}

export type MarginOutcome =
  | ({ readonly id: MarginModelId; readonly title: string } & MarginResult)
  | { readonly id: MarginModelId; readonly title: string; readonly unsupported: Failure };

export interface MarginResult {
  readonly initialMarginUsd: Usd;
  readonly maintenanceMarginUsd: Usd;
  /** What the rule holds the margin against: the book's equity, unless `equityBasis` says otherwise. */
  readonly equityUsd: Usd;
  /** What this rule counts as equity, in a few words, where it is not all of the book's. */
  readonly equityBasis?: string;
  /** Equity minus initial margin: what can still be opened. */
  readonly availableUsd: Usd;
  /** Maintenance margin over equity; null when equity is not above zero. */
  readonly marginRatio: number | null;
  /** The scenario that sets the margin; null when nothing is at risk. */
  readonly worstScenario: WorstScenario | null;
  /** Rows add up to the initial margin. */
  readonly components: readonly { readonly name: string; readonly usd: Usd }[];
  /** Rows add up to the initial margin. Coin collateral appears as `collateral:BTC`. */
  readonly positions: readonly { readonly id: string; readonly initialMarginUsd: Usd }[];
  /** Each approximation of the rule, in words. */
  readonly approximations: readonly string[];
  /** Strategies that the rule has recognised in the book, where it goes by strategies; each leg's quantity is fully used up. */
  readonly strategies?: readonly RecognisedGroup[];
}

/** Legs that a rule margins as one strategy. */
export interface RecognisedGroup {
  /** `Short strangle`, `Put credit spread`, ... */
  readonly name: string;
  readonly legs: readonly { readonly id: string; readonly instrument: string; readonly quantity: number }[];
  readonly initialMarginUsd: Usd;
  readonly maintenanceMarginUsd: Usd;
}

export interface WorstScenario {
  /** `−16 %, vol ×1.50`, ready to show. */
  readonly label: string;
  readonly spotMove: number;
  /** Shock of a 30-day option, relative: 0.5 = vol times 1.5. */
  readonly volShock: number;
  /** Loss of the book in it before add-ons, positive. */
  readonly lossUsd: Usd;
  /** Where underlyings are scanned apart, each one's own worst. */
  readonly byUnderlying: readonly {
    readonly underlying: string;
    readonly label: string;
    readonly spotMove: number;
    readonly volShock: number;
    readonly lossUsd: Usd;
  }[];
}

// ---- explore: curves and the stress grid, a few milliseconds later --------------------------------------------------

export interface ExploreRequest {
  readonly inputVersion: number;
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly book: Portfolio;
  readonly proposed: Portfolio | null;
  /** The rulebook that re-margins every cell. */
  readonly model: MarginModelId;
  readonly parameters: ParameterSet;
  readonly stress: StressAxes;
  readonly curve: CurveAxes;
  /** The pinned scenario is valued as well, with everything a cell has. */
  readonly pin: (Scenario & { readonly movers: Movers }) | null;
}

export interface StressAxes {
  readonly spot: readonly number[];
  readonly vol: readonly number[];
  readonly volUnit: VolShockUnit;
  readonly days: number;
  readonly smile: SmileRule;
  /** As in Scenario. */
  readonly spotVolBeta?: number;
  readonly movers: Movers;
}

export interface CurveAxes {
  readonly underlying: string;
  /** Relative moves of the underlying's spot, ascending. */
  readonly spot: readonly number[];
  readonly movers: Movers;
  /** Vol shock applied along the curves (from the scenario sliders). */
  readonly volShock: number;
  readonly volUnit: VolShockUnit;
  readonly smile: SmileRule;
  /** As in Scenario. */
  readonly spotVolBeta?: number;
  /** Days forward of each P&L curve, 0 = now. The engine adds one per expiry of the books. */
  readonly days: readonly number[];
  /** Days forward at which equity and requirement are drawn; what expires on the way is settled at its intrinsic value. */
  readonly runwayDays: number;
}

export interface ExploreReport {
  readonly inputVersion: number;
  readonly marketId: string;
  readonly elapsedMs: number;
  readonly stress: { readonly before: StressGrid; readonly after: StressGrid | null };
  readonly curves: { readonly before: CurveSet; readonly after: CurveSet | null };
  readonly pinned: { readonly before: StressCell; readonly after: StressCell | null } | null;
  /** Legs that could not be priced and are left out. */
  readonly leftOut: readonly string[];
}

/**
 * Matrices are [vol][spot]. Margins are re-margined in each cell by the chosen rulebook, and equity is what the rule counts as
 * such; all three are null in a cell whose book the rule cannot take.
 */
export interface StressGrid {
  readonly spot: readonly number[];
  readonly vol: readonly number[];
  readonly pnlUsd: readonly (readonly number[])[];
  readonly initialMarginUsd: readonly (readonly (Usd | null)[])[];
  readonly maintenanceMarginUsd: readonly (readonly (Usd | null)[])[];
  readonly equityUsd: readonly (readonly (Usd | null)[])[];
  /** Why the rule cannot take the book of some cell, or of any; null when it takes them all. */
  readonly unsupported: Failure | null;
}

export type StressCell = { readonly pnlUsd: Usd } & RequirementAt;

/** What a rule asks of a book, moved or not, and what it counts as equity; null, with its reason, where it cannot take it. */
export type RequirementAt =
  | {
      readonly equityUsd: Usd;
      readonly initialMarginUsd: Usd;
      readonly maintenanceMarginUsd: Usd;
      readonly unsupported: null;
    }
  | {
      readonly equityUsd: null;
      readonly initialMarginUsd: null;
      readonly maintenanceMarginUsd: null;
      readonly unsupported: Failure;
    };

export interface CurveSet {
  /** Index price of the underlying at each point, USD. */
  readonly spotUsd: Float64Array;
  /** Value of the legs now, collateral left out: the P&L's base. */
  readonly legsValueUsd: Usd;
  /** P&L of legs alone, collateral left out, one per date asked for, then one per expiry of the book. */
  readonly pnl: readonly { readonly days: number; readonly expiry: Timestamp | null; readonly pnlUsd: Float64Array }[];
  /** Equity as the rule counts it and requirement, re-margined at every point, at `runwayDays`; null where it cannot take the book. */
  readonly equityUsd: readonly (Usd | null)[];
  readonly initialMarginUsd: readonly (Usd | null)[];
  readonly maintenanceMarginUsd: readonly (Usd | null)[];
  readonly liquidation: LiquidationMoves;
  /** Why the rule cannot take the book of some point, or of any; null when it takes them all. */
  readonly unsupported: Failure | null;
}

/** Where equity meets maintenance. */
export interface LiquidationMoves {
  /** Spot moves nearest to no move; null when there is none between `from` and `to`. Both zero: short of maintenance already. */
  readonly below: number | null;
  readonly above: number | null;
  /** How far the rule answers without a break from no move: the ends of the axis as a rule. Null when it does not take the book. */
  readonly examined: { readonly from: number; readonly to: number } | null;
}

// ---- chain: one expiry, quoted ---------------------------------------------------------------------------------------

export interface ChainRequest {
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly underlying: string;
  readonly expiry: Timestamp;
}

export interface ChainReport {
  readonly marketId: string;
  readonly underlying: string;
  readonly expiry: Timestamp;
  readonly forward: Usd;
  readonly index: Usd;
  readonly atmVol: Vol | null;
  /** Ascending strikes. */
  readonly rows: readonly { readonly strike: number; readonly call: ChainSide; readonly put: ChainSide }[];
  /** The fitted smile on a fine strike axis, for drawing; empty when there is no fit. */
  readonly smile: readonly { readonly strike: number; readonly vol: Vol }[];
  /** Root mean square error of the fit, vol points as a decimal; null when there is no fit. */
  readonly fitError: Vol | null;
}

export interface ChainSide {
  readonly instrument: string;
  readonly type: OptionType;
  /** In the instrument's quote unit (coin or USDC); null when not quoted. */
  readonly bid: number | null;
  readonly ask: number | null;
  readonly mark: number | null;
  /** USD value of one unit at mark. */
  readonly markUsd: Usd | null;
  readonly markIv: Vol | null;
  /** Quoted vols; null or absent when not quoted. */
  readonly bidIv?: Vol | null;
  readonly askIv?: Vol | null;
  /** Coin per unit. */
  readonly delta: number | null;
  readonly openInterest: number | null;
}

// ---- value at risk ----------------------------------------------------------------------------------------------------

/**
 * `age-weighted`: historical with weights that fall with age. `cornish-fisher`: delta-gamma by its first four cumulants. `evt`:
 * a generalised Pareto tail fitted to the losses of another method (`tailOf`).
 */
export type VarMethod =
  | 'historical'
  | 'filtered-historical'
  | 'parametric'
  | 'monte-carlo'
  | 'age-weighted'
  | 'cornish-fisher'
  | 'evt';
export type VarDistribution = 'normal' | 'student-t' | 't-copula' | 'jump-diffusion' | 'heston' | 'bates';
/**
 * How filtered historical simulation follows volatility: `riskmetrics`, weights that fall by 0.94 a step; `ewma`, by a decay
 * fitted to the history; `garch`, GARCH(1,1) fitted to it.
 */
export type VarFilter = 'riskmetrics' | 'ewma' | 'garch';
/** Margins of the t copula: `t` fitted by factor, or the history's own `empirical` distribution. */
export type CopulaMargins = 't' | 'empirical';
/**
 * How a path is valued: `full`; by a fitted polynomial of known error, `proxy`; on second-order sensitivities, `delta-gamma`; `auto`,
 * in full at first, and by proxy from then on where so many paths are to come that fitting one pays.
 */
export type VarRevaluation = 'full' | 'proxy' | 'delta-gamma' | 'auto';

/**
 * How Monte Carlo paths are drawn: `plain`, independent and equally likely; `sobol`, even points; `importance`, even points, more of
 * them where the book loses, weighted by likelihood.
 */
export type VarSampling = 'plain' | 'sobol' | 'importance';

/** What the way paths were drawn was worth, told from the run itself. */
export interface SamplingReport {
  readonly method: VarSampling;
  /** Independent randomisations whose spread is the standard error; null for plain paths, whose error is that of a count. */
  readonly replicates: number | null;
  /** As many plain paths would have the same standard error, by this run's own estimate; null where there is no error. */
  readonly effectivePaths: { readonly valueAtRisk: number | null; readonly expectedShortfall: number | null };
  /** The same moves as those of the books before it: an edit's first figure, which the run that follows replaces. */
  readonly isKept?: boolean;
}

export interface VarRequest {
  readonly inputVersion: number;
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly portfolio: Portfolio;
  readonly method: VarMethod;
  /** 0.5 < confidence < 1. */
  readonly confidence: number;
  /** Expected shortfall may be read at a confidence of its own; absent means the same. */
  readonly expectedShortfallConfidence?: number;
  readonly horizonDays: number;
  readonly paths: number;
  /** Fewer paths than asked for will do once the standard errors of VaR and ES are both at most this; absent means all of them. */
  readonly targetStandardErrorUsd?: Usd;
  /** The same as a share of each figure, like 0.0025. */
  readonly targetStandardErrorShare?: number;
  readonly seed: number;
  readonly distribution: VarDistribution;
  readonly degreesOfFreedom: number;
  /**
   * Of Monte Carlo; absent means `importance` for normal and Student-t moves and `plain` for others, and for the losses that `evt` is
   * fitted to, where the other two are refused.
   */
  readonly sampling?: VarSampling;
  /** Of `filtered-historical`; absent means `riskmetrics`. */
  readonly filter?: VarFilter;
  /** What stands in for a filter that cannot be fitted to a factor; absent means that the question is then refused. */
  readonly filterFallback?: 'riskmetrics';
  /** Of `t-copula`; absent means `t`. */
  readonly copulaMargins?: CopulaMargins;
  /** Numbers in place of estimates, by the ids that the report's `estimates` show. */
  readonly estimates?: EstimateOverrides;
  readonly revaluation: VarRevaluation;
  /** Of `age-weighted`: how much less the day before counts, above 0 and at most 1; absent means 0.98. */
  readonly ageDecay?: number;
  /** Of `evt`: whose losses the tail is fitted to; absent means `historical`. */
  readonly tailOf?: TailSource;
  /** Of `evt`: the share of outcomes that the threshold leaves below it, like 0.9; absent means the stated rule. */
  readonly thresholdQuantile?: number;
  /** The book without what is proposed: the report then says what the proposal adds. */
  readonly before?: Portfolio;
  readonly smile: SmileRule;
  /** Losses (USD, positive) of which the report says how often they are exceeded, e.g. the margins. */
  readonly lossLevelsUsd: readonly number[];
}

export interface VarReport {
  readonly inputVersion: number;
  readonly marketId: string;
  readonly method: VarMethod;
  readonly confidence: number;
  readonly horizonDays: number;
  /** Positive when money is at risk. */
  readonly valueAtRiskUsd: Usd;
  readonly expectedShortfallUsd: Usd;
  /** Present for Monte Carlo, and for `evt`, where it is the error of the fit. */
  readonly standardError: { readonly valueAtRiskUsd: Usd; readonly expectedShortfallUsd: Usd } | null;
  readonly confidenceInterval95: {
    readonly valueAtRiskUsd: readonly [Usd, Usd];
    readonly expectedShortfallUsd: readonly [Usd, Usd];
  } | null;
  /** What the moves were drawn with; null where they are the history's own. Absent in a report of a book without exposure. */
  readonly estimates?: ScenarioEstimates | null;
  /** Days of history, or paths. */
  readonly observations: number;
  /** Coin collateral appears as `collateral:BTC`. */
  readonly byPosition: readonly PositionVar[];
  /** P&L histogram for drawing: counts (or densities times observations) between consecutive edges, USD. */
  readonly histogram: { readonly edgesUsd: readonly number[]; readonly counts: readonly number[] };
  /** VaR and ES of the book less those of the request's `before`, on the same outcomes; absent where none was given. */
  readonly incremental?: { readonly valueAtRiskUsd: Usd; readonly expectedShortfallUsd: Usd };
  /** Present for `evt`. */
  readonly extremeValue?: ExtremeValueReport;
  /** Present for `cornish-fisher`. */
  readonly cornishFisher?: CornishFisherReport;
  /** Present for Monte Carlo. */
  readonly sampling?: SamplingReport;
  /** Present for `age-weighted`: as many equally weighted days would say as much. */
  readonly ageWeights?: { readonly decay: number; readonly effectiveObservations: number };
  /** For each asked level, the share of outcomes that lose more. */
  readonly exceedance: readonly { readonly lossUsd: Usd; readonly probability: number }[];
  readonly elapsedMs: number;
  /** Null where no proxy took part: always by `full` and `delta-gamma`, by `auto` where none pays. */
  readonly proxyError: ProxyError | null;
  readonly notices: readonly Notice[];
}

export interface PositionVar {
  readonly id: string;
  /** Component VaR: rows add up to the VaR. */
  readonly valueAtRiskUsd: Usd;
  /** Change of VaR per further unit of the position; times its quantity it is the component. */
  readonly marginalVaRUsd?: Usd;
  /**
   * VaR of the book less VaR without the position; null while a run goes on, and where the rest has no figure by this method. A run of
   * many paths reads it for a large book from the first of them, and says so.
   */
  readonly incrementalVaRUsd?: Usd | null;
}

export interface VarProgress {
  readonly inputVersion: number;
  readonly pathsDone: number;
  readonly pathsAsked: number;
  /** The figure so far, null before the first block. */
  readonly soFar: VarReport | null;
}

/** A word about one of several questions, which is named by its place among them. */
export type VarTold = { readonly place: number } & (
  | { readonly progress: VarProgress }
  | { readonly answer: Result<VarReport> }
);
