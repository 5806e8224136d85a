import { useStore } from '../state/store.ts';
import { Button } from '../ui/Button.tsx';
import styles from './Notices.module.css';

/** Lines under the top bar: refused files, broken links, conflicts. Each stays until it is dealt with or dismissed. */
export function Notices() {
  const notices = useStore((state) => state.notices);
  const dismiss = useStore((state) => state.dismissNotice);
  return (
    <div className={styles.notices} aria-live="polite">
      {notices.slice(-3).map((notice) => (
        <div key={notice.id} className={styles.notice} data-severity={notice.severity} data-testid="notice">
          <span className={styles.edge} aria-hidden="true" />
          <p className={styles.message}>
            {notice.message}
            {notice.path !== undefined && <span className={styles.path}> At {notice.path}</span>}
          </p>
          {notice.actions?.map((action) => (
            <Button key={action.label} onClick={action.run}>
              {action.label}
            </Button>
          ))}
          <Button kind="icon" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
            ×
          </Button>
        </div>
      ))}
    </div>
  );
}
