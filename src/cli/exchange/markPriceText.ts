import type { ListedCoin, ListedExpiry } from './ListedCoin.ts';
import type { PriceBoard } from './PriceBoard.ts';

/**
 * The data of `markprice.options`: mark and vol, here a fraction, of every option of the expiries. Written by hand, since it is
 * most of what the exchange sends. Null where there is no option.
 */
export function markPriceText(prices: PriceBoard, coin: ListedCoin, expiries: readonly ListedExpiry[]): string | null {
  const start = `{"timestamp":${prices.timestamp},"instrument_name":"`;
  let text = '';
  for (const expiry of expiries) {
    for (const option of expiry.options) {
      const { mark, markIv } = prices.optionMark(coin, expiry, option);
      text += `${text === '' ? '[' : ','}${start}${option.name}","mark_price":${mark},"iv":${markIv}}`;
    }
  }
  return text === '' ? null : `${text}]`;
}
