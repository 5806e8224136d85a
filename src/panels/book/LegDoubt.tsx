import { currentLegDoubts } from '../../state/legDoubts.ts';
import { useLiveStore } from '../../state/store.ts';
import { Term } from '../../ui/Term.tsx';
import styles from './BookPanel.module.css';

/** A flag on a leg whose prices are in doubt, with the reasons in words; nothing where they are not. */
export function LegDoubt({ id, name }: { id: string; name: string }) {
  const reasons = useLiveStore(({ quality, book }) =>
    currentLegDoubts(quality, book.legs)
      .get(id)
      ?.map(({ message }) => message)
      .join('. '),
  );
  if (reasons === undefined) return null;
  return (
    <Term term={`${name}: prices in doubt`} definition={`${reasons}.`} side="right" className={styles.doubt ?? ''}>
      <span aria-hidden="true">!</span>
      <span className="visually-hidden">prices in doubt</span>
    </Term>
  );
}
