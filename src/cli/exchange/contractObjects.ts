import { yearFraction } from '../../engine/domain/units.ts';
import { deribitGreeks } from '../../engine/pricing/deribitGreeks.ts';
import { impliedVolatility } from '../../engine/pricing/impliedVolatility.ts';
import type { ListedCoin, ListedExpiry, ListedOption } from './ListedCoin.ts';
import { perpetualName } from './listing.ts';
import { decimal, futureTick, type PriceBoard, type Sides } from './PriceBoard.ts';

/** A contract of the exchange: an option, a dated future or a perpetual. */
export type Contract =
  | { readonly kind: 'option'; readonly coin: ListedCoin; readonly expiry: ListedExpiry; readonly option: ListedOption }
  | { readonly kind: 'future'; readonly coin: ListedCoin; readonly expiry: ListedExpiry }
  | { readonly kind: 'perpetual'; readonly coin: ListedCoin };

/** The end of a perpetual, the year 3000. */
const NEVER = 32_503_708_800_000;
const PERPETUAL_SINCE = 1_534_167_754_000;

export function contractName(contract: Contract): string {
  if (contract.kind === 'option') return contract.option.name;
  return contract.kind === 'future' ? contract.expiry.future! : perpetualName(contract.coin);
}

export function contractsOf(coin: ListedCoin): Contract[] {
  return [
    { kind: 'perpetual', coin },
    ...coin.expiries.flatMap((expiry): Contract[] => [
      ...(expiry.future === null ? [] : [{ kind: 'future', coin, expiry } as const]),
      ...expiry.options.map((option) => ({ kind: 'option', coin, expiry, option }) as const),
    ]),
  ];
}

export function contractState(contract: Contract): string {
  return contract.kind === 'perpetual' ? 'open' : contract.expiry.state;
}

/** What `public/get_instruments` says of a contract. */
export function instrumentObject(contract: Contract, mark: number): object {
  const { coin } = contract;
  const isInverse = coin.settlement === 'coin';
  const base = {
    kind: contract.kind === 'option' ? 'option' : 'future',
    instrument_name: contractName(contract),
    base_currency: coin.symbol,
    counter_currency: isInverse ? 'USD' : 'USDC',
    settlement_currency: isInverse ? coin.symbol : 'USDC',
    price_index: coin.indexName,
    instrument_type: isInverse ? 'reversed' : 'linear',
    is_active: contractState(contract) === 'open',
    state: contractState(contract),
    taker_commission: contract.kind === 'option' ? 0.0003 : 0.0005,
    block_trade_commission: 0.00025,
  };
  if (contract.kind === 'option') {
    const { expiry, option } = contract;
    return {
      ...base,
      instrument_id: option.id,
      quote_currency: isInverse ? coin.symbol : 'USDC',
      settlement_period: expiry.period,
      option_type: option.type === 'C' ? 'call' : 'put',
      strike: option.strike,
      contract_size: 1,
      min_trade_amount: isInverse && coin.symbol === 'BTC' ? 0.1 : 1,
      tick_size: isInverse ? 0.0001 : 0.01,
      tick_size_steps: isInverse ? [{ above_price: 0.005, tick_size: 0.0005 }] : [],
      creation_timestamp: expiry.created,
      expiration_timestamp: expiry.expiry,
      maker_commission: 0.0003,
      block_trade_min_trade_amount: 25,
      block_trade_tick_size: 0.0001,
    };
  }
  const isPerpetual = contract.kind === 'perpetual';
  return {
    ...base,
    instrument_id: isPerpetual ? 210_000 + coin.symbol.length : (contract.expiry.expiry / 1_000) % 1e6,
    quote_currency: isInverse ? 'USD' : 'USDC',
    settlement_period: isPerpetual ? 'perpetual' : contract.expiry.period,
    future_type: isInverse ? 'reversed' : 'linear',
    contract_size: isInverse ? (coin.symbol === 'BTC' ? 10 : 1) : 0.1,
    min_trade_amount: isInverse ? (coin.symbol === 'BTC' ? 10 : 1) : 0.1,
    tick_size: futureTick(mark),
    tick_size_steps: [],
    creation_timestamp: isPerpetual ? PERPETUAL_SINCE : contract.expiry.created,
    expiration_timestamp: isPerpetual ? NEVER : contract.expiry.expiry,
    max_leverage: 50,
    max_liquidation_commission: 0.0075,
    maker_commission: 0,
    block_trade_min_trade_amount: 200_000,
    block_trade_tick_size: 0.01,
  };
}

/** A row of the book summaries. */
export function summaryObject(prices: PriceBoard, contract: Contract): object {
  const { coin } = contract;
  const index = prices.index(coin);
  const isInverse = coin.settlement === 'coin';
  const common = {
    instrument_name: contractName(contract),
    base_currency: coin.symbol,
    quote_currency: contract.kind === 'option' && isInverse ? coin.symbol : isInverse ? 'USD' : 'USDC',
    estimated_delivery_price: index,
    creation_timestamp: prices.timestamp,
  };
  if (contract.kind === 'option') {
    const { expiry, option } = contract;
    const { bid, ask, mark, markIv } = prices.option(coin, expiry, option);
    const volume = decimal(option.openInterest * TURNOVER);
    return {
      ...common,
      ...summarySides({ bid, ask }),
      mark_price: mark,
      ...tradedToday(mark, volume),
      volume,
      volume_usd: Math.round(volume * mark * (isInverse ? index : 1) * 100) / 100,
      open_interest: option.openInterest,
      mark_iv: percent(markIv),
      interest_rate: 0,
      underlying_index: expiry.underlyingIndex,
      underlying_price: prices.statedForward(coin, expiry),
    };
  }
  const { mark, bid, ask } = futurePrices(prices, contract);
  return {
    ...common,
    ...summarySides({ bid, ask }),
    mark_price: mark,
    ...tradedToday(mark, 1),
    volume: FUTURE_VOLUME,
    volume_usd: Math.round(FUTURE_VOLUME * mark),
    volume_notional: Math.round(FUTURE_VOLUME * mark),
    open_interest: FUTURE_INTEREST,
    ...(contract.kind === 'perpetual' ? { current_funding: 0, funding_8h: coin.fundingRate8h } : {}),
  };
}

