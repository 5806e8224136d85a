import { lazy } from 'react';
import { useStore } from '../state/store.ts';
import { Late } from '../ui/Late.tsx';

const ReplayBar = lazy(() =>
  import('../panels/replay/ReplayBar.tsx').then((module) => ({ default: module.ReplayBar })),
);

/** The hands on a recording, while one is the market. */
export function ReplayPlace() {
  const isReplaying = useStore((state) => state.replay !== null);
  return isReplaying ? (
    <Late>
      <ReplayBar />
    </Late>
  ) : null;
}
