import type { RunControl } from '../src/engine/domain/RunControl.ts';
import { failureOf, type Result, success } from '../src/engine/domain/failure.ts';
import type { MarketQuestion, OpenMarket, OpenMarkets } from './OpenMarkets.ts';
import type { Overtaking, Run } from './overtaking.ts';
import type { Awaitable } from './RiskApi.ts';

/** What a question that can be overtaken tells its progress to, and hears that it is overtaken from. */
export type Control<Progress> = Run & Pick<RunControl<Progress>, 'onProgress'>;

/** A question that a newer one of its kind overtakes. */
export interface LatestQuestion<Request, Progress, Answer> {
  ask(request: Request, onProgress?: (progress: Progress) => void): Promise<Result<Answer>>;
  cancel(): void;
}

/** How questions about a market are answered: with values, never with a rejection, and once more when kernels trap meanwhile. */
export interface Answering {
  /** At once, unless smiles are edited and what bends them is not loaded yet. */
  atOnce<Answer>(request: MarketQuestion, compute: (open: OpenMarket) => Answer): Awaitable<Result<Answer>>;
  /** A question that no verdict waits for: what answers it is loaded when it is asked. */
  later<Answer>(request: MarketQuestion, compute: (open: OpenMarket) => Promise<Answer>): Promise<Result<Answer>>;
  /** The same, of which only the newest of its kind goes on. */
  latest<Request extends MarketQuestion, Progress, Answer>(
    compute: (open: OpenMarket, request: Request, control: Control<Progress>) => Promise<Answer>,
  ): LatestQuestion<Request, Progress, Answer>;
}

export function answering(markets: OpenMarkets, runs: Overtaking): Answering {
  const atOnce: Answering['atOnce'] = (request, compute) => {
    const known = answered(() => markets.known(request));
    if (!known.ok) return known;
    const { value } = known;
    if (value === null) return later(request, async (open) => compute(open));
    const { atHand } = markets;
    const answer = answered(() => compute(value));
    return markets.haveTrapped(atHand) ? atOnce(request, compute) : answer;
  };
  const later: Answering['later'] = async (request, compute) => {
    const { atHand } = markets;
    const answer = await answeredLater(async () => compute(await markets.edited(request)));
    return markets.haveTrapped(atHand) ? later(request, compute) : answer;
  };
  return {
    atOnce,
    later,
    latest(compute) {
      const kind = runs.kind();
      return {
        ask(request, onProgress) {
          const control = { ...kind.run(), ...(onProgress && { onProgress }) };
          return later(request, (open) => compute(open, request, control));
        },
        cancel: kind.overtake,
      };
    },
  };
}

/** What is thrown becomes a Failure. */
export function answered<T>(compute: () => T): Result<T> {
  try {
    return success(compute());
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

/** The same of what takes a while. */
export async function answeredLater<T>(compute: () => Promise<T>): Promise<Result<T>> {
  try {
    return success(await compute());
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}
