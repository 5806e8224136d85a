import { useMemo, useState } from 'react';
import { failed, type Result } from '../../engine/domain/failure.ts';
import type { ReplayPoint, ReplayTimeline, ReplayTimelineRequest } from '../../engine/domain/replayTimeline.ts';
import { undisturbed } from './undisturbed.ts';
import { type RiskTask, useRiskTask } from './useRiskTask.ts';

/** The question waits so long after an edit, so that a drag does not start it again and again. */
const PAUSE_MS = 300;
/** Answers to earlier books are kept so long: an undo finds them. */
const KEEP_MS = 120_000;

export interface ReplayTimelineTask extends Omit<RiskTask<ReplayTimeline>, 'value'> {
  /** All of them, or those that have come while the rest is computed. */
  readonly points: readonly ReplayPoint[];
}

/** Recordings by the order in which they were first asked about: a key can hold a number, not a file. */
const recordings = new WeakMap<Blob, number>();
let count = 0;

function recordingNumber(recording: Blob): number {
  let number = recordings.get(recording);
  if (number === undefined) recordings.set(recording, (number = count += 1));
  return number;
}

/** A book over the time of a recording, moment by moment as they come; null asks nothing. */
export function useReplayTimeline(recording: Blob | null, request: ReplayTimelineRequest | null): ReplayTimelineTask {
  const [news, setNews] = useState<readonly ReplayPoint[]>([]);
  const key = useMemo(
    () => (recording === null || request === null ? null : `${recordingNumber(recording)} ${JSON.stringify(request)}`),
    [recording, request],
  );
  const { value, ...task } = useRiskTask(
    ['replay-timeline', key],
    async (client, { signal }) => {
      setNews([]);
      await undisturbed(PAUSE_MS, signal);
      const answer = await client.replayTimeline(
        request!,
        recording!,
        ({ point }) => setNews((before) => [...before, point]),
        signal,
      );
      if (!answer.ok || answer.value !== null) return answer as Result<ReplayTimeline>;
      return failed('internal', 'A newer question took the place of this one');
    },
    key !== null,
    KEEP_MS,
  );
  return { ...task, points: task.pending ? news : key === null ? [] : (value?.points ?? []) };
}
