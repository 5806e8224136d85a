import { createContext } from 'react';
import type { RiskClient } from './riskClient.ts';

/** The engine's door for panels; null where nothing has been started, as in page tests. */
export const RiskEngineContext = createContext<RiskClient | null>(null);
