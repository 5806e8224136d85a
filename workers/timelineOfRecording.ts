import type { ReplayProgress, ReplayTimeline, ReplayTimelineRequest } from '../src/engine/domain/replayTimeline.ts';
import type { RunControl } from '../src/engine/domain/RunControl.ts';
import type { MarginModel } from '../src/engine/margin/MarginModel.ts';
import { replayTimeline } from '../src/engine/replayTimeline.ts';
import { recordedMoment } from '../src/formats/recordingReader.ts';
import { instantiatedKernels, plainKernels } from './instantiatedKernels.ts';
import type { CompiledKernels } from './RiskApi.ts';

/**
 * A book over the time of a recording that this worker reads by itself, a slice at a time. Kernels that trap on the way are not used
 * again: the whole is computed once more in plain TypeScript.
 */
export async function timelineOfRecording(
  request: ReplayTimelineRequest,
  recording: Blob,
  compiled: CompiledKernels | null,
  library: readonly MarginModel[],
  control: RunControl<ReplayProgress>,
): Promise<ReplayTimeline | null> {
  const bytes = {
    size: recording.size,
    read: async (from: number, to: number) => new Uint8Array(await recording.slice(from, to).arrayBuffer()),
  };
  const computed = (atHand: ReturnType<typeof instantiatedKernels>) =>
    replayTimeline(request, library, {
      ...control,
      kernels: atHand.kernels,
      read: async ({ at, frame }) => (await recordedMoment(bytes, { keyFrames: [frame], end: request.end }, at)).market,
    });
  const atHand = instantiatedKernels(compiled);
  const timeline = await computed(atHand);
  const trap = atHand.trap();
  return trap === null ? timeline : computed(plainKernels(trap));
}
