import { DAYS_PER_YEAR } from '../../engine/domain/units.ts';
import { inverseNormalCdf, normalCdf, normalPdf } from '../../engine/numerics/normal.ts';
import { sampleMoments } from '../../engine/numerics/sampleMoments.ts';
import { sampleQuantile } from '../../engine/numerics/sampleQuantile.ts';
import { studentTQuantile } from '../../engine/numerics/studentT.ts';
import { tailProbability } from '../../engine/numerics/tailProbability.ts';
import {
  linearIncrementalVar,
  linearTail,
  locatedTail,
  standardNormalTail,
  standardStudentTTail,
  studentTUnitScale,
  type TailFigures,
} from '../../engine/var/closedFormVar.ts';
import { modifiedEsReturn, modifiedVarReturn } from '../../engine/var/modifiedVar.ts';
import { type CaseData, type CaseInputs, type FamilyAdapters, numberInput } from './ConformanceAdapter.ts';
import { matrixInput, numbersInput, seriesInput } from './sampleInputs.ts';

/** A confidence, also where it is written with its meaning before it (`N(2)=0.977...`). */
function confidenceInput(inputs: CaseInputs): number {
  const { alpha } = inputs;
  return typeof alpha === 'string' ? Number(alpha.slice(alpha.lastIndexOf('=') + 1)) : numberInput(inputs, 'alpha');
}

function normalTail(inputs: CaseInputs): TailFigures {
  return locatedTail(
    standardNormalTail(confidenceInput(inputs)),
    numberInput(inputs, 'mean'),
    numberInput(inputs, 'sd'),
  );
}

function studentT(inputs: CaseInputs) {
  const [mean, sd, nu] = [numberInput(inputs, 'mean'), numberInput(inputs, 'sd'), numberInput(inputs, 'nu')];
  const standard = standardStudentTTail(nu, confidenceInput(inputs));
  const scaled = locatedTail(standard, mean, sd);
  const unit = locatedTail(standard, mean, sd * studentTUnitScale(nu));
  return {
    quantile: standard.valueAtRisk,
    es_standard: standard.expectedShortfall,
    var_scale: scaled.valueAtRisk,
    es_scale: scaled.expectedShortfall,
    var_sd: unit.valueAtRisk,
    es_sd: unit.expectedShortfall,
  };
}

function linearPortfolio(inputs: CaseInputs) {
  const years = numberInput(inputs, 'horizon_days') / DAYS_PER_YEAR;
  const vols = numbersInput(inputs, 'annual_vol');
  const confidence = confidenceInput(inputs);
  const correlation = matrixInput(inputs, 'correlation');
  const portfolio = {
    exposures: numbersInput(inputs, 'exposure_usd'),
    means: numbersInput(inputs, 'annual_drift').map((drift) => drift * years),
    covariance: correlation.map((row, i) => row.map((rho, j) => rho * vols[i]! * vols[j]! * years)),
    standard:
      inputs.distribution === 'student_t'
        ? unitStudentT(numberInput(inputs, 'nu'), confidence)
        : standardNormalTail(confidence),
  };
  const tail = linearTail(portfolio);
  return {
    mean: tail.mean,
    sd: tail.deviation,
    var: tail.valueAtRisk,
    es: tail.expectedShortfall,
    component_var: tail.componentVar,
    component_es: tail.componentEs,
    marginal_var: tail.marginalVar,
    incremental_var_first: linearIncrementalVar(portfolio, 0),
  };
}

function unitStudentT(nu: number, confidence: number): TailFigures {
  return locatedTail(standardStudentTTail(nu, confidence), 0, studentTUnitScale(nu));
}

/** QuantLib floors losses and gains at zero. */
function gaussianStatistics(inputs: CaseInputs) {
  const { valueAtRisk, expectedShortfall } = normalTail(inputs);
  const [mean, sd] = [numberInput(inputs, 'mean'), numberInput(inputs, 'sd')];
  return {
    var: Math.max(valueAtRisk, 0),
    potential_upside: Math.max(valueAtRisk + 2 * mean, 0),
    expected_shortfall: Math.max(expectedShortfall, 0),
    shortfall_at_mean: normalCdf(0),
    average_shortfall_at_mean: (sd * normalPdf(0)) / normalCdf(0),
    regret_at_mean: sd * sd,
  };
}

