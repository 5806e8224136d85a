import { type ReactNode, useEffect, useId, useState } from 'react';
import { age } from './format.ts';
import styles from './PanelFrame.module.css';
import { LateLine } from './LateLine.tsx';

export interface PanelFrameProps {
  title: string;
  /** Unit or scope, after the title: `k USD`. */
  subtitle?: ReactNode;
  /** One control at the right of the head. */
  control?: ReactNode;
  /** The figures answer older inputs: a line at the top, and their age once it matters. */
  stale?: boolean;
  /** When the figures on screen were computed, by the page's clock. */
  answeredAt?: number | undefined;
  /** The last answer failed: the sentence, and a way to ask again. The last good figures stay. */
  problem?: { message: string; onRetry?: () => void } | null | undefined;
  children: ReactNode;
  className?: string | undefined;
  testId?: string;
}

/** A panel: head with title, unit and one control; body below; stale and failed marks. */
export function PanelFrame(props: PanelFrameProps) {
  const heading = useId();
  return (
    <section
      className={`${styles.panel} ${props.className ?? ''}`}
      aria-labelledby={heading}
      data-testid={props.testId}
      data-stale={props.stale || undefined}
    >
      {props.stale && <LateLine />}
      <header className={styles.head}>
        <h2 id={heading} className={styles.title}>
          {props.title}
        </h2>
        {props.subtitle !== undefined && <span className={styles.subtitle}>{props.subtitle}</span>}
        <span className={styles.space} />
        {props.stale && props.answeredAt !== undefined && <StaleAge since={props.answeredAt} />}
        {props.control}
      </header>
      {props.problem && (
        <p className={styles.problem} role="status">
          {props.problem.message}
          {props.problem.onRetry && (
            <button type="button" className={styles.retry} onClick={props.problem.onRetry}>
              Retry
            </button>
          )}
        </p>
      )}
      <div className={styles.body}>{props.children}</div>
    </section>
  );
}

/** `12 s old`, once the figures have been behind for a second. */
export function StaleAge({ since }: { since: number }) {
  const [behindFrom] = useState(() => Date.now());
  const [now, setNow] = useState(behindFrom);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (now - behindFrom < 1000) return null;
  return (
    <span className={styles.age}>
      <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
        <circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" strokeWidth="1.2" />
        <path d="M6 3.4V6l1.8 1.2" fill="none" stroke="currentColor" strokeWidth="1.2" />
      </svg>
      {age(now - since)} old
    </span>
  );
}
