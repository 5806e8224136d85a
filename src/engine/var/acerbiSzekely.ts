import { RiskError } from '../domain/failure.ts';
import { checkProbability } from './kupiecTest.ts';

/** Statistics that judge expected shortfall: all are zero in the mean for a right model, and negative for one that is too mild. */
export interface AcerbiSzekely {
  readonly exceptions: number;
  /** Given an exception, how much larger than ES the loss was: 1 + mean(pnl / es). Null without exceptions. */
  readonly z1: number | null;
  /** Frequency and size together: 1 + sum(pnl / es over exceptions) / (n (1 - confidence)). */
  readonly z2: number;
  /** Mean of es - var - max(0, -(pnl + var)) / (1 - confidence), in the unit of the P&L. */
  readonly minimallyBiased: number;
}

/**
 * Tests 1 and 2 of Acerbi and Szekely (2014, "Backtesting expected shortfall", Risk, December) and the minimally biased absolute
 * statistic of Acerbi and Szekely (2017, "General properties of backtestable statistics"). P&L is signed, a loss negative; VaR
 * and ES are positive losses at the same confidence; an exception is a loss strictly beyond VaR.
 * @throws RiskError `bad-value` when the series differ in length or are empty, or an ES on a day of an exception is not above zero.
 */
export function acerbiSzekely(
  pnl: ArrayLike<number>,
  valueAtRisk: ArrayLike<number>,
  expectedShortfall: ArrayLike<number>,
  tailProbability: number,
): AcerbiSzekely {
  checkProbability(tailProbability);
  const days = pnl.length;
  if (days === 0 || valueAtRisk.length !== days || expectedShortfall.length !== days)
    throw new RiskError('bad-value', 'P&L, VaR and ES must be series of the same length, at least one day long');
  let exceptions = 0;
  let relative = 0;
  let biased = 0;
  for (let day = 0; day < days; day += 1) {
    const shortfall = expectedShortfall[day]!;
    const overshoot = -(pnl[day]! + valueAtRisk[day]!);
    biased += shortfall - valueAtRisk[day]! - Math.max(overshoot, 0) / tailProbability;
    if (!(overshoot > 0)) continue;
    if (!(shortfall > 0))
      throw new RiskError(
        'bad-value',
        `Expected shortfall must be a loss above zero where it was exceeded; on day ${day + 1} it is ${shortfall}`,
      );
    exceptions += 1;
    relative += pnl[day]! / shortfall;
  }
  return {
    exceptions,
    z1: exceptions === 0 ? null : 1 + relative / exceptions,
    z2: 1 + relative / (days * tailProbability),
    minimallyBiased: biased / days,
  };
}
