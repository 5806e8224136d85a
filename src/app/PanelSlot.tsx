import { Component, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { createPace } from '../state/pace.ts';
import { PaceContext, useLiveStore } from '../state/store.ts';
import { afterPaint } from '../ui/afterPaint.ts';
import { holdPainting } from '../ui/paintQueue.ts';
import { PanelFrame } from '../ui/PanelFrame.tsx';
import { type PanelId, panelCatalog } from './panelCatalog.ts';
import styles from './PanelSlot.module.css';

/** Panels come so long after the last verdict: while a number is dragged, its next verdict goes before them ... */
const QUIET_MS = 24;
/** ... but never later than this after the first one that they have not drawn. */
const LATEST_MS = 100;

/** One pace for all panels, so that what they show belongs together. */
const pace = createPace(useLiveStore, {
  patienceMs: 100,
  onceAnswered: (follow) => afterPaint(() => onceQuiet(follow)),
});

function onceQuiet(run: () => void): void {
  let quiet: ReturnType<typeof setTimeout>;
  const finish = () => {
    clearTimeout(quiet);
    clearTimeout(latest);
    stop();
    run();
  };
  const wait = () => {
    clearTimeout(quiet);
    quiet = setTimeout(finish, QUIET_MS);
  };
  const latest = setTimeout(finish, LATEST_MS);
  const stop = useLiveStore.subscribe((state) => state.inputVersion, wait);
  wait();
}

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
    <PaceContext value={pace}>
      <PanelBoundary title={title}>
        <Suspense fallback={bare ? <div className={styles.empty} /> : <PanelFrame title={title}>{null}</PanelFrame>}>
          <Panel />
        </Suspense>
      </PanelBoundary>
    </PaceContext>
  );
  return (
    <div className={styles.slot} data-panel={id}>
      {fills ? <div className={styles.fills}>{panel}</div> : panel}
    </div>
  );
}

/** The element that says whether the page is behind: a property, since an attribute would cost a frame at every edit. */
export interface BehindElement extends HTMLSpanElement {
  __headroomBehind?: boolean;
}

/** Says, to whoever tests the page, while an edit or its answer is known and not yet drawn everywhere; holds pictures back meanwhile. */
export function BehindMark() {
  const mark = useRef<BehindElement>(null);
  useEffect(() => {
    let isHeld = false;
    const compare = () => {
      const [known, drawn] = [useLiveStore.getState(), pace.getState()];
      const isBehind = known.inputVersion !== drawn.inputVersion || known.report !== drawn.report;
      if (mark.current !== null) mark.current.__headroomBehind = isBehind;
      // Pictures of what was before the edit wait for its verdict to be painted.
      const isAnswered = known.report?.inputVersion === known.inputVersion;
      if (!isAnswered) {
        isHeld = true;
        holdPainting(true);
      } else if (isHeld) {
        isHeld = false;
        // Unless another edit has come by then.
        afterPaint(() => isHeld || holdPainting(false));
      }
    };
    compare();
    const stops = [useLiveStore.subscribe(compare), pace.subscribe(compare)];
    return () => stops.forEach((stop) => void stop());
  }, []);
  return <span ref={mark} data-testid="behind" hidden />;
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
