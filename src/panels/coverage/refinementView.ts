import type { VarReport } from '../../engine/domain/riskReport.ts';
import type { VarSettings } from '../../state/AppState.ts';
import { amount, decimal, money, NBSP } from '../../ui/format.ts';
import { type CoverageInput, type MethodAnswer, progressOf, shownReport } from './coverageView.ts';

/** The widest 95 % interval that a run has shown: its bar is as wide as that, so that one sees it shrink. */
export interface WidestInterval {
  readonly inputVersion: number;
  readonly halfWidthUsd: number;
}

export interface RefinementInput {
  readonly answer: MethodAnswer | undefined;
  readonly settings: Pick<VarSettings, 'paths' | 'targetStandardErrorShare' | 'revaluation'>;
  readonly widest: WidestInterval | null;
  readonly unit: CoverageInput['unit'];
}

/** A short text and what it means. */
export interface Explained {
  readonly text: string;
  /** What follows the text, and may be wrapped. */
  readonly rest?: string;
  readonly hint: string;
}

export interface RefinementView {
  /** `VaR 12,345 ±40`, in the unit on show. */
  readonly figure: string;
  /** `160,000 paths`. */
  readonly paths: string;
  /** Where the run is heading to, or why it has ended: `refining to ±0.25 %`, `within ±0.25 %`, `all paths drawn`. */
  readonly ending: string;
  readonly isSettled: boolean;
  /** The 95 % interval over the bar, and the target's: 0 is the left end, 1 the right one, and the figure stands at 0.5. */
  readonly bar: { readonly from: number; readonly to: number; readonly target: number | null };
  readonly interval: Explained;
  readonly sampling: Explained | null;
  readonly revaluation: Explained;
  /** Whether a proxy took part, whose figure can be set beside full revaluation. */
  readonly isByProxy: boolean;
  /** For who does not see the figure shrink: once it has settled, else null. */
  readonly announcement: string | null;
}

/** How sure the Monte Carlo figure is, how it was drawn and what it was revalued by; null while there is none with an error. */
export function refinementView({ answer, settings, widest, unit }: RefinementInput): RefinementView | null {
  const report = answer?.failure ? null : shownReport(answer);
  const interval = report?.confidenceInterval95?.valueAtRiskUsd ?? null;
  if (report === null || report.standardError === null || interval === null || report.observations === 0) return null;
  const { valueAtRiskUsd, standardError, observations } = report;
  const isSettled = progressOf(answer) === null;
  const { targetStandardErrorShare: share } = settings;
  const width = halfWidth(report) ?? 0;
  const error = standardError.valueAtRiskUsd;
  const targetHalfWidthUsd = share === null || error === 0 ? null : (width / error) * share * Math.abs(valueAtRiskUsd);
  const scale = Math.max(width, widest?.halfWidthUsd ?? 0, targetHalfWidthUsd ?? 0);
  const place = (usd: number) => (scale > 0 ? Math.min(Math.max(0.5 + usd / scale / 2, 0), 1) : 0.5);
  const ending = endingOf(report, settings, isSettled);
  const figure = `VaR ${amount(valueAtRiskUsd, unit)} ±${amount(standardError.valueAtRiskUsd, unit)}`;
  const paths = `${money(observations)}${NBSP}paths`;
  const [low, high] = interval.map((usd) => amount(usd, unit));
  return {
    figure,
    paths,
    ending,
    isSettled,
    bar: {
      from: place(interval[0] - valueAtRiskUsd),
      to: place(interval[1] - valueAtRiskUsd),
      target: targetHalfWidthUsd === null ? null : place(targetHalfWidthUsd) - 0.5,
    },
    interval: {
      text: `95${NBSP}% between ${low} and ${high} ${unit.symbol}`,
      hint: `with 95 in a hundred seeds the interval holds the figure of endlessly many paths, here ${low} to ${high} ${unit.symbol}. It narrows as paths are drawn; the marks show where the run stops. ± is one standard error.`,
    },
    sampling: samplingText(report),
    revaluation: revaluationText(report, settings.revaluation),
    isByProxy: report.proxyError !== null && report.proxyError.pieces > 0,
    announcement: isSettled ? `Monte Carlo ${figure} ${unit.symbol}, ${paths}, ${ending}` : null,
  };
}

/** The widest interval of a run so far; a newer run begins anew. */
export function widestInterval(before: WidestInterval | null, report: VarReport | null): WidestInterval | null {
  const halfWidthUsd = report === null ? null : halfWidth(report);
  if (report === null || halfWidthUsd === null) return before;
  const { inputVersion } = report;
  if (before?.inputVersion !== inputVersion) return { inputVersion, halfWidthUsd };
  return halfWidthUsd > before.halfWidthUsd ? { inputVersion, halfWidthUsd } : before;
}

function halfWidth({ valueAtRiskUsd, confidenceInterval95 }: VarReport): number | null {
  if (confidenceInterval95 === null) return null;
  const [low, high] = confidenceInterval95.valueAtRiskUsd;
  return Math.max(valueAtRiskUsd - low, high - valueAtRiskUsd);
}

