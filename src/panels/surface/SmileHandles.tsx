import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { SmileShift } from '../../engine/domain/smileEdit.ts';
import { signed } from '../../ui/format.ts';
import { type Plot, plotFraction } from '../../ui/plot.ts';
import styles from './SmileHandles.module.css';
import type { HandleKind, SmileHandle } from './smileView.ts';

interface SmileHandlesProps {
  readonly plot: Plot;
  readonly handles: readonly SmileHandle[];
  readonly shift: SmileShift;
  /** What is dragged or stepped: one expiry's name, or all of them. */
  readonly of: string;
  /** A new value of one part, in decimals of vol; again and again in a drag. */
  readonly onChange: (kind: HandleKind, value: number) => void;
  readonly onFinish: () => void;
}

/** What a vol point at the handle's strike is worth of its part: a risk reversal has two ends. */
const PER_VOL: Readonly<Record<HandleKind, number>> = { level: 1, wings: 1, skew: 2 };
const NAMES: Readonly<Record<HandleKind, { readonly name: string; readonly letter: string; readonly says: string }>> = {
  level: { name: 'Level', letter: 'L', says: 'at-the-money vol' },
  wings: { name: 'Wings', letter: 'W', says: '25 delta butterfly' },
  skew: { name: 'Skew', letter: 'S', says: '25 delta risk reversal' },
};
const STEP = 0.001;

/** Three points of the smile to hold: pull one up or down, or step it with the arrow keys (Shift ten times, Home to zero). */
export function SmileHandles({ plot, handles, shift, of, onChange, onFinish }: SmileHandlesProps) {
  const grip = useRef<{ kind: HandleKind; y: number; from: number; perPixel: number } | null>(null);
  const { margin, x, y } = plot;

  const onPointerDown = (event: PointerEvent<HTMLButtonElement>, kind: HandleKind) => {
    const layer = event.currentTarget.parentElement;
    if (event.button !== 0 || layer === null) return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    const height = Math.max(1, layer.clientHeight - margin.top - margin.bottom);
    const perPixel = ((y.domain[1] - y.domain[0]) / height) * PER_VOL[kind];
    grip.current = { kind, y: event.clientY, from: shift[kind], perPixel };
  };

  const onPointerMove = (event: PointerEvent) => {
    if (grip.current === null) return;
    event.stopPropagation();
    const { kind, from, perPixel } = grip.current;
    onChange(kind, whole(from + (grip.current.y - event.clientY) * perPixel));
  };

  const release = () => {
    if (grip.current === null) return;
    grip.current = null;
    onFinish();
  };

  const onKeyDown = (event: KeyboardEvent, kind: HandleKind) => {
    const size = STEP * (event.shiftKey ? 10 : 1);
    const next: Readonly<Record<string, number>> = {
      ArrowUp: shift[kind] + size,
      ArrowRight: shift[kind] + size,
      ArrowDown: shift[kind] - size,
      ArrowLeft: shift[kind] - size,
      Home: 0,
    };
    const value = next[event.key];
    if (value === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(kind, whole(value));
    onFinish();
  };

  return handles.map(({ kind, strike, vol }) => {
    const across = Math.min(1, Math.max(0, plotFraction(x, strike)));
    const up = Math.min(1, Math.max(0, plotFraction(y, vol)));
    const { name, letter, says } = NAMES[kind];
    const points = signed(shift[kind] * 100, 2);
    return (
      <button
        key={kind}
        type="button"
        role="slider"
        aria-orientation="vertical"
        aria-label={`${name} of ${of}`}
        aria-valuemin={-500}
        aria-valuemax={500}
        aria-valuenow={shift[kind] * 100}
        aria-valuetext={`${says} ${points} vol points from the fit`}
        title={`${name}: ${says}, ${points} pts from the fit. Drag, or arrow keys.`}
        className={styles.handle}
        data-kind={kind}
        data-edited={shift[kind] !== 0 || undefined}
        style={{
          left: `calc(${margin.left}px + (100% - ${margin.left + margin.right}px) * ${across})`,
          bottom: `calc(${margin.bottom}px + (100% - ${margin.top + margin.bottom}px) * ${up})`,
        }}
        onPointerDown={(event) => onPointerDown(event, kind)}
        onPointerMove={onPointerMove}
        onPointerUp={release}
        onPointerCancel={release}
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => onKeyDown(event, kind)}
      >
        <span aria-hidden="true">{letter}</span>
      </button>
    );
  });
}

/** To a hundredth of a vol point. */
function whole(vol: number): number {
  return Math.round(vol * 1e4) / 1e4 + 0;
}
