import { isSameMarket, type MarketSnapshot } from '../src/engine/domain/marketSnapshot.ts';
import type { FittedMarket, PreparedMarket } from '../src/engine/scenario/preparedMarket.ts';

/** A market that is handed from thread to thread is there in this time, or not at all. */
const HANDOVER_MS = 3_000;

/** What goes from one worker to another: a market with its fitted smiles, or one whose smiles whoever takes it fits. */
export type HandedMarket = FittedMarket | MarketSnapshot;

/** What is handed of a market: not every smile of one that has moved is fitted. */
export function handed({ snapshot, surfaces }: PreparedMarket, isWhole: boolean): HandedMarket {
  return isWhole ? { snapshot, surfaces: Array.from(surfaces, ([, surface]) => surface) } : snapshot;
}

/** What comes through the port; null where nothing does in time. */
export function handedOver(port: MessagePort): Promise<HandedMarket | null> {
  return new Promise((resolve) => {
    const end = (fitted: HandedMarket | null) => {
      clearTimeout(timer);
      port.close();
      resolve(fitted);
    };
    const timer = setTimeout(() => end(null), HANDOVER_MS);
    port.onmessage = (message: MessageEvent<HandedMarket | null>) => end(message.data);
    port.onmessageerror = () => end(null);
  });
}

/** Whether it is not the market that is open at another moment: nobody waits for answers about that one then. */
export function isAnotherMarket(handed: HandedMarket, open: PreparedMarket | undefined): boolean {
  const { id } = 'surfaces' in handed ? handed.snapshot : handed;
  return open === undefined || !isSameMarket(open.snapshot.id, id);
}
