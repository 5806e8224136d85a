import { type ReactNode, useMemo } from 'react';
import { Hint } from './Hint.tsx';
import { useHintContent } from './hintContent.ts';
import type { HintProps } from './HintPopup.tsx';
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
  side?: HintProps['side'];
  distance?: number;
  className?: string;
}

/** A word with a definition: dotted underline, explained on hover, focus and tap. */
export function Term({ children, term, definition, example, side = 'bottom', distance = 8, className }: TermProps) {
  const word = term ?? (typeof children === 'string' ? children : undefined);
  const content = useHintContent(
    <>
      {word !== undefined && <b className={styles.word}>{word}</b>}
      {word !== undefined && ', '}
      {definition}
      {example !== undefined && <span className={styles.example}>{example}</span>}
    </>,
  );
  const trigger = useMemo(
    () => (
      <button type="button" className={`${styles.term} ${className ?? ''}`}>
        {children}
      </button>
    ),
    [children, className],
  );
  return <Hint side={side} distance={distance} trigger={trigger} content={content} />;
}
