import type { Failure } from '../../engine/domain/failure.ts';
import type { MarginOutcome, MarginResult } from '../../engine/domain/riskReport.ts';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import type { AppState } from '../../state/AppState.ts';
import {
  bookRiskAfter,
  bookRiskBefore,
  currentRisk,
  currentUnderlying,
  displayUnit,
  isExploreStale,
  isModelLoaded,
  isStale,
  isSupported,
  marginAfter,
  marginBefore,
  type DisplayUnit,
} from '../../state/selectors.ts';
import { dateCode, decimal, percent, shortLevel, signedPercent, volFactor } from '../../ui/format.ts';

/** A rulebook's line: its requirement as bar and figure, the tick where it stood before. */
export interface RulebookLine {
  readonly id: string;
  readonly title: string;
  readonly chosen: boolean;
  readonly initialMarginUsd: number | null;
  readonly beforeUsd: number | null;
  /** Of the longest bar, 0 to 1. */
  readonly share: number;
  readonly beforeShare: number | null;
  /** Against the first rulebook, −0.66 is two thirds less; null for the first and where there is nothing to compare. */
  readonly saving: number | null;
  readonly unsupported: Failure | null;
}

export interface LiquidationSide {
  /** Relative spot move. */
  readonly move: number;
  readonly level: number;
  /** The move in standard deviations of thirty days at the 30-day volatility; null without one. */
  readonly sigmas: number | null;
}

export interface LiquidationBand {
  readonly below: LiquidationSide | null;
  readonly above: LiquidationSide | null;
  /** How far the curves look, 0.6 for ±60 %. */
  readonly reachBelow: number;
  readonly reachAbove: number;
  /** Equity no longer covers maintenance at the present price. */
  readonly now: boolean;
}

/** Everything that the verdict bar says, without words or widgets. */
export interface VerdictFigures {
  readonly unit: DisplayUnit;
  readonly ready: boolean;
  readonly stale: boolean;
  readonly bandStale: boolean;
  readonly problem: Failure | null;
  /** The chosen rulebook before the proposal; null when it cannot judge the book. */
  readonly before: MarginResult | null;
  /** With the proposal kept; null when nothing is proposed. */
  readonly after: MarginResult | null;
  readonly current: MarginResult | null;
  readonly unsupported: Failure | null;
  /** The chosen rulebook is a venue's that has not been loaded yet. */
  readonly isLoading: boolean;
  readonly rulebookTitle: string;
  readonly leftOut: readonly string[];
  readonly band: LiquidationBand | null;
  readonly bandBefore: LiquidationBand | null;
  /** What the band holds fixed, in words. */
  readonly heldFixed: string;
  readonly rulebooks: readonly RulebookLine[];
}

export function verdictFigures(state: AppState): VerdictFigures {
  const outcomeBefore = marginBefore(state);
  const outcomeAfter = marginAfter(state);
  const shown = outcomeAfter ?? outcomeBefore;
  const before = isSupported(outcomeBefore) ? outcomeBefore : null;
  const after = isSupported(outcomeAfter) ? outcomeAfter : null;
  const current = isSupported(shown) ? shown : null;
  const proposedCurves = state.proposal === null ? null : (state.explore?.curves.after ?? null);
  return {
    unit: displayUnit(state),
    ready: state.report !== null,
    stale: isStale(state),
    bandStale: isExploreStale(state),
    problem: state.problems.evaluate ?? (state.report === null ? state.marketProblem : null),
    before,
    after,
    current,
    unsupported: shown !== null && 'unsupported' in shown ? shown.unsupported : null,
    isLoading: !isModelLoaded(state),
    rulebookTitle: state.models.find((model) => model.id === state.model)?.title ?? shown?.title ?? '',
    leftOut: (currentRisk(state)?.positions ?? []).flatMap((position) =>
      'failure' in position ? [`${position.instrument}: ${position.failure.message}`] : [],
    ),
    band: liquidationBand(state, proposedCurves ?? state.explore?.curves.before ?? null, current),
    bandBefore: proposedCurves === null ? null : liquidationBand(state, state.explore?.curves.before ?? null, before),
    heldFixed: heldFixed(state),
    rulebooks: rulebookLines(state),
  };
}

