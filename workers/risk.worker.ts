import { expose } from 'comlink';
import { RiskService } from './RiskService.ts';

expose(new RiskService());
