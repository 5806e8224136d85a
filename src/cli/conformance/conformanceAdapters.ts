import { backtests } from './backtests.ts';
import { black76Dense } from './black76Dense.ts';
import { black76ImpliedVol } from './black76ImpliedVol.ts';
import { black76Inverse } from './black76Inverse.ts';
import { cexDeribitMarks } from './cexDeribitMarks.ts';
import { cexDeribitPm } from './cexDeribitPm.ts';
import { cexDeribitStandard } from './cexDeribitStandard.ts';
import { cexVenues } from './cexVenues.ts';
import { cexRegtCboe } from './cexRegtCboe.ts';
import { cexSpanTims } from './cexSpanTims.ts';
import type { FamilyAdapters } from './ConformanceAdapter.ts';
import { deltaGammaCornishFisher } from './deltaGammaCornishFisher.ts';
import { deriveCash } from './deriveCash.ts';
import { derivePm1 } from './derivePm1.ts';
import { derivePm2 } from './derivePm2.ts';
import { derivePricing } from './derivePricing.ts';
import { deriveSrm } from './deriveSrm.ts';
import { europeanBsmPublished } from './europeanBsmPublished.ts';
import { historicalWeightedEvt } from './historicalWeightedEvt.ts';
import { onchainEngines } from './onchainEngines.ts';
import { varEs } from './varEs.ts';
import { volSurface } from './volSurface.ts';
import { rngQmcDistributions } from './rngQmcDistributions.ts';
import { stochasticVolJump } from './stochasticVolJump.ts';

/** Every vector family the engine answers, by its name in the reference files. A new family is one file and one line. */
export const conformanceAdapters: ReadonlyMap<string, FamilyAdapters> = new Map([
  ['backtests', backtests],
  ['black76_dense', black76Dense],
  ['black76_implied_vol', black76ImpliedVol],
  ['black76_inverse', black76Inverse],
  ['european_bsm_published', europeanBsmPublished],
  ['vol_surface', volSurface],
  ['historical_weighted_evt', historicalWeightedEvt],
  ['var_es', varEs],
  ['delta_gamma_cornish_fisher', deltaGammaCornishFisher],
  ['derive-cash', deriveCash],
  ['derive-pm1', derivePm1],
  ['derive-pm2', derivePm2],
  ['derive-pricing', derivePricing],
  ['derive-srm', deriveSrm],
  ['cex-deribit-marks', cexDeribitMarks],
  ['cex-deribit-pm', cexDeribitPm],
  ['cex-deribit-standard', cexDeribitStandard],
  ['cex-venues', cexVenues],
  ['rng_qmc_distributions', rngQmcDistributions],
  ['stochastic_vol_jump', stochasticVolJump],
  ['cex-span-tims', cexSpanTims],
  ['cex-regt-cboe', cexRegtCboe],
  ['onchain-engines', onchainEngines],
]);
