import type { BacktestMethod } from '../engine/domain/backtestReport.ts';
import type { CutObjective } from '../engine/domain/decideReport.ts';
import type { Failure } from '../engine/domain/failure.ts';
import type { FeedStatus } from '../engine/domain/feedStatus.ts';
import type { MarketQuality } from '../engine/domain/marketQuality.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { MarginModelDescription, MarginModelId, ParameterSet } from '../engine/domain/riskParameters.ts';
import type {
  ExploreReport,
  RiskReport,
  CopulaMargins,
  VarDistribution,
  VarFilter,
  VarRevaluation,
  VarSampling,
  VarMethod,
  VarProgress,
  VarReport,
} from '../engine/domain/riskReport.ts';
import type { Movers, Scenario, SmileRule } from '../engine/domain/scenario.ts';
import type { SmileEdit } from '../engine/domain/smileEdit.ts';
import type { EstimateOverrides } from '../engine/domain/scenarioEstimates.ts';
import type { TailSource } from '../engine/domain/tailReport.ts';
import type { Trade } from '../engine/domain/trade.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import type { MarketChoice } from './marketChoice.ts';

import type { ReplayState } from './ReplayState.ts';

export type Theme = 'dark' | 'light';
export type Unit = 'usd' | 'coin';
export type ColourScheme = 'blue-orange' | 'green-red' | 'red-green';
export type StressMetric = 'pnl' | 'margin' | 'free';
export type SaveState = 'saved' | 'saving' | 'not-saved';
/** The pinned scenario; with a name when it is one that people know. */
export type Pin = Scenario & { readonly movers: Movers; readonly name?: string };

/** How the user has bent the smiles of one market. While another market is open, they rest. */
export interface EditedSmiles {
  readonly marketId: string;
  /** Admissible ones, by underlying and expiry; never empty. */
  readonly edits: readonly SmileEdit[];
}

/** A trade on trial: a ghost beside the book until it is kept or dropped. */
export interface Proposal {
  readonly label: string;
  readonly trades: readonly Trade[];
}

export interface VarSettings {
  /** 0.5 < confidence < 1. */
  readonly confidence: number;
  readonly expectedShortfallConfidence: number;
  readonly horizonDays: number;
  /** Of Monte Carlo, at most. */
  readonly paths: number;
  /** Fewer paths will do once the standard errors of VaR and ES are at most this share of them; null draws all. */
  readonly targetStandardErrorShare: number | null;
  /** How paths are drawn; plain stands in where a distribution has no other way. */
  readonly sampling: VarSampling;
  readonly revaluation: VarRevaluation;
  readonly seed: number;
  readonly distribution: VarDistribution;
  readonly degreesOfFreedom: number;
  readonly copulaMargins: CopulaMargins;
  /** How the history's moves are scaled to today's volatility; null leaves them as they were. */
  readonly filter: VarFilter | null;
  /** Numbers set by hand in place of estimates, by generator (`estimateKey`) and estimate id. */
  readonly overrides: Readonly<Record<string, EstimateOverrides>>;
  /** Whose losses the extreme value tail is fitted to. */
  readonly tailOf: Exclude<TailSource, 'filtered-historical'>;
  /** Share of outcomes below its threshold; null goes by the engine's rule. */
  readonly thresholdQuantile: number | null;
}

/** What the backtest panel asks for, and which of its methods it speaks of. */
export interface BacktestSettings {
  readonly method: BacktestMethod;
  /** Of VaR and ES alike, 0.75 to 0.9999. */
  readonly confidence: number;
  /** Moves that each forecast is made from. */
  readonly window: number;
}

export interface VarAnswer {
  readonly report: VarReport | null;
  /** Present while a run refines. */
  readonly progress: VarProgress | null;
  readonly failure: Failure | null;
}

/** One short message about what happened, with at most one thing to do about it. */
export interface Toast {
  readonly message: string;
  readonly action?: NoticeAction;
}

