import { useEffect, useState } from 'react';
import { useAppActions } from './AppActionsContext.ts';
import styles from './DropTarget.module.css';

/** Files may be dropped anywhere on the page. */
export function DropTarget() {
  const { openFiles } = useAppActions();
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Enter and leave come for every element on the way; their balance says whether the pointer is still over the page.
    let depth = 0;
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onEnter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const onOver = (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault();
    };
    const onLeave = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      openFiles([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [openFiles]);
  if (!over) return null;
  return (
    <div className={styles.overlay}>
      <p className={styles.words}>
        Drop a market, a portfolio or a CSV. The present book can be brought back with Undo.
      </p>
    </div>
  );
}
