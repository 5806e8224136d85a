import { useEffect, useRef } from 'react';
import { useLiveStore } from '../state/store.ts';
import { afterPaint } from '../ui/afterPaint.ts';
import { holdPainting } from '../ui/paintQueue.ts';
import { panelPace } from './panelPace.tsx';

/** The element that says whether the page is behind: a property, since an attribute would cost a frame at every edit. */
export interface BehindElement extends HTMLSpanElement {
  __headroomBehind?: boolean;
}

/** Says, to whoever tests the page, while an edit or its answer is known and not yet drawn everywhere; holds pictures back meanwhile. */
export function BehindMark() {
  const mark = useRef<BehindElement>(null);
  useEffect(() => {
    let isHeld = false;
    const compare = () => {
      const [known, drawn] = [useLiveStore.getState(), panelPace.getState()];
      const isBehind =
        known.inputVersion !== drawn.inputVersion || known.report?.inputVersion !== drawn.report?.inputVersion;
      if (mark.current !== null) mark.current.__headroomBehind = isBehind;
      // Pictures of what was before the edit wait for its verdict to be painted.
      const isAnswered = known.report?.inputVersion === known.inputVersion;
      if (!isAnswered) {
        isHeld = true;
        holdPainting(true);
      } else if (isHeld) {
        isHeld = false;
        // Unless another edit has come by then.
        afterPaint(() => isHeld || holdPainting(false));
      }
    };
    compare();
    const stops = [useLiveStore.subscribe(compare), panelPace.subscribe(compare)];
    return () => stops.forEach((stop) => void stop());
  }, []);
  return <span ref={mark} data-testid="behind" hidden />;
}
