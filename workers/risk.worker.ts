import { expose } from 'comlink';
import { riskService } from './riskService.ts';

/** More would help few and take memory from all. */
const MOST_PATH_WORKERS = 8;

const workers = Math.min(Math.max(navigator.hardwareConcurrency, 1), MOST_PATH_WORKERS);

expose(
  riskService({
    workers,
    start: async (compiled) => {
      const { browserPathPool } = await import('./browserPathPool.ts');
      return browserPathPool(compiled, workers);
    },
  }),
);
