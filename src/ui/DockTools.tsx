import { createContext, type ReactNode, useContext } from 'react';
import { createPortal } from 'react-dom';

/** The place at the right of the dock's tab row that belongs to the tab on show. */
export const DockToolsSlot = createContext<HTMLElement | null>(null);

/** What a dock panel puts at the right of the tab row: the chain's expiries, an export button. */
export function DockTools({ children }: { children: ReactNode }) {
  const slot = useContext(DockToolsSlot);
  return slot === null ? null : createPortal(children, slot);
}
