import { MILLISECONDS_PER_DAY, type Timestamp } from '../../engine/domain/units.ts';
import type { Exchange } from './Exchange.ts';
import type { ListedCoin } from './ListedCoin.ts';
import type { Method } from './Method.ts';
import { rpcErrors } from './rpc.ts';

const PAGE = 1_000;
const CHART_RESOLUTIONS = ['1', '3', '5', '10', '15', '30', '60', '120', '180', '360', '720', '1D'] as const;
const VOLATILITY_RESOLUTIONS = ['1', '60', '3600', '43200', '1D'] as const;
const RANGE_DAYS = { '1h': 1 / 24, '1d': 1, '2d': 2, '1m': 30, '1y': 365, all: Number.POSITIVE_INFINITY } as const;

export const historyMethods: Readonly<Record<string, Method>> = {
  /** Daily candles alone: a market file holds closes of days. */
  'public/get_tradingview_chart_data': {
    run(params, exchange) {
      const { coin } = exchange.contract(params.text('instrument_name'));
      const resolution = params.choice('resolution', CHART_RESOLUTIONS);
      const [from, to] = [params.number('start_timestamp'), params.number('end_timestamp')];
      const days = resolution === '1D' ? daysOf(coin, exchange) : [];
      const candles = days
        .map(([tick, close], place) => ({ tick, close, open: days[place - 1]?.[1] ?? close }))
        .filter(({ tick }) => tick >= from && tick <= to);
      return {
        status: candles.length === 0 ? 'no_data' : 'ok',
        ticks: candles.map(({ tick }) => tick),
        open: candles.map(({ open }) => open),
        high: candles.map(({ open, close }) => Math.max(open, close)),
        low: candles.map(({ open, close }) => Math.min(open, close)),
        close: candles.map(({ close }) => close),
        volume: candles.map(() => 0),
        cost: candles.map(() => 0),
      };
    },
  },
  'public/get_index_chart_data': {
    run(params, exchange) {
      const coin = exchange.market.coin(params.text('index_name'));
      if (coin === undefined) throw rpcErrors.invalidParams('index_name', 'unknown index');
      const range = params.choice('range', ['1h', '1d', '2d', '1m', '1y', 'all']);
      const from = exchange.now() - RANGE_DAYS[range] * MILLISECONDS_PER_DAY;
      return daysOf(coin, exchange).filter(([time]) => time >= from);
    },
  },
  /** Percent. Between the days of the market's own history the index is drawn straight. */
  'public/get_volatility_index_data': {
    run(params, exchange) {
      const currency = params.text('currency');
      const coin = exchange.market.coins.find(({ symbol }) => symbol === currency);
      if (coin === undefined) throw rpcErrors.invalidParams('currency', 'unknown currency');
      const resolution = params.choice('resolution', VOLATILITY_RESOLUTIONS);
      const stepMs = resolution === '1D' ? MILLISECONDS_PER_DAY : Number(resolution) * 1_000;
      const [from, to] = [params.number('start_timestamp'), params.number('end_timestamp')];
      return volatilityPage(coin, stepMs, from, Math.min(to, exchange.now()));
    },
  },
  'public/get_delivery_prices': {
    run(params, exchange) {
      const coin = exchange.market.coin(params.text('index_name'));
      if (coin === undefined) throw rpcErrors.invalidParams('index_name', 'unknown index');
      const offset = params.optionalNumber('offset') ?? 0;
      const count = params.optionalNumber('count') ?? 10;
      if (!(offset >= 0)) throw rpcErrors.invalidParams('offset', 'must be 0 or above');
      if (!(count >= 1 && count <= 1_000)) throw rpcErrors.invalidParams('count', 'must be from 1 to 1000');
      const delivered = exchange.market.deliveries
        .filter(({ indexName }) => indexName === coin.indexName)
        .map(({ expiry, price }) => [expiry, price] as const);
      const before = [...(coin.history?.closes ?? [])].reverse();
      const all = [...delivered, ...before].map(([time, price]) => ({ date: isoDay(time), delivery_price: price }));
      return { data: all.slice(offset, offset + count), records_total: all.length };
    },
  },
  'public/get_funding_rate_value': {
    run(params, exchange) {
      const contract = exchange.contract(params.text('instrument_name'));
      const [from, to] = [params.number('start_timestamp'), params.number('end_timestamp')];
      if (contract.kind !== 'perpetual') throw rpcErrors.unknownInstrument();
      return contract.coin.fundingRate8h * (Math.max(0, to - from) / (MILLISECONDS_PER_DAY / 3));
    },
  },
};

/** The 30-day volatility index of a coin now, decimal; null where it has neither one nor options. */
export function volatilityIndex({ history, expiries, volLevel }: ListedCoin, time: Timestamp): number | null {
  const last = history?.volatilityIndex.at(-1)?.[1];
  if (last !== undefined) return last * volLevel;
  const distance = (expiry: Timestamp) => Math.abs(expiry - time - 30 * MILLISECONDS_PER_DAY);
  const [nearest] = expiries
    .filter(({ state, options }) => state === 'open' && options.length > 0)
    .sort((one, other) => distance(one.expiry) - distance(other.expiry));
  const lowest = nearest?.options.reduce((best, option) => (option.markIv < best.markIv ? option : best));
  return lowest === undefined ? null : lowest.markIv * volLevel;
}

/** Closes of days, with the running day's last. */
function daysOf(coin: ListedCoin, { market, prices }: Exchange): readonly (readonly [Timestamp, number])[] {
  const today = Math.floor(market.time / MILLISECONDS_PER_DAY) * MILLISECONDS_PER_DAY;
  const past = (coin.history?.closes ?? []).filter(([time]) => time < today);
  return [...past, [today, prices.index(coin)]];
}

function volatilityPage(coin: ListedCoin, stepMs: number, from: Timestamp, to: Timestamp) {
  const series = coin.history?.volatilityIndex ?? [];
  const first = series[0]?.[0];
  if (first === undefined) return { data: [], continuation: null };
  const least = Math.max(Math.ceil(from / stepMs) * stepMs, first);
  const newest = Math.floor(to / stepMs) * stepMs;
  const oldest = Math.max(least, newest - (PAGE - 1) * stepMs);
  const data: number[][] = [];
  for (let time = oldest; time <= newest; time += stepMs) {
    const open = percentAt(series, time);
    const close = percentAt(series, time + (stepMs === MILLISECONDS_PER_DAY ? 0 : stepMs));
    data.push([time, open, Math.max(open, close), Math.min(open, close), close]);
  }
  return { data, continuation: oldest > least ? oldest - stepMs : null };
}

function percentAt(series: readonly (readonly [Timestamp, number])[], time: Timestamp): number {
  const after = series.findIndex(([at]) => at > time);
  if (after <= 0) return Math.round((series.at(after === 0 ? 0 : -1)?.[1] ?? 0) * 1e4) / 100;
  const [t0, v0] = series[after - 1]!;
  const [t1, v1] = series[after]!;
  return Math.round((v0 + ((v1 - v0) * (time - t0)) / (t1 - t0)) * 1e4) / 100;
}

function isoDay(time: Timestamp): string {
  return new Date(time).toISOString().slice(0, 10);
}
