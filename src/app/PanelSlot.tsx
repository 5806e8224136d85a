import { Component, type ReactNode, Suspense } from 'react';
import { PanelFrame } from '../ui/PanelFrame.tsx';
import { type PanelId, panelCatalog } from './panelCatalog.ts';
import styles from './PanelSlot.module.css';

interface PanelSlotProps {
  id: PanelId;
  /** Without a head of its own. */
  bare?: boolean;
  /** Its place, not its content, sets its size: what changes inside is laid out and painted alone. */
  fills?: boolean;
}

/** One panel in its place: its frame while it loads, and alone in trouble when it fails. */
export function PanelSlot({ id, bare = false, fills = false }: PanelSlotProps) {
  const { title, component: Panel } = panelCatalog[id];
  const panel = (
    <PanelBoundary title={title}>
      <Suspense fallback={bare ? <div className={styles.empty} /> : <PanelFrame title={title}>{null}</PanelFrame>}>
        <Panel />
      </Suspense>
    </PanelBoundary>
  );
  return (
    <div className={styles.slot} data-panel={id}>
      {fills ? <div className={styles.fills}>{panel}</div> : panel}
    </div>
  );
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
