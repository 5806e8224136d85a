import { useStore } from '../../state/store.ts';
import { arriving } from '../../ui/arriving.tsx';
import { Late } from '../../ui/Late.tsx';

const DoubtMark = arriving(() => import('./DoubtMark.tsx').then((module) => module.DoubtMark));

/** Says how many legs rest on prices in doubt; nothing while nobody checks the market. */
export function MarketDoubts() {
  const isChecked = useStore((state) => state.quality !== null);
  return isChecked ? (
    <Late>
      <DoubtMark />
    </Late>
  ) : null;
}
