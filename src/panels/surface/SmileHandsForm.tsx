import type { SmileHands } from '../../compute/tasks/useSmileHands.ts';
import { isNoShift, type SmileShift } from '../../engine/domain/smileEdit.ts';
import type { ExpirySmile } from '../../engine/domain/surfaceReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { Button } from '../../ui/Button.tsx';
import { dateCode, ivPercent } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Term } from '../../ui/Term.tsx';
import styles from './SurfacePanel.module.css';
import type { HandleKind } from './smileView.ts';
import { leftOutReasons, pointsText, smileFlags, stopWords } from './surfaceRows.ts';

export type EditScope = 'one' | 'all';

interface SmileHandsFormProps {
  readonly smile: ExpirySmile;
  readonly asOf: Timestamp;
  readonly underlying: string;
  /** What is in force, at once. */
  readonly shift: SmileShift;
  /** Some smile of the coin is edited. */
  readonly hasEdits: boolean;
  readonly hands: SmileHands;
  readonly scope: EditScope;
  readonly onScope: (scope: EditScope) => void;
  readonly onChange: (kind: HandleKind, value: number) => void;
  readonly onReset: (expiry: Timestamp | null) => void;
}

const FIELDS = [
  {
    kind: 'level',
    caption: 'Level',
    term: 'Level',
    definition: 'how far the at-the-money vol (strike = forward) is from the fit, in vol points.',
    now: ({ atm }: NonNullable<ExpirySmile['figures']>) => ivPercent(atm),
    what: 'ATM',
  },
  {
    kind: 'skew',
    caption: 'Skew',
    term: 'Skew',
    definition:
      'how far the 25 delta risk reversal (vol of the 25 delta call less that of the 25 delta put, Black forward delta) is from the fit’s, in vol points.',
    now: ({ riskReversal25 }: NonNullable<ExpirySmile['figures']>) => pointsText(riskReversal25),
    what: '25Δ RR',
  },
  {
    kind: 'wings',
    caption: 'Wings',
    term: 'Wings',
    definition:
      'how far the 25 delta butterfly (mean vol of the 25 delta call and put less the at-the-money vol) is from the fit’s, in vol points.',
    now: ({ butterfly25 }: NonNullable<ExpirySmile['figures']>) => pointsText(butterfly25),
    what: '25Δ BF',
  },
] as const;

/** Level, skew and wings as numbers, what stopped them, and the way back. */
export function SmileHandsForm(props: SmileHandsFormProps) {
  const { smile, asOf, shift, hands, scope, onChange } = props;
  const name = dateCode(smile.expiry, asOf);
  const of = scope === 'all' ? `all ${props.underlying} expiries` : name;
  return (
    <section className={styles.hands} aria-label={`Smile of ${props.underlying} ${name}`}>
      <header className={styles.handsHead}>
        <b className={styles.handsName}>{name}</b>
        {smile.edit !== null && <span className={styles.edited}>edited</span>}
        <span className={styles.space} />
        <SegmentedControl
          label="Expiries that are edited"
          value={scope}
          options={[
            { value: 'one', label: 'This expiry' },
            { value: 'all', label: 'All', title: `Every expiry of ${props.underlying} moves by as much` },
          ]}
          onChange={props.onScope}
        />
      </header>
      {smile.figures === null ? (
        <p className={styles.words}>{smile.failure}</p>
      ) : (
        <div className={styles.fields}>
          {FIELDS.map(({ kind, caption, term, definition, now, what }) => (
            <div key={kind} className={styles.fieldRow}>
              <Term term={term} definition={definition}>
                {caption}
              </Term>
              <NumberField
                variant="form"
                label={`${caption} of ${of}`}
                value={Math.round(shift[kind] * 1e6) / 1e4}
                step={0.1}
                digits={2}
                signed
                unit="pts"
                onChange={(points) => onChange(kind, points / 100)}
                onCommit={(points) => {
                  onChange(kind, points / 100);
                  hands.finish();
                }}
                onCancel={() => {
                  onChange(kind, shift[kind]);
                  hands.finish();
                }}
              />
              <span className={styles.now}>
                {what} {now(smile.figures!)}
              </span>
            </div>
          ))}
        </div>
      )}
      <div className={styles.resets}>
        {!isNoShift(shift) && (
          <Button kind="secondary" onClick={() => props.onReset(smile.expiry)}>
            Reset {name}
          </Button>
        )}
        {props.hasEdits && (
          <Button kind="secondary" onClick={() => props.onReset(null)}>
            Reset all
          </Button>
        )}
      </div>
      <p className={styles.stop} role="status" data-testid="smile-stop">
        {hands.failure !== null
          ? `Edit not taken. ${hands.failure.message}`
          : hands.stop !== null
            ? stopWords(hands.stop, asOf)
            : ''}
      </p>
      <SmileFacts smile={smile} asOf={asOf} />
    </section>
  );
}

/** Flags and left-out quotes of one smile, in words. */
function SmileFacts({ smile, asOf }: { readonly smile: ExpirySmile; readonly asOf: Timestamp }) {
  const flags = smileFlags(smile, asOf).filter((flag) => flag !== 'edited' && flag !== smile.failure);
  const reasons = leftOutReasons(smile);
  if (flags.length === 0 && reasons.length === 0) return null;
  return (
    <ul className={styles.facts}>
      {flags.map((flag) => (
        <li key={flag} className={styles.flag}>
          {flag.charAt(0).toUpperCase() + flag.slice(1)}.
        </li>
      ))}
      {reasons.map(({ reason, count }) => (
        <li key={reason}>
          {count} {count === 1 ? 'quote' : 'quotes'} left out: {reason.charAt(0).toLowerCase() + reason.slice(1)}.
        </li>
      ))}
    </ul>
  );
}
