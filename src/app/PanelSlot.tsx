import { Component, type ReactNode, Suspense } from 'react';
import { createPanelPace } from '../state/panelPace.ts';
import { PanelPaceContext, useLiveStore, useStore } from '../state/store.ts';
import { afterPaint } from '../ui/afterPaint.ts';
import { PanelFrame } from '../ui/PanelFrame.tsx';
import { type PanelId, panelCatalog } from './panelCatalog.ts';
import styles from './PanelSlot.module.css';

/** One pace for all panels, so that what they show belongs together. What was waiting for that frame goes before them. */
const pace = createPanelPace(useLiveStore, (run) => afterPaint(() => void setTimeout(run)));

/** One panel in its place: its frame while it loads, and alone in trouble when it fails. */
export function PanelSlot({ id, bare = false }: { id: PanelId; bare?: boolean }) {
  const { title, component: Panel } = panelCatalog[id];
  return (
    <div className={styles.slot} data-panel={id}>
      <PanelPaceContext value={pace}>
        <PanelBoundary title={title}>
          <Suspense fallback={bare ? <div className={styles.empty} /> : <PanelFrame title={title}>{null}</PanelFrame>}>
            <Panel />
          </Suspense>
        </PanelBoundary>
        <BehindMark />
      </PanelPaceContext>
    </div>
  );
}

/** Marks the panel while an edit or its answer is known and not yet drawn. */
function BehindMark() {
  const drawn = useStore((state) => state.inputVersion);
  const drawnReport = useStore((state) => state.report);
  const behind = useLiveStore((state) => state.inputVersion !== drawn || state.report !== drawnReport);
  return <span hidden data-stale={behind || undefined} />;
}

interface BoundaryProps {
  title: string;
  children: ReactNode;
}

/** A panel that throws says so and offers another try; the others go on. */
class PanelBoundary extends Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    const problem = {
      message: `${this.props.title} could not be drawn. The rest of the screen goes on.`,
      onRetry: () => this.setState({ failed: false }),
    };
    return (
      <PanelFrame title={this.props.title} problem={problem}>
        {null}
      </PanelFrame>
    );
  }
}
