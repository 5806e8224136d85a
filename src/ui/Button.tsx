import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './Button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: ink fill; `secondary`: outlined; `quiet`: text only; `icon`: a square around a drawing. */
  kind?: 'primary' | 'secondary' | 'quiet' | 'icon';
  /** The key that does the same, shown as a cap. */
  shortcut?: string;
  children: ReactNode;
}

export function Button({ kind = 'secondary', shortcut, children, className, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`${styles.button} ${styles[kind]} ${className ?? ''}`} {...rest}>
      {children}
      {shortcut !== undefined && (
        <kbd className={styles.key} aria-hidden="true">
          {shortcut}
        </kbd>
      )}
    </button>
  );
}
