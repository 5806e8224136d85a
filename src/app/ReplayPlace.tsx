import { useStore } from '../state/store.ts';
import { arriving } from '../ui/arriving.tsx';
import { Late } from '../ui/Late.tsx';

const ReplayBar = arriving(() => import('../panels/replay/ReplayBar.tsx').then((module) => module.ReplayBar));

/** The hands on a recording, while one is the market. */
export function ReplayPlace() {
  const isReplaying = useStore((state) => state.replay !== null);
  return isReplaying ? (
    <Late>
      <ReplayBar />
    </Late>
  ) : null;
}
