import { type RefCallback, useCallback, useState } from 'react';

/** Whether an element is at least so high. A phone's page has no height of its own, and is as high as what is in it. */
export function useTall(fromPx: number): readonly [RefCallback<HTMLElement>, boolean] {
  const [isTall, setIsTall] = useState(false);
  const watch = useCallback(
    (element: HTMLElement | null) => {
      if (element === null) return;
      const observer = new ResizeObserver(([entry]) => setIsTall((entry?.contentRect.height ?? 0) >= fromPx));
      observer.observe(element);
      return () => observer.disconnect();
    },
    [fromPx],
  );
  return [watch, isTall];
}
