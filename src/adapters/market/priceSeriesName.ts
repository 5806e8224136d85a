/** What a file of daily values says by its name. */
export interface PriceSeriesName {
  readonly symbol: string;
  readonly kind: 'closes' | 'volatility-index';
}

/** `btc-usd-daily.csv` holds closes of BTC, `btc-dvol-daily.csv` its volatility index; null where a name begins with no coin. */
export function priceSeriesName(path: string): PriceSeriesName | null {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const symbol = /^([A-Za-z][A-Za-z0-9]{0,15})[-_.]/.exec(name)?.[1]?.toUpperCase();
  if (symbol === undefined) return null;
  return { symbol, kind: /dvol|volatility/i.test(name) ? 'volatility-index' : 'closes' };
}
