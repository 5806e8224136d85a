import { expose } from 'comlink';
import { RiskService } from './RiskService.ts';

expose(
  new RiskService(async (compiled) => {
    const { browserPathPool } = await import('./browserPathPool.ts');
    return browserPathPool(compiled);
  }),
);
