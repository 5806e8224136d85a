import { useChain } from '../../compute/tasks/useChain.ts';
import { currentUnderlying } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { strategies, strategyProposal, usualSize } from '../../state/strategyTemplates.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './BookPanel.module.css';

const OFFERED = strategies.filter(({ id }) => id === 'strangle' || id === 'bull-put' || id === 'condor');

/** What to do with a book without legs. */
export function EmptyBook() {
  const coin = useStore(currentUnderlying);
  const expiry = useStore((state) => state.chainExpiry);
  const propose = useStore((state) => state.propose);
  const showToast = useStore((state) => state.showToast);
  const { value: chain, failure } = useChain(coin?.symbol ?? '', expiry);
  return (
    <div className={styles.empty}>
      <p>No legs. Click a bid or an ask, or pick a structure.</p>
      <div className={styles.chips}>
        {OFFERED.map(({ id, title, hint }) => (
          <Button
            key={id}
            title={hint}
            disabled={chain === null && failure === null}
            onClick={() => {
              if (chain === null || coin === null) {
                showToast({ message: failure?.message ?? 'No market is open.' });
                return;
              }
              const proposal = strategyProposal(id, { chain, laterChain: null, size: usualSize(coin.index) });
              if (proposal.ok) propose(proposal.value.label, proposal.value.trades);
              else showToast({ message: proposal.failure.message });
            }}
          >
            {title}
          </Button>
        ))}
      </div>
    </div>
  );
}
