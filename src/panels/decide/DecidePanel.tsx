import { currentBook } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { DockTools } from '../../ui/DockTools.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { CliffView } from './CliffView.tsx';
import { CutView } from './CutView.tsx';
import styles from './DecidePanel.module.css';
import { OrderView } from './OrderView.tsx';

/** What frees margin, in which order to trade, and what the coming expiries do; a tab of the dock, which carries the title. */
export function DecidePanel() {
  const view = useStore((state) => state.decide.view);
  const hasMarket = useStore((state) => state.market !== null);
  const hasLegs = useStore((state) => currentBook(state).legs.length > 0);
  return (
    <section className={styles.panel} aria-label="Decide" data-testid="decide-panel">
      <DockTools>
        <SegmentedControl
          label="Question"
          value={view}
          options={[
            { value: 'cut', label: 'Cheapest cut', title: 'Which trade frees margin at least cost' },
            { value: 'order', label: 'Fill order', title: 'In which order to trade: peak margin on the way' },
            { value: 'cliff', label: 'Expiry cliff', title: 'Margin through each coming expiry' },
          ]}
          onChange={(next) => useStore.getState().setDecide({ view: next })}
        />
      </DockTools>
      {!hasMarket && <p className={styles.note}>No market is open yet.</p>}
      {hasMarket && !hasLegs && (
        <p className={styles.note}>No legs yet. There is a margin to decide about with the first one.</p>
      )}
      {hasMarket && hasLegs && (
        <>
          {view === 'cut' && <CutView />}
          {view === 'order' && <OrderView />}
          {view === 'cliff' && <CliffView />}
        </>
      )}
    </section>
  );
}
