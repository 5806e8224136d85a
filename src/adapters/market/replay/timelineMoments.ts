import type { ReplayMoment } from '../../../engine/domain/replayTimeline.ts';
import { keyFrameBefore, type RecordingIndex } from '../../../formats/recordingReader.ts';

/** Enough for a line on a wide screen, few enough to be computed while somebody waits. */
export const MOST_MOMENTS = 240;
/** A recording with fewer whole markets has moments between them too. */
const FEWEST_MOMENTS = 48;

/**
 * The moments at which a book is looked at over a recording: its whole markets, thinned evenly where there are many; where there are
 * few and moves between them, even times besides; always the first and the last.
 */
export function timelineMoments({ keyFrames, from, to, lines }: RecordingIndex): readonly ReplayMoment[] {
  const times = new Set<number>([from, to]);
  const step = Math.max(1, (keyFrames.length - 1) / (MOST_MOMENTS - 2));
  for (let n = 0; n < keyFrames.length; n += step) times.add(keyFrames[Math.floor(n)]!.at);
  const hasMoves = lines > keyFrames.length + 1;
  if (hasMoves && keyFrames.length < FEWEST_MOMENTS && to > from)
    for (let n = 1; n < FEWEST_MOMENTS; n += 1) times.add(Math.round(from + ((to - from) * n) / FEWEST_MOMENTS));
  return [...times]
    .sort((one, other) => one - other)
    .map((at) => {
      const { at: frameAt, offset, line } = keyFrameBefore(keyFrames, at);
      return { at, frame: { at: frameAt, offset, line } };
    });
}
