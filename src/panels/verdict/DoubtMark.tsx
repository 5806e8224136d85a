import { currentLegDoubts, doubtSentence } from '../../state/legDoubts.ts';
import { useLiveStore } from '../../state/store.ts';
import { Term } from '../../ui/Term.tsx';
import styles from './VerdictBar.module.css';

/** How many reasons the hint names. */
const MOST_REASONS = 3;

/** How many legs rest on prices in doubt, and why. It follows the market itself: a doubt waits for no figure. */
export function DoubtMark() {
  const sentence = useLiveStore(({ quality, book }) => doubtSentence(currentLegDoubts(quality, book.legs)));
  // One text, so that a tick that changes no word paints nothing.
  const reasons = useLiveStore(({ quality, book }) => {
    const messages = [
      ...new Set([...currentLegDoubts(quality, book.legs).values()].flat().map(({ message }) => message)),
    ];
    const more = messages.length - MOST_REASONS;
    return `${messages.slice(0, MOST_REASONS).join('. ')}.${more > 0 ? ` And ${more} more.` : ''}`;
  });
  if (sentence === null) return null;
  return (
    <span className={styles.leftOut} data-testid="doubts">
      <Term
        term="Prices in doubt"
        definition="these figures rest on values that are old, held back or contradicted. The legs are marked in the book."
        example={reasons}
      >
        {sentence}
      </Term>
    </span>
  );
}
