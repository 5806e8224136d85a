import { Component, type ReactNode } from 'react';
import { StandIn } from '../ui/arriving.tsx';
import { PanelFrame } from '../ui/PanelFrame.tsx';
import { MissingPart, type PanelId, panelCatalog } from './panelCatalog.ts';
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
      <StandIn value={bare ? <div className={styles.empty} /> : <PanelFrame title={title}>{null}</PanelFrame>}>
        <Panel />
      </StandIn>
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

/** A panel that throws says so and offers another try; the others go on. What brings one back that did not arrive, a notice offers. */
class PanelBoundary extends Component<BoundaryProps, { failed: boolean; isMissing: boolean }> {
  override state = { failed: false, isMissing: false };

  static getDerivedStateFromError(failure: unknown) {
    return { failed: true, isMissing: failure instanceof MissingPart };
  }

  override render() {
    const { title, children } = this.props;
    const { failed, isMissing } = this.state;
    if (!failed) return children;
    const problem = isMissing
      ? { message: `${title} did not arrive. The rest of the screen goes on; a reload brings it.` }
      : {
          message: `${title} could not be drawn. The rest of the screen goes on.`,
          onRetry: () => this.setState({ failed: false }),
        };
    return (
      <PanelFrame title={title} problem={problem}>
        {null}
      </PanelFrame>
    );
  }
}
