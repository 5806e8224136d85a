import type { ExceptionPairs } from '../../engine/domain/backtestReport.ts';
import { RiskError } from '../../engine/domain/failure.ts';
import { binomialDistribution } from '../../engine/numerics/binomial.ts';
import { acerbiSzekely } from '../../engine/var/acerbiSzekely.ts';
import { conditionalCoverageTest, exceptionPairs, independenceTest } from '../../engine/var/christoffersenTest.ts';
import { kupiecTest } from '../../engine/var/kupiecTest.ts';
import { shortfallNull } from '../../engine/var/shortfallNull.ts';
import { trafficLight, zoneStarts } from '../../engine/var/trafficLight.ts';
import { type CaseInputs, type FamilyAdapters, numberInput } from './ConformanceAdapter.ts';

function kupiec(inputs: CaseInputs) {
  return kupiecTest(numberInput(inputs, 'failures'), numberInput(inputs, 'n'), numberInput(inputs, 'p'));
}

function pairsOf(inputs: CaseInputs): ExceptionPairs {
  return {
    n00: numberInput(inputs, 'n00'),
    n01: numberInput(inputs, 'n01'),
    n10: numberInput(inputs, 'n10'),
    n11: numberInput(inputs, 'n11'),
  };
}

function conditional(inputs: CaseInputs) {
  return conditionalCoverageTest(
    numberInput(inputs, 'failures'),
    numberInput(inputs, 'n'),
    numberInput(inputs, 'p'),
    pairsOf(inputs),
  );
}

function binomial(inputs: CaseInputs) {
  return binomialDistribution(numberInput(inputs, 'n'), numberInput(inputs, 'p'));
}

function numbersInput(inputs: CaseInputs, name: string): readonly number[] {
  const values = inputs[name];
  if (Array.isArray(values) && values.every((value) => typeof value === 'number')) return values;
  throw new RiskError('bad-value', `The case has no list of numbers "${name}" in its inputs`);
}

function fromSequence(inputs: CaseInputs) {
  const days = numberInput(inputs, 'n');
  const at = numbersInput(inputs, 'exceptions_at');
  if (!Number.isInteger(days) || at.some((day) => !(Number.isInteger(day) && day >= 0 && day < days)))
    throw new RiskError('bad-value', `Exceptions must lie on days 0 to ${days - 1}`);
  const sequence = new Uint8Array(days);
  for (const day of at) sequence[day] = 1;
  const failures = sequence.reduce((sum, day) => sum + day, 0);
  const probability = numberInput(inputs, 'p');
  const pairs = exceptionPairs(sequence);
  const both = conditionalCoverageTest(failures, days, probability, pairs);
  return {
    failures,
    ...pairs,
    lr_uc: kupiecTest(failures, days, probability).likelihoodRatio,
    lr_ind: independenceTest(pairs).likelihoodRatio,
    lr_cc: both.likelihoodRatio,
    pvalue_cc: both.pValue,
  };
}

/** A level that the file may write into a sentence: `first count with P(X<=k) >= 0.95`. */
function levelInput(inputs: CaseInputs, name: string): number | undefined {
  const text = /[\d.]+$/.exec(String(inputs[name] ?? ''))?.[0];
  return text === undefined ? undefined : Number(text);
}

export const backtests: FamilyAdapters = {
  'kupiec.all': (inputs) => ({
    lr: kupiec(inputs).likelihoodRatio,
    pvalue: kupiec(inputs).pValue,
    prob_at_most: binomial(inputs).atMost(numberInput(inputs, 'failures')),
  }),
  'kupiec.lr': (inputs) => kupiec(inputs).likelihoodRatio,
  'kupiec.pvalue': (inputs) => kupiec(inputs).pValue,
  'christoffersen.from_sequence': fromSequence,
  'christoffersen.independence_lr': (inputs) => independenceTest(pairsOf(inputs)).likelihoodRatio,
  'christoffersen.independence_pvalue': (inputs) => independenceTest(pairsOf(inputs)).pValue,
  'christoffersen.conditional_lr': (inputs) => conditional(inputs).likelihoodRatio,
  'christoffersen.conditional_pvalue': (inputs) => conditional(inputs).pValue,
  'binomial.prob_exact': (inputs) => binomial(inputs).probability(numberInput(inputs, 'k')),
  'binomial.prob_at_most': (inputs) => binomial(inputs).atMost(numberInput(inputs, 'k')),
  'binomial.prob_at_least': (inputs) => binomial(inputs).atLeast(numberInput(inputs, 'k')),
  'binomial.prob_more_than': (inputs) => binomial(inputs).atLeast(numberInput(inputs, 'k') + 1),
  'traffic_light.basel_250': (inputs) => {
    const light = trafficLight(numberInput(inputs, 'exceptions'), numberInput(inputs, 'n'), numberInput(inputs, 'p'));
    return {
      zone: light.zone,
      multiplier_add_on_1996: light.addOn?.basel1996 ?? null,
      multiplier_add_on_2019: light.addOn?.basel2019 ?? null,
      prob_exact: light.probability,
      prob_at_most: light.probabilityAtMost,
      type1_error: light.probabilityAtLeast,
    };
  },
  'traffic_light.zone_start': (inputs) =>
    zoneStarts(
      numberInput(inputs, 'n'),
      numberInput(inputs, 'p'),
      levelInput(inputs, 'yellow_from'),
      levelInput(inputs, 'red_from'),
    ),
  'es_backtest.acerbi_szekely': (inputs) => {
    const statistics = acerbiSzekely(
      numbersInput(inputs, 'pnl'),
      numbersInput(inputs, 'var'),
      numbersInput(inputs, 'es'),
      numberInput(inputs, 'alpha'),
    );
    return {
      exceptions: statistics.exceptions,
      z1: statistics.z1,
      z2: statistics.z2,
      minimally_biased_abs: statistics.minimallyBiased,
    };
  },
  'es_backtest.z2_critical': (inputs) =>
    shortfallNull(numberInput(inputs, 'T'), numberInput(inputs, 'alpha'), 'normal').criticalValue(
      numberInput(inputs, 'significance'),
    ),
};
