import type { CompiledKernels, RiskApi } from '../../../workers/RiskApi.ts';
import type { Result } from '../../engine/domain/failure.ts';
import type { ReplayProgress, ReplayTimeline, ReplayTimelineRequest } from '../../engine/domain/replayTimeline.ts';
import { SupervisedWorker, type WorkerLike } from '../SupervisedWorker.ts';
import { type LongQuestion, longQuestion } from './question.ts';

const SILENCE_MS = 20_000;

/** A book over the time of a recording. */
export interface TimelineQuestions {
  /** Null when a newer question overtook this one, or the signal ended it. */
  replayTimeline(
    request: ReplayTimelineRequest,
    recording: Blob,
    onProgress: (progress: ReplayProgress) => void,
    signal: AbortSignal,
  ): Promise<Result<ReplayTimeline | null>>;
}

/** Of a worker that reads recordings by itself and has no market open; it lives as long as it is asked. */
export function timelineQuestions(
  spawn: () => WorkerLike,
  kernels: () => Promise<CompiledKernels>,
): { readonly questions: TimelineQuestions; end(): void } {
  const worker = new SupervisedWorker<RiskApi>(spawn, async () => null);
  let running = 0;
  const questions: TimelineQuestions = {
    async replayTimeline(request, recording, onProgress, signal) {
      const compiled = await kernels();
      const ask: LongQuestion<ReplayTimelineRequest, ReplayProgress, ReplayTimeline> = longQuestion(
        { worker },
        SILENCE_MS,
        'the book over the time of this recording',
        (api, asked, told) => api.replayTimeline(asked, recording, compiled, told),
        (api) => api.cancelReplayTimeline(),
      );
      running += 1;
      try {
        return await ask(request, onProgress, signal);
      } finally {
        running -= 1;
        if (running === 0) worker.end();
      }
    },
  };
  return { questions, end: () => worker.end() };
}
