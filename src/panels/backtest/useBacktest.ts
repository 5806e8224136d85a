import type { BacktestReport } from '../../engine/domain/backtestReport.ts';
import { RiskError } from '../../engine/domain/failure.ts';
import { type RiskTask, useRiskTask } from '../../compute/tasks/useRiskTask.ts';
import { currentBook } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { METHODS } from './backtestView.ts';

/** The question waits so long after an edit, so that a drag does not start it again and again. */
const PAUSE_MS = 200;
/** Answers to earlier books are kept so long: an undo finds them. */
const KEEP_MS = 120_000;

/** The backtest of the book that the figures speak of: by every method, at the chosen confidence and window. The latest wins. */
export function useBacktest(): RiskTask<BacktestReport> {
  const marketId = useStore((state) => state.market?.id ?? null);
  const book = useStore(currentBook);
  const smile = useStore((state) => state.smile);
  const smileEdits = useStore(smileEditsInForce);
  const { confidence, window } = useStore((state) => state.backtestSettings);
  return useRiskTask(
    ['backtest', marketId, book.legs, book.collateral, smile, smileEdits, confidence, window],
    async (client, { signal }) => {
      await pause(signal);
      const request = { marketId: marketId!, portfolio: book, methods: METHODS, confidence, window, smile, smileEdits };
      const answer = await client.backtest(request, signal);
      if (!answer.ok || answer.value !== null) return answer as typeof answer & { value: BacktestReport };
      throw new RiskError('internal', 'A newer backtest took the place of this one');
    },
    marketId !== null && book.legs.length > 0,
    KEEP_MS,
  );
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, PAUSE_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new RiskError('internal', 'The question was given up'));
    });
  });
}
