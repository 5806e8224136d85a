import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import styles from './Term.module.css';

export interface TermProps {
  /** What is on screen. */
  children: ReactNode;
  /** The defined word, first in the tooltip; the children when they are plain text and nothing else is given. */
  term?: string;
  /** One sentence that follows the term: "collateral plus …". */
  definition: ReactNode;
  /** A worked example from the current book. */
  example?: ReactNode;
  side?: 'top' | 'bottom' | 'left' | 'right';
  className?: string;
}

/** A word with a definition: dotted underline, explained on hover, focus and tap. */
export function Term({ children, term, definition, example, side = 'bottom', className }: TermProps) {
  const word = term ?? (typeof children === 'string' ? children : undefined);
  return (
    <Tooltip.Root>
      <Tooltip.Trigger delay={350} closeOnClick={false} className={`${styles.term} ${className ?? ''}`} type="button">
        {children}
      </Tooltip.Trigger>
      <TooltipPopup side={side}>
        {word !== undefined && <b className={styles.word}>{word}</b>}
        {word !== undefined && ', '}
        {definition}
        {example !== undefined && <span className={styles.example}>{example}</span>}
      </TooltipPopup>
    </Tooltip.Root>
  );
}

/** The floating part, for tooltips on things that are not words. */
export function TooltipPopup({ children, side = 'bottom' }: { children: ReactNode; side?: TermProps['side'] }) {
  return (
    <Tooltip.Portal>
      <Tooltip.Positioner side={side} sideOffset={8} collisionPadding={8} className={styles.positioner}>
        <Tooltip.Popup className={styles.popup}>{children}</Tooltip.Popup>
      </Tooltip.Positioner>
    </Tooltip.Portal>
  );
}