/** One thing to do about a message. */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** A message that stays until it is dismissed: a refused file, a broken link, a conflict with another tab. */
export interface Notice {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'problem';
  readonly message: string;
  /** Where in a file, as a JSON pointer. */
  readonly path?: string;
  readonly actions?: readonly NoticeAction[];
}

/** Where a book comes from. `restored` starts a fresh history; every other kind is one undoable step. */
export type BookOrigin = 'restored' | 'sample' | 'file' | 'link';

export type ReportKind = 'evaluate' | 'explore';

export interface BookSlice {
  readonly book: Portfolio;
  readonly proposal: Proposal | null;
  readonly parameters: Readonly<Record<string, ParameterSet>>;
  /** Set while a scrub is under way: every step starts from this book, and the whole drag is one undo step. */
  readonly gesture: Portfolio | null;
  propose: (label: string, trades: readonly Trade[]) => void;
  /** Changes the quantity of one proposed trade; zero takes the trade out of the proposal. */
  setProposalQuantity: (index: number, quantity: number) => void;
  keepProposal: () => void;
  dropProposal: () => void;
  /** Trades the difference at the leg's mark, so that equity stays; without a mark no cash moves. Zero closes the leg. */
  setLegQuantity: (legId: string, quantity: number) => void;
  removeLeg: (legId: string) => void;
  setCollateral: (asset: string, quantity: number) => void;
  renameBook: (name: string) => void;
  /** With parameters and edited smiles when they come with the book; one undo step for all. */
  loadBook: (
    book: Portfolio,
    origin: BookOrigin,
    parameters?: Readonly<Record<string, ParameterSet>>,
    editedSmiles?: EditedSmiles | null,
  ) => void;
  clearBook: () => void;
  /** `null` returns the parameter to its declared value. */
  setParameter: (modelId: MarginModelId, key: string, value: number | null) => void;
  resetParameters: (modelId: MarginModelId) => void;
  /** Call when a drag starts and when it ends; the edits between become one undo step. */
  beginGesture: () => void;
  endGesture: () => void;
}

export interface SmileSlice {
  readonly editedSmiles: EditedSmiles | null;
  /** Set while a handle is dragged: the whole drag is one undo step, back to `from`. */
  readonly smileGesture: { readonly from: EditedSmiles | null } | null;
  /** All edits of the open market, which the engine has found admissible. */
  setSmileEdits: (edits: readonly SmileEdit[]) => void;
  /** Back to the market's own fit: one expiry, or all of the coin when `expiry` is null. */
  resetSmiles: (underlying: string, expiry: Timestamp | null) => void;
  beginSmileGesture: () => void;
  endSmileGesture: () => void;
}

export interface MarketSlice {
  /** The newest of a market that moves, which the verdict speaks of; `market` where it stands still. */
  readonly newest: MarketSummary | null;
  readonly market: MarketSummary | null;
  readonly marketProblem: Failure | null;
  readonly models: readonly MarginModelDescription[];
  /** The selected coin: axis of the curves, and of the chain. */
  readonly underlying: string;
  /** Expiry the chain shows. */
  readonly chainExpiry: Timestamp | null;
  /** The market that a P&L is explained from, opened beside the other; null until a file of one is chosen. */
  readonly fromMarket: MarketSummary | null;
  readonly marketChoice: MarketChoice;
  /** How the source of the moving market is doing; null while nothing moves. Set by whoever follows it, as is `quality`. */
  readonly feed: FeedStatus | null;
  /** The recording that is the market; null where none is. Set by whoever follows it. */
  readonly replay: ReplayState | null;
  /** How far the market is to be trusted; null where nobody checks it. */
  readonly quality: MarketQuality | null;
  setMarket: (market: MarketSummary) => void;
  /** The market has moved: what a person has set stays. The report, where there is one, is of the newest and of the inputs as they are. */
  followMarket: (newest: MarketSummary, report: RiskReport | null, at: Timestamp) => void;
  /**
   * Curves, grid and panels turn to a moved market, with the curves that were asked of it; without any, or where the inputs have changed
   * since, they are asked for. Value at risk is asked again where its time has come.
   */
  viewMarket: (market: MarketSummary, explore: ExploreReport | null, at: Timestamp, withValueAtRisk: boolean) => void;
  setFromMarket: (market: MarketSummary) => void;
  setMarketProblem: (failure: Failure | null) => void;
  setModels: (models: readonly MarginModelDescription[]) => void;
  setUnderlying: (symbol: string) => void;
  setChainExpiry: (expiry: Timestamp) => void;
}

