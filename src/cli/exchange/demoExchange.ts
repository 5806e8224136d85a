import { simulatedMarket } from '../../adapters/market/simulatedMarket.ts';
import { type ExchangeOptions, type RunningExchange, startExchange } from './startExchange.ts';

/** The exchange with a simulated market of this moment, so that its clock is the device's. */
export function startDemoExchange({
  seed = 1,
  ...options
}: Omit<ExchangeOptions, 'market' | 'clock'> = {}): Promise<RunningExchange> {
  return startExchange({ ...options, seed, market: simulatedMarket(seed, Date.now()) });
}
