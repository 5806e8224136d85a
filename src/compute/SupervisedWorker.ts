import { type Remote, wrap } from 'comlink';
import { type Failure, failed, failureOf, type Result } from '../engine/domain/failure.ts';

/** The part of a Worker that is needed; a fake over a MessageChannel has it too. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'>;

/** One life of a worker. */
interface Life<Api> {
  readonly api: Remote<Api>;
  /** Settles when the worker may be asked: what it must know again has been sent. */
  readonly ready: Promise<Failure | null>;
  /**
   * Who is told if the worker dies. Not a promise to race with: one that never settles keeps every answer that it was raced with.
   */
  readonly mourners: Set<(death: typeof DEATH) => void>;
  readonly end: () => void;
}

/** How many times longer the second attempt may be silent. */
const PATIENCE = 4;

const DEATH = Symbol('the worker died');
const SILENCE = Symbol('the worker did not answer');

/**
 * A worker whose calls always settle. Comlink leaves the calls of a dead worker pending for ever; here a worker that throws
 * at its top level, cannot decode a message or stays silent too long is ended and replaced, what it must know is sent to
 * the new one, and the call that was cut short is asked once more.
 */
export class SupervisedWorker<Api> {
  readonly #spawn: () => WorkerLike;
  readonly #prepare: (api: Remote<Api>) => Promise<Failure | null>;
  #life: Life<Api> | null = null;

  /** `prepare` tells a fresh worker what its predecessor knew; it answers null when there is nothing wrong. */
  constructor(spawn: () => WorkerLike, prepare: (api: Remote<Api>) => Promise<Failure | null>) {
    this.#spawn = spawn;
    this.#prepare = prepare;
  }

  /** Ends the worker; the next question starts another. */
  end(): void {
    this.#life?.end();
    this.#life = null;
  }

  /**
   * Asks, and answers with a Failure at worst. `silenceMs` is how long the worker may go without a sign of life; `alive`
   * is such a sign, for questions that report progress.
   */
  async ask<T>(
    call: (api: Remote<Api>, alive: () => void) => Promise<Result<T>>,
    silenceMs: number,
    what: string,
  ): Promise<Result<T>> {
    for (let attempt = 1; ; attempt += 1) {
      // A machine that is merely busy gets more time the second time; one that lost its worker has it back soon.
      const patienceMs = attempt === 1 ? silenceMs : PATIENCE * silenceMs;
      const outcome = await this.#attempt(call, patienceMs);
      if (outcome !== DEATH && outcome !== SILENCE) return outcome;
      if (attempt < 2) continue;
      const how = outcome === SILENCE ? `did not answer ${what} in ${patienceMs / 1000} s` : `stopped at ${what}`;
      return failed('internal', `The risk engine ${how}, and was restarted twice. Change the input or retry.`);
    }
  }

  async #attempt<T>(
    call: (api: Remote<Api>, alive: () => void) => Promise<Result<T>>,
    silenceMs: number,
  ): Promise<Result<T> | typeof DEATH | typeof SILENCE> {
    let life: Life<Api>;
    try {
      this.#life ??= this.#start();
      life = this.#life;
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
    const watch = silenceWatch(silenceMs);
    life.mourners.add(watch.end);
    try {
      const answer = life.ready.then((failure) => {
        watch.alive();
        return failure === null ? call(life.api, watch.alive) : { ok: false as const, failure };
      });
      // When death or silence wins the race, this one is left to fail unheard.
      answer.catch(() => {});
      const outcome = await Promise.race([answer, watch.ended]);
      if (outcome === SILENCE && this.#life === life) this.end();
      return outcome;
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    } finally {
      watch.stop();
      life.mourners.delete(watch.end);
    }
  }

  #start(): Life<Api> {
    const worker = this.#spawn();
    const api = wrap<Api>(worker as Worker);
    const mourners: Life<Api>['mourners'] = new Set();
    const end = () => {
      worker.removeEventListener('error', onDeath);
      worker.removeEventListener('messageerror', onDeath);
      worker.terminate();
      for (const mourner of mourners) mourner(DEATH);
    };
    const life: Life<Api> = {
      api,
      ready: this.#prepare(api).catch((error: unknown) => failureOf(error)),
      mourners,
      end,
    };
    const onDeath = () => {
      if (this.#life === life) this.#life = null;
      end();
    };
    worker.addEventListener('error', onDeath);
    worker.addEventListener('messageerror', onDeath);
    return life;
  }
}

/** Of one question: `ended` resolves when nothing was heard for so long, or with what `end` is told. */
function silenceWatch(milliseconds: number) {
  let end: (why: typeof SILENCE | typeof DEATH) => void = () => {};
  const ended = new Promise<typeof SILENCE | typeof DEATH>((settle) => {
    end = settle;
  });
  const wait = () => setTimeout(() => end(SILENCE), milliseconds);
  let timer = wait();
  return {
    ended,
    end,
    alive: () => {
      clearTimeout(timer);
      timer = wait();
    },
    stop: () => clearTimeout(timer),
  };
}
