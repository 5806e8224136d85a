import { expose } from 'comlink';
import type { Portfolio } from '../../../src/engine/domain/portfolio.ts';
import { type PreparedMarket, prepareMarket } from '../../../src/engine/scenario/preparedMarket.ts';
import { parseMarketFile } from '../../../src/formats/marketFile.ts';
import { wasmProxyReads } from '../../../src/engine/kernels/wasm/wasmProxyReads.ts';
import { kernelsOf } from '../../../workers/instantiatedKernels.ts';
import type { CompiledKernels } from '../../../workers/RiskApi.ts';
import { type ProxyTiming, proxyTiming } from './proxyTiming.ts';

let market: PreparedMarket | null = null;

const api = {
  open(marketText: string, compiled: CompiledKernels): void {
    const parsed = parseMarketFile(marketText);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    market = prepareMarket(parsed.value, kernelsOf(compiled, wasmProxyReads));
  },
  time(portfolio: Portfolio, seed: number): Promise<ProxyTiming> {
    if (market === null) throw new Error('The worker has not been opened.');
    return proxyTiming(market, portfolio, seed);
  },
};
export type ProxyWorker = typeof api;

expose(api);
