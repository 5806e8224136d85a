import { lazy, type ReactElement, type ReactNode, Suspense } from 'react';

export interface MenuAction {
  readonly label: ReactNode;
  /** Quiet words at the right: a key, a format. */
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
  /** Marks the present choice of several. */
  readonly chosen?: boolean;
  readonly run: () => void;
}

export interface ActionMenuProps {
  /** The button that opens the menu. */
  trigger: ReactElement;
  /** Groups of actions, divided by lines. */
  groups: readonly (readonly MenuAction[])[];
}

const ActionMenuPopup = lazy(() =>
  import('./ActionMenuPopup.tsx').then((module) => ({ default: module.ActionMenuPopup })),
);

/** A button with a list of things to do. The button is there at once; the list's machinery arrives after the first paint. */
export function ActionMenu(props: ActionMenuProps) {
  return (
    <Suspense fallback={props.trigger}>
      <ActionMenuPopup {...props} />
    </Suspense>
  );
}
