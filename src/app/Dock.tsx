import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { DockToolsSlot } from '../ui/DockTools.tsx';
import styles from './Dock.module.css';
import { type DockTab, panelCatalog } from './panelCatalog.ts';
import { PanelSlot } from './PanelSlot.tsx';

export interface DockProps {
  tabs: readonly DockTab[];
  tab: DockTab;
  onTab: (tab: DockTab) => void;
  expanded: boolean;
  onExpand: (expanded: boolean) => void;
}

/** The only tab group of the desktop. Its panels have no head of their own: the tab is the title. */
export function Dock({ tabs, tab: wanted, onTab, expanded, onExpand }: DockProps) {
  const tab = tabs.includes(wanted) ? wanted : 'chain';
  const [tools, setTools] = useState<HTMLElement | null>(null);
  return (
    <section className={styles.dock} aria-label="Dock">
      <div className={styles.head}>
        <div
          role="tablist"
          aria-label="Dock"
          className={styles.tabs}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
            const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
            if (step === 0 || next === undefined) return;
            event.preventDefault();
            onTab(next);
            document.getElementById(`dock-tab-${next}`)?.focus();
          }}
        >
          {tabs.map((id) => (
            <button
              key={id}
              id={`dock-tab-${id}`}
              type="button"
              role="tab"
              aria-selected={id === tab}
              aria-controls="dock-panel"
              tabIndex={id === tab ? 0 : -1}
              className={styles.tab}
              onClick={() => onTab(id)}
            >
              {panelCatalog[id].title}
            </button>
          ))}
        </div>
        <div className={styles.tools} ref={setTools} />
        <Button
          kind="icon"
          aria-label={expanded ? 'Shrink the dock' : 'Expand the dock'}
          aria-expanded={expanded}
          onClick={() => onExpand(!expanded)}
        >
          <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path
              d={expanded ? 'M2 4.5 6 8.5l4-4' : 'M2 7.5 6 3.5l4 4'}
              fill="none"
              stroke="currentColor"
              strokeWidth="1.5"
            />
          </svg>
        </Button>
      </div>
      <div role="tabpanel" id="dock-panel" aria-labelledby={`dock-tab-${tab}`} className={styles.panel}>
        <DockToolsSlot value={tools}>
          <PanelSlot key={tab} id={tab} bare fills />
        </DockToolsSlot>
      </div>
    </section>
  );
}
