import { NumberField as BaseNumberField } from '@base-ui/react/number-field';
import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import styles from './NumberField.module.css';
import { numberMarks, parseNumberExpression } from './numberExpression.ts';
import { numberFormat } from './numberFormat.ts';

/** Pointer travel that moves the value by one step. */
const PIXELS_PER_STEP = 4;

/** An owner shows what it was given within this time, or has refused it. */
const OWNER_MS = 150;

/** More characters than this are set smaller where the field cannot grow. */
const LONG_TEXT = 5;

interface NumberFieldProps {
  readonly value: number;
  /** What the number is, for those who do not see the screen: "Quantity of 27 JUN 96k P". */
  readonly label: string;
  /** Drawn before the field and draggable; forms only. */
  readonly caption?: ReactNode;
  /** Spoken after the value and drawn at the field's end in forms: "BTC". */
  readonly unit?: string;
  /** Inline: 18 px in a row. Form: 24 px. Touch: 44 px with a button at each side. */
  readonly variant?: 'inline' | 'form' | 'touch';
  /** Looks like plain text until it is pointed at or focused; for rows of a table. */
  readonly isQuiet?: boolean;
  readonly step?: number;
  readonly min?: number;
  readonly max?: number;
  /** Dragging and stepping pass over zero, which here would remove the thing itself; it can still be typed. */
  readonly skipsZero?: boolean;
  /** Most decimals shown; what is typed is kept in full. */
  readonly digits?: number;
  /** Draws the plus of a value above zero. */
  readonly signed?: boolean;
  /** The owner shows each step of a drag itself, in `value`, together with what follows from it; the field draws none. */
  readonly isDrawnByOwner?: boolean;
  readonly locale?: string;
  readonly disabled?: boolean;
  /** Why the value, though a number, cannot be taken; null when it can. */
  readonly problem?: (value: number) => string | null;
  /** Every value on the way, while dragging or holding a key. */
  readonly onChange?: (value: number) => void;
  /** The value that a person settled on: once for a drag, a held key, or a typed entry. */
  readonly onCommit: (value: number) => void;
  /** A drag or held key was given up with Esc after `onChange` had been called. */
  readonly onCancel?: () => void;
  /** Enter when nothing typed is waiting to be committed. */
  readonly onEnter?: () => void;
}

/** What the owner was given and has not shown yet. */
interface Owed {
  readonly value: number;
  /** The owner's value at the time; another one since is its answer. */
  readonly from: number;
  readonly at: number;
}

interface Gesture {
  readonly start: number;
  last: number;
  pixels: number;
  cancelled: boolean;
}

/**
 * A number that can be dragged, stepped and typed. Drag the caption or the arrows (Shift a tenth, Alt ten times), arrow keys
 * one step, Page keys ten, arithmetic and percentages as text. Enter and blur commit, Esc restores.
 */
