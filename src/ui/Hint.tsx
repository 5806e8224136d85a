import { lazy, type ReactElement, type ReactNode, Suspense } from 'react';

export interface HintProps {
  /** The button that is explained. */
  trigger: ReactElement;
  /** What floats beside it on hover and focus. */
  children: ReactNode;
  side?: 'top' | 'bottom' | 'left' | 'right';
}

const HintPopup = lazy(() => import('./HintPopup.tsx').then((module) => ({ default: module.HintPopup })));

/** A button with an explanation. The button is there at once; the explanation's machinery arrives after the first paint. */
export function Hint(props: HintProps) {
  return (
    <Suspense fallback={props.trigger}>
      <HintPopup {...props} />
    </Suspense>
  );
}
