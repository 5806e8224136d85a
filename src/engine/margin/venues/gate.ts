import { nonNegativeInput } from '../ruleInput.ts';

/**
 * What an option costs on Gate: price x contracts x coins per contract, USD. Source: Gate options margin
 * (gate.ac/de/help/other/optionstradingrules/28364). Its margin rule is OKX's simple one in USD; its rates are not public.
 */
export function gateOptionPremium(price: number, contracts: number, contractMultiplier: number): number {
  nonNegativeInput('The price of the option', price);
  return price * Math.abs(contracts) * nonNegativeInput('The contract multiplier', contractMultiplier);
}
