import { lazy } from 'react';
import { useStore } from '../../state/store.ts';
import { Late } from '../../ui/Late.tsx';

const DoubtMark = lazy(() => import('./DoubtMark.tsx').then((module) => ({ default: module.DoubtMark })));

/** Says how many legs rest on prices in doubt; nothing while nobody checks the market. */
export function MarketDoubts() {
  const isChecked = useStore((state) => state.quality !== null);
  return isChecked ? (
    <Late>
      <DoubtMark />
    </Late>
  ) : null;
}
