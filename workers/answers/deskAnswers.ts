import type {
  CheapestCutRequest,
  ExpiryCliffRequest,
  FillOrderRequest,
  SearchProgress,
} from '../../src/engine/domain/decideReport.ts';
import type { MarginPathsProgress, MarginPathsRequest } from '../../src/engine/domain/marginPaths.ts';
import { type Answering, answeredLater, type Control } from '../answering.ts';
import type { Overtaking } from '../overtaking.ts';
import type { PathPoolAtHand } from '../pathPools.ts';
import type { DeskApi } from '../RiskApi.ts';
import type { RulebookLibrary } from '../rulebookLibrary.ts';
import { ruled } from './ruled.ts';

/** What to do. */
export function deskAnswers(
  { later, latest }: Answering,
  library: RulebookLibrary,
  runs: Overtaking,
  pool: () => ReturnType<PathPoolAtHand['started']>,
): DeskApi {
  const cut = latest(
    ruled(library, async (rule, request: CheapestCutRequest, control: Control<SearchProgress>) => {
      const { cheapestCut } = await import('../../src/engine/decide/cheapestCut.ts');
      return cheapestCut(rule, request, inShares(control));
    }),
  );
  const order = latest(
    ruled(library, async (rule, request: FillOrderRequest, control: Control<SearchProgress>) => {
      const { fillOrder } = await import('../../src/engine/decide/fillOrder.ts');
      return fillOrder(rule, request, inShares(control));
    }),
  );
  const paths = latest(async ({ market }, request: MarginPathsRequest, control: Control<MarginPathsProgress>) => {
    const [models, { marginPaths }, shared] = await Promise.all([
      library.having(request.model),
      import('../../src/engine/marginPaths/marginPaths.ts'),
      pool(),
    ]);
    return marginPaths(market, request, models, { ...control, ...shared });
  });
  const cliff = ruled(library, async (rule, request: ExpiryCliffRequest) => {
    const { expiryCliff } = await import('../../src/engine/decide/expiryCliff.ts');
    return expiryCliff(rule, request);
  });
  const timelines = runs.kind();
  return {
    cheapestCut: cut.ask,
    cancelCheapestCut: cut.cancel,
    fillOrder: order.ask,
    cancelFillOrder: order.cancel,
    marginPaths: paths.ask,
    cancelMarginPaths: paths.cancel,
    expiryCliff: (request) => later(request, (open) => cliff(open, request, null)),
    replayTimeline(request, recording, compiled, onProgress) {
      const control = { ...timelines.run(), ...(onProgress && { onProgress }) };
      return answeredLater(async () => {
        const [models, { timelineOfRecording }] = await Promise.all([
          library.having(request.model),
          import('../timelineOfRecording.ts'),
        ]);
        return timelineOfRecording(request, recording, compiled, models, control);
      });
    },
    cancelReplayTimeline: timelines.overtake,
  };
}

function inShares({ onProgress, ...run }: Control<SearchProgress>) {
  return { ...run, onProgress: (share: number) => onProgress?.({ share }) };
}
