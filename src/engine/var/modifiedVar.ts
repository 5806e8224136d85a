import { cornishFisherQuantile } from '../numerics/cornishFisher.ts';
import { inverseNormalCdf, normalPdf } from '../numerics/normal.ts';
import type { SampleMoments } from '../numerics/sampleMoments.ts';
import { tailProbability } from '../numerics/tailProbability.ts';

/**
 * Return at the Cornish-Fisher quantile of 1 - confidence, for a sample with these moments: "modified VaR" (Favre and Galeano
 * 2002). Signed as a return, normally negative.
 */
export function modifiedVarReturn(moments: SampleMoments, confidence: number): number {
  return moments.mean + Math.sqrt(moments.variance) * modifiedQuantile(moments, confidence);
}

/**
 * Modified expected shortfall of Boudt, Peterson and Croux (2008), "Estimation and decomposition of downside risk for portfolios
 * with non-normal returns": the mean of the Edgeworth density below the Cornish-Fisher quantile h,
 * -phi(h) [1 + h^3 S/6 + (h^4 - 2h^2 - 1) K/24 + (h^6 - 9h^4 + 9h^2 + 3) S^2/72] / (1 - c). The expansion can fail: where the
 * figure is milder than modified VaR or worse than a total loss, modified VaR stands, as in PerformanceAnalytics.
 */
export function modifiedEsReturn(moments: SampleMoments, confidence: number): number {
  const { mean, variance, skewness: s, excessKurtosis: k } = moments;
  const h = modifiedQuantile(moments, confidence);
  const h2 = h * h;
  const edgeworth =
    1 + (h2 * h * s) / 6 + ((h2 * h2 - 2 * h2 - 1) * k) / 24 + ((h2 * h2 * h2 - 9 * h2 * h2 + 9 * h2 + 3) * s * s) / 72;
  const shortfall = mean - (Math.sqrt(variance) * normalPdf(h) * edgeworth) / tailProbability(confidence);
  const valueAtRisk = modifiedVarReturn(moments, confidence);
  return shortfall > valueAtRisk || shortfall < -1 ? valueAtRisk : shortfall;
}

function modifiedQuantile(moments: SampleMoments, confidence: number): number {
  return cornishFisherQuantile(moments, inverseNormalCdf(tailProbability(confidence)));
}
