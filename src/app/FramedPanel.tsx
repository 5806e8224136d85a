import { useState } from 'react';
import { DockToolsSlot } from '../ui/DockTools.tsx';
import { PanelFrame } from '../ui/PanelFrame.tsx';
import styles from './FramedPanel.module.css';
import { PanelSlot } from './PanelSlot.tsx';
import { type DockTab, panelCatalog } from './panelCatalog.ts';

/** A panel of the dock outside the dock: a frame carries its title and its tools. */
export function FramedPanel({ id }: { id: DockTab }) {
  const [tools, setTools] = useState<HTMLElement | null>(null);
  return (
    <PanelFrame title={panelCatalog[id].title} control={<span className={styles.tools} ref={setTools} />}>
      <DockToolsSlot value={tools}>
        <PanelSlot id={id} bare />
      </DockToolsSlot>
    </PanelFrame>
  );
}
