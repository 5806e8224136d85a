import { RiskError } from '../../engine/domain/failure.ts';
import type { CommandIo } from '../CommandIo.ts';
import { type CommandOptions, refuse } from '../commandOptions.ts';
import { startDemoExchange } from '../exchange/demoExchange.ts';
import { type ExchangeOptions, type RunningExchange, startExchange } from '../exchange/startExchange.ts';
import { readMarket } from '../inputFiles.ts';
import type { Verb } from '../Verb.ts';

const DEFAULT_PORT = 8_090;
const MOST_UPDATES = 1_000;

export const exchange: Verb = {
  usage: '(--market F | --demo) [--port N] [--seed N] [--moves walk|simulator] [--updates-per-second N] [--renew-all]',
  help: `
  --market F                headroom/market@1: what is listed and where prices begin; the server's clock begins at its time
  --demo                    a simulated market of now instead
  --port N                  default ${DEFAULT_PORT}; 0 takes any that is free
  --seed N                  of the random walk, and of the demo market; default 1
  --moves walk|simulator    walk (default): index and levels of vol at random, the market's smiles kept; simulator: with jumps
                            and smiles of its own
  --updates-per-second N    steps of the market a second, default 10; each sends every subscribed index and the marks of the
                            expiries in turn, so that all are renewed within a second; 0 stands still
  --renew-all               each step renews every option

Prices move at random from where they begin: simulated, whatever the market was. The addresses go to stderr; it runs until it
is ended. GET /control tells its state, its share of a core among it; POST /control orders and ends faults, such as
{"kind":"stall","ms":5000} and {"clear":"all"}. docs/exchange-double.md lists them.`,
  options: {
    market: { type: 'string' },
    demo: { type: 'boolean' },
    port: { type: 'string' },
    seed: { type: 'string' },
    moves: { type: 'string' },
    'updates-per-second': { type: 'string' },
    'renew-all': { type: 'boolean' },
  },
  async run(options, io) {
    const seed = integer(options, 'seed', 1, 0, 2 ** 31);
    const port = integer(options, 'port', DEFAULT_PORT, 0, 65_535);
    const updatesPerSecond = options.number('updates-per-second', 10);
    if (!(updatesPerSecond >= 0 && updatesPerSecond <= MOST_UPDATES))
      refuse('updates-per-second', `must be from 0 to ${MOST_UPDATES}`);
    const server = await started(options, io, {
      port,
      seed,
      updatesPerSecond,
      moves: options.choice<'walk' | 'simulator'>('moves', ['walk', 'simulator'], 'walk'),
      renewsAll: options.flag('renew-all'),
    });
    io.log(
      `The exchange listens at ${server.url} and ${server.httpUrl}; faults at ${server.httpUrl.replace('/api/v2', '/control')}\n`,
    );
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
    });
    await server.close();
  },
};

async function started(
  options: CommandOptions,
  io: CommandIo,
  settings: Omit<ExchangeOptions, 'market'>,
): Promise<RunningExchange> {
  const isDemo = options.flag('demo');
  if (isDemo === (options.text('market') !== undefined))
    throw new RiskError('bad-value', 'Give either --market F or --demo', '/market');
  const market = isDemo ? null : await readMarket(options, io);
  try {
    return await (market === null ? startDemoExchange(settings) : startExchange({ ...settings, market }));
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'EADDRINUSE') throw error;
    return refuse('port', `${settings.port} is taken; choose another, or 0 for any that is free`);
  }
}

function integer(options: CommandOptions, name: string, initial: number, least: number, most: number): number {
  const value = options.number(name, initial);
  return Number.isInteger(value) && value >= least && value <= most
    ? value
    : refuse(name, `must be a whole number from ${least} to ${most}`);
}
