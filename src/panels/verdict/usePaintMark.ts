import { useLayoutEffect } from 'react';
import { useStore } from '../../state/store.ts';
import { afterPaint } from '../../ui/afterPaint.ts';
import { screenSettled } from '../../ui/whenSettled.ts';

/** Marks `headroom:painted` once the figures of a version are on the screen, for whoever measures the way from an edit. */
export function usePaintMark(): void {
  const inputVersion = useStore((state) => state.report?.inputVersion ?? null);
  useLayoutEffect(() => {
    if (inputVersion === null) return;
    return afterPaint(() => {
      performance.mark('headroom:painted', { detail: { inputVersion } });
      screenSettled();
    });
  }, [inputVersion]);
}
