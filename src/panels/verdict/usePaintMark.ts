import { useLayoutEffect } from 'react';
import { useStore } from '../../state/store.ts';
import { afterPaint } from '../../ui/afterPaint.ts';
import { screenSettled } from '../../ui/whenSettled.ts';

/** Marks `headroom:painted` once the figures of a report are on the screen, for whoever measures the way from an edit or a tick. */
export function usePaintMark(): void {
  const inputVersion = useStore((state) => state.report?.inputVersion);
  const marketId = useStore((state) => state.report?.marketId);
  useLayoutEffect(() => {
    if (inputVersion === undefined) return;
    return afterPaint(() => {
      performance.mark('headroom:painted', { detail: { inputVersion, marketId } });
      // The workers that the verdict's other figures come from are started first: panels are many files to ask the server for.
      setTimeout(screenSettled, 0);
    });
  }, [inputVersion, marketId]);
}
