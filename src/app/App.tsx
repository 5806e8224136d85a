import { useState } from 'react';
import styles from './App.module.css';
import { Dock } from './Dock.tsx';
import { PanelSlot } from './PanelSlot.tsx';
import type { DockTab } from './panelCatalog.ts';

export function App() {
  const [tab, setTab] = useState<DockTab>('chain');
  const [expanded, setExpanded] = useState(false);
  return (
    <div className={styles.desktop} data-dock={expanded ? 'expanded' : undefined}>
      <header className={styles.top} />
      <div className={styles.verdict} />
      <main className={styles.main}>
        <div className={styles.left}>
          <PanelSlot id="trade" />
          <PanelSlot id="book" />
        </div>
        <div className={styles.centre}>
          <PanelSlot id="payoff" />
          <PanelSlot id="runway" />
          <PanelSlot id="scenario" />
        </div>
        <div className={styles.right}>
          <PanelSlot id="stress" />
          <PanelSlot id="coverage" />
        </div>
      </main>
      <div className={styles.dock}>
        <Dock tab={tab} onTab={setTab} expanded={expanded} onExpand={setExpanded} />
        <PanelSlot id="smile" />
      </div>
    </div>
  );
}
