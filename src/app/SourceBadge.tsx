import { useMemo } from 'react';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import { smileEditsInForce } from '../state/smileSlice.ts';
import { useStore } from '../state/store.ts';
import { age, dateCode, dateTime } from '../ui/format.ts';
import { Hint } from '../ui/Hint.tsx';
import { useHintContent } from '../ui/hintContent.ts';
import styles from './SourceBadge.module.css';

/** Where the prices come from and how old they are: three shapes, so that it reads without colour. */
export function SourceBadge() {
  const market = useStore((state) => state.market);
  const problem = useStore((state) => state.marketProblem);
  if (market === null) return <span className={styles.badge}>{problem === null ? 'OPENING' : 'NO MARKET'}</span>;
  return <OpenMarket market={market} />;
}

function OpenMarket({ market }: { market: MarketSummary }) {
  const { kind } = market.source;
  const edits = useStore(smileEditsInForce);
  const isEdited = edits.length > 0;
  const content = useHintContent(
    <>
      <b>{statement(market)}</b>
      {isEdited && (
        <span className={styles.notice}>
          Smiles edited by hand:{' '}
          {edits.map(({ underlying, expiry }) => `${underlying} ${dateCode(expiry, market.asOf)}`).join(', ')}. Options
          of these expiries are valued on them; the quotes themselves stay.
        </span>
      )}
      {market.notices.map((notice) => (
        <span key={notice.message} className={styles.notice}>
          {notice.message}
        </span>
      ))}
    </>,
  );
  const trigger = useMemo(() => {
    const now = Date.now();
    return (
      <button type="button" className={`${styles.badge} ${styles[kind]}`} data-testid="source">
        <Shape kind={kind} />
        <span className={styles.kind}>{kind.toUpperCase()}</span>
        <span className={styles.when}>{dateTime(market.asOf, now)}</span>
        {kind === 'recorded' && <span className={styles.age}>{age(now - market.asOf)} old</span>}
        {isEdited && <span className={styles.edited}>smiles edited</span>}
      </button>
    );
  }, [kind, market.asOf, isEdited]);
  return <Hint trigger={trigger} content={content} />;
}

function statement({ source, asOf }: MarketSummary): string {
  const when = dateTime(asOf, Date.now());
  switch (source.kind) {
    case 'live':
      return `Live prices of ${source.name}, ${when}.`;
    case 'recorded':
      return `Prices recorded at ${source.name}, ${when}. They do not move.`;
    case 'simulated':
      return `Simulated market “${source.name}”, ${when}. No exchange ever quoted these prices.`;
  }
}

function Shape({ kind }: { kind: MarketSummary['source']['kind'] }) {
  return (
    <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
      {kind === 'live' && <circle cx="4" cy="4" r="3" className={styles.dot} />}
      {kind === 'recorded' && <circle cx="4" cy="4" r="3" fill="none" stroke="currentColor" strokeWidth="1.4" />}
      {kind === 'simulated' && (
        <path d="M.5.5h7v7h-7zM.5 4 4 .5M.5 7.5 7.5.5M4 7.5 7.5 4" fill="none" stroke="currentColor" />
      )}
    </svg>
  );
}
