import type { ProxyVerification } from '../../engine/domain/proxyVerification.ts';
import { decimal, money, signed } from '../../ui/format.ts';
import { significant } from './refinementView.ts';

export interface VerificationView {
  readonly rows: readonly {
    readonly name: string;
    readonly proxy: string;
    readonly full: string;
    readonly difference: string;
  }[];
  /** What the largest difference on a path is, beside what the proxy stated. */
  readonly sentences: readonly string[];
  /** Whether the stated error holds on every path. */
  readonly holds: boolean;
}

/** Value at risk by proxy beside full revaluation, in USD with as many decimals as the difference shows in. */
export function verificationView({ report, full, ...found }: ProxyVerification): VerificationView {
  const pairs = [
    ['VaR', report.valueAtRiskUsd, full.valueAtRiskUsd],
    ['Expected shortfall', report.expectedShortfallUsd, full.expectedShortfallUsd],
  ] as const;
  const least = Math.min(...pairs.map(([, proxy, truth]) => Math.abs(proxy - truth)).filter((size) => size > 0));
  const digits = Number.isFinite(least) ? Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(least)))) : 2;
  const statedUsd = report.proxyError?.maxUsd ?? 0;
  const holds = found.largestDifferenceUsd <= statedUsd;
  const share = found.shareOfGrossPremium;
  const premium = share === null ? '' : `, ${significant(share * 1e6)} millionths of gross premium`;
  return {
    rows: pairs.map(([name, proxy, truth]) => ({
      name,
      proxy: decimal(proxy, digits),
      full: decimal(truth, digits),
      difference: signed(proxy - truth, digits),
    })),
    sentences: [
      `The largest difference on any of ${money(found.paths)} paths is ${significant(found.largestDifferenceUsd)} USD (path ${money(found.path + 1)}${premium}).`,
      holds
        ? `That is within the ${significant(statedUsd)} USD that the proxy states.`
        : `That is more than the ${significant(statedUsd)} USD that the proxy states: use full revaluation for this book.`,
      ...(full.standardError === null
        ? []
        : [
            `The standard error of VaR is ${significant(full.standardError.valueAtRiskUsd)} USD: ${holds ? 'next to it the proxy makes no difference' : 'it comes on top'}.`,
          ]),
      ...(report.elapsedMs > 0 && full.elapsedMs > 0
        ? [`Proxy ${significant(report.elapsedMs / 1000)} s, full revaluation ${significant(full.elapsedMs / 1000)} s.`]
        : []),
    ],
    holds,
  };
}
