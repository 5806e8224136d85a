import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import { displayUnit, proposedBook } from '../state/selectors.ts';
import { useStore } from '../state/store.ts';
import { Button } from '../ui/Button.tsx';
import { amount, instrumentLabel, quantity } from '../ui/format.ts';
import styles from './ProposalBar.module.css';

/** The proposed trade on the phone: what it is, how much of it, what it pays, and the two ways out. */
export function ProposalBar() {
  const proposal = useStore((state) => state.proposal);
  const book = useStore((state) => state.book);
  const proposed = useStore(proposedBook);
  const market = useStore((state) => state.market);
  const unit = useStore(displayUnit);
  const { setProposalQuantity, keepProposal, dropProposal } = useStore.getState();
  const [only] = proposal?.trades ?? [];
  if (proposal === null || only === undefined || market === null) return null;
  const single = proposal.trades.length === 1;
  const cash = proposed === null ? null : cashUsd(book, proposed, market);
  const step = Math.abs(only.quantity) >= 1000 ? 1000 : Math.abs(only.quantity) < 1 ? 0.1 : 1;
  // From the quantity as it is: two quick taps are two steps, though the screen shows the first one a frame later.
  const move = (by: number) => {
    const quantityNow = useStore.getState().proposal?.trades[0]?.quantity ?? only.quantity;
    setProposalQuantity(0, Number((quantityNow + by).toPrecision(12)));
  };
  return (
    <section className={styles.bar} aria-label="Proposed trade" data-testid="proposal-bar">
      <div className={styles.row}>
        <span className={styles.name}>
          <b>{single ? instrumentLabel(only.instrument, market.asOf) : proposal.label}</b>
          <small>
            {single
              ? only.quantity < 0
                ? 'Sell, proposed'
                : 'Buy, proposed'
              : `${proposal.trades.length} legs, proposed`}
          </small>
        </span>
        {single && (
          <span className={styles.stepper}>
            <Button kind="icon" aria-label="Less" onClick={() => move(-step)}>
              −
            </Button>
            <b className={styles.quantity}>{quantity(only.quantity)}</b>
            <Button kind="icon" aria-label="More" onClick={() => move(step)}>
              +
            </Button>
          </span>
        )}
      </div>
      <div className={styles.row}>
        <span className={styles.cash}>
          {cash === null ? 'No price known' : cash === 0 ? 'No premium' : cash > 0 ? 'Receives ' : 'Pays '}
          {cash !== null && cash !== 0 && <b>{amount(Math.abs(cash), unit)}</b>}
        </span>
        <Button kind="secondary" onClick={dropProposal}>
          Drop
        </Button>
        <Button kind="primary" onClick={keepProposal}>
          Keep
        </Button>
      </div>
    </section>
  );
}

/** What the trades move in collateral, in USD; null when a coin of it has no price. */
function cashUsd(before: Portfolio, after: Portfolio, market: MarketSummary): number | null {
  let usd = 0;
  for (const holding of after.collateral) {
    const change = holding.quantity - (before.collateral.find((each) => each.asset === holding.asset)?.quantity ?? 0);
    if (change === 0) continue;
    const price =
      market.underlyings.find((coin) => coin.symbol === holding.asset)?.index ??
      market.stablecoins.find((coin) => coin.asset === holding.asset)?.priceUsd;
    if (price === undefined) return null;
    usd += change * price;
  }
  return usd;
}
