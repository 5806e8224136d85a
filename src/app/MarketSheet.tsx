import { useEffect, useState, useSyncExternalStore } from 'react';
import { smileEditsInForce } from '../state/smileSlice.ts';
import { useLiveStore, useStore } from '../state/store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { age, dateCode, decimal } from '../ui/format.ts';
import { useAppActions } from './AppActionsContext.ts';
import { MarketChoices } from './MarketChoices.tsx';
import type { MarketControl, RunningMarket } from './marketControl.ts';
import styles from './MarketSheet.module.css';
import { MarketValues } from './MarketValues.tsx';
import { SourceShape } from './SourceShape.tsx';
import { useSeconds, useSourceView } from './useSourceView.ts';

export interface MarketSheetProps {
  open: boolean;
  onClose: () => void;
}

/** Everything about the market on the screen: what it is, how far it is to be trusted, and which other one there could be. */
export function MarketSheet({ open, onClose }: MarketSheetProps) {
  return (
    <Dialog title="Market" open={open} onClose={onClose}>
      <SheetBody onClose={onClose} />
    </Dialog>
  );
}

function SheetBody({ onClose }: { onClose: () => void }) {
  const actions = useAppActions();
  const [control, setControl] = useState<MarketControl | null>(null);
  useEffect(() => void actions.market().then((market) => setControl(() => market)), [actions]);
  const now = useSeconds();
  return (
    <div className={styles.sheet}>
      <section className={styles.now} aria-label="The market on the screen">
        <Now now={now} />
        {control !== null && <Running control={control} />}
        <MarketValues now={now} />
        <Connection now={now} />
        <MarketNotices />
      </section>
      <section className={styles.others} aria-label="Choose a market">
        {control !== null && <MarketChoices control={control} onClose={onClose} />}
      </section>
    </div>
  );
}

function Now({ now }: { now: number }) {
  const view = useSourceView(now);
  if (view === null) return null;
  return (
    <div className={styles.state} data-state={view.state} data-simulated={view.isSimulated || undefined}>
      <span className={styles.word}>
        <SourceShape state={view.state} />
        {view.word}
      </span>
      <p className={styles.sentence}>{view.sentence}</p>
    </div>
  );
}

function useRunning(control: MarketControl): RunningMarket {
  return useSyncExternalStore(control.subscribe, control.current);
}

/** What may be done with a market that moves, or moved a moment ago. */
function Running({ control }: { control: MarketControl }) {
  const { feed, pausable, recording } = useRunning(control);
  const state = useLiveStore((store) => store.feed?.state);
  const chosen = useLiveStore((store) => store.marketChoice.kind);
  if (feed === null)
    return chosen === 'still' || chosen === 'recording' ? null : (
      <div className={styles.buttons}>
        <Button onClick={control.restart}>Start again</Button>
      </div>
    );
  return (
    <div className={styles.buttons}>
      {pausable !== null && state === 'live' && <Button onClick={() => pausable.pause()}>Pause</Button>}
      {pausable !== null && (state === 'paused' || state === 'ended') && (
        <Button onClick={() => pausable.resume()}>{state === 'ended' ? 'Play again' : 'Resume'}</Button>
      )}
      {state === 'failed' && <Button onClick={control.restart}>Reconnect</Button>}
      <Button onClick={control.stop}>Stop</Button>
      {recording === null ? (
        <Button onClick={() => void control.record()}>Record</Button>
      ) : (
        <Button aria-pressed onClick={() => void control.stopRecording()}>
          Stop recording
        </Button>
      )}
      {recording !== null && (
        <span className={styles.recording} role="status">
          {decimal(recording.bytes / 1e6, 1)} MB in {age(recording.durationMs)}
          {recording.failure !== null && `. ${recording.failure.message}`}
        </span>
      )}
    </div>
  );
}

/** Of a feed: how the line to it is. */
function Connection({ now }: { now: number }) {
  const feed = useLiveStore((state) => state.feed);
  const { kind } = useLiveStore((state) => state.marketChoice);
  if (feed === null || (kind !== 'deribit' && kind !== 'endpoint')) return null;
  const facts: readonly (readonly [string, string])[] = [
    ['Last message', feed.lastMessageAt === null ? 'none yet' : `${age(now - feed.lastMessageAt)} ago`],
    ['Latency', feed.latencyMs === null ? 'not measured' : `${decimal(feed.latencyMs, 0)} ms`],
    ['Clock of the exchange', offsetText(feed.clockOffsetMs)],
    ['Messages refused', decimal(feed.refusedMessages, 0)],
    ['Attempts to connect', decimal(feed.attempts, 0)],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([term, fact]) => (
        <div key={term} className={styles.fact}>
          <dt>{term}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

function offsetText(milliseconds: number | null): string {
  if (milliseconds === null) return 'not measured';
  const size = decimal(Math.abs(milliseconds), 0);
  if (size === '0') return 'the same as here';
  return `${size} ms ${milliseconds > 0 ? 'ahead of' : 'behind'} this device`;
}

/** What the engine has to say of the market: quotes left out, gaps, smiles bent by hand. */
function MarketNotices() {
  const market = useStore((state) => state.market);
  const edits = useStore(smileEditsInForce);
  if (market === null) return null;
  const edited =
    edits.length === 0
      ? []
      : [
          `Smiles edited by hand: ${edits
            .map(({ underlying, expiry }) => `${underlying} ${dateCode(expiry, market.asOf)}`)
            .join(', ')}. Options of these expiries are valued on them; the quotes themselves stay.`,
        ];
  const messages = [...edited, ...market.notices.map(({ message }) => message)];
  if (messages.length === 0) return null;
  return (
    <ul className={styles.notices} aria-label="About this market">
      {messages.map((message) => (
        <li key={message}>{message}</li>
      ))}
    </ul>
  );
}
