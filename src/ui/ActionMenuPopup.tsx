import { Menu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import styles from './ActionMenu.module.css';

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

/** The working half of `ActionMenu`, loaded after the first paint. */
export function ActionMenuPopup({ trigger, groups }: ActionMenuProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={trigger} />
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="start" collisionPadding={8} className={styles.positioner}>
          <Menu.Popup className={styles.popup}>
            {groups.map((actions, at) => (
              // Groups are few and fixed for the life of a menu.
              <Menu.Group key={at} className={styles.group}>
                {actions.map((action, index) => (
                  <Menu.Item
                    key={index}
                    className={styles.item}
                    disabled={action.disabled ?? false}
                    data-chosen={action.chosen || undefined}
                    onClick={action.run}
                  >
                    <span className={styles.label}>{action.label}</span>
                    {action.hint !== undefined && <span className={styles.hint}>{action.hint}</span>}
                  </Menu.Item>
                ))}
              </Menu.Group>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
