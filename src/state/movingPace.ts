import type { AppState } from './AppState.ts';
import { type Pace, shownStore } from './shownStore.ts';

/**
 * Figures that ticks of the market have moved are seen so long after the first of them, all together; everything else at once.
 * What a person does meanwhile stands beside the figures that are shown.
 */
export function seldomTicks(store: Pace, pauseMs: number): Pace {
  const pace = shownStore(store);
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function follow(): void {
    clearTimeout(waiting);
    waiting = undefined;
    pace.show(store.getState());
  }

  store.subscribe((state, previous) => {
    const shown = pace.getState();
    // The report of a tick may be the one that an edit waits for.
    const isAnswered =
      state.inputVersion === shown.inputVersion && state.report?.inputVersion === shown.report?.inputVersion;
    if (!isAnswered || state.market !== previous.market) follow();
    else if (state.newest !== previous.newest) waiting ??= setTimeout(follow, pauseMs);
    else if (waiting === undefined) follow();
    else pace.show({ ...state, newest: shown.newest, report: shown.report });
  });
  return pace;
}

/** When one panel of many follows. */
export interface Turns {
  /** What the market alone has moved. */
  readonly ofMove: (turn: { paint(): void }) => void;
  /** The answer to an edit. */
  readonly ofAnswer: (turn: () => void) => void;
}

/** New figures are seen when the turn comes, everything else at once. */
export function inTurn(pace: Pace, { ofMove, ofAnswer }: Turns): Pace {
  const own = shownStore(pace);
  const turn = { paint: () => own.show(pace.getState()) };
  pace.subscribe((state, previous) => {
    if (!own.isSeen()) turn.paint();
    else if (isMoveAlone(state, previous)) ofMove(turn);
    else if (state.report !== previous.report) ofAnswer(turn.paint);
    else turn.paint();
  });
  return own;
}

/** What comes with the market, whoever does what. */
const MOVING = ['newest', 'market', 'feed', 'quality'] as const satisfies readonly (keyof AppState)[];

function isMoveAlone(state: AppState, previous: AppState): boolean {
  return state.inputVersion === previous.inputVersion && MOVING.some((key) => state[key] !== previous[key]);
}
