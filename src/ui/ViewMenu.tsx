import { Menu } from '@base-ui/react/menu';
import { numbersCsv, type Numbers } from './numbers.ts';
import { fileName, saveFile } from './saveFile.ts';
import styles from './ViewMenu.module.css';

interface ViewMenuProps {
  /** Panel title; names the button and the files. */
  readonly title: string;
  readonly numbers: () => Numbers;
  readonly showTable?: boolean;
  readonly onShowTable?: (show: boolean) => void;
  readonly onSavePicture?: () => void;
}

/** What else a panel can do with its figures: a table, a CSV file, a picture. */
export function ViewMenu({ title, numbers, showTable, onShowTable, onSavePicture }: ViewMenuProps) {
  return (
    <Menu.Root>
      <Menu.Trigger className={styles.trigger} aria-label={`${title}: table and export`}>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <circle cx="3" cy="8" r="1.2" fill="currentColor" />
          <circle cx="8" cy="8" r="1.2" fill="currentColor" />
          <circle cx="13" cy="8" r="1.2" fill="currentColor" />
        </svg>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} side="bottom" align="end" sideOffset={4}>
          <Menu.Popup className={styles.popup}>
            {onShowTable !== undefined && (
              <Menu.Item className={styles.item} onClick={() => onShowTable(!showTable)}>
                {showTable ? 'Show picture' : 'Show table'}
              </Menu.Item>
            )}
            <Menu.Item className={styles.item} onClick={() => saveFile(fileName(title, 'csv'), numbersCsv(numbers()))}>
              Export CSV
            </Menu.Item>
            {onSavePicture !== undefined && !showTable && (
              <Menu.Item className={styles.item} onClick={onSavePicture}>
                Export PNG
              </Menu.Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
