import { parseMarketEndpoint } from '../adapters/market/marketEndpoint.ts';
import { SIMULATED_REPLAYS } from '../adapters/market/simulator/simulatedReplays.ts';
import type { MarketChoice } from '../state/marketChoice.ts';

/** Seeds of simulations: whole numbers that any machine tells apart. */
export const MAX_SEED = 2 ** 32 - 1;
/** Simulated seconds a second. */
export const MAX_SIMULATION_SPEED = 3_600;

/** The choice of an earlier visit that can be made again; null for anything else. */
export function restoredChoice(value: unknown): MarketChoice | null {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, network, url, seed, speed, name } = value as Record<string, unknown>;
  switch (kind) {
    case 'deribit':
      return network === 'production' || network === 'test' ? { kind, network } : null;
    case 'endpoint': {
      const endpoint = typeof url === 'string' ? parseMarketEndpoint(url) : null;
      return endpoint?.ok === true ? { kind, url: endpoint.value } : null;
    }
    case 'simulator':
      return isSeed(seed) && isSimulationSpeed(speed) ? { kind, seed, speed } : null;
    case 'replay': {
      const replay = SIMULATED_REPLAYS.find(({ id }) => id === name);
      return replay === undefined ? null : { kind, name: replay.id };
    }
    default:
      return null;
  }
}

function isSeed(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MAX_SEED;
}

function isSimulationSpeed(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= MAX_SIMULATION_SPEED;
}
