import type { ParameterSpec } from '../../domain/riskParameters.ts';
import { spec } from '../parameterSpec.ts';
import { OKX_MINIMUM_CHARGE_MULTIPLIERS, OKX_MOVES, type OkxMoves } from './okx.ts';

export const OKX_HELP = 'OKX help centre, "Portfolio margin mode: cross-margin trading (Risk Unit Merge)"';
const NOTICE = 'OKX help centre, "further adjust portfolio margin parameters"';
const EXAMPLE = 'OKX API v5 documentation, example of the position builder';

const [MAJOR, LARGE, OTHER] = OKX_MOVES.map(({ values }) => values) as [OkxMoves, OkxMoves, OkxMoves];

/** The middle group of coins of MR1, MR4 and MR6, as the help page has it since December 2025. */
const LARGE_COINS = new Set(['SOL', 'DOGE', 'PEPE', 'XRP', 'BNB', 'SHIB', 'LTC', 'ORDI', 'WLD', 'BCH', 'ADA']);
const MAJOR_COINS = new Set(['BTC', 'ETH']);
const GROUPS = 'SOL, DOGE, PEPE, XRP, BNB, SHIB, LTC, ORDI, WLD, BCH and ADA';
const ONE_SOURCE =
  'One source: a public program that follows the page; the page itself was read only as far as its first figure, 30 points at 0 days.';
const FITTED = 'One source: solved from the single example, which prints the charge and the delta.';

/** Coins with parameters of their own; the keys of the parameters end in them. */
export type OkxCoinGroup = 'Major' | 'Large' | 'Other';

export function okxCoinGroup(symbol: string): OkxCoinGroup {
  if (MAJOR_COINS.has(symbol)) return 'Major';
  return LARGE_COINS.has(symbol) ? 'Large' : 'Other';
}

/** Days to expiry at which the vol shocks of MR1 are stated. */
export const OKX_TENORS = [0, 30, 60] as const;

export const OKX_PORTFOLIO_MARGIN_PARAMETERS: readonly ParameterSpec[] = [
  spec(
    'spotMoveMajor',
    'MR1 spot move, BTC and ETH',
    'fraction',
    MAJOR.spotMove,
    0.01,
    0.6,
    'Largest spot move of MR1 for BTC and ETH; a third and two thirds of it, either way, and none are scanned as well.',
  ),
  spec(
    'spotMoveLarge',
    'MR1 spot move, large coins',
    'fraction',
    LARGE.spotMove,
    0.01,
    0.6,
    `The same for ${GROUPS}. The notice of January 2025 names other coins for MR1; the later page is taken.`,
  ),
  spec(
    'spotMoveOther',
    'MR1 spot move, other coins',
    'fraction',
    OTHER.spotMove,
    0.01,
    0.6,
    'The same for every other coin, with 8 and 16 parts of 25 in between.',
  ),
  ...volShockParameters(),
  ...dated(NOTICE, '2025-01-06', [
    spec(
      'extremeMoveMajor',
      'MR6 move, BTC and ETH',
      'fraction',
      MAJOR.extremeMove,
      0.01,
      0.9,
      'Extreme move either way, vol unchanged.',
    ),
    spec(
      'extremeMoveLarge',
      'MR6 move, large coins',
      'fraction',
      LARGE.extremeMove,
      0.01,
      0.9,
      `The same for ${GROUPS}.`,
    ),
    spec(
      'extremeMoveOther',
      'MR6 move, other coins',
      'fraction',
      OTHER.extremeMove,
      0.01,
      0.9,
      'The same for every other coin.',
    ),
    spec('extremeCover', 'MR6 cover', 'fraction', 0.5, 0, 1, 'Share of the loss in the extreme move that counts.'),
    spec(
      'basisMajor',
      'MR4 basis move, BTC and ETH',
      'fraction per year',
      MAJOR.annualBasisMove,
      0,
      1,
      'Annualised move of the basis; times the years to an expiry it is the charge on the delta of that expiry.',
    ),
    spec(
      'basisLarge',
      'MR4 basis move, large coins',
      'fraction per year',
      LARGE.annualBasisMove,
      0,
      1,
      `The same for ${GROUPS}.`,
    ),
    spec(
      'basisOther',
      'MR4 basis move, other coins',
      'fraction per year',
      OTHER.annualBasisMove,
      0,
      1,
      'The same for every other coin.',
    ),
  ]),
  ...dated(EXAMPLE, '2025-01-06', [
    spec(
      'basisLeastMajor',
      'MR4 least, BTC and ETH',
      'fraction of delta',
      0.002,
      0,
      0.1,
      `Least charge on the delta of an expiry; what a perpetual pays. ${FITTED}`,
    ),
    spec(
      'basisLeastOther',
      'MR4 least, other coins',
      'fraction of delta',
      0.008,
      0,
      0.1,
      `The same for other coins. ${FITTED} It is of LTC; assumed for every other coin.`,
    ),
    spec(
      'minimumChargeMajor',
      'MR7 rate, BTC and ETH',
      'fraction of delta',
      0.0045,
      0,
      0.1,
      `Cost of unwinding, on the delta of each position. ${FITTED} It is of a perpetual; assumed for options.`,
    ),
    spec(
      'minimumChargeOther',
      'MR7 rate, other coins',
      'fraction of delta',
      0.007,
      0,
      0.1,
      `The same for other coins. ${FITTED} It is of an LTC perpetual; assumed for every other coin and for options.`,
    ),
  ]),
  ...tierParameters(),
  spec(
    'initialFactor',
    'Initial over maintenance',
    'multiple',
    1.3,
    1,
    3,
    'Initial margin is this multiple of maintenance margin; both units of the published example agree.',
  ),
];

function dated(source: string, date: string, specs: readonly ParameterSpec[]): ParameterSpec[] {
  return specs.map((parameter) => ({ ...parameter, source, date }));
}

/** Vol shocks by days to expiry, the tenors that the page lists. */
function volShockParameters(): ParameterSpec[] {
  const points = [0.3, 0.25, 0.2];
  const relative = [0.5, 0.35, 0.25];
  const shocks = OKX_TENORS.flatMap((days, at) => [
    spec(
      `volPoints${days}`,
      `MR1 vol shock in points, ${days} days`,
      'vol',
      points[at]!,
      0,
      2,
      `Vol points added and taken off for an option with ${days} days to live; linear between 0, 30 and 60 days, level beyond. ${ONE_SOURCE}`,
    ),
    spec(
      `volShare${days}`,
      `MR1 relative vol shock, ${days} days`,
      'fraction',
      relative[at]!,
      0,
      2,
      `Relative rise and fall of vol for an option with ${days} days to live, in between likewise; MR1 takes the worse of points and shares. ${ONE_SOURCE}`,
    ),
  ]);
  return dated('A public program after the OKX help page', '2025-12-04', shocks);
}

function tierParameters(): ParameterSpec[] {
  const limits = [250_000, 500_000, 1_000_000, 2_000_000, 3_000_000, 4_000_000];
  return dated(
    NOTICE,
    '2025-01-15',
    limits.map((limit, tier) =>
      spec(
        `tier${tier + 1}`,
        `MR7 tier ${tier + 1}, upper end`,
        'USD',
        limit,
        0,
        1e9,
        `Up to here the raw minimum charge counts ${OKX_MINIMUM_CHARGE_MULTIPLIERS[tier]} times, what is beyond ${OKX_MINIMUM_CHARGE_MULTIPLIERS[tier + 1]} times. One source, a secondary page, for BTC and ETH; assumed for every coin.`,
      ),
    ),
  );
}