export type Explained = 'margin' | 'pin' | 'market';

export interface ViewSlice {
  /** The chosen rulebook: the verdict's figures, the stress grid and the runway use it. */
  readonly model: MarginModelId;
  readonly unit: Unit;
  readonly theme: Theme;
  readonly colourScheme: ColourScheme;
  readonly pin: Pin | null;
  readonly smile: SmileRule;
  /** Spot-vol beta of all coins under that skew rule; null: each coin's own, estimated from its history. */
  readonly spotVolBeta: number | null;
  /** Relative vol shock along the curves, from the sliders. */
  readonly volShock: number;
  /** Days forward of the movable curve. */
  readonly curveDays: number;
  readonly movers: Movers;
  readonly stressMetric: StressMetric;
  /** The stress grid reaches far, for crashes, instead of covering a day's moves. */
  readonly stressWide: boolean;
  /** The one crosshair: a relative move of the selected coin, null when nothing is hovered. */
  readonly hoverSpotMove: number | null;
  readonly varSettings: VarSettings;
  readonly backtestSettings: BacktestSettings;
  /** What is explained: the margin, or the P&L of the pinned scenario, or of the way from another market to the open one. */
  readonly explained: Explained;
  /** Whether every machine is to compute the same bits, without relaxed SIMD; the user's own choice. */
  readonly reproducible: boolean;
  /** Whether the page shows a link that somebody sent, whose figures are reproducible until the user chooses otherwise. */
  readonly showsLink: boolean;
  readonly aboutOpen: boolean;
  /** Whether value at risk by proxy is being set beside full revaluation. */
  readonly verifyOpen: boolean;
  setReproducible: (reproducible: boolean) => void;
  setAboutOpen: (open: boolean) => void;
  setVerifyOpen: (open: boolean) => void;
  /** Asks for a surer Monte Carlo figure: half the target error, or more paths. */
  askMorePaths: () => void;
  setExplained: (explained: Explained) => void;
  setModel: (model: MarginModelId) => void;
  setUnit: (unit: Unit) => void;
  setTheme: (theme: Theme) => void;
  setColourScheme: (scheme: ColourScheme) => void;
  setPin: (pin: Pin | null) => void;
  setSmile: (smile: SmileRule) => void;
  setSpotVolBeta: (beta: number | null) => void;
  setVolShock: (volShock: number) => void;
  setCurveDays: (days: number) => void;
  setMovers: (movers: Movers) => void;
  setStressMetric: (metric: StressMetric) => void;
  setStressWide: (wide: boolean) => void;
  setHoverSpotMove: (move: number | null) => void;
  setVarSettings: (change: Partial<VarSettings>) => void;
  setBacktestSettings: (change: Partial<BacktestSettings>) => void;
}

/**
 * Versions count what the answers depend on; a report that answers an older version is stale. `inputVersion`: market, book,
 * proposal, parameters (evaluate). `exploreVersion`: that, and coin, rulebook, pin, scenario settings. `varVersion`: that of
 * evaluate, and the VaR settings and smile rule. A request carries its own counter in its `inputVersion` field.
 */
