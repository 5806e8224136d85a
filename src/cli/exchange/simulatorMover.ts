import { marketSimulator } from '../../adapters/market/simulator/marketSimulator.ts';
import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';
import type { MarketMover } from './marketWalk.ts';

/** Moves a market as the simulator does, jumps and skew included. The market's own smiles give way to the simulator's. */
export function simulatorMover(seed: number, start: MarketSnapshot): MarketMover {
  const simulator = marketSimulator({ seed, start });
  return {
    listsExpiries: true,
    move: (market, elapsedMs) => market.apply(simulator.step(elapsedMs / 1_000)),
  };
}
