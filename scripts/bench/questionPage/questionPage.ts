import { type Remote, wrap } from 'comlink';
import { compiledKernels } from '../../../src/compute/compiledKernels.ts';
import { createRiskClient, type RiskClient } from '../../../src/compute/riskClient.ts';
import type { RiskApi } from '../../../workers/RiskApi.ts';
import type { Result } from '../../../src/engine/domain/failure.ts';
import type { EditedRequest } from '../../../src/engine/domain/editedReport.ts';
import type { VarReport, VarRequest } from '../../../src/engine/domain/riskReport.ts';

/** What one question came to, in milliseconds from the page's call. */
export interface VarTiming {
  readonly firstFigureMs: number;
  /** VaR and ES of all paths; what each position adds may come later. */
  readonly figureMs: number;
  readonly ms: number;
  readonly report: VarReport;
}

/** Questions but for the market, which is the open one. */
export type OpenVarRequest = Omit<VarRequest, 'marketId' | 'inputVersion'>;
export type OpenEditedRequest = Omit<EditedRequest, 'marketId' | 'inputVersion'>;

function riskWorker(): Worker {
  return new Worker(new URL('../../../workers/risk.worker.ts', import.meta.url), { type: 'module' });
}

/** The product's client and its workers on a page without panels, so that a question's own time is seen. */
export class QuestionBench {
  readonly #client: RiskClient;
  /** A worker of its own for edits. */
  readonly #edits: Remote<RiskApi>;
  #marketId = '';
  #version = 0;

  constructor() {
    this.#client = createRiskClient(riskWorker, compiledKernels, false);
    this.#edits = wrap<RiskApi>(riskWorker());
  }

  async openMarket(text: string): Promise<void> {
    this.#marketId = value(await this.#client.openMarket(text)).id;
    value((await this.#edits.openMarket(text, await compiledKernels(false))) as Result<unknown>);
  }

  /** @returns milliseconds until report, VaR and grid of an edited book are back on the page */
  async edited(request: OpenEditedRequest): Promise<number> {
    this.#version += 1;
    const started = performance.now();
    const answer = await this.#edits.edited({ ...request, marketId: this.#marketId, inputVersion: this.#version });
    const ms = performance.now() - started;
    value(answer as Result<unknown>);
    return ms;
  }

  async valueAtRisk(request: OpenVarRequest): Promise<VarTiming> {
    this.#version += 1;
    const started = performance.now();
    let firstFigureMs: number | null = null;
    let figureMs: number | null = null;
    const answer = await this.#client.valueAtRisk(
      { ...request, marketId: this.#marketId, inputVersion: this.#version },
      ({ soFar, pathsDone, pathsAsked }) => {
        if (soFar === null) return;
        firstFigureMs ??= performance.now() - started;
        if (pathsDone === pathsAsked) figureMs ??= performance.now() - started;
      },
    );
    const ms = performance.now() - started;
    const report = value(answer);
    if (report === null) throw new Error('The question was overtaken.');
    return { firstFigureMs: firstFigureMs ?? ms, figureMs: figureMs ?? ms, ms, report };
  }
}

function value<T>(answer: Result<T>): T {
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

Reflect.set(window, 'questionBench', new QuestionBench());
