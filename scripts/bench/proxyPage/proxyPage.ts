import { wrap } from 'comlink';
import { compiledKernels } from '../../../src/compute/compiledKernels.ts';
import type { Portfolio } from '../../../src/engine/domain/portfolio.ts';
import type { ProxyTiming } from './proxyTiming.ts';
import type { ProxyWorker } from './proxy.worker.ts';

const worker = wrap<ProxyWorker>(new Worker(new URL('./proxy.worker.ts', import.meta.url), { type: 'module' }));

/** The page's side: everything is timed in one worker, by its own clock. */
const proxyBench = {
  open: async (marketText: string): Promise<void> => worker.open(marketText, await compiledKernels(false)),
  time: (portfolio: Portfolio, seed: number): Promise<ProxyTiming> => worker.time(portfolio, seed),
};

Reflect.set(window, 'proxyBench', proxyBench);
