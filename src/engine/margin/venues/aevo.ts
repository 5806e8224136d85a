import type { OptionType } from '../../domain/instrument.ts';
import { outOfTheMoneyAmount } from '../optionMoneyness.ts';
import { finiteInput, nonNegativeInput, positiveInput } from '../ruleInput.ts';

/**
 * Aevo, USD. Source: docs.aevo.xyz, options specifications, standard margin and portfolio margin. The floor margin of its portfolio margin
 * is not public.
 */

/** Spot at the two ends of the scan: S (1 + up), S (1 - down). ETH starts at 20 % each way. */
export function aevoShockedSpot(
  spot: number,
  up: number,
  down: number,
): { readonly up: number; readonly down: number } {
  positiveInput('The spot price', spot);
  return { up: spot * (1 + finiteInput('The move up', up)), down: spot * (1 - finiteInput('The move down', down)) };
}

/** Vol at the ends of the scan, points added: ETH starts at +0.50 and -0.25; never below zero. */
export function aevoShockedVol(
  volatility: number,
  up: number,
  down: number,
): { readonly up: number; readonly same: number; readonly down: number } {
  nonNegativeInput('The implied vol', volatility);
  return { up: volatility + up, same: volatility, down: Math.max(volatility - down, 0) };
}

/**
 * Standard margin of `quantity` options, negative when sold: IM = max(0.15 - OTM / S, 0.10) S + m; MM = 0.10 S + m for a call and
 * max(0.10 S, 0.10 m) + m for a put, as the page has it: a put worth more than its spot so needs more later than at first. Bought: none.
 */
export function aevoStandardMargin(option: {
  readonly type: OptionType;
  readonly quantity: number;
  readonly spot: number;
  readonly strike: number;
  readonly mark: number;
}): { readonly initial: number; readonly maintenance: number } {
  const { type, quantity, spot, strike, mark } = option;
  positiveInput('The spot price', spot);
  nonNegativeInput('The mark price', mark);
  if (finiteInput('The size of the position', quantity) >= 0) return { initial: 0, maintenance: 0 };
  const initial = Math.max(0.15 * spot - outOfTheMoneyAmount(type, spot, strike), 0.1 * spot) + mark;
  const maintenance = 0.1 * (type === 'C' ? spot : Math.max(spot, mark)) + mark;
  return { initial: -quantity * initial, maintenance: -quantity * maintenance };
}
