import type { Trade } from '../../engine/domain/trade.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { instrumentLabel, quantity } from '../../ui/format.ts';

/** `+11 BTC 27 FEB 76k C`. */
export function tradeText(
  { instrument, quantity: size }: Pick<Trade, 'instrument' | 'quantity'>,
  asOf: Timestamp,
): string {
  return `${quantity(size)} ${instrumentLabel(instrument, asOf)}`;
}
