import {
  type Contract,
  contractsOf,
  futurePrices,
  instrumentObject,
  summaryObject,
  tickerObject,
} from './contractObjects.ts';
import type { Exchange } from './Exchange.ts';
import type { Currency, ListedCoin } from './ListedCoin.ts';
import type { Method } from './Method.ts';
import { type RequestParams, rpcErrors } from './rpc.ts';

const CURRENCIES = ['BTC', 'ETH', 'USDC', 'USDT', 'EURR', 'any'] as const;
const KINDS = ['future', 'option', 'spot', 'future_combo', 'option_combo'] as const;

export const marketMethods: Readonly<Record<string, Method>> = {
  'public/get_instruments': {
    run(params, exchange) {
      const coins = coinsOf(params, exchange);
      const kind = params.optionalChoice('kind', KINDS);
      const wantsExpired = params.flag('expired');
      return contracts(coins, kind)
        .filter((contract) => isOver(contract) === wantsExpired)
        .map((contract) => instrumentObject(contract, markOf(exchange, contract)));
    },
  },
  'public/get_instrument': {
    run(params, exchange) {
      const contract = exchange.contract(params.text('instrument_name'));
      return instrumentObject(contract, markOf(exchange, contract));
    },
  },
  'public/get_book_summary_by_currency': {
    run(params, exchange) {
      const coins = coinsOf(params, exchange);
      const kind = params.optionalChoice('kind', KINDS);
      return contracts(coins, kind)
        .filter((contract) => isShown(exchange, contract))
        .map((contract) => summaryObject(exchange.prices, contract));
    },
  },
  'public/get_book_summary_by_instrument': {
    run(params, exchange) {
      const contract = exchange.contract(params.text('instrument_name'));
      return isShown(exchange, contract) ? [summaryObject(exchange.prices, contract)] : [];
    },
  },
  'public/ticker': {
    run: (params, exchange) => tickerObject(exchange.prices, quoted(exchange, params)),
  },
  'public/get_order_book': {
    run(params, exchange) {
      const ticker = tickerObject(exchange.prices, quoted(exchange, params));
      const level = (side: 'bid' | 'ask') => {
        const amount = ticker[`best_${side}_amount`];
        return amount === 0 ? [] : [[ticker[`best_${side}_price`], amount]];
      };
      return { ...ticker, bids: level('bid'), asks: level('ask'), change_id: Math.floor(exchange.now()) };
    },
  },
  'public/get_index_price': {
    run(params, exchange) {
      const price = indexPrice(exchange, params.text('index_name'));
      if (price === undefined) throw rpcErrors.invalidParams('index_name', 'unknown index');
      return { index_price: price, estimated_delivery_price: price };
    },
  },
  'public/get_index_price_names': {
    run(params, exchange) {
      const names = indexNames(exchange);
      if (!params.flag('extended')) return names;
      return names.map((name) => ({
        name,
        future_combo_creation_enabled: false,
        option_combo_creation_enabled: false,
      }));
    },
  },
  'public/get_currencies': {
    run: (_, { market }) =>
      [...new Set(market.coins.map(({ currency }) => currency)), 'USDC' as const]
        .filter((currency, place, all) => all.indexOf(currency) === place)
        .map((currency) => ({
          currency,
          currency_long: { BTC: 'Bitcoin', ETH: 'Ethereum', USDC: 'USD Coin' }[currency],
          coin_type: currency === 'BTC' ? 'BITCOIN' : 'ETHER',
          decimals: currency === 'BTC' ? 8 : 6,
          in_cross_collateral_pool: true,
        })),
  },
  'public/get_expirations': {
    run(params, exchange) {
      const coins = coinsOf(params, exchange);
      const kind = params.choice('kind', ['future', 'option', 'any']);
      const answer: Record<string, Record<string, string[]>> = {};
      for (const coin of coins) {
        const group = (answer[coin.currency.toLowerCase()] ??= {});
        const open = coin.expiries.filter(({ state }) => state === 'open');
        if (kind !== 'future')
          add(
            group,
            'option',
            open.filter(({ options }) => options.length > 0).map(({ code }) => code),
          );
        if (kind !== 'option')
          add(group, 'future', [...open.filter(({ future }) => future !== null).map(({ code }) => code), 'PERPETUAL']);
      }
      return answer;
    },
  },
};

/** The price of an index: of a coin in its contracts' unit, of a coin in USDC, or of USDC itself. */
export function indexPrice({ market, prices }: Exchange, name: string): number | undefined {
  if (name === 'usdc_usd' || name === 'usdc_usdt') return market.usdc;
  const coin = market.coin(name);
  if (coin !== undefined) return prices.index(coin);
  const inverse = market.coins.find(({ symbol }) => name === `${symbol.toLowerCase()}_usdc`);
  return inverse === undefined ? undefined : Math.round((prices.index(inverse) / market.usdc) * 100) / 100;
}

export function indexNames({ market }: Exchange): readonly string[] {
  const own = market.coins.map(({ indexName }) => indexName);
  const inUsdc = market.coins
    .filter(({ settlement }) => settlement === 'coin')
    .map(({ symbol }) => `${symbol.toLowerCase()}_usdc`);
  return [...own, ...inUsdc, 'usdc_usd', 'usdc_usdt'];
}

/** Whether a contract has prices to show. */
export function isShown({ prices }: Exchange, contract: Contract): boolean {
  return contract.kind === 'perpetual' || prices.isShown(contract.coin, contract.expiry);
}

function quoted(exchange: Exchange, params: RequestParams): Contract {
  const contract = exchange.contract(params.text('instrument_name'));
  if (!isShown(exchange, contract)) throw rpcErrors.unknownInstrument();
  return contract;
}

function coinsOf(params: RequestParams, { market }: Exchange): readonly ListedCoin[] {
  const currency = params.choice('currency', CURRENCIES);
  return currency === 'any' ? market.coins : market.coins.filter((coin) => coin.currency === (currency as Currency));
}

function contracts(coins: readonly ListedCoin[], kind: (typeof KINDS)[number] | undefined): Contract[] {
  return coins
    .flatMap(contractsOf)
    .filter((contract) => kind === undefined || (contract.kind === 'option' ? 'option' : 'future') === kind);
}

function isOver(contract: Contract): boolean {
  return contract.kind !== 'perpetual' && contract.expiry.state === 'delivered';
}

function markOf({ prices }: Exchange, contract: Contract): number {
  return contract.kind === 'option' ? 0 : futurePrices(prices, contract).mark;
}

function add(group: Record<string, string[]>, kind: string, codes: readonly string[]): void {
  group[kind] = [...new Set([...(group[kind] ?? []), ...codes])];
}
