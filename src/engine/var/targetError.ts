import { RiskError } from '../domain/failure.ts';
import type { VarReport, VarRequest } from '../domain/riskReport.ts';

type Targets = Pick<VarRequest, 'targetStandardErrorUsd' | 'targetStandardErrorShare'>;
type Figures = Pick<VarReport, 'valueAtRiskUsd' | 'expectedShortfallUsd' | 'standardError'>;

/**
 * How many times larger than its target the largest standard error is: VaR and ES are both held to it, and to both targets where two
 * are set. At most 1 means met; null where there is no target or no error.
 */
export function errorOverTarget(
  { valueAtRiskUsd, expectedShortfallUsd, standardError }: Figures,
  { targetStandardErrorUsd, targetStandardErrorShare }: Targets,
): number | null {
  if (standardError === null) return null;
  if (targetStandardErrorUsd === undefined && targetStandardErrorShare === undefined) return null;
  const over = (errorUsd: number, figureUsd: number): number => {
    const target = Math.min(
      targetStandardErrorUsd ?? Number.POSITIVE_INFINITY,
      (targetStandardErrorShare ?? Number.POSITIVE_INFINITY) * Math.abs(figureUsd),
    );
    // A figure of zero without error, as of a book that gains whatever happens, is as sure as can be.
    return errorUsd === 0 ? 0 : errorUsd / target;
  };
  return Math.max(
    over(standardError.valueAtRiskUsd, valueAtRiskUsd),
    over(standardError.expectedShortfallUsd, expectedShortfallUsd),
  );
}

/** How many paths the target takes, should errors fall with the root of their number; at most `most`, which is also the answer without a target. */
export function pathsNeeded(figures: Figures, targets: Targets, done: number, most: number): number {
  const over = errorOverTarget(figures, targets);
  return over === null ? most : Math.min(most, Math.ceil(done * Math.max(over, 1) ** 2));
}

/** @throws RiskError `bad-value` for a target that is no positive number. */
export function checkTargets({ targetStandardErrorUsd, targetStandardErrorShare }: Targets): void {
  if (targetStandardErrorUsd !== undefined && !(targetStandardErrorUsd > 0)) {
    throw new RiskError('bad-value', `The target standard error must be above 0 USD; got ${targetStandardErrorUsd}`);
  }
  if (targetStandardErrorShare !== undefined && !(targetStandardErrorShare > 0)) {
    throw new RiskError(
      'bad-value',
      `The target standard error must be above 0 of the figure, like 0.0025; got ${targetStandardErrorShare}`,
    );
  }
}

/** `2500 USD`, `0.25 % of each`: the targets in words. */
export function targetText({ targetStandardErrorUsd, targetStandardErrorShare }: Targets): string {
  return [
    ...(targetStandardErrorUsd === undefined ? [] : [`${targetStandardErrorUsd} USD`]),
    ...(targetStandardErrorShare === undefined
      ? []
      : [`${Number((100 * targetStandardErrorShare).toPrecision(6))} % of each`]),
  ].join(' and ');
}
