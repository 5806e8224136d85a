import { curveMoves } from '../engine/domain/curveMoves.ts';
import type {
  EvaluateRequest,
  ExploreRequest,
  StressAxes,
  VarMethod,
  VarRequest,
} from '../engine/domain/riskReport.ts';
import type { AppState } from '../state/AppState.ts';
import { estimateKey } from '../state/varEstimates.ts';
import { smileEditsInForce } from '../state/smileSlice.ts';
import {
  currentBook,
  currentRisk,
  currentUnderlying,
  isModelLoaded,
  isSupported,
  proposedBook,
} from '../state/selectors.ts';

/** Columns and rows of the stress grid: spot moves ascending, relative vol shocks from high to low. */
export const STRESS_SPOT = [-0.16, -0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12, 0.16] as const;
/** The same for crashes: margin rules look farther than a day's move. */
export const WIDE_STRESS_SPOT = [-0.6, -0.45, -0.3, -0.15, 0, 0.15, 0.3, 0.45, 0.6] as const;
export const STRESS_VOL = [0.75, 0.5, 0.25, 0, -0.125, -0.25, -0.375] as const;

/** Everything that follows a keystroke, or null while there is no market or no rulebook to ask. */
export function evaluateRequest(state: AppState): EvaluateRequest | null {
  const market = state.newest ?? state.market;
  if (market === null || state.models.length === 0) return null;
  return {
    inputVersion: state.inputVersion,
    marketId: market.id,
    ...smileEdits(state),
    book: state.book,
    proposed: proposedBook(state),
    models: verdictModels(state),
    parameters: state.parameters,
  };
}

/** What the verdict compares: Headroom's own rulebooks, and the chosen one where it is a venue's. */
function verdictModels(state: AppState): readonly string[] {
  const own = state.models.filter(({ venue }) => venue === 'Headroom').map(({ id }) => id);
  return own.includes(state.model) || !isModelLoaded(state) ? own : [...own, state.model];
}

/** Curves and grid of the chosen coin and rulebook; its `inputVersion` is the store's `exploreVersion`. */
export function exploreRequest(state: AppState): ExploreRequest | null {
  const coin = currentUnderlying(state);
  if (state.market === null || coin === null || !isModelLoaded(state)) return null;
  const proposed = proposedBook(state);
  const stress: StressAxes = {
    spot: state.stressWide ? WIDE_STRESS_SPOT : STRESS_SPOT,
    vol: STRESS_VOL,
    volUnit: 'relative',
    days: 0,
    ...smileRule(state),
    movers: state.movers,
  };
  return {
    inputVersion: state.exploreVersion,
    marketId: state.market.id,
    ...smileEdits(state),
    book: state.book,
    proposed,
    model: state.model,
    parameters: state.parameters[state.model] ?? {},
    stress,
    curve: {
      underlying: coin.symbol,
      spot: curveMoves(proposed ?? state.book, coin.symbol, coin.index),
      movers: state.movers,
      // A pinned scenario is drawn as it was pinned: its vol shock applies along the curves ...
      volShock: state.pin?.volShock ?? state.volShock,
      volUnit: 'relative',
      ...smileRule(state),
      days: state.curveDays === 0 ? [0] : [0, state.curveDays],
      // ... and its date to the runway; without a pin that is now.
      runwayDays: state.pin?.days ?? 0,
    },
    pin: state.pin,
  };
}

const QUICK_METHODS: ReadonlySet<VarMethod> = new Set(['historical', 'parametric', 'cornish-fisher']);

/** One method's value at risk of the book that the figures speak of; its `inputVersion` is the store's `varVersion`. */
export function varRequest(state: AppState, method: VarMethod): VarRequest | null {
  if (state.market === null) return null;
  const settings = state.varSettings;
  return {
    inputVersion: state.varVersion,
    marketId: state.market.id,
    ...smileEdits(state),
    portfolio: currentBook(state),
    ...(method === 'historical' && settings.filter !== null
      ? { method: 'filtered-historical' as const, filter: settings.filter }
      : { method }),
    ...estimatesInForce(method, settings),
    copulaMargins: settings.copulaMargins,
    confidence: settings.confidence,
    expectedShortfallConfidence: settings.expectedShortfallConfidence,
    horizonDays: settings.horizonDays,
    paths: settings.paths,
    ...drawnAs(method, settings),
    seed: settings.seed,
    distribution: settings.distribution,
    degreesOfFreedom: settings.degreesOfFreedom,
    // What a proposal adds is asked where it is quick: the book before it is valued as well.
    ...(state.proposal !== null && QUICK_METHODS.has(method) ? { before: state.book } : {}),
    tailOf: settings.tailOf,
    ...(settings.thresholdQuantile === null ? {} : { thresholdQuantile: settings.thresholdQuantile }),
    // VaR's scenarios move vol themselves: the smile goes along with spot, and a beta would count vol's moves twice.
    smile: state.smile === 'spot-vol-beta' ? 'sticky-delta' : state.smile,
    lossLevelsUsd: lossLevels(state),
  };
}

/** How Monte Carlo draws and values its paths, and when they are enough. Other methods value what there is in full. */
function drawnAs(
  method: VarMethod,
  { distribution, sampling, revaluation, targetStandardErrorShare: share, tailOf }: AppState['varSettings'],
): Pick<VarRequest, 'sampling' | 'revaluation' | 'targetStandardErrorShare'> {
  if (method === 'evt' && tailOf === 'monte-carlo') {
    // A tail is fitted to equally likely outcomes; its own error says little of how many they should be.
    return { revaluation: revaluation === 'auto' ? 'full' : revaluation };
  }
  if (method !== 'monte-carlo') return { revaluation: method === 'parametric' ? 'delta-gamma' : 'full' };
  const isOffered = distribution === 'normal' || distribution === 'student-t';
  return {
    revaluation,
    ...(isOffered ? { sampling } : {}),
    ...(share === null ? {} : { targetStandardErrorShare: share }),
  };
}

/** Numbers that a person has set in place of this method's estimates. */
function estimatesInForce(method: VarMethod, settings: AppState['varSettings']): Pick<VarRequest, 'estimates'> {
  const key = estimateKey(method, settings);
  const estimates = key === null ? undefined : settings.overrides[key];
  return estimates === undefined ? {} : { estimates };
}

function smileRule({ smile, spotVolBeta }: AppState): Pick<StressAxes, 'smile' | 'spotVolBeta'> {
  return spotVolBeta === null ? { smile } : { smile, spotVolBeta };
}

/** Most questions are about the market as it is, and say nothing of edits. */
function smileEdits(state: AppState): Pick<EvaluateRequest, 'smileEdits'> {
  const edits = smileEditsInForce(state);
  return edits.length === 0 ? {} : { smileEdits: edits };
}

/** Losses that mean something: each rulebook's initial and maintenance margin, and what it takes to reach them from equity. */
function lossLevels(state: AppState): readonly number[] {
  const levels = (currentRisk(state)?.margins ?? []).flatMap((outcome) =>
    isSupported(outcome)
      ? [
          outcome.initialMarginUsd,
          outcome.maintenanceMarginUsd,
          outcome.availableUsd,
          outcome.equityUsd - outcome.maintenanceMarginUsd,
        ]
      : [],
  );
  return [...new Set(levels.filter((level) => Number.isFinite(level) && level > 0))];
}
