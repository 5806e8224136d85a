import type { ComponentType } from 'react';
import { inTurn, seldomTicks } from '../state/movingPace.ts';
import { createPace } from '../state/pace.ts';
import { PaceContext, useLiveStore } from '../state/store.ts';
import { afterPaint } from '../ui/afterPaint.ts';
import { inOwnTask } from '../ui/inOwnTask.ts';
import { waitForPaint } from '../ui/paintQueue.ts';

/** Panels come so long after the last verdict: while a number is dragged, its next verdict goes before them ... */
const QUIET_MS = 24;
/** ... but never later than this after the first one that they have not drawn. */
const LATEST_MS = 100;

/** A market that moves is followed twice a second: faster than that no table is read. */
const TICK_MS = 500;

/** One pace for all panels, so that what they show belongs together. */
export const panelPace = createPace(seldomTicks(useLiveStore, TICK_MS), {
  patienceMs: 100,
  onceAnswered: (follow) => afterPaint(() => onceQuiet(follow)),
});

function onceQuiet(run: () => void): void {
  let quiet: ReturnType<typeof setTimeout>;
  const finish = () => {
    clearTimeout(quiet);
    clearTimeout(latest);
    stop();
    run();
  };
  const wait = () => {
    clearTimeout(quiet);
    quiet = setTimeout(finish, QUIET_MS);
  };
  const latest = setTimeout(finish, LATEST_MS);
  const stop = useLiveStore.subscribe((state) => state.inputVersion, wait);
  wait();
}

/** A panel at that pace, in a task of its own, and in a frame of its own where only the market has moved: together they hold the page for long. */
export function paced(Panel: ComponentType): ComponentType {
  const pace = inTurn(panelPace, { ofMove: waitForPaint, ofAnswer: inOwnTask });
  return function PacedPanel() {
    return (
      <PaceContext value={pace}>
        <Panel />
      </PaceContext>
    );
  };
}
