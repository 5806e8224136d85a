import type { KernelBuild, Kernels } from '../../../src/engine/kernels/Kernels.ts';
import { shareOf, type InputFiles, type Workload } from './Workload.ts';
import { type Case, workloads } from './workloads.ts';

/** Which part of a job a thread has. */
export interface Share {
  readonly thread: number;
  readonly threads: number;
}

const WHOLE: Share = { thread: 0, threads: 1 };

/** One thread's side of the bench: holds the workloads that it has been asked to get ready, and runs its share of them. */
export class KernelRunner {
  readonly #kernels: (build: KernelBuild) => Promise<Kernels>;
  readonly #files: InputFiles;
  readonly #pnl: SharedArrayBuffer;
  readonly #ready = new Map<string, Workload>();

  constructor(kernels: (build: KernelBuild) => Promise<Kernels>, files: InputFiles, pnl: SharedArrayBuffer) {
    this.#kernels = kernels;
    this.#files = files;
    this.#pnl = pnl;
  }

  /** Reads the inputs of a share and lets the compiler see the work once. */
  async prepare(build: KernelBuild, name: Case, share: Share): Promise<void> {
    const key = keyOf(build, name, share);
    if (this.#ready.has(key)) return;
    const workload = await workloads[name]({
      kernels: await this.#kernels(build),
      files: this.#files,
      share: partOf(share),
      pnl: this.#pnl,
    });
    this.#ready.set(key, workload);
    const [first, last] = shareOf(workload.items, partOf(share));
    await workload.run(first, Math.min(first + WARM_UP_ITEMS, last));
    workload.finish?.();
  }

  /** @returns milliseconds of one run of the share; the mean of `times` runs */
  async run(build: KernelBuild, name: Case, share: Share, times = 1): Promise<number> {
    const workload = this.#workload(build, name, share);
    const [first, last] = shareOf(workload.items, partOf(share));
    const started = performance.now();
    for (let time = 0; time < times; time += 1) {
      await workload.run(first, last);
      if (share.threads === 1) workload.finish?.();
    }
    return (performance.now() - started) / times;
  }

  /** What one thread does when all have done their shares. */
  finish(build: KernelBuild, name: Case, share: Share): void {
    this.#workload(build, name, share).finish?.();
  }

  /** Of the last run, asked of the first thread. */
  result(build: KernelBuild, name: Case, share: Share): { options: number; check: number } {
    const workload = this.#workload(build, name, share);
    return { options: workload.options, check: workload.check() };
  }

  /** Of the last run, where there is something to judge it by. */
  async error(build: KernelBuild, name: Case): Promise<number | null> {
    return (await this.#workload(build, name, WHOLE).error?.()) ?? null;
  }

  #workload(build: KernelBuild, name: Case, share: Share): Workload {
    const ready = this.#ready.get(keyOf(build, name, share));
    if (ready === undefined) throw new Error(`${name} has not been made ready.`);
    return ready;
  }
}

const WARM_UP_ITEMS = 4096;

function keyOf(build: KernelBuild, name: Case, { thread, threads }: Share): string {
  return `${build} ${name} ${thread}/${threads}`;
}

function partOf({ thread, threads }: Share): readonly [number, number] {
  return [thread / threads, (thread + 1) / threads];
}
