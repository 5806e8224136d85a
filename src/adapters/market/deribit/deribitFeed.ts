import { endpointMarketName } from '../marketEndpoint.ts';
import type { MarketFeed } from '../MarketFeed.ts';
import { DeribitConnection } from './DeribitConnection.ts';
import { FeedVitals } from './FeedVitals.ts';
import type { WebSocketClass } from './RpcSession.ts';

export interface DeribitFeedOptions {
  /** Where the protocol is spoken, `wss://www.deribit.com/ws/api/v2`; HTTP is at the same host under `/api/v2`. */
  readonly endpoint: string;
  /** The browser's own where none is given; Node 20 has none. */
  readonly WebSocket?: WebSocketClass;
  /** Null where everything is to go over the socket. */
  readonly fetch?: typeof fetch | null;
  /** This device's clock, milliseconds. Timers are the device's own. */
  readonly now?: () => number;
  /** From 0 to 1; decides nothing but when a lost connection is tried again. */
  readonly random?: () => number;
}

/**
 * The public market of Deribit, live and without a key: BTC, ETH and the coins that have linear USDC options only (linear books
 * of BTC and ETH are left out: a market has one smile a coin). Whole at the start and after every lost connection; in between
 * every index tick, mark and future, and the tickers of the options that are watched. Bids, asks and open interest of the
 * others are asked for every half minute.
 */
export function deribitFeed(options: DeribitFeedOptions): MarketFeed & Required<Pick<MarketFeed, 'watch'>> {
  const source = { kind: 'live', name: endpointMarketName(options.endpoint) } as const;
  let watched: readonly string[] = [];
  let connection: DeribitConnection | null = null;
  return {
    source,
    start(listener) {
      const WebSocket = options.WebSocket ?? (globalThis.WebSocket as WebSocketClass | undefined);
      const failure =
        WebSocket === undefined
          ? 'There is no WebSocket here, so live prices cannot come. Use a current browser'
          : URL.canParse(options.endpoint)
            ? null
            : `“${options.endpoint.slice(0, 60)}” is no address. Write one like wss://www.deribit.com/ws/api/v2`;
      if (WebSocket === undefined || failure !== null) {
        const vitals = new FeedVitals(source.name);
        vitals.failure = failure;
        listener.onStatus(vitals.status(0));
        return () => {};
      }
      const started = new DeribitConnection(
        {
          socketUrl: options.endpoint,
          httpUrl: options.endpoint.replace(/^ws/, 'http').replace(/\/ws(?=\/api\/v2\/?$)/, ''),
          source,
          WebSocket,
          fetch: options.fetch === undefined ? globalThis.fetch.bind(globalThis) : options.fetch,
          now: options.now ?? Date.now,
          random: options.random ?? Math.random,
        },
        listener,
      );
      connection = started;
      started.watch(watched);
      return () => {
        started.end();
        if (connection === started) connection = null;
      };
    },
    watch(instruments) {
      watched = [...instruments];
      connection?.watch(watched);
    },
  };
}
