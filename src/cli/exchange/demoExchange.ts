import { simulatedMarket } from '../../adapters/market/simulatedMarket.ts';
import { type ExchangeOptions, type RunningExchange, startExchange } from './startExchange.ts';

/** The exchange with a simulated market of this moment, so that its clock is the device's. */
export function startDemoExchange({
  seed = 1,
  ...options
}: Omit<ExchangeOptions, 'market' | 'clock'> = {}): Promise<RunningExchange> {
  const market = simulatedMarket(seed, Date.now());
  // Making it takes a while, by which the exchange's clock would be behind.
  return startExchange({ ...options, seed, market: { ...market, asOf: Date.now() } });
}
