import type { DeribitMarket } from './DeribitMarket.ts';
import { CURRENCIES, USDC_INDEX } from './marketLoad.ts';

/** Futures beyond so many are streamed once a second or two instead of ten times a second. */
const MOST_FAST_FUTURES = 40;
/** Options that are streamed one by one at most; the rest moves by the channel of marks and the summaries. */
const MOST_WATCHED = 200;

/** What a market's stream consists of. Prices come first: of a batch that is cut, the rest waits. */
export function wantedChannels(
  market: DeribitMarket,
  watched: readonly string[],
  hasUsdcIndex: boolean,
): ReadonlySet<string> {
  const channels = new Set<string>();
  for (const { indexName } of market.coins) {
    channels.add(`deribit_price_index.${indexName}`);
    channels.add(`markprice.options.${indexName}`);
  }
  if (hasUsdcIndex) channels.add(`deribit_price_index.${USDC_INDEX}`);
  const futures = market.coins.flatMap((coin) => coin.futures);
  // Perpetuals first: they have no expiry that another price could speak for.
  futures.sort((one, other) => Number(isPerpetual(other)) - Number(isPerpetual(one)));
  for (const [i, name] of futures.entries()) channels.add(`ticker.${name}.${i < MOST_FAST_FUTURES ? '100ms' : 'agg2'}`);
  const options = watched.filter((name) => market.has(name)).slice(0, MOST_WATCHED);
  for (const name of options) if (!futures.includes(name)) channels.add(`ticker.${name}.100ms`);
  for (const currency of CURRENCIES) {
    channels.add(`instrument.state.option.${currency}`);
    channels.add(`instrument.state.future.${currency}`);
    channels.add(`instrument.creation.option.${currency}`);
    channels.add(`instrument.creation.future.${currency}`);
  }
  channels.add('platform_state');
  return channels;
}

/** Whether a channel brings prices, so that a person should know when it does not come. */
export function isPriceChannel(channel: string): boolean {
  return /^(deribit_price_index|markprice|ticker)\./.test(channel);
}

function isPerpetual(name: string): boolean {
  return name.endsWith('-PERPETUAL');
}
