import type { ParameterSpec } from '../../domain/riskParameters.ts';
import { spec } from '../parameterSpec.ts';

const CHOICE = "Headroom's choice";

/**
 * What a clearing house sets for SPAN, for the user's own choosing: no clearing house publishes a set for coins that could be read.
 * Where a published figure stands behind a default, it says which.
 */
export const SPAN_PARAMETERS: readonly ParameterSpec[] = [
  spec(
    'priceScanRangeBtc',
    'Price scan range, BTC',
    'fraction of index',
    0.3,
    0.01,
    0.9,
    `Widest ordinary move of the price, and what one future is asked in maintenance. ${CHOICE}: CME is reported to have asked 43 % of a bitcoin future in December 2017 and 35 % in 2021 (press and traders).`,
  ),
  spec(
    'priceScanRangeEth',
    'Price scan range, ETH',
    'fraction of index',
    0.35,
    0.01,
    0.9,
    `The same for ETH. ${CHOICE}: ETH moves a little more than BTC.`,
  ),
  spec(
    'priceScanRangeOther',
    'Price scan range, other coins',
    'fraction of index',
    0.4,
    0.01,
    0.9,
    `The same for every other coin. ${CHOICE}.`,
  ),
  spec(
    'volScanRange',
    'Vol scan range',
    'vol, relative',
    0.3,
    0,
    2,
    `Share of its own vol by which each option is scanned up and down: a relative range. ${CHOICE}: an absolute one would weigh on long options, whose vol moves least.`,
  ),
  spec(
    'extremeMultiple',
    'Extreme move',
    'price scan ranges',
    2,
    1,
    10,
    `Size of scenarios 15 and 16; no fall goes below 95 %. ${CHOICE}: the older 2 ranges (McMillan), since CME's 3 (gasoil options, 2008) would take a coin's price through zero.`,
  ),
  spec(
    'extremeCover',
    'Extreme cover',
    'fraction',
    0.35,
    0,
    1,
    'Share of the loss in scenarios 15 and 16 that counts: 35 % goes with 2 ranges (McMillan), 33 % with 3 (CME).',
  ),
  spec(
    'lookAheadDays',
    'Look-ahead',
    'days',
    1,
    0,
    30,
    'Life that an option loses before it is valued again. CME: one day.',
  ),
  spec(
    'interMonthRate',
    'Inter-month charge',
    'fraction of index',
    0.0175,
    0,
    0.5,
    `Charged on each delta of one expiry that the scan sets against a delta of another. ${CHOICE}: the calendar rate of NSE, India, one source.`,
  ),
  spec(
    'interCommodityRate',
    'Inter-commodity credit, BTC and ETH',
    'fraction',
    0.5,
    0,
    1,
    `Share of the price risk given back for BTC deltas against ETH deltas of the same USD. ${CHOICE}.`,
  ),
  spec(
    'shortOptionMinimumRate',
    'Short option minimum',
    'fraction of the price scan range',
    0.05,
    0,
    1,
    `Least risk of an option sold; the larger side, calls or puts, counts. CME states it as a share of a future's margin (advisory 20-251); the share is ${CHOICE}.`,
  ),
  spec(
    'initialFactor',
    'Initial over maintenance',
    'multiple',
    1.1,
    1,
    2,
    'CME asks 110 % of maintenance of speculators, 100 % of hedgers. From memory, unverified.',
  ),
  spec(
    'coinHaircut',
    'Haircut on coins',
    'fraction of value',
    0.3,
    0,
    1,
    `Coins held as collateral count less by this share, coins owed more: they are no part of the scan. ${CHOICE}: the scan range of BTC.`,
  ),
];
