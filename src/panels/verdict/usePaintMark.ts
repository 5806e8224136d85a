import { useLayoutEffect } from 'react';
import { useStore } from '../../state/store.ts';

/** Marks `headroom:painted` once the figures of a version are on the screen, for whoever measures the way from an edit. */
export function usePaintMark(): void {
  const inputVersion = useStore((state) => state.report?.inputVersion ?? null);
  useLayoutEffect(() => {
    if (inputVersion === null) return;
    // The frame is asked for here; the message that it posts is handled after it has been painted.
    const frame = requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        performance.mark('headroom:painted', { detail: { inputVersion } });
        port1.close();
      };
      port2.postMessage(null);
    });
    return () => cancelAnimationFrame(frame);
  }, [inputVersion]);
}
