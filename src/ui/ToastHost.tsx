import { useEffect, useRef, useState } from 'react';
import styles from './ToastHost.module.css';

export interface ToastHostProps {
  toast: { readonly message: string; readonly action?: { readonly label: string; readonly run: () => void } } | null;
  onClose: () => void;
}

const SHOWN_MS = 6000;

/** One short message at a time, for six seconds; the pointer or the focus on it stops the clock. */
export function ToastHost({ toast, onClose }: ToastHostProps) {
  const [held, setHeld] = useState(false);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (toast === null || held) return;
    const timer = setTimeout(() => close.current(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast, held]);
  return (
    <div className={styles.host} role="status" aria-live="polite">
      {toast !== null && (
        <div
          className={styles.toast}
          data-testid="toast"
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <span className={styles.message}>{toast.message}</span>
          {toast.action !== undefined && (
            <button
              type="button"
              className={styles.action}
              onClick={() => {
                setHeld(false);
                onClose();
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