async function returnsOf(inputs: CaseInputs, data: CaseData): Promise<Float64Array> {
  return Float64Array.from(await seriesInput(inputs.series, data));
}

/** The returns' mean and population deviation as a normal distribution; the figures as returns. */
async function gaussianReturns(inputs: CaseInputs, data: CaseData): Promise<TailFigures> {
  const { mean, variance } = sampleMoments(await returnsOf(inputs, data));
  const loss = locatedTail(standardNormalTail(confidenceInput(inputs)), mean, Math.sqrt(variance));
  return { valueAtRisk: -loss.valueAtRisk, expectedShortfall: -loss.expectedShortfall };
}

async function historicalReturns(inputs: CaseInputs, data: CaseData): Promise<TailFigures> {
  const sorted = (await returnsOf(inputs, data)).sort();
  const valueAtRisk = sampleQuantile(sorted, tailProbability(confidenceInput(inputs)), 7);
  const below = sorted.filter((value) => value < valueAtRisk);
  return { valueAtRisk, expectedShortfall: below.reduce((sum, value) => sum + value, 0) / below.length };
}

async function portfolioSampleCovariance(inputs: CaseInputs, data: CaseData): Promise<number> {
  const { series, rows } = inputs;
  const first = typeof rows === 'string' ? Number(/\d+/.exec(rows)?.[0] ?? Number.NaN) : undefined;
  const columns = await Promise.all(
    (Array.isArray(series) ? series : [series]).map((name) => seriesInput(name, data, first)),
  );
  const means = columns.map((column) => sampleMoments(column).mean);
  const n = columns[0]!.length;
  const product = (i: number, j: number): number =>
    columns[i]!.reduce((sum, value, t) => sum + ((value - means[i]!) * (columns[j]![t]! - means[j]!)) / (n - 1), 0);
  return linearTail({
    exposures: numbersInput(inputs, 'weights'),
    means,
    covariance: columns.map((_, i) => columns.map((__, j) => product(i, j))),
    standard: standardNormalTail(confidenceInput(inputs)),
  }).valueAtRisk;
}

export const varEs: FamilyAdapters = {
  'normal.inverse_cdf': (inputs) => inverseNormalCdf(numberInput(inputs, 'p')),
  'student_t.inverse_cdf': (inputs) => studentTQuantile(numberInput(inputs, 'p'), numberInput(inputs, 'nu')),
  'var_es.normal': (inputs) => {
    const { valueAtRisk, expectedShortfall } = normalTail(inputs);
    return { var: valueAtRisk, es: expectedShortfall };
  },
  'var_es.student_t': studentT,
  'linear_portfolio.var_es': linearPortfolio,
  gaussian_statistics: gaussianStatistics,
  'returns_var.gaussian': async (inputs, data) => (await gaussianReturns(inputs, data)).valueAtRisk,
  'returns_es.gaussian': async (inputs, data) => (await gaussianReturns(inputs, data)).expectedShortfall,
  'returns_var.historical_type7': async (inputs, data) => (await historicalReturns(inputs, data)).valueAtRisk,
  'returns_es.historical_mean_below_type7': async (inputs, data) =>
    (await historicalReturns(inputs, data)).expectedShortfall,
  'returns_var.cornish_fisher': async (inputs, data) =>
    modifiedVarReturn(sampleMoments(await returnsOf(inputs, data)), confidenceInput(inputs)),
  'returns_es.cornish_fisher_bpc2008': async (inputs, data) =>
    modifiedEsReturn(sampleMoments(await returnsOf(inputs, data)), confidenceInput(inputs)),
  'portfolio_var.gaussian_sample_cov': portfolioSampleCovariance,
};
