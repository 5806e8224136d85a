import { compiledKernels } from '../../../src/compute/compiledKernels.ts';
import { createRiskClient, type RiskClient } from '../../../src/compute/riskClient.ts';
import type { Result } from '../../../src/engine/domain/failure.ts';
import type { VarReport, VarRequest } from '../../../src/engine/domain/riskReport.ts';

/** What one question came to, in milliseconds from the page's call. */
export interface VarTiming {
  readonly firstFigureMs: number;
  readonly ms: number;
  /** How often a newer figure came. */
  readonly figures: number;
  readonly report: VarReport;
}

/** A question of `RiskRequest` but for the market, which is the open one. */
export type OpenVarRequest = Omit<VarRequest, 'marketId' | 'inputVersion'>;

/** The product's client and its workers on a page without panels, so that a question's own time is seen. */
export class QuestionBench {
  readonly #client: RiskClient;
  #marketId = '';
  #version = 0;

  constructor() {
    const spawn = () => new Worker(new URL('../../../workers/risk.worker.ts', import.meta.url), { type: 'module' });
    this.#client = createRiskClient(spawn, compiledKernels, false);
  }

  async openMarket(text: string): Promise<void> {
    this.#marketId = value(await this.#client.openMarket(text)).id;
  }

  async valueAtRisk(request: OpenVarRequest): Promise<VarTiming> {
    this.#version += 1;
    const started = performance.now();
    let firstFigureMs: number | null = null;
    let figures = 0;
    const answer = await this.#client.valueAtRisk(
      { ...request, marketId: this.#marketId, inputVersion: this.#version },
      ({ soFar }) => {
        if (soFar === null) return;
        figures += 1;
        firstFigureMs ??= performance.now() - started;
      },
    );
    const ms = performance.now() - started;
    const report = value(answer);
    if (report === null) throw new Error('The question was overtaken.');
    return { firstFigureMs: firstFigureMs ?? ms, ms, figures, report };
  }
}

function value<T>(answer: Result<T>): T {
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

Reflect.set(window, 'questionBench', new QuestionBench());
