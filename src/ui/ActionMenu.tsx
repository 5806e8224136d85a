import type { ActionMenuProps } from './ActionMenuPopup.tsx';
import { arriving } from './arriving.tsx';
import { Late } from './Late.tsx';
import { whenSettled } from './whenSettled.ts';

const ActionMenuPopup = arriving(() =>
  whenSettled(() => import('./ActionMenuPopup.tsx')).then((module) => module.ActionMenuPopup),
);

/** A button with a list of things to do. The button is there at once; the list's machinery arrives after the first paint. */
export function ActionMenu(props: ActionMenuProps) {
  return (
    <Late fallback={props.trigger}>
      <ActionMenuPopup {...props} />
    </Late>
  );
}