function liquidationBand(
  state: AppState,
  curves: NonNullable<AppState['explore']>['curves']['before'] | null,
  margin: MarginResult | null,
): LiquidationBand | null {
  const coin = currentUnderlying(state);
  if (curves === null || coin === null) return null;
  // After a change of coin the curves are still the other coin's; their levels would be wrong at this one's price.
  if (!curves.spotUsd.some((spot) => Math.abs(spot / coin.index - 1) < 1e-9)) return null;
  const { below, above, examined } = curves.liquidation;
  if (examined === null) return null;
  const deviation = coin.atmVol30d === null ? null : coin.atmVol30d * Math.sqrt(30 / 365);
  const side = (move: number | null): LiquidationSide | null =>
    move === null
      ? null
      : {
          move,
          level: coin.index * (1 + move),
          sigmas: deviation !== null && deviation > 0 ? Math.abs(Math.log1p(move)) / deviation : null,
        };
  return {
    below: side(below),
    above: side(above),
    // Where a level is found the picture goes on to the end of the axis; where none is, as far as the rule was asked.
    reachBelow: below === null ? -examined.from : 1 - curves.spotUsd[0]! / coin.index,
    reachAbove: above === null ? examined.to : curves.spotUsd[curves.spotUsd.length - 1]! / coin.index - 1,
    now: margin !== null && margin.maintenanceMarginUsd > 0 && margin.equityUsd < margin.maintenanceMarginUsd,
  };
}

function heldFixed(state: AppState): string {
  // The curves are drawn at the pinned volatility and date when a scenario is pinned.
  const shock = state.pin?.volShock ?? state.volShock;
  const vol = shock === 0 ? 'IV fixed' : `IV ${volFactor(shock)}`;
  const several = (state.market?.underlyings.length ?? 0) > 1;
  const movers = state.movers === 'all' ? (several ? ', all coins together' : '') : `, ${state.movers} alone`;
  const days = state.pin?.days ?? 0;
  const asOf = state.market?.asOf ?? 0;
  const date = days === 0 ? 'today' : dateCode(asOf + days * MILLISECONDS_PER_DAY, asOf);
  return `${vol}, ${date}${movers}`;
}

function rulebookLines(state: AppState): readonly RulebookLine[] {
  const before = bookRiskBefore(state)?.margins ?? [];
  const after = bookRiskAfter(state)?.margins ?? null;
  // A venue's rulebook that is no longer the chosen one may still be in the report.
  const others = new Set(
    state.models.filter(({ id, venue }) => venue !== 'Headroom' && id !== state.model).map(({ id }) => id),
  );
  const shown = (after ?? before).filter(({ id }) => !others.has(id));
  const requirement = (outcome: MarginOutcome | undefined) => (isSupported(outcome) ? outcome.initialMarginUsd : null);
  const was = (id: string) => (after === null ? null : requirement(before.find((outcome) => outcome.id === id)));
  const longest = Math.max(
    1e-9,
    ...shown.map((line) => requirement(line) ?? 0),
    ...shown.map((line) => was(line.id) ?? 0),
  );
  const first = requirement(shown[0]);
  return shown.map((outcome, index) => {
    const usd = requirement(outcome);
    const beforeUsd = was(outcome.id);
    return {
      id: outcome.id,
      title: outcome.title,
      chosen: outcome.id === state.model,
      initialMarginUsd: usd,
      beforeUsd,
      share: (usd ?? 0) / longest,
      beforeShare: beforeUsd === null ? null : beforeUsd / longest,
      saving: index === 0 || usd === null || first === null || first <= 0 ? null : usd / first - 1,
      unsupported: 'unsupported' in outcome ? outcome.unsupported : null,
    };
  });
}

/** What stands in the place of the binding scenario where there is none: a rule may go leg by leg, without scenarios. */
export function withoutScenario({ initialMarginUsd }: MarginResult): string {
  return initialMarginUsd > 0 ? 'by formula, no scenarios' : 'nothing at risk';
}

/** A rulebook's share of equity: `54.8 %`, or words when there is no equity. */
export function usedShare(margin: MarginResult): string {
  return margin.equityUsd > 0 ? percent(margin.initialMarginUsd / margin.equityUsd) : 'no equity';
}

/** One side of the band in words: `−18.1 %, 1.3 σ`, or `none down to −60 %`. */
export function sideWords(band: LiquidationBand, which: 'below' | 'above'): string {
  const side = band[which];
  if (side === null)
    return which === 'below'
      ? `none down to ${signedPercent(-band.reachBelow, 0)}`
      : `none up to ${signedPercent(band.reachAbove, 0)}`;
  return side.sigmas === null ? signedPercent(side.move) : `${signedPercent(side.move)}, ${decimal(side.sigmas, 1)} σ`;
}

/** The whole band in one sentence, for the phone and for assistive technology. */
export function bandSentence(band: LiquidationBand, held: string): string {
  if (band.now) return 'Equity is below maintenance at the present price.';
  if (band.below === null && band.above === null)
    return `No liquidation between ${signedPercent(-band.reachBelow, 0)} and ${signedPercent(band.reachAbove, 0)}, ${held}.`;
  const below =
    band.below === null ? sideWords(band, 'below') : `${shortLevel(band.below.level)} (${sideWords(band, 'below')})`;
  const above =
    band.above === null ? sideWords(band, 'above') : `${shortLevel(band.above.level)} (${sideWords(band, 'above')})`;
  return `Liquidation below ${below}, above ${above}, ${held}.`;
}
