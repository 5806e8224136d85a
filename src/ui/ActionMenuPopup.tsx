import { Menu } from '@base-ui/react/menu';
import styles from './ActionMenu.module.css';
import type { ActionMenuProps } from './ActionMenu.tsx';

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
