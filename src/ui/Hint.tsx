import { memo } from 'react';
import { arriving } from './arriving.tsx';
import type { HintProps } from './HintPopup.tsx';
import { Late } from './Late.tsx';
import { whenSettled } from './whenSettled.ts';

const HintPopup = arriving(() => whenSettled(() => import('./HintPopup.tsx')).then((module) => module.HintPopup));

/** A button with an explanation. The button is there at once; the explanation's machinery arrives after the first paint. */
export const Hint = memo(function Hint(props: HintProps) {
  return (
    <Late fallback={props.trigger}>
      <HintPopup {...props} />
    </Late>
  );
});