/**
 * How many paths a run will take: those at which its errors meet the target, if they fall with the root of their number, and at most
 * all it was asked for.
 */
export function expectedPaths(
  soFar: VarReport | null,
  { targetStandardErrorShare: share }: Pick<VarSettings, 'targetStandardErrorShare'>,
  pathsAsked: number,
): number {
  const error = soFar && relativeError(soFar);
  if (soFar === null || error === null || share === null) return pathsAsked;
  return Math.min(pathsAsked, Math.ceil(soFar.observations * Math.max(1, error / share) ** 2));
}

/** The larger of the standard errors of VaR and ES, as a share of their figures. */
function relativeError({ valueAtRiskUsd, expectedShortfallUsd, standardError }: VarReport): number | null {
  if (standardError === null) return null;
  const share = (error: number, figure: number) => (error === 0 ? 0 : error / Math.abs(figure));
  return Math.max(
    share(standardError.valueAtRiskUsd, valueAtRiskUsd),
    share(standardError.expectedShortfallUsd, expectedShortfallUsd),
  );
}

function endingOf(
  report: VarReport,
  { paths, targetStandardErrorShare: share }: RefinementInput['settings'],
  isSettled: boolean,
): string {
  const target = share === null ? null : `±${plainPercent(share)}`;
  if (!isSettled) return `refining to ${target ?? `${money(paths)}${NBSP}paths`}`;
  const error = relativeError(report);
  return target !== null && error !== null && error <= share! ? `within ${target}` : 'all paths drawn';
}

function samplingText({ sampling, observations }: VarReport): Explained | null {
  if (sampling === undefined) return null;
  const worth = sampling.effectivePaths.valueAtRisk;
  const sure = worth === null ? '' : `, as sure as ${roundCount(worth)} plain paths`;
  const judged = 'How many plain paths would be as sure is the run’s own estimate, for VaR.';
  switch (sampling.method) {
    case 'plain':
      if (sampling.isKept)
        return {
          text: 'kept paths',
          hint: `${money(observations)} independent paths of this seed, the same at every edit, so that its figure follows at once. The run that begins when you pause takes its place as soon as it is as sure.`,
        };
      return {
        text: 'plain paths',
        hint: `${money(observations)} independent paths, each of which counts the same.`,
      };
    case 'sobol':
      return {
        text: `even points${sure}`,
        hint: `paths are spread evenly over all moves instead of at random. ${judged}`,
      };
    case 'importance':
      return {
        text: `weighted${sure}`,
        hint: `more paths are drawn where this book loses, and each counts by how likely it is. ${judged}`,
      };
  }
}

function revaluationText({ proxyError, notices }: VarReport, asked: VarSettings['revaluation']): Explained {
  if (proxyError !== null && proxyError.pieces > 0) {
    const { maxUsd, shareOfGrossPremium: share, fullCoins } = proxyError;
    const premium = share === null ? '' : ` (${significant(share * 1e6)} millionths of gross premium)`;
    const rest = fullCoins.length === 0 ? '' : `, ${fullCoins.join(' and ')} in full`;
    return {
      text: 'proxy',
      rest: `, off by at most ${significant(maxUsd)} USD${premium}${rest}`,
      hint: [
        'a fitted function of spot and vol stands for all positions of a coin. The error is judged at points that were not used to fit it; VaR and ES are no farther off than that.',
        ...reasons(fullCoins, notices),
      ].join(' '),
    };
  }
  if (proxyError !== null && proxyError.fullCoins.length > 0)
    return {
      text: 'full revaluation: no proxy would hold',
      hint: ['every position is priced on every path.', ...reasons(proxyError.fullCoins, notices)].join(' '),
    };
  if (asked === 'delta-gamma')
    return {
      text: 'delta-gamma, error not measured',
      hint: 'paths are valued by Greeks up to second order, which says little of moves far from here.',
    };
  return {
    text: 'full revaluation',
    hint:
      asked === 'auto'
        ? 'every position is priced on every path; a proxy would not be faster for so few.'
        : 'every position is priced on every path.',
  };
}

/** Why coins are revalued in full, as the run says it. */
function reasons(coins: readonly string[], notices: VarReport['notices']): readonly string[] {
  return notices.flatMap(({ message, underlying }) =>
    underlying !== undefined && coins.includes(underlying) && message.includes('revalued in full')
      ? [`${message}.`]
      : [],
  );
}

/** `4.1 million`, `240,000`: two or three digits that matter. */
export function roundCount(count: number): string {
  if (count >= 1e6) return `${decimal(count / 1e6, count >= 1e7 ? 0 : 1)} million`;
  return money(Number(count.toPrecision(2)));
}

/** Two digits, rounded up: a bound stays one. */
export function significant(value: number): string {
  if (!(value > 0)) return '0';
  const digits = Math.max(0, 1 - Math.floor(Math.log10(value)));
  return decimal(Math.ceil(value * 10 ** digits * (1 - 1e-12)) / 10 ** digits, digits);
}

/** `0.25 %`. */
function plainPercent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}${NBSP}%`;
}
