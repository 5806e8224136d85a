import { RiskError } from '../../domain/failure.ts';
import { nonNegativeInput, positiveInput } from '../ruleInput.ts';

/** A naked short of Opyn Gamma, partially collateralised. */
export interface OpynNakedShort {
  readonly isPut: boolean;
  readonly strike: number;
  readonly spot: number;
  readonly daysToExpiry: number;
  /** Contracts sold, positive. */
  readonly contracts: number;
  /** Ratio by which the spot may fall (or, inverted, rise) before a liquidation is done: 0.75. */
  readonly spotShock: number;
  /** Largest value of an at-the-money option over its spot, by days to expiry of the bucket. */
  readonly upperBounds: ReadonlyMap<number, number>;
}

/**
 * Naked margin, a put's in USD and a call's in the underlying. With h the spot shock and u the bound of the shortest listed bucket
 * that is not shorter than the option's life:
 *
 *   put  n ( u min(K, h S) + max(K - h S, 0) )
 *   call n ( u min(1, h K / S) + max(1 - h K / S, 0) )
 *
 * opynfinance/GammaProtocol, MarginCalculator, commit 841f81d9 (2022-08-22).
 * @throws RiskError `unsupported` for an option that lives longer than the longest bucket.
 */
export function opynNakedMargin(short: OpynNakedShort): number {
  const { isPut, strike, spot, contracts, spotShock } = short;
  positiveInput('The spot', spot);
  positiveInput('The strike of a naked short', strike);
  nonNegativeInput('The number of contracts sold', contracts);
  const upperBound = opynUpperBound(short.upperBounds, short.daysToExpiry);
  if (isPut) {
    const shocked = spotShock * spot;
    return contracts * (upperBound * Math.min(strike, shocked) + Math.max(strike - shocked, 0));
  }
  const moneyness = (strike * spotShock) / spot;
  return contracts * (upperBound * Math.min(1, moneyness) + Math.max(1 - moneyness, 0));
}

function opynUpperBound(upperBounds: ReadonlyMap<number, number>, daysToExpiry: number): number {
  const buckets = [...upperBounds.keys()].filter((days) => days >= daysToExpiry);
  if (buckets.length === 0)
    throw new RiskError(
      'unsupported',
      `Opyn lists no bound for an option of ${daysToExpiry} days; its longest is ${Math.max(0, ...upperBounds.keys())} days`,
    );
  return upperBounds.get(Math.min(...buckets))!;
}

/** A short and the long of the same expiry and type that covers it. */
export interface OpynSpread {
  readonly isPut: boolean;
  readonly shortStrike: number;
  /** 0 where there is no long. */
  readonly longStrike: number;
  readonly shortContracts: number;
  readonly longContracts: number;
}

/**
 * Largest loss of a spread at expiry, a put's in USD and a call's in the underlying:
 *
 *   put  max( n_s K_s - K_l min(n_s, n_l), 0 )
 *   call max( (K_l - K_s) n_s / K_l, n_s - n_l, 0 )
 *
 * Without a long the short is collateralised in full. opynfinance/GammaProtocol, MarginCalculator, commit 841f81d9 (2022-08-22).
 */
export function opynSpreadMargin({
  isPut,
  shortStrike,
  longStrike,
  shortContracts,
  longContracts,
}: OpynSpread): number {
  const covered = longStrike > 0 ? longContracts : 0;
  if (isPut) return Math.max(shortContracts * shortStrike - longStrike * Math.min(shortContracts, covered), 0);
  const wider = covered > 0 ? ((longStrike - shortStrike) * shortContracts) / longStrike : 0;
  return Math.max(wider, shortContracts - covered, 0);
}
