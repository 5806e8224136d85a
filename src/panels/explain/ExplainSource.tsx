import { useId, useRef, useState } from 'react';
import { useOpenFromMarket } from '../../compute/tasks/useOpenFromMarket.ts';
import { failureOf, type Failure } from '../../engine/domain/failure.ts';
import type { ExplainedEnd, PnlExplanation } from '../../engine/domain/pnlExplanation.ts';
import { marketFileText } from '../../queries/marketFileText.ts';
import type { Pin } from '../../state/AppState.ts';
import { currentMargin, isSupported } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { dateCode, dateTime, decimal, NBSP, signed, signedPercent, volFactor } from '../../ui/format.ts';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import styles from './ExplainPanel.module.css';

/** What to do while no scenario is pinned. */
export function NothingPinned() {
  const outcome = useStore(currentMargin);
  const worst = isSupported(outcome) ? outcome.worstScenario : null;
  const pinned = (change: Pick<Pin, 'spotMove' | 'volShock'>) => {
    const { setPin, smile, movers } = useStore.getState();
    setPin({ ...change, volUnit: 'relative', days: 0, smile, movers });
  };
  return (
    <div className={styles.note}>
      <p>Nothing is pinned. Click a cell of the stress grid or a curve, or pin one here.</p>
      <div className={styles.choices}>
        {worst !== null && (
          <Button onClick={() => pinned({ spotMove: worst.spotMove, volShock: worst.volShock })}>
            Binding scenario, {signedPercent(worst.spotMove, 0)}, IV {volFactor(worst.volShock)}
          </Button>
        )}
        <Button onClick={() => pinned({ spotMove: -0.1, volShock: 0 })}>Spot {signedPercent(-0.1, 0)}</Button>
      </div>
    </div>
  );
}

/** What to do while no market to start from is open. */
export function NoFromMarket() {
  return (
    <div className={styles.note}>
      <p>Open an earlier market: the book is held from there to the market on screen, and its P&L is taken apart.</p>
      <OpenFromMarket label="Open a market file" />
    </div>
  );
}

/** Opens a market to start from. A refused file says why, and the last good one stays. */
function OpenFromMarket({ label, quiet = false }: { label: string; quiet?: boolean }) {
  const open = useOpenFromMarket();
  const input = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const problem = useId();
  const read = async (files: readonly File[]) => {
    const text = await marketFileText(files);
    const opened = text.ok ? await open(text.value) : text;
    setFailure(opened.ok ? null : opened.failure);
  };
  return (
    <span className={styles.choices}>
      <Button
        kind={quiet ? 'quiet' : 'secondary'}
        className={quiet ? (styles.small ?? '') : ''}
        aria-describedby={failure === null ? undefined : problem}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        accept=".json,application/json"
        aria-label="Market file to start from"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file may be chosen again after it was refused.
          event.target.value = '';
          if (files.length > 0) read(files).catch((error: unknown) => setFailure(failureOf(error)));
        }}
      />
      {failure !== null && (
        <span id={problem} role="alert" className={styles.refusal}>
          Not opened. {failure.message}
          {failure.path ? ` (${failure.path})` : ''}
        </span>
      )}
    </span>
  );
}

interface ExplainedEndsProps {
  /** Null while there is none to show: the choice of another start stays. */
  readonly explanation: PnlExplanation | null;
  readonly proposed?: boolean;
  readonly onRetry?: () => void;
}

/** From where to where: the pinned scenario in words, or both markets with their kind and time. */
export function ExplainedEnds({ explanation, proposed = false, onRetry }: ExplainedEndsProps) {
  const pin = useStore((state) => state.pin);
  const asOf = useStore((state) => state.market?.asOf ?? 0);
  const explained = useStore((state) => state.explained);
  return (
    <div className={styles.ends}>
      {explanation !== null && explanation.to.source === null && pin !== null && (
        <span data-testid="explain-move">{pinWords(pin, asOf)}</span>
      )}
      {explanation !== null && explanation.to.source !== null && (
        <span data-testid="explain-move">
          <End end={explanation.from} asOf={asOf} /> → <End end={explanation.to} asOf={asOf} />,{' '}
          {duration(explanation.days)}
        </span>
      )}
      {proposed && <span>with the proposed trade</span>}
      {explained === 'market' && <OpenFromMarket label="Another file" quiet />}
      {onRetry !== undefined && (
        <Button kind="quiet" className={styles.small ?? ''} onClick={onRetry}>
          Retry
        </Button>
      )}
    </div>
  );
}

/** `11.9 h`, `3.0 d`. */
function duration(days: number): string {
  if (days === 0) return 'at one time';
  return days < 2 ? `${decimal(days * 24, 1)}${NBSP}h` : `${decimal(days, 1)}${NBSP}d`;
}

const SMILE_RULES: Readonly<Record<Pin['smile'], string>> = {
  'sticky-strike': 'sticky strike',
  'sticky-delta': 'sticky delta',
  'spot-vol-beta': 'spot-vol β',
};

/** `Pinned −10 %, IV ×1.25, 26 JUN, BTC alone, sticky strike`. */
function pinWords({ name, spotMove, volShock, volUnit, days, smile, movers }: Pin, asOf: number): string {
  const spot =
    spotMove === 0 ? 'at spot' : signedPercent(spotMove, Number.isInteger(Math.round(spotMove * 1e6) / 1e4) ? 0 : 1);
  const vol = volUnit === 'relative' ? volFactor(volShock) : `${signed(volShock * 100, 1)} pts`;
  return [
    `Pinned ${name === undefined ? spot : `${name}, ${spot}`}`,
    `IV ${vol}`,
    days === 0 ? 'at once' : dateCode(asOf + days * MILLISECONDS_PER_DAY, asOf),
    ...(movers === 'all' ? [] : [`${movers} alone`]),
    SMILE_RULES[smile],
  ].join(', ');
}

/** A market's kind and time, with the shape that its badge has: it reads without colour. */
function End({ end, asOf }: { end: ExplainedEnd; asOf: number }) {
  if (end.source === null) return null;
  const { kind, name } = end.source;
  return (
    <span className={styles.end} data-kind={kind} title={name}>
      <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
        {kind === 'live' && <circle cx="4" cy="4" r="3" fill="currentColor" />}
        {kind === 'recorded' && <circle cx="4" cy="4" r="3" fill="none" stroke="currentColor" strokeWidth="1.4" />}
        {kind === 'simulated' && (
          <path d="M.5.5h7v7h-7zM.5 4 4 .5M.5 7.5 7.5.5M4 7.5 7.5 4" fill="none" stroke="currentColor" />
        )}
      </svg>
      {kind.toUpperCase()} {dateTime(end.asOf, asOf)}
    </span>
  );
}
