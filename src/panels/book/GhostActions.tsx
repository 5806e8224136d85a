import { displayUnit } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { amount } from '../../ui/format.ts';
import styles from './BookPanel.module.css';
import { proposalPremium } from './bookRows.ts';

/** Under the ghost rows: what the proposal costs, and the two ways out of it. */
export function GhostActions() {
  const proposal = useStore((state) => state.proposal);
  const market = useStore((state) => state.market);
  const unit = useStore(displayUnit);
  const dropProposal = useStore((state) => state.dropProposal);
  const keepProposal = useStore((state) => state.keepProposal);
  if (proposal === null) return null;
  const { usd, hasOptions, isComplete } = proposalPremium(proposal.trades, market);
  const cost = !hasOptions
    ? 'Costs nothing to enter'
    : !isComplete
      ? 'Premium not known'
      : `${usd < 0 ? 'Pays' : 'Receives'} ${amount(Math.abs(usd), unit)} premium`;
  const sentence = `${proposal.label}. ${cost}`;
  return (
    <div className={styles.actions}>
      <span className={styles.sentence} title={sentence} role="status">
        {sentence}
      </span>
      <Button shortcut="Esc" onClick={dropProposal}>
        Drop
      </Button>
      <Button kind="primary" shortcut="Enter" onClick={keepProposal}>
        Keep
      </Button>
    </div>
  );
}