/** The object of `public/ticker` and its channels. */
export function tickerObject(prices: PriceBoard, contract: Contract): Record<string, unknown> {
  const { coin } = contract;
  const index = prices.index(coin);
  const common = {
    timestamp: prices.timestamp,
    instrument_name: contractName(contract),
    state: contractState(contract),
    index_price: index,
    estimated_delivery_price: index,
  };
  if (contract.kind !== 'option') {
    const { mark, bid, ask } = futurePrices(prices, contract);
    return {
      ...common,
      stats: { ...tradedToday(mark, 1, 'stats'), volume: FUTURE_VOLUME, volume_usd: FUTURE_VOLUME * mark },
      open_interest: FUTURE_INTEREST,
      mark_price: mark,
      last_price: mark,
      settlement_price: mark,
      min_price: decimal(mark * 0.985),
      max_price: decimal(mark * 1.015),
      ...bestSides({ bid, ask }, FUTURE_SIZES),
      ...(contract.kind === 'perpetual'
        ? { current_funding: 0, funding_8h: coin.fundingRate8h, interest_value: 0 }
        : {}),
    };
  }
  const { expiry, option } = contract;
  const { bid, ask, mark, markIv, forward } = prices.option(coin, expiry, option);
  const years = yearFraction(prices.marketTime, expiry.expiry);
  const unit = coin.settlement === 'coin' ? forward : 1;
  const solved = (price: number | null) => {
    if (price === null) return 0;
    const vol = impliedVolatility(option.type, forward, option.strike, years, price * unit);
    return vol.ok ? Math.round(vol.value * 1e4) / 100 : 0;
  };
  const { delta, gamma, vega, theta, rho } = deribitGreeks(
    option.type,
    forward,
    option.strike,
    years,
    prices.pricingVol(coin, expiry, option),
  );
  const volume = decimal(option.openInterest * TURNOVER);
  return {
    ...common,
    stats: { ...tradedToday(mark, volume, 'stats'), volume, volume_usd: decimal(volume * mark * unit) },
    open_interest: option.openInterest,
    mark_price: mark,
    last_price: volume > 0 ? mark : null,
    settlement_price: mark,
    min_price: decimal(Math.max(mark - 0.05 * (unit === 1 ? forward : 1), unit === 1 ? 0.01 : 0.0001)),
    max_price: decimal(mark + 0.05 * (unit === 1 ? forward : 1)),
    ...bestSides({ bid, ask }, option),
    mark_iv: percent(markIv),
    bid_iv: solved(bid),
    ask_iv: solved(ask),
    underlying_index: expiry.underlyingIndex,
    underlying_price: prices.statedForward(coin, expiry),
    interest_rate: 0,
    greeks: { delta: digits(delta), gamma: digits(gamma), vega: digits(vega), theta: digits(theta), rho: digits(rho) },
  };
}

/** Bid and ask as `quote` channels and tickers show them: 0 where nobody quotes. */
export function bestSides({ bid, ask }: Sides, sizes: { readonly bidAmount: number; readonly askAmount: number }) {
  return {
    best_bid_price: bid ?? 0,
    best_bid_amount: bid === null ? 0 : sizes.bidAmount,
    best_ask_price: ask ?? 0,
    best_ask_amount: ask === null ? 0 : sizes.askAmount,
  };
}

/** The object of `quote` channels. */
export function quoteObject(prices: PriceBoard, contract: Contract): object {
  const { coin } = contract;
  const named = { timestamp: prices.timestamp, instrument_name: contractName(contract) };
  if (contract.kind === 'option')
    return { ...named, ...bestSides(prices.option(coin, contract.expiry, contract.option), contract.option) };
  return { ...named, ...bestSides(futurePrices(prices, contract), FUTURE_SIZES) };
}

export function futurePrices(
  prices: PriceBoard,
  contract: Extract<Contract, { readonly kind: 'future' | 'perpetual' }>,
): { readonly mark: number } & Sides {
  if (contract.kind === 'perpetual') return prices.perpetual(contract.coin);
  const mark = prices.statedForward(contract.coin, contract.expiry);
  return { mark, ...prices.futureSides(contract.expiry.future!, mark) };
}

/** Of the open interest in a day. What is traded is not simulated: these figures only fill their fields. */
const TURNOVER = 0.05;
const FUTURE_VOLUME = 1_000;
const FUTURE_INTEREST = 100_000_000;
const FUTURE_SIZES = { bidAmount: 100_000, askAmount: 80_000 };

function tradedToday(mark: number, volume: number, form?: 'stats') {
  const isTraded = volume > 0;
  return {
    ...(form === 'stats' ? {} : { last: isTraded ? mark : null }),
    high: isTraded ? mark : null,
    low: isTraded ? mark : null,
    price_change: isTraded ? 0 : null,
  };
}

function summarySides({ bid, ask }: Sides) {
  return { bid_price: bid, ask_price: ask, mid_price: bid === null || ask === null ? null : decimal((bid + ask) / 2) };
}

/** Vols in percent, as everywhere but in `markprice.options`. */
function percent(vol: number | null): number | null {
  return vol === null ? null : Math.round(vol * 1e4) / 100;
}

function digits(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
