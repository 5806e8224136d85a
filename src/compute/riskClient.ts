import type { CompiledKernels } from '../../workers/RiskApi.ts';
import { type DeskQuestions, deskQuestions } from './client/deskQuestions.ts';
import { lateWorker } from './client/lateWorker.ts';
import { type MarketQuestions, quickMarkets } from './client/marketQuestions.ts';
import { type QuickQuestions, quickQuestions } from './client/quickQuestions.ts';
import { type SlowQuestions, slowQuestions } from './client/slowQuestions.ts';
import { type TimelineQuestions, timelineQuestions } from './client/timelineQuestions.ts';
import { type ViewQuestions, viewQuestions } from './client/viewQuestions.ts';
import type { WorkerLike } from './SupervisedWorker.ts';

/** The engine as the page asks it: every promise settles, and failures are values. */
export interface RiskClient
  extends MarketQuestions,
    QuickQuestions,
    ViewQuestions,
    SlowQuestions,
    DeskQuestions,
    TimelineQuestions {
  end(): void;
}

/**
 * Workers of the same file: one for what follows a keystroke or a tick, one for the curves, grid and chains that follow it by some
 * frames, one for the long questions, one for what to do. None waits for another. Only the first starts at once, and reads and fits
 * the market; the others start when they are first asked, and are handed the market that the question is about. All compute with the
 * same kernels: `compile` loads them, at once and never rejecting.
 */
export function createRiskClient(
  spawn: () => WorkerLike,
  compile: (reproducible: boolean) => Promise<CompiledKernels>,
  reproducible: boolean,
): RiskClient {
  const markets = quickMarkets(spawn, compile, reproducible, {
    onOpening: () => slowly.cancelValueAtRisk(),
    // It opens the new market when it is asked again.
    onOpened: () => desk.end(),
  });
  const { quick } = markets;
  const views = viewQuestions(spawn, markets);
  const slow = lateWorker(spawn, markets);
  const slowly = slowQuestions(slow);
  const desk = lateWorker(spawn, markets);
  const timeline = timelineQuestions(spawn, markets.kernels);
  return {
    ...markets.questions,
    ...quickQuestions(quick),
    ...views.questions,
    ...slowly,
    ...deskQuestions(desk),
    ...timeline.questions,
    end() {
      for (const each of [desk, timeline, quick, views, slow.worker]) each.end();
    },
  };
}