export interface ResultsSlice {
  readonly inputVersion: number;
  readonly exploreVersion: number;
  readonly varVersion: number;
  readonly report: RiskReport | null;
  readonly explore: ExploreReport | null;
  /** When each answer arrived, by the page's clock. */
  readonly answeredAt: Readonly<Partial<Record<ReportKind, Timestamp>>>;
  readonly varReports: Readonly<Partial<Record<VarMethod, VarAnswer>>>;
  readonly problems: Readonly<Partial<Record<ReportKind, Failure>>>;
  setReport: (report: RiskReport, at: Timestamp) => void;
  setExplore: (explore: ExploreReport, at: Timestamp) => void;
  setProblem: (kind: ReportKind, failure: Failure) => void;
  setVarAnswer: (method: VarMethod, change: Partial<VarAnswer>) => void;
  /** Raises every version: ask everything again. */
  recompute: () => void;
}

export interface DecideSettings {
  readonly view: 'cut' | 'order' | 'cliff';
  /** Margin to be freed; null: a round quarter of the margin that there is. */
  readonly targetUsd: number | null;
  readonly objective: CutObjective;
  readonly withFutures: boolean;
  /** Whether the proposal is entered or the book is left. */
  readonly order: 'entry' | 'exit';
  /** Which side the chain shows the margin of one more contract for. */
  readonly oneMore: 'bought' | 'sold';
}

export interface DecideSlice {
  readonly decide: DecideSettings;
  /** Raised when somebody asks to see the panel. */
  readonly decideOpened: number;
  setDecide: (change: Partial<DecideSettings>) => void;
  /** The same, and shows the panel. */
  openDecide: (change: Partial<DecideSettings>) => void;
}

/** What an explanation points at while it is hovered: rows of the book by key, and places of the stress grid. */
export interface Lit {
  readonly rows: readonly string[];
  readonly cells: readonly { readonly spotMove: number; readonly volShock: number }[];
}

export type MarginFigure = 'initial' | 'maintenance' | 'free' | 'used';

/** A margin figure that somebody wants to know the origin of. */
export interface AskedFigure {
  readonly figure: MarginFigure;
  readonly model: MarginModelId;
  /** Of the book as it stands, or of the book that the figures speak of. */
  readonly book: 'before' | 'current';
  /** Where the figure is on the screen. */
  readonly place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface WhySlice {
  readonly lit: Lit | null;
  /** Null while nothing is asked. */
  readonly askedFigure: AskedFigure | null;
  /** Raised when somebody asks why the margin is what it is. */
  readonly whyOpened: number;
  setLit: (lit: Lit | null) => void;
  askFigure: (asked: AskedFigure | null) => void;
  openWhy: () => void;
}

export interface MessagesSlice {
  readonly toast: Toast | null;
  readonly notices: readonly Notice[];
  readonly saved: SaveState;
  showToast: (toast: Toast | null) => void;
  /** A notice with the id of an earlier one replaces it. */
  showNotice: (notice: Notice) => void;
  dismissNotice: (id: string) => void;
  setSaved: (saved: SaveState) => void;
}

/** What undo and redo cover. */
export type Undoable = Pick<BookSlice & SmileSlice, 'book' | 'parameters' | 'editedSmiles'>;

export interface HistorySlice {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  undo: () => void;
  redo: () => void;
  forgetHistory: () => void;
  /** Edits from here on leave no step of their own ... */
  pauseHistory: () => void;
  /** ... until this, which records one step back to `start` if what it names has changed. */
  resumeHistory: (start: Partial<Undoable>) => void;
}

export type AppState = BookSlice &
  SmileSlice &
  MarketSlice &
  ViewSlice &
  ResultsSlice &
  DecideSlice &
  WhySlice &
  MessagesSlice &
  HistorySlice;

export type SetState = (change: Partial<AppState> | ((state: AppState) => Partial<AppState>)) => void;
export type GetState = () => AppState;
