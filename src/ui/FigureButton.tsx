import type { ReactNode } from 'react';
import styles from './FigureButton.module.css';

interface FigureButtonProps {
  /** Called with where the figure is on the screen. */
  onAsk: (place: { x: number; y: number; width: number; height: number }) => void;
  children: ReactNode;
  className?: string | undefined;
  /** In a table of figures only those of the row that holds the focus are stops of Tab. */
  tabIndex?: 0 | -1;
}

/** A figure that tells where it is from when it is clicked. It looks like the figure that it is. */
export function FigureButton({ onAsk, children, className, tabIndex }: FigureButtonProps) {
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      className={`${styles.figure} ${className ?? ''}`}
      aria-haspopup="dialog"
      title="Where is this from?"
      onClick={({ currentTarget }) => {
        const { x, y, width, height } = currentTarget.getBoundingClientRect();
        onAsk({ x, y, width, height });
      }}
    >
      {children}
    </button>
  );
}
