import { spec } from '../parameterSpec.ts';
import { publishedValues, type TableValues } from './parameterTable.ts';

const DOCUMENTATION = { source: 'docs.derive.xyz, standard margin parameters', date: '2024-06-12' };

/**
 * Production values of Derive's standard manager for ETH, which BTC shares but for its base, as the production script has them
 * but for the perpetual's.
 */
export const STANDARD_MANAGER_TABLE = [
  spec(
    'perpMM',
    'Perpetual, maintenance',
    'fraction',
    0.05,
    0,
    1,
    'Requirement on perpetuals of BTC and ETH, either side. The production script has 0.065; the documentation has 0.05, which the chain is recorded to have since 2024-06-12.',
    DOCUMENTATION,
  ),
  spec(
    'perpIM',
    'Perpetual, initial',
    'fraction',
    0.066,
    0,
    1,
    'The same in initial margin. The production script has 0.1, for the same reason not taken.',
    DOCUMENTATION,
  ),
  spec(
    'maxSpotReq',
    'Short option, most',
    'fraction of spot',
    0.15,
    0,
    1,
    'Initial requirement of an option sold at the money.',
  ),
  spec(
    'minSpotReq',
    'Short option, least',
    'fraction of spot',
    0.13,
    0,
    1,
    'Initial requirement of an option sold far out of the money.',
  ),
  spec(
    'mmCallSpotReq',
    'Short call, maintenance',
    'fraction of spot',
    0.09,
    0,
    1,
    'Maintenance requirement of a call sold, beyond its mark.',
  ),
  spec(
    'mmPutSpotReq',
    'Short put, maintenance',
    'fraction of spot',
    0.09,
    0,
    1,
    'Maintenance requirement of a put sold, beyond its mark.',
  ),
  spec(
    'MMPutMtMReq',
    'Short put, share of mark',
    'fraction of mark',
    0.09,
    0,
    1,
    'The same as a share of its mark; the larger counts.',
  ),
  spec(
    'unpairedIMScale',
    'Calls sold net, initial',
    'fraction of forward',
    1.2,
    0,
    5,
    'Added to the largest loss of an expiry for each call sold net.',
  ),
  spec(
    'unpairedMMScale',
    'Calls sold net, maintenance',
    'fraction of forward',
    1.1,
    0,
    5,
    'The same in maintenance margin.',
  ),
  spec(
    'mmOffsetScale',
    'Short put, initial over maintenance',
    'factor',
    1.05,
    1,
    5,
    'Initial margin of a put sold is at least this multiple of its maintenance margin.',
  ),
  spec('baseMarginFactor', 'ETH credit', 'fraction', 0.8, 0, 1, 'What ETH held counts for as margin.'),
  spec('baseIMScale', 'ETH credit, initial', 'factor', 0.9375, 0, 1, 'Share of that credit in initial margin.'),
  spec(
    'perpThreshold',
    'Perpetual confidence threshold',
    'fraction',
    0.55,
    0,
    1,
    'Confidence below which perpetuals are charged.',
  ),
  spec(
    'optionThreshold',
    'Option confidence threshold',
    'fraction',
    0.55,
    0,
    1,
    'Confidence below which options sold are charged.',
  ),
  spec(
    'baseThreshold',
    'Base confidence threshold',
    'fraction',
    0.55,
    0,
    1,
    'Confidence below which wrapped coins are charged.',
  ),
  spec('OCFactor', 'Confidence charge', 'fraction of spot', 1, 0, 2, 'Charge at zero confidence, on the notional.'),
  spec(
    'depegThreshold',
    'Peg threshold',
    'USD',
    0.99,
    0,
    1.5,
    'Stablecoin price below which initial margin is charged.',
  ),
  spec(
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

/** What the model has beside the table: values of other coins and tokens. */
export const STANDARD_MANAGER_OTHERS = [
  spec(
    'perpMMOther',
    'Perpetual, maintenance, other coins',
    'fraction',
    0.067,
    0,
    1,
    'Requirement on perpetuals of SOL, DOGE, SUI, BNB, AAVE and LINK.',
  ),
  spec('perpIMOther', 'Perpetual, initial, other coins', 'fraction', 0.1, 0, 1, 'The same in initial margin.'),
  ...creditRows('BTC', 0.75, 0.93),
  ...creditRows('USDT', 0.98, 0.98),
  ...creditRows('DAI', 0.925, 0.92),
  ...creditRows('PYUSD', 0.925, 0.92),
] as const;

function creditRows<Asset extends string>(asset: Asset, factor: number, initialScale: number) {
  return [
    spec(
      `marginFactor${asset}`,
      `${asset} credit`,
      'fraction',
      factor,
      0,
      1,
      `What ${asset} held counts for as margin.`,
    ),
    spec(
      `IMScale${asset}`,
      `${asset} credit, initial`,
      'factor',
      initialScale,
      0,
      1,
      'Share of that credit in initial margin.',
    ),
  ] as const;
}

type StandardManagerSet = StandardManagerParameters & TableValues<typeof STANDARD_MANAGER_OTHERS>;

const OTHER_PERPETUALS = new Set(['SOL', 'DOGE', 'SUI', 'BNB', 'AAVE', 'LINK']);

/** Whether the requirement on a coin's perpetuals is known. */
export function hasStandardPerpetual(underlying: string): boolean {
  return hasStandardOptions(underlying) || OTHER_PERPETUALS.has(underlying);
}

/** Whether the requirement on a coin's options is known. */
export function hasStandardOptions(underlying: string): boolean {
  return underlying === 'BTC' || underlying === 'ETH';
}

/** The values that hold for an underlying. */
export function standardManagerValues(set: StandardManagerSet, underlying: string): StandardManagerParameters {
  if (underlying === 'ETH') return set;
  const { factor, initialScale } = tokenCredit(set, underlying) ?? { factor: 0, initialScale: 0 };
  const credited = { ...set, baseMarginFactor: factor, baseIMScale: initialScale };
  return underlying === 'BTC' ? credited : { ...credited, perpMM: set.perpMMOther, perpIM: set.perpIMOther };
}

/** What a coin or token held counts for, or null for one that is not taken. */
export function tokenCredit(
  set: StandardManagerSet,
  asset: string,
): { readonly factor: number; readonly initialScale: number } | null {
  switch (asset) {
    case 'ETH':
      return { factor: set.baseMarginFactor, initialScale: set.baseIMScale };
    case 'BTC':
    case 'USDT':
    case 'DAI':
    case 'PYUSD':
      return { factor: set[`marginFactor${asset}`], initialScale: set[`IMScale${asset}`] };
    default:
      return null;
  }
}
