import type { Verb } from './Verb.ts';
import { backtestVerb } from './verbs/backtest.ts';
import { batch } from './verbs/batch.ts';
import { conformance } from './verbs/conformance.ts';
import { cliff, cut, fillOrderVerb } from './verbs/decide.ts';
import { exchange } from './verbs/exchange.ts';
import { importChainVerb } from './verbs/importChain.ts';
import { explain } from './verbs/explain.ts';
import { explainMargin } from './verbs/explainMargin.ts';
import { impliedVolatilityVerb } from './verbs/impliedVolatility.ts';
import { margin } from './verbs/margin.ts';
import { models } from './verbs/models.ts';
import { paths } from './verbs/paths.ts';
import { price } from './verbs/price.ts';
import { recordChains } from './verbs/recordChains.ts';
import { replay } from './verbs/replay.ts';
import { stress } from './verbs/stress.ts';
import { surface } from './verbs/surface.ts';
import { value } from './verbs/value.ts';
import { valueAtRiskVerb } from './verbs/valueAtRisk.ts';

/** Every verb, in the order in which help shows them. */
export const verbs: readonly Verb[] = [
  value,
  stress,
  explain,
  margin,
  explainMargin,
  batch,
  cut,
  fillOrderVerb,
  cliff,
  models,
  valueAtRiskVerb,
  paths,
  backtestVerb,
  surface,
  price,
  impliedVolatilityVerb,
  importChainVerb,
  recordChains,
  replay,
  exchange,
  conformance,
];
