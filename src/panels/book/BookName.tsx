import { useState } from 'react';
import { useLiveStore, useStore } from '../../state/store.ts';
import styles from './BookPanel.module.css';

const MAX_LENGTH = 60;

/** The book's name, editable in place. Enter and blur keep it, Esc brings the old one back. */
export function BookName() {
  const name = useLiveStore((state) => state.book.name);
  const renameBook = useStore((state) => state.renameBook);
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    const next = draft?.trim() ?? '';
    if (next !== '' && next !== name) renameBook(next);
    setDraft(null);
  };
  return (
    <input
      className={styles.bookName}
      aria-label="Name of the book"
      value={draft ?? name}
      maxLength={MAX_LENGTH}
      size={Math.max(4, Math.min(22, (draft ?? name).length))}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.stopPropagation();
          commit();
          event.currentTarget.blur();
        } else if (event.key === 'Escape' && draft !== null) {
          event.stopPropagation();
          setDraft(null);
        }
      }}
    />
  );
}
