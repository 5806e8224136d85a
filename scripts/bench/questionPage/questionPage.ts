import { STRESS_SPOT, STRESS_VOL } from '../../../src/compute/buildRequest.ts';
import { compiledKernels } from '../../../src/compute/compiledKernels.ts';
import { createRiskClient, type RiskClient } from '../../../src/compute/riskClient.ts';
import { curveMoves } from '../../../src/engine/domain/curveMoves.ts';
import type { Result } from '../../../src/engine/domain/failure.ts';
import type { ExploreRequest, VarReport, VarRequest } from '../../../src/engine/domain/riskReport.ts';

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
/** A book of which a quantity is another. */
export interface BookEdit {
  readonly valueAtRisk: OpenVarRequest;
  /** Whose curves are shown. */
  readonly coin: { readonly symbol: string; readonly index: number };
}

/** Milliseconds from the edit until an answer was back on the page. */
export interface EditTiming {
  readonly report: number;
  /** Curves and grid, margined in every cell. */
  readonly explore: number;
  readonly valueAtRisk: number;
  readonly all: number;
}

function riskWorker(): Worker {
  return new Worker(new URL('../../../workers/risk.worker.ts', import.meta.url), { type: 'module' });
}

/** The product's client and its workers on a page without panels, so that a question's own time is seen. */
export class QuestionBench {
  readonly #client: RiskClient;
  #marketId = '';
  #version = 0;

  constructor() {
    this.#client = createRiskClient(riskWorker, compiledKernels, false);
  }

  async openMarket(text: string): Promise<void> {
    this.#marketId = value(await this.#client.openMarket(text)).id;
  }

  /** As the page does: curves, grid and VaR on the kept moves are asked for once the report is there. */
  async edited({ valueAtRisk, coin }: BookEdit): Promise<EditTiming> {
    this.#version += 1;
    const open = { marketId: this.#marketId, inputVersion: this.#version };
    const held = { ...open, book: valueAtRisk.portfolio, proposed: null, parameters: {} };
    const moved = { volUnit: 'relative', smile: 'sticky-strike', movers: 'all' } as const;
    const explore: ExploreRequest = {
      ...held,
      model: 'portfolio',
      stress: { ...moved, spot: STRESS_SPOT, vol: STRESS_VOL, days: 0 },
      curve: {
        ...moved,
        underlying: coin.symbol,
        spot: curveMoves(held.book, coin.symbol, coin.index),
        volShock: 0,
        days: [0],
        runwayDays: 0,
      },
      pin: null,
    };
    const started = performance.now();
    const timed = async (answer: Promise<Result<unknown>>) => {
      value(await answer);
      return performance.now() - started;
    };
    const report = await timed(this.#client.evaluate({ ...held, models: ['isolated', 'cross', 'portfolio'] }));
    const [explored, valued] = await Promise.all([
      timed(this.#client.explore(explore)),
      timed(this.#client.keptValueAtRisk({ ...valueAtRisk, ...open })),
    ]);
    return { report, explore: explored, valueAtRisk: valued, all: performance.now() - started };
  }

  async valueAtRisk(request: OpenVarRequest): Promise<VarTiming> {
    this.#version += 1;
    const started = performance.now();
    let firstFigureMs: number | null = null;
    let figureMs: number | null = null;
    let answer: Result<VarReport> | null = null;
    const end = await this.#client.valuesAtRisk(
      [{ ...request, marketId: this.#marketId, inputVersion: this.#version }],
      (told) => {
        if ('answer' in told) {
          answer = told.answer;
          return;
        }
        const { soFar, pathsDone, pathsAsked } = told.progress;
        if (soFar === null) return;
        firstFigureMs ??= performance.now() - started;
        if (pathsDone === pathsAsked) figureMs ??= performance.now() - started;
      },
    );
    const ms = performance.now() - started;
    if (value(end) === null || answer === null) throw new Error('The question was overtaken.');
    const report = value<VarReport>(answer);
    return { firstFigureMs: firstFigureMs ?? ms, figureMs: figureMs ?? ms, ms, report };
  }
}

function value<T>(answer: Result<T>): T {
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

Reflect.set(window, 'questionBench', new QuestionBench());
