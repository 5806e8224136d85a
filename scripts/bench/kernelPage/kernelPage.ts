import { type Remote, wrap } from 'comlink';
import { compiledKernels } from '../../../src/compute/compiledKernels.ts';
import type { KernelBuild } from '../../../src/engine/kernels/Kernels.ts';
import type { CompiledKernels } from '../../../workers/RiskApi.ts';
import type { Share } from '../workloads/KernelRunner.ts';
import { type Case, SHARED_CASES } from '../workloads/workloads.ts';
import type { KernelWorker } from './kernel.worker.ts';

/** What one call came to. */
export interface KernelRun {
  /** Wall time of the call as the page sees it, milliseconds. */
  readonly ms: number;
  /** The longest of its workers, by their own clocks; of `times` runs the mean. */
  readonly insideMs: number;
  readonly options: number;
  readonly check: number;
}

/** The page's side of the bench: kernels run in workers, and the page waits for them as the product's page does. */
export class KernelBench {
  readonly #dataUrl = new URL('data/', document.baseURI).href;
  readonly #workers: Remote<KernelWorker>[] = [];
  #compiled: readonly CompiledKernels[] = [];
  #pnl: SharedArrayBuffer | null = null;

  /** @returns the builds that this browser runs, the fastest first */
  async open(): Promise<readonly KernelBuild[]> {
    if (!crossOriginIsolated) throw new Error('The page is not cross-origin isolated.');
    const { nsc } = (await (await fetch(`${this.#dataUrl}w2.json`)).json()) as { nsc: number };
    this.#pnl = new SharedArrayBuffer(nsc * Float64Array.BYTES_PER_ELEMENT);
    // The fastest that this browser runs, and the reproducible one.
    const found = [await compiledKernels(false), await compiledKernels(true)];
    for (const kernels of found)
      if (kernels.build === 'typescript' && kernels.failure.code === 'internal')
        throw new Error(kernels.failure.message);
    this.#compiled = found;
    return [...new Set<KernelBuild>([...found.map(({ build }) => build), 'typescript'])];
  }

  async prepare(build: KernelBuild, name: Case, threads: number): Promise<void> {
    if (threads > 1 && !SHARED_CASES.includes(name)) throw new Error(`${name} runs in one thread.`);
    if (!(threads >= 1 && threads <= navigator.hardwareConcurrency))
      throw new Error(`There are ${navigator.hardwareConcurrency} processors; ${threads} threads cannot be had.`);
    while (this.#workers.length < threads) this.#workers.push(await this.#worker());
    await Promise.all(shares(threads).map((share) => this.#workers[share.thread]!.prepare(build, name, share)));
  }

  /** One call; `times` lets a short job be repeated within it, which counts only in `insideMs`. */
  async run(build: KernelBuild, name: Case, threads: number, times = 1): Promise<KernelRun> {
    const all = shares(threads);
    const first = this.#workers[0]!;
    const started = performance.now();
    const inside = await Promise.all(all.map((share) => this.#workers[share.thread]!.run(build, name, share, times)));
    if (threads > 1) await first.finish(build, name, all[0]!);
    const ms = performance.now() - started;
    return { ms, insideMs: Math.max(...inside), ...(await first.result(build, name, all[0]!)) };
  }

  /** Of the last run in one thread. */
  async error(build: KernelBuild, name: Case): Promise<number | null> {
    return this.#workers[0]!.error(build, name);
  }

  async #worker(): Promise<Remote<KernelWorker>> {
    const worker = wrap<KernelWorker>(new Worker(new URL('./kernel.worker.ts', import.meta.url), { type: 'module' }));
    await worker.open(this.#compiled, this.#dataUrl, this.#pnl!);
    return worker;
  }
}

function shares(threads: number): readonly Share[] {
  return Array.from({ length: threads }, (_, thread) => ({ thread, threads }));
}

Reflect.set(window, 'kernelBench', new KernelBench());
