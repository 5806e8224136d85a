import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';
import { deviceClock, type ExchangeClock } from './ExchangeClock.ts';
import { ExchangeServer } from './ExchangeServer.ts';
import type { ExchangeControl } from './ExchangeControl.ts';
import { type MarketMover, marketWalk } from './marketWalk.ts';
import { simulatorMover } from './simulatorMover.ts';

export interface ExchangeOptions {
  /** What the exchange lists, and where its prices begin. Its clock begins at the market's time. */
  readonly market: MarketSnapshot;
  /** On 127.0.0.1; 0 takes any that is free. */
  readonly port?: number;
  /**
   * How prices move, by the seed: `walk`, where it is left out, keeps to the market's own smiles; `simulator` moves to its own,
   * with jumps and a skew that comes and goes; or a mover of the caller's.
   */
  readonly moves?: 'walk' | 'simulator' | MarketMover;
  readonly seed?: number;
  /** Steps of the market a second; 0: only `control.step` moves it. Each step sends every subscribed index and a batch of marks. */
  readonly updatesPerSecond?: number;
  /** Whether each step renews all options of a coin instead of the expiries in turn. */
  readonly renewsAll?: boolean;
  readonly clock?: ExchangeClock;
}

export interface RunningExchange {
  /** `ws://127.0.0.1:PORT/ws/api/v2` */
  readonly url: string;
  /** `http://127.0.0.1:PORT/api/v2` */
  readonly httpUrl: string;
  readonly port: number;
  readonly control: ExchangeControl;
  close(): Promise<void>;
}

/** All options are renewed within this time. */
const ROUND_SECONDS = 1;
const WEBSOCKET_PATH = /^(\/ws)?\/api\/v2\/?$/;
/** Frames are judged by their size after they are read; above this they are not read. */
const MOST_READ_BYTES = 4_000_000;

/**
 * A server of Deribit's public interface on this machine: WebSocket and HTTP on one port, a market that moves, and faults on
 * command. Rejects when the port is taken.
 */
export async function startExchange(options: ExchangeOptions): Promise<RunningExchange> {
  const { market, port = 0, seed = 1, updatesPerSecond = 10, renewsAll = false, clock = deviceClock } = options;
  const server = new ExchangeServer({
    market,
    clock,
    mover: moverOf(options.moves ?? 'walk', seed, market),
    stepsPerRound: renewsAll ? 1 : Math.max(1, Math.round(updatesPerSecond * ROUND_SECONDS)),
  });
  const http = createServer((request, response) => void server.answerHttp(request, response));
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MOST_READ_BYTES });
  http.on('upgrade', (request, socket, head) => {
    const refused = server.refusedUpgrade();
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    if (refused !== null || !WEBSOCKET_PATH.test(path)) {
      // A client that is already gone needs no answer.
      socket.on('error', () => {});
      if (refused === 'cut') socket.destroy();
      else socket.end(`HTTP/1.1 ${refused ?? '404 Not Found'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => server.accept(webSocket));
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', () => {
      http.off('error', reject);
      resolve();
    });
  });
  const address = http.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  const stopSteps = updatesPerSecond > 0 ? clock.every(1_000 / updatesPerSecond, () => server.step()) : () => {};
  return {
    url: `ws://127.0.0.1:${taken}/ws/api/v2`,
    httpUrl: `http://127.0.0.1:${taken}/api/v2`,
    port: taken,
    control: server.control,
    close: async () => {
      stopSteps();
      server.end();
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

function moverOf(moves: NonNullable<ExchangeOptions['moves']>, seed: number, market: MarketSnapshot): MarketMover {
  if (typeof moves === 'object') return moves;
  return moves === 'walk' ? marketWalk(seed) : simulatorMover(seed, market);
}
