import { useStore } from '../state/store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import styles from './HelpSheet.module.css';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'type a trade'],
  ['Enter', 'keep the proposed trade; Ctrl Enter from any control'],
  ['Esc', 'drop it, or clear the pinned scenario'],
  ['Ctrl Z', 'undo (⌘ on a Mac)'],
  ['Ctrl Shift Z', 'redo'],
  ['U', 'USD or coin'],
  ['G', 'to the stress grid: arrows move, Enter pins, B goes to the binding cell'],
  ['M', 'next metric of the grid'],
  ['1 to 9', 'tabs of the dock'],
  ['Drag', 'on a number’s label or arrows: Shift for small steps, Alt for large ones'],
  ['?', 'this sheet'],
];

const CONVENTIONS: readonly (readonly [string, string])[] = [
  ['Quantity', 'long +, short −. Options and linear contracts in coin, inverse futures in USD.'],
  ['P&L and cash', '+ is in favour of the holder; premium paid is −.'],
  ['Delta', 'of the position, in coin.'],
  ['Gamma', 'change of delta for a 1 % move.'],
  ['Vega', 'USD for one vol point.'],
  ['Theta', 'USD for one calendar day.'],
  ['Initial margin', 'what the rulebook wants before the book may be opened. ▲ violet is more, ▼ is less.'],
  ['Free margin', 'equity minus initial margin. Only this requirement figure can be negative.'],
  ['Headroom', 'equity minus maintenance: the distance to liquidation.'],
  ['Used', 'initial margin over equity.'],
  ['IV shock', 'a factor, ×1.25, or points, +5.0 pts.'],
  [
    'Dates',
    'UTC. Options expire at 08:00 UTC; an expired leg is settled at its intrinsic value at the scenario’s spot.',
  ],
  ['Trading', 'a trade at mark leaves equity as it was: premium goes to or comes from collateral.'],
  ['Before and after', 'grey is before the proposed trade, bold is after it.'],
];

/** Keys, signs and units. */
export function HelpSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const setAboutOpen = useStore((state) => state.setAboutOpen);
  return (
    <Dialog title="Keys, signs and units" open={open} onClose={onClose}>
      <div className={styles.columns}>
        <section>
          <h3 className={styles.heading}>Keys</h3>
          <dl className={styles.list}>
            {KEYS.map(([key, words]) => (
              <div key={key} className={styles.row}>
                <dt>
                  <kbd className={styles.key}>{key}</kbd>
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <h3 className={styles.heading}>Signs and units</h3>
          <dl className={styles.list}>
            {CONVENTIONS.map(([term, words]) => (
              <div key={term} className={styles.row}>
                <dt className={styles.term}>{term}</dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <p className={styles.foot}>
        <Button
          onClick={() => {
            onClose();
            setAboutOpen(true);
          }}
        >
          About Headroom
        </Button>
        Its version, and what computes the figures.
      </p>
    </Dialog>
  );
}
