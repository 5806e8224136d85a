import { type RefObject, useEffect } from 'react';
import { useStore } from '../../state/store.ts';

/**
 * Lights the rows that an explanation points at. It writes the attribute itself: pointing at a step should not draw the table
 * anew.
 */
export function LitRows({ table }: { table: RefObject<HTMLElement | null> }) {
  const lit = useStore((state) => state.lit);
  useEffect(() => {
    if (lit === null) return;
    const wanted = new Set(lit.rows);
    const rows = [...(table.current?.querySelectorAll<HTMLElement>('tr[data-row]') ?? [])].filter((row) =>
      wanted.has(row.dataset.row!),
    );
    for (const row of rows) row.dataset.lit = '';
    return () => rows.forEach((row) => delete row.dataset.lit);
  }, [lit, table]);
  return null;
}
