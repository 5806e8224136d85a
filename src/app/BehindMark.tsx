import { useEffect, useRef } from 'react';
import type { AppState } from '../state/AppState.ts';
import { useLiveStore } from '../state/store.ts';
import { afterPaint } from '../ui/afterPaint.ts';
import { inOwnTask } from '../ui/inOwnTask.ts';
import { holdPainting, releasePainting, START_HOLD_MS } from '../ui/paintQueue.ts';
import { panelPace } from './panelPace.tsx';

/** Pictures of what was before an edit wait for its verdict to be painted, but not for ever: a drag is a long row of edits. */
const EDIT_HOLD_MS = 100;

/** How long pictures wait for numbers; 0 where they need not. */
function heldFor({ report, inputVersion, market, varReports }: AppState): number {
  if (report?.inputVersion !== inputVersion) return EDIT_HOLD_MS;
  const first = varReports['monte-carlo'];
  const isThere = market === null || first?.report || first?.progress?.soFar || first?.failure;
  return isThere ? 0 : START_HOLD_MS;
}

function isPaceBehind(): boolean {
  const [known, drawn] = [useLiveStore.getState(), panelPace.getState()];
  return known.inputVersion !== drawn.inputVersion || known.report?.inputVersion !== drawn.report?.inputVersion;
}

/** The element that says whether the page is behind: a property, since an attribute would cost a frame at every edit. */
export interface BehindElement extends HTMLSpanElement {
  __headroomBehind?: boolean;
}

/** Says, to whoever tests the page, while an edit or its answer is known and not yet drawn everywhere; holds pictures back meanwhile. */
export function BehindMark() {
  const mark = useRef<BehindElement>(null);
  useEffect(() => {
    const say = (isBehind: boolean) => {
      if (mark.current !== null) mark.current.__headroomBehind = isBehind;
    };
    // A visit begins so.
    let isHeld = true;
    const compare = () => {
      const known = useLiveStore.getState();
      if (isPaceBehind()) say(true);
      // Panels follow their pace in tasks of their own: by the next task all of them have been given out.
      else if (mark.current?.__headroomBehind !== false) inOwnTask(() => inOwnTask(() => say(isPaceBehind())));
      const holdMs = heldFor(known);
      if (holdMs > 0) {
        isHeld = true;
        holdPainting(holdMs);
      } else if (isHeld) {
        isHeld = false;
        // Unless another edit has come by then.
        afterPaint(() => isHeld || releasePainting());
      }
    };
    compare();
    const stops = [useLiveStore.subscribe(compare), panelPace.subscribe(compare)];
    return () => stops.forEach((stop) => void stop());
  }, []);
  return <span ref={mark} data-testid="behind" hidden />;
}
