import { RiskError } from '../../engine/domain/failure.ts';
import { fittedPareto, paretoTailRisk } from '../../engine/numerics/generalizedPareto.ts';
import {
  type QuantileType,
  type StrataRule,
  sampleQuantile,
  strataQuantile,
} from '../../engine/numerics/sampleQuantile.ts';
import { tailProbability } from '../../engine/numerics/tailProbability.ts';
import { garchVariances } from '../../engine/scenario/garch.ts';
import { volatilityScaled } from '../../engine/scenario/historicalScenarios.ts';
import { ageWeight, weightedTail } from '../../engine/var/ageWeights.ts';
import { meanOfWorst, tailRisk } from '../../engine/var/tailRisk.ts';
import { type CaseData, type CaseInputs, type FamilyAdapters, numberInput } from './ConformanceAdapter.ts';
import { numbersInput, sampleInput } from './sampleInputs.ts';

const HYNDMAN_FAN: readonly QuantileType[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const STRATA: readonly StrataRule[] = [
  'index-above',
  'nearest-index',
  'sample-plus-one-nearest-index',
  'sample-interpolation',
  'sample-plus-one-interpolation',
  'midway-interpolation',
];

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

async function sortedSample(inputs: CaseInputs, data: CaseData): Promise<Float64Array> {
  return ascending(await sampleInput(inputs, data));
}

function gpdTail(inputs: CaseInputs) {
  return paretoTailRisk(
    { shape: numberInput(inputs, 'xi'), scale: numberInput(inputs, 'beta') },
    numberInput(inputs, 'threshold'),
    numberInput(inputs, 'n_exceed') / numberInput(inputs, 'n'),
    tailProbability(numberInput(inputs, 'alpha')),
  );
}

async function gpdFit(inputs: CaseInputs, data: CaseData) {
  const threshold = numberInput(inputs, 'threshold');
  const excesses = (await sampleInput(inputs, data)).filter((x) => x > threshold).map((x) => x - threshold);
  const fit = fittedPareto(excesses);
  if (fit === null) throw new RiskError('bad-value', 'These excesses have no maximum of the likelihood above xi = -1');
  return { xi: fit.shape, beta: fit.scale, neg_log_likelihood: -fit.logLikelihood, n_exceed: fit.count };
}

async function lossSample(inputs: CaseInputs, data: CaseData) {
  const losses = await sortedSample(inputs, data);
  const confidence = numberInput(inputs, 'alpha');
  const pnl = losses.map((loss) => -loss);
  const { valueAtRiskUsd, expectedShortfallUsd } = tailRisk(pnl, confidence);
  return {
    var_order_statistic: valueAtRiskUsd,
    es_mean_of_worst_ceil: meanOfWorst(pnl.sort(), confidence),
    es_acerbi_tasche: expectedShortfallUsd,
    var_type7: sampleQuantile(losses, confidence, 7),
  };
}

/** Named by the number of losses it averages, like `es_3_worst`. */
function volatilityScaledTail(inputs: CaseInputs) {
  const returns = Float64Array.from(numbersInput(inputs, 'returns'));
  const lambda = numberInput(inputs, 'lambda_');
  const confidence = numberInput(inputs, 'alpha');
  const exposure = numberInput(inputs, 'exposure');
  const adjusted = volatilityScaled(returns, lambda);
  const sorted = adjusted.slice().sort();
  const worst = Math.ceil(returns.length * tailProbability(confidence) - 1e-9);
  return {
    final_sigma: Math.sqrt(garchVariances(returns, { omega: 0, alpha: 1 - lambda, beta: lambda }).at(-1)!),
    first_adjusted: adjusted[0],
    last_adjusted: adjusted.at(-1),
    worst_adjusted: sorted[0],
    var_type7: -exposure * sampleQuantile(sorted, tailProbability(confidence), 7),
    [`es_${worst}_worst`]: exposure * meanOfWorst(sorted, confidence),
  };
}

function scenarioLoss(inputs: CaseInputs): number {
  const [before, after] = [numbersInput(inputs, 'v_prev'), numbersInput(inputs, 'v_next')];
  return numbersInput(inputs, 'exposures_k').reduce((sum, each, i) => sum + each * (1 - after[i]! / before[i]!), 0);
}

/** The worst losses of a history as `[scenario, loss]`, the largest first; scenario n is the newest. */
function worstLosses(inputs: CaseInputs): { readonly scenario: number; readonly loss: number }[] {
  const { worst } = inputs;
  if (!Array.isArray(worst)) throw new RiskError('bad-value', 'The case has no list "worst" in its inputs');
  return worst.map(([scenario, loss]: [number, number]) => ({ scenario, loss })).sort((a, b) => b.loss - a.loss);
}

function worstOrderStatistic(inputs: CaseInputs): number {
  const rank = Math.ceil(numberInput(inputs, 'n') * tailProbability(numberInput(inputs, 'alpha')) - 1e-9);
  const loss = worstLosses(inputs)[rank - 1]?.loss;
  if (loss === undefined) throw new RiskError('missing-data', `The case lists fewer than ${rank} losses`);
  return loss;
}

function ageWeightedTail(inputs: CaseInputs) {
  const worst = worstLosses(inputs);
  const [n, decay] = [numberInput(inputs, 'n'), numberInput(inputs, 'lambda_')];
  return weightedTail(
    worst.map(({ loss }) => loss),
    worst.map(({ scenario }) => ageWeight(n, decay, n - scenario)),
    numberInput(inputs, 'alpha'),
  );
}

export const historicalWeightedEvt: FamilyAdapters = {
  'gpd.var': (inputs) => gpdTail(inputs).valueAtRisk,
  'gpd.es': (inputs) => gpdTail(inputs).expectedShortfall,
  'gpd.var_es': (inputs) => {
    const { valueAtRisk, expectedShortfall } = gpdTail(inputs);
    return { var: valueAtRisk, es: expectedShortfall };
  },
  'gpd.mle': gpdFit,
  'sample_quantile.hyndman_fan_all': async (inputs, data) => {
    const sorted = await sortedSample(inputs, data);
    return Object.fromEntries(
      HYNDMAN_FAN.map((type) => [`type${type}`, sampleQuantile(sorted, numberInput(inputs, 'p'), type)]),
    );
  },
  'sample_quantile.strata_all': async (inputs, data) => {
    const sorted = await sortedSample(inputs, data);
    return Object.fromEntries(
      STRATA.map((rule) => [rule.replaceAll('-', '_'), strataQuantile(sorted, numberInput(inputs, 'p'), rule)]),
    );
  },
  'loss_sample.var_es': lossSample,
  'historical.vol_scaled': volatilityScaledTail,
  'historical.scenario_value': (inputs) =>
    (numberInput(inputs, 'today') * numberInput(inputs, 'v_next')) / numberInput(inputs, 'v_prev'),
  'historical.scenario_loss': scenarioLoss,
  'historical.var_5th_worst': worstOrderStatistic,
  'historical.age_weight': (inputs) => {
    const n = numberInput(inputs, 'n');
    return ageWeight(n, numberInput(inputs, 'lambda_'), n - numberInput(inputs, 'scenario'));
  },
  'historical.age_weight_periods_ago': (inputs) =>
    ageWeight(numberInput(inputs, 'n'), numberInput(inputs, 'lambda_'), numberInput(inputs, 'periods_ago') - 1),
  'historical.age_weighted_var': (inputs) => ageWeightedTail(inputs).valueAtRisk,
  'historical.age_weighted_es': (inputs) => ageWeightedTail(inputs).expectedShortfall,
};
