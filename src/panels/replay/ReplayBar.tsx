import { Slider } from '@base-ui/react/slider';
import { useEffect, useRef, useState } from 'react';
import type { ReplayState } from '../../state/ReplayState.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { clock, dateTime } from '../../ui/format.ts';
import { SelectField } from '../../ui/SelectField.tsx';
import styles from './ReplayBar.module.css';

const SPEEDS = [
  { value: '1', label: '1×' },
  { value: '10', label: '10×' },
  { value: '60', label: '60×' },
  { value: '600', label: '600×' },
  { value: '3600', label: '3600×' },
  { value: 'max', label: 'Fastest' },
] as const;
type Speed = (typeof SPEEDS)[number]['value'];
/** From here on nobody can follow: it is told as fastest. */
const FASTEST_FROM = 100_000;
/** A screen reader is told this often where a replay stands that plays. */
const SAY_EVERY_MS = 15_000;

/** The hands on a recording: play, speed, where it stands. It stands below the verdict while a recording is the market. */
export function ReplayBar() {
  const replay = useStore((state) => state.replay);
  return replay === null ? null : <Hands replay={replay} />;
}

function Hands({ replay }: { readonly replay: ReplayState }) {
  const { controls, from, to, at } = replay;
  const isPlaying = replay.state === 'live' || replay.state === 'silent';
  // While the thumb is dragged it is where the hand is, not where the replay has come to.
  const [dragged, setDragged] = useState<number | null>(null);
  const shown = dragged ?? at;
  const span = Math.max(1, to - from);
  return (
    <section className={styles.bar} aria-label="Replay" data-testid="replay-bar" data-state={replay.state}>
      <span className={styles.buttons}>
        <Button kind="icon" aria-label="To the whole market before" onClick={() => controls.step(-1)}>
          <Drawing path="M4 3v10M13 3 6.5 8l6.5 5z" />
        </Button>
        <Button
          kind="icon"
          aria-label={isPlaying ? 'Pause the replay' : 'Play the recording'}
          onClick={() => (isPlaying ? controls.pause() : controls.resume())}
        >
          <Drawing path={isPlaying ? 'M5.5 3v10M10.5 3v10' : 'M4.5 2.5 13 8l-8.5 5.5z'} />
        </Button>
        <Button kind="icon" aria-label="To the next whole market" onClick={() => controls.step(1)}>
          <Drawing path="M12 3v10M3 3l6.5 5L3 13z" />
        </Button>
      </span>
      <SelectField<Speed>
        label="Speed of the replay"
        value={speedOf(replay.speed)}
        groups={[{ label: null, options: SPEEDS }]}
        onChange={(speed) => controls.setSpeed(speed === 'max' ? 'max' : Number(speed))}
      />
      <span className={styles.now} data-testid="replay-time">
        {timeText(shown, span)}
      </span>
      <Slider.Root
        className={styles.slider ?? ''}
        value={shown}
        min={from}
        max={from + span}
        step={Math.max(1, Math.round(span / 500))}
        largeStep={Math.max(1, Math.round(span / 20))}
        onValueChange={(next) => {
          setDragged(next as number);
          controls.seek(next as number);
        }}
        onValueCommitted={() => setDragged(null)}
      >
        <Slider.Control className={styles.control ?? ''}>
          <Slider.Track className={styles.track ?? ''}>
            <span className={styles.fill} style={{ width: `${(100 * (shown - from)) / span}%` }} />
            {replay.marks.map((mark) => (
              <span
                key={`${mark.at} ${mark.label}`}
                className={styles.mark}
                data-kind={mark.kind}
                title={`${dateTime(mark.at)}: ${mark.label}`}
                style={{ left: `${(100 * (mark.at - from)) / span}%` }}
              />
            ))}
            <Slider.Thumb
              className={styles.thumb ?? ''}
              getAriaLabel={() => 'Where the replay stands'}
              getAriaValueText={() => timeText(shown, span)}
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <span className={styles.end}>{timeText(to, span)}</span>
      {replay.message !== null && <span className={styles.message}>{replay.message}</span>}
      <Announcement replay={replay} />
    </section>
  );
}

/** Says where the replay stands when its state changes, and now and then while it plays. */
function Announcement({ replay }: { readonly replay: ReplayState }) {
  const latest = useRef(replay);
  latest.current = replay;
  const { state, speed } = replay;
  const [words, setWords] = useState('');
  useEffect(() => {
    const say = () => setWords(announced(latest.current));
    say();
    if (state !== 'live' && state !== 'silent') return;
    const timer = setInterval(say, SAY_EVERY_MS);
    return () => clearInterval(timer);
  }, [state, speed]);
  return (
    <span className="visually-hidden" role="status">
      {words}
    </span>
  );
}

const STATES: Readonly<Partial<Record<ReplayState['state'], string>>> = {
  live: 'plays',
  silent: 'plays through a gap of the recording',
  paused: 'is paused',
  ended: 'has reached its end',
  failed: 'has stopped',
};

function announced({ state, at, speed }: ReplayState): string {
  const words = STATES[state];
  if (words === undefined) return '';
  const pace = state === 'live' && speed < FASTEST_FROM ? ` at ${speed} times its speed` : '';
  return `The replay ${words}${pace}, ${dateTime(at)}.`;
}

function speedOf(speed: number): Speed {
  if (speed >= FASTEST_FROM) return 'max';
  return SPEEDS.findLast(({ value }) => value !== 'max' && Number(value) <= speed)?.value ?? '1';
}

/** With seconds where the whole recording is short. */
function timeText(at: number, span: number): string {
  if (span > 6 * 3_600_000) return dateTime(at);
  const seconds = String(Math.floor(at / 1000) % 60).padStart(2, '0');
  return dateTime(at).replace(clock(at), `${clock(at)}:${seconds}`);
}

function Drawing({ path }: { readonly path: string }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}
