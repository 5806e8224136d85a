import type { OptionType } from '../domain/instrument.ts';

/**
 * How far an option is out of the money, in the unit of its strike: max(K - U, 0) for a call, max(U - K, 0) for a put. Gate prints
 * it so (Gate options margin, gate.ac/de/help/other/optionstradingrules/28364); Deribit, OKX, Bybit and Aevo mean the same.
 */
export function outOfTheMoneyAmount(type: OptionType, underlying: number, strike: number): number {
  return Math.max(type === 'C' ? strike - underlying : underlying - strike, 0);
}
