import { proxy, type Remote } from 'comlink';
import type { RiskApi } from '../../../workers/RiskApi.ts';
import type { Result } from '../../engine/domain/failure.ts';
import type { SupervisedWorker } from '../SupervisedWorker.ts';

/** Whom a question is put to. */
export interface Asked<Request> {
  readonly worker: SupervisedWorker<RiskApi>;
  /** Settles once the worker has the market that the request is about, or never will; without it the worker is asked at once. */
  readonly opened?: (request: Request) => Promise<unknown>;
}

export type Question<Request, Answer> = (request: Request) => Promise<Result<Answer>>;

/** It tells how far it is. */
export type ToldQuestion<Request, Progress, Answer> = (
  request: Request,
  onProgress: (progress: Progress) => void,
) => Promise<Result<Answer>>;

/** Answers null when a newer question overtook this one, or the signal ended it. */
export type LongQuestion<Request, Progress, Answer> = (
  request: Request,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<Result<Answer | null>>;

/** How a question goes over the wire; each word of progress is a sign of life. */
type Put<Request, Progress, Answer> = (
  api: Remote<RiskApi>,
  request: Request,
  onProgress: (progress: Progress) => void,
) => Promise<Result<Answer>>;

type Tell<T> = (api: Remote<RiskApi>) => Promise<T>;

/** What the worker answers as it is; a Failure when it dies or is silent. `what` is the end of the sentence that says so. */
export function told<T>(
  worker: SupervisedWorker<RiskApi>,
  silenceMs: number,
  what: string,
  tell: Tell<T>,
): Promise<Result<T>> {
  return worker.ask(async (api) => ({ ok: true, value: await tell(api) }), silenceMs, what);
}

/**
 * A question about the market that its request names. A worker that dies, or is silent for so long, is replaced and asked once more; a
 * Failure answers in the end, which names `what`.
 */
export function question<Request, Answer, Progress = never>(
  { worker, opened }: Asked<NoInfer<Request>>,
  silenceMs: number,
  what: string,
  put: Put<Request, Progress, Answer>,
): (request: Request, onProgress?: (progress: Progress) => void) => Promise<Result<Answer>> {
  return async (request, onProgress) => {
    if (opened) await opened(request);
    return worker.ask(
      (api, alive) =>
        put(
          api,
          request,
          proxy((progress: Progress) => {
            alive();
            onProgress?.(progress);
          }),
        ),
      silenceMs,
      what,
    );
  };
}

/** The same, which a signal gives up: the worker is told to `cancel`. */
export function longQuestion<Request, Progress, Answer>(
  { worker, opened }: Asked<NoInfer<Request>>,
  silenceMs: number,
  what: string,
  put: Put<Request, Progress, Answer | null>,
  cancel: Tell<void>,
): LongQuestion<Request, Progress, Answer> {
  const ask = question({ worker }, silenceMs, what, put);
  return async (request, onProgress, signal) => {
    await opened?.(request);
    if (signal.aborted) return { ok: true, value: null };
    const abandon = () => void told(worker, silenceMs, 'a cancel', cancel);
    signal.addEventListener('abort', abandon);
    try {
      return await ask(request, onProgress);
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  };
}
