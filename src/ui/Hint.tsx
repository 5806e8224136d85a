import { lazy, Suspense } from 'react';
import type { HintProps } from './HintPopup.tsx';

const HintPopup = lazy(() => import('./HintPopup.tsx').then((module) => ({ default: module.HintPopup })));

/** A button with an explanation. The button is there at once; the explanation's machinery arrives after the first paint. */
export function Hint(props: HintProps) {
  return (
    <Suspense fallback={props.trigger}>
      <HintPopup {...props} />
    </Suspense>
  );
}
