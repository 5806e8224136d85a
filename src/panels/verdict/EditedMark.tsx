import { useMemo } from 'react';
import { currentBook } from '../../state/selectors.ts';
import { editsUnder, smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { dateCode } from '../../ui/format.ts';
import { Term } from '../../ui/Term.tsx';
import styles from './VerdictBar.module.css';

/** Says that these figures rest on smiles that a person has bent; nothing when they do not. */
export function EditedMark() {
  const book = useStore(currentBook);
  const edits = useStore(smileEditsInForce);
  const asOf = useStore((state) => state.market?.asOf);
  const under = useMemo(() => editsUnder(book, edits), [book, edits]);
  if (under.length === 0) return null;
  const names = under.map(({ underlying, expiry }) => `${underlying} ${dateCode(expiry, asOf)}`);
  return (
    <span className={styles.leftOut} data-testid="edited-smiles">
      <Term
        term="Edited smiles"
        definition="options of these expiries are valued on smiles edited by hand, not on the market’s own. Reset them in the Surface tab."
        example={`${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}.`}
      >
        edited smiles
      </Term>
    </span>
  );
}
