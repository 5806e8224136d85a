import type { ReactNode } from 'react';
import styles from './FigureButton.module.css';

interface FigureButtonProps {
  /** Called with where the figure is on the screen. */
  onAsk: (place: { x: number; y: number; width: number; height: number }) => void;
  children: ReactNode;
  className?: string | undefined;
}

/** A figure that tells where it is from when it is clicked. It looks like the figure that it is. */
export function FigureButton({ onAsk, children, className }: FigureButtonProps) {
  return (
    <button
      type="button"
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
