import { contractName, quoteObject, tickerObject } from './contractObjects.ts';
import type { Exchange } from './Exchange.ts';
import { volatilityIndex } from './historyMethods.ts';
import { indexPrice, isShown } from './marketMethods.ts';
import { markPriceText } from './markPriceText.ts';
import { hostileJson, rpcErrors } from './rpc.ts';

/** What a subscription carries. */
export interface Channel {
  /** Least time between two of its messages. */
  readonly intervalMs: number;
  /** The data as JSON, whole: what a new subscriber is sent first. Null where there is nothing to say. */
  whole(): string | null;
  /** The data as JSON after a step; null where the step renewed nothing of it. */
  renewed(): string | null;
}

const INTERVALS: Readonly<Record<string, number>> = { '100ms': 100, agg2: 1_000 };
const INCREMENTAL_MS = 1_000;
const VOLATILITY_INDEX_MS = 1_000;

/**
 * The channel of a name; null where there is none.
 * @throws RpcError 13778 for raw channels
 */
export function channel(name: string, exchange: Exchange): Channel | null {
  const [topic = '', subject = '', interval] = name.split('.');
  if (interval === 'raw') throw rpcErrors.rawUnauthorized();
  if (topic === 'markprice') return subject === 'options' ? markPrices(interval ?? '', exchange) : null;
  if (topic === 'instrument' || name === 'platform_state') return events(name);
  if (topic === 'ticker' || topic === 'perpetual') {
    const intervalMs = INTERVALS[interval ?? ''];
    if (intervalMs === undefined) return null;
    return topic === 'ticker' ? ticker(subject, intervalMs, exchange) : perpetual(subject, intervalMs, exchange);
  }
  if (interval !== undefined) return null;
  if (topic === 'deribit_price_index') return priceIndex(subject, exchange);
  if (topic === 'deribit_volatility_index') return volatility(subject, exchange);
  if (topic === 'estimated_expiration_price') return expirationPrice(subject, exchange);
  if (topic === 'incremental_ticker') return incrementalTicker(subject, exchange);
  return topic === 'quote' ? quote(subject, exchange) : null;
}

/** A channel that is the same whole and renewed. */
function plain(intervalMs: number, data: () => unknown): Channel {
  const text = () => {
    const value = data();
    return value === null ? null : hostileJson(value);
  };
  return { intervalMs, whole: text, renewed: text };
}

function priceIndex(name: string, exchange: Exchange): Channel | null {
  if (indexPrice(exchange, name) === undefined) return null;
  return plain(0, () => ({
    timestamp: exchange.prices.timestamp,
    price: indexPrice(exchange, name),
    index_name: name,
  }));
}

function volatility(name: string, exchange: Exchange): Channel | null {
  const coin = exchange.market.coin(name);
  if (coin === undefined || volatilityIndex(coin, exchange.market.time) === null) return null;
  return plain(VOLATILITY_INDEX_MS, () => ({
    timestamp: exchange.prices.timestamp,
    volatility: Math.round((volatilityIndex(coin, exchange.market.time) ?? 0) * 1e4) / 100,
    index_name: name,
  }));
}

function expirationPrice(name: string, exchange: Exchange): Channel | null {
  const coin = exchange.market.coin(name);
  if (coin === undefined) return null;
  return plain(1_000, () => {
    const next = coin.expiries.find(({ state }) => state === 'open');
    if (next === undefined) return null;
    const seconds = Math.max(0, Math.round((next.expiry - exchange.market.time) / 1_000));
    return {
      price: exchange.prices.index(coin),
      seconds,
      is_estimated: seconds > 1_800,
      timestamp: exchange.prices.timestamp,
    };
  });
}

function markPrices(indexName: string, exchange: Exchange): Channel | null {
  const coin = exchange.market.coin(indexName);
  if (coin === undefined) return null;
  const open = () => coin.expiries.filter((expiry) => exchange.prices.isShown(coin, expiry));
  return {
    intervalMs: 0,
    whole: () => markPriceText(exchange.prices, coin, open()),
    renewed: () =>
      markPriceText(
        exchange.prices,
        coin,
        open().filter((expiry) => exchange.renewed.has(expiry)),
      ),
  };
}

/** The channel of one contract, silent while its expiry has no prices and between its renewals. */
function ofContract(
  name: string,
  intervalMs: number,
  exchange: Exchange,
  data: (contract: ReturnType<Exchange['contract']>) => unknown,
): Channel | null {
  const contract = exchange.knownContract(name);
  if (contract === undefined) return null;
  const whole = () => (isShown(exchange, contract) ? hostileJson(data(contract)) : null);
  const isRenewed = () => contract.kind === 'perpetual' || exchange.renewed.has(contract.expiry);
  return { intervalMs, whole, renewed: () => (isRenewed() ? whole() : null) };
}

function ticker(name: string, intervalMs: number, exchange: Exchange): Channel | null {
  return ofContract(name, intervalMs, exchange, (contract) => tickerObject(exchange.prices, contract));
}

function quote(name: string, exchange: Exchange): Channel | null {
  return ofContract(name, 0, exchange, (contract) => quoteObject(exchange.prices, contract));
}

function perpetual(name: string, intervalMs: number, exchange: Exchange): Channel | null {
  const contract = exchange.knownContract(name);
  if (contract?.kind !== 'perpetual') return null;
  const { coin } = contract;
  return plain(intervalMs, () => ({
    timestamp: exchange.prices.timestamp,
    interest: coin.fundingRate8h,
    index_price: exchange.prices.index(coin),
  }));
}

function incrementalTicker(name: string, exchange: Exchange): Channel | null {
  const contract = exchange.knownContract(name);
  if (contract === undefined) return null;
  let last: Record<string, unknown> = {};
  const ticks = () => (isShown(exchange, contract) ? tickerObject(exchange.prices, contract) : null);
  return {
    intervalMs: INCREMENTAL_MS,
    whole() {
      const now = ticks();
      if (now === null) return null;
      last = now;
      return hostileJson({ ...now, type: 'snapshot' });
    },
    renewed() {
      const now = ticks();
      if (now === null) return null;
      const changed = Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(last[key]));
      last = now;
      if (changed.every(([key]) => key === 'timestamp')) return null;
      return hostileJson({
        ...Object.fromEntries(changed),
        timestamp: now.timestamp,
        instrument_name: contractName(contract),
        type: 'change',
      });
    },
  };
}

const EVENT_KINDS = ['future', 'option', 'any'];
const EVENT_CURRENCIES = ['BTC', 'ETH', 'USDC', 'any'];

/** A channel that speaks when something happens; the server writes to it by its name. */
function events(name: string): Channel | null {
  const [, topic, kind = '', currency = ''] = name.split('.');
  const isKnown =
    name === 'platform_state' ||
    ((topic === 'state' || topic === 'creation') && EVENT_KINDS.includes(kind) && EVENT_CURRENCIES.includes(currency));
  return isKnown ? { intervalMs: 0, whole: () => null, renewed: () => null } : null;
}