export function NumberField(props: NumberFieldProps) {
  const { value, label, caption, unit, variant = 'inline', step = 1, min, max, digits = 8, signed = false } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [gesture, setGesture] = useState<Gesture | null>(null);
  // The handlers of one gesture run between renders, so they share the object itself.
  const running = useRef<Gesture | null>(null);
  const errorId = useId();
  const cancel = useRef(props.onCancel);
  useEffect(() => {
    cancel.current = props.onCancel;
  });
  // A field that leaves the page in the middle of a drag gives the drag up.
  useEffect(() => () => void (running.current !== null && cancel.current?.()), []);
  const owed = useRef<Owed | null>(null);
  const [typedOwed, setTypedOwed] = useState<Owed | null>(null);
  useEffect(() => {
    if (typedOwed === null) return;
    const timer = setTimeout(() => setTypedOwed(null), OWNER_MS);
    return () => clearTimeout(timer);
  }, [typedOwed]);
  const marks = numberMarks(props.locale);
  const isDrawnByOwner = props.isDrawnByOwner === true;
  const shown =
    gesture !== null && !isDrawnByOwner ? gesture.last : typedOwed?.from === value ? typedOwed.value : value;
  const display = writtenNumber(shown, digits, signed, props.locale);

  const bounded = (candidate: number) =>
    Number(Math.min(max ?? Infinity, Math.max(min ?? -Infinity, candidate)).toPrecision(12)) + 0;

  const begun = (): Gesture => {
    if (running.current === null) {
      const last = owed.current;
      const isOwed = last !== null && last.from === value && performance.now() - last.at < OWNER_MS;
      const start = isOwed ? last.value : value;
      running.current = { start, last: start, pixels: 0, cancelled: false };
    }
    return running.current;
  };

  const moved = (candidate: number) => {
    const current = begun();
    let next = bounded(candidate);
    if (next === 0 && props.skipsZero === true && current.last !== 0) next = bounded(-Math.sign(current.last) * step);
    if (!Number.isFinite(next) || (next === 0 && props.skipsZero === true) || current.cancelled) return;
    const isNew = next !== current.last;
    current.last = next;
    setDraft(null);
    setError(null);
    if (!isDrawnByOwner) setGesture({ ...current });
    if (isNew) props.onChange?.(next);
  };

  const settled = () => {
    const current = running.current;
    running.current = null;
    setGesture(null);
    if (current === null || current.cancelled || current.last === current.start) return;
    const problem = props.problem?.(current.last) ?? null;
    if (problem !== null) {
      props.onCancel?.();
      setError(problem);
    } else {
      if (isDrawnByOwner) owed.current = { value: current.last, from: value, at: performance.now() };
      props.onCommit(current.last);
    }
  };

  const stepped = (steps: number) => {
    const base = draft === null ? begun().last : draftValue(draft);
    if (base !== null) moved(base + steps * step);
  };

  const draftValue = (text: string): number | null => {
    const parsed = parseNumberExpression(text, value, marks);
    const problem = !parsed.ok
      ? parsed.failure.message
      : min !== undefined && parsed.value < min
        ? `At least ${writtenNumber(min, digits, false, props.locale)}`
        : max !== undefined && parsed.value > max
          ? `At most ${writtenNumber(max, digits, false, props.locale)}`
          : (props.problem?.(parsed.value) ?? null);
    setError(problem);
    return parsed.ok && problem === null ? parsed.value : null;
  };

  /** True when there was something to commit or to refuse. */
  const committedDraft = (): boolean => {
    if (draft === null) return false;
    if (draft.trim() === '') {
      setDraft(null);
      setError(null);
      return true;
    }
    const typed = draftValue(draft);
    if (typed === null) return true;
    setDraft(null);
    if (typed === value) return true;
    if (isDrawnByOwner) {
      owed.current = { value: typed, from: value, at: performance.now() };
      setTypedOwed(owed.current);
    }
    props.onCommit(typed);
    return true;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const factor = event.shiftKey ? 0.1 : event.altKey ? 10 : 1;
    const steps = STEP_KEYS[event.key];
    if (steps !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      stepped(steps * factor);
    } else if (event.key === 'Enter') {
      if (committedDraft()) {
        // The keystroke settled this field; it must not also keep the proposal.
        event.stopPropagation();
        event.preventDefault();
        event.currentTarget.select();
      } else props.onEnter?.();
    } else if (event.key === 'Escape' && (draft !== null || error !== null || running.current !== null)) {
      event.stopPropagation();
      const current = running.current;
      if (current !== null && !current.cancelled) {
        current.cancelled = true;
        current.last = current.start;
        if (!isDrawnByOwner) setGesture({ ...current });
        props.onCancel?.();
      }
      setDraft(null);
      setError(null);
    } else if (event.key === 'Escape') event.currentTarget.blur();
  };

  const onBlur = (event: FocusEvent<HTMLInputElement>) => {
    event.currentTarget.setSelectionRange(0, 0);
    if (running.current !== null && running.current.pixels === 0) settled();
    committedDraft();
  };

  const arrow = (direction: -1 | 1) =>
    variant === 'touch' ? (
      <button
        type="button"
        className={styles.button}
        aria-label={`${direction < 0 ? 'Decrease' : 'Increase'} ${label}`}
        disabled={props.disabled}
        onClick={() => {
          stepped(direction);
          settled();
        }}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d={direction < 0 ? 'M3 8h10' : 'M3 8h10M8 3v10'} stroke="currentColor" strokeWidth="1.6" />
        </svg>
      </button>
    ) : (
      <BaseNumberField.ScrubArea className={styles.arrow} pixelSensitivity={1}>
        {/* The pointer's way to one step; keyboards use the arrow keys in the field itself. */}
        <span
          className={styles.arrowTarget}
          onClick={(event) => {
            stepped(direction * (event.shiftKey ? 0.1 : event.altKey ? 10 : 1));
            settled();
          }}
        >
          <svg viewBox="0 0 6 8" width="6" height="8" aria-hidden="true">
            <path d={direction < 0 ? 'M5 0v8L0 4z' : 'M1 0v8l5-4z'} fill="currentColor" />
          </svg>
        </span>
        <ScrubCursor />
      </BaseNumberField.ScrubArea>
    );

  return (
    <BaseNumberField.Root
      className={`${styles[variant]} ${props.isQuiet === true ? styles.quiet : ''}`}
      // Never moves: what Base's value would become is then the pointer's travel in pixels (times the modifier: its
      // "large" step answers to Shift and its "small" one to Alt), and a new number here is none there. Text, range and
      // snapping are ours.
      value={0}
      step={1}
      largeStep={0.1}
      smallStep={10}
      disabled={props.disabled ?? false}
      onValueChange={(next, details) => {
        if (details.reason !== 'scrub' || next === null) return;
        const current = begun();
        current.pixels += next;
        const steps = current.pixels / PIXELS_PER_STEP;
        const isFine = details.event instanceof MouseEvent && details.event.shiftKey;
        moved(current.start + (isFine ? Math.round(steps * 10) / 10 : Math.round(steps)) * step);
      }}
      onValueCommitted={(_next, details) => {
        if (details.reason === 'scrub') settled();
      }}
    >
      {caption !== undefined && (
        <BaseNumberField.ScrubArea className={styles.caption} pixelSensitivity={1}>
          {caption}
          <ScrubCursor />
        </BaseNumberField.ScrubArea>
      )}
      <BaseNumberField.Group className={styles.field} data-invalid={error === null ? undefined : ''}>
        {arrow(-1)}
        {/* A box of its own: as a flex item the field would have the whole panel laid out at each new number. */}
        <span className={styles.box} style={{ '--characters': (draft ?? display).length } as CSSProperties}>
          <BaseNumberField.Input
            className={styles.input}
            role="spinbutton"
            inputMode="text"
            aria-roledescription={undefined}
            aria-label={label}
            aria-valuenow={shown}
            aria-valuetext={unit === undefined ? display : `${display} ${unit}`}
            aria-valuemin={min}
            aria-valuemax={max}
            aria-invalid={error !== null}
            aria-describedby={error === null ? undefined : errorId}
            data-long={display.length > LONG_TEXT ? '' : undefined}
            value={draft ?? display}
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => {
              event.preventBaseUIHandler();
              setDraft(event.currentTarget.value);
              setError(null);
            }}
            onPaste={(event) => event.preventBaseUIHandler()}
            onKeyDown={(event) => {
              event.preventBaseUIHandler();
              onKeyDown(event);
            }}
            onKeyUp={(event) => {
              if (STEP_KEYS[event.key] !== undefined) settled();
            }}
            onBlur={(event) => {
              event.preventBaseUIHandler();
              onBlur(event);
            }}
          />
        </span>
        {unit !== undefined && variant === 'form' && <span className={styles.unit}>{unit}</span>}
        {arrow(1)}
      </BaseNumberField.Group>
      {error !== null && (
        <span id={errorId} className={styles.error} role="alert">
          {error}
        </span>
      )}
    </BaseNumberField.Root>
  );
}

const STEP_KEYS: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** The two-headed arrow that stands in for the hidden pointer while it is locked. */
function ScrubCursor() {
  return (
    <BaseNumberField.ScrubAreaCursor className={styles.cursor}>
      <svg viewBox="0 0 20 10" width="20" height="10" aria-hidden="true">
        <path d="M6 0 0 5l6 5V6h8v4l6-5-6-5v4H6z" fill="currentColor" stroke="var(--s1)" strokeWidth="1" />
      </svg>
    </BaseNumberField.ScrubAreaCursor>
  );
}

/** A number as the screen writes it: the locale's marks, true minus, no sign on zero. */
function writtenNumber(value: number, digits: number, signed: boolean, locale: string | undefined): string {
  const text = numberFormat(locale, digits).format(Math.abs(value));
  if (Number(value.toFixed(Math.min(digits, 20))) === 0) return text;
  return value < 0 ? `−${text}` : signed ? `+${text}` : text;
}
