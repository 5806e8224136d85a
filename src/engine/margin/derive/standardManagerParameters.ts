import { publishedValues, row, type TableValues } from './parameterTable.ts';

/**
 * Production values of Derive's standard manager for ETH, which BTC shares but for its base. Source: derivexyz/v2-core
 * 7736900d of 2026-01-21, production configuration script (`scripts/config-mainnet.sol`).
 */
export const STANDARD_MANAGER_TABLE = [
  row('perpMM', 'Perpetual, maintenance', 'fraction', 0.065, 0, 1, 'Requirement on perpetuals, either side.'),
  row('perpIM', 'Perpetual, initial', 'fraction', 0.1, 0, 1, 'The same in initial margin.'),
  row(
    'maxSpotReq',
    'Short option, most',
    'fraction of spot',
    0.15,
    0,
    1,
    'Initial requirement of an option sold at the money.',
  ),
  row(
    'minSpotReq',
    'Short option, least',
    'fraction of spot',
    0.13,
    0,
    1,
    'Initial requirement of an option sold far out of the money.',
  ),
  row(
    'mmCallSpotReq',
    'Short call, maintenance',
    'fraction of spot',
    0.09,
    0,
    1,
    'Maintenance requirement of a call sold, beyond its mark.',
  ),
  row(
    'mmPutSpotReq',
    'Short put, maintenance',
    'fraction of spot',
    0.09,
    0,
    1,
    'Maintenance requirement of a put sold, beyond its mark.',
  ),
  row(
    'MMPutMtMReq',
    'Short put, share of mark',
    'fraction of mark',
    0.09,
    0,
    1,
    'The same as a share of its mark; the larger counts.',
  ),
  row(
    'unpairedIMScale',
    'Calls sold net, initial',
    'fraction of forward',
    1.2,
    0,
    5,
    'Added to the largest loss of an expiry for each call sold net.',
  ),
  row(
    'unpairedMMScale',
    'Calls sold net, maintenance',
    'fraction of forward',
    1.1,
    0,
    5,
    'The same in maintenance margin.',
  ),
  row(
    'mmOffsetScale',
    'Short put, initial over maintenance',
    'factor',
    1.05,
    1,
    5,
    'Initial margin of a put sold is at least this multiple of its maintenance margin.',
  ),
  row('baseMarginFactor', 'Base credit', 'fraction', 0.8, 0, 1, 'What wrapped coins count for as margin.'),
  row('baseIMScale', 'Base credit, initial', 'factor', 0.9375, 0, 1, 'Share of that credit in initial margin.'),
  row(
    'perpThreshold',
    'Perpetual confidence threshold',
    'fraction',
    0.55,
    0,
    1,
    'Confidence below which perpetuals are charged.',
  ),
  row(
    'optionThreshold',
    'Option confidence threshold',
    'fraction',
    0.55,
    0,
    1,
    'Confidence below which options sold are charged.',
  ),
  row(
    'baseThreshold',
    'Base confidence threshold',
    'fraction',
    0.55,
    0,
    1,
    'Confidence below which wrapped coins are charged.',
  ),
  row('OCFactor', 'Confidence charge', 'fraction of spot', 1, 0, 2, 'Charge at zero confidence, on the notional.'),
  row(
    'depegThreshold',
    'Peg threshold',
    'USD',
    0.99,
    0,
    1.5,
    'Stablecoin price below which initial margin is charged.',
  ),
  row(
    'depegFactor',
    'Peg factor',
    'fraction of spot per USD',
    2,
    0,
    20,
    'Charge for each dollar below the peg threshold.',
  ),
] as const;

export type StandardManagerParameters = TableValues<typeof STANDARD_MANAGER_TABLE>;

export const STANDARD_MANAGER_VALUES: StandardManagerParameters = publishedValues(STANDARD_MANAGER_TABLE);

/** What differs from the table, by underlying; same source. */
const OWN_VALUES: Readonly<Record<string, Partial<StandardManagerParameters>>> = {
  BTC: { baseMarginFactor: 0.75, baseIMScale: 0.93 },
  SNX: {
    maxSpotReq: 0.25,
    minSpotReq: 0.225,
    mmCallSpotReq: 0.15,
    mmPutSpotReq: 0.15,
    MMPutMtMReq: 0.15,
    unpairedIMScale: 1.4,
    unpairedMMScale: 1.3,
    baseMarginFactor: 0.7,
    baseIMScale: 0.65,
  },
  SOL: { perpMM: 0.067, perpIM: 0.1 },
};

/** Published values for an underlying; one that is not named has those of the table. */
export function standardManagerValues(underlying: string): StandardManagerParameters {
  return Object.hasOwn(OWN_VALUES, underlying)
    ? { ...STANDARD_MANAGER_VALUES, ...OWN_VALUES[underlying] }
    : STANDARD_MANAGER_VALUES;
}
