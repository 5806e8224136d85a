import { useLayoutEffect, useRef } from 'react';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import { currentUnderlying } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { dateCode } from '../../ui/format.ts';
import styles from './ChainPanel.module.css';

/** Every expiry of the selected coin, with its days to go. Arrow keys move the choice. */
export function ExpiryTabs() {
  const coin = useStore(currentUnderlying);
  const chosen = useStore((state) => state.chainExpiry);
  const asOf = useStore((state) => state.market?.asOf ?? 0);
  const setChainExpiry = useStore((state) => state.setChainExpiry);
  const row = useRef<HTMLDivElement>(null);
  const expiries = coin?.expiries ?? [];

  // The chosen tab is in sight.
  useLayoutEffect(() => {
    const box = row.current;
    const tab = box?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (box === null || tab === null || tab === undefined) return;
    const left = tab.offsetLeft - box.offsetLeft;
    if (left < box.scrollLeft || left + tab.offsetWidth > box.scrollLeft + box.clientWidth)
      box.scrollLeft = left - box.clientWidth / 2 + tab.offsetWidth / 2;
  }, [chosen, expiries.length]);

  return (
    <div
      ref={row}
      role="tablist"
      aria-label="Expiry"
      className={styles.expiries}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        const at = expiries.findIndex(({ expiry }) => expiry === chosen) + step;
        const next = expiries[at];
        if (step === 0 || next === undefined) return;
        event.preventDefault();
        // The dock's own tabs listen to the same keys.
        event.stopPropagation();
        setChainExpiry(next.expiry);
        event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[at]?.focus();
      }}
    >
      {expiries.map(({ expiry }) => {
        const days = Math.round((expiry - asOf) / MILLISECONDS_PER_DAY);
        return (
          <button
            key={expiry}
            type="button"
            role="tab"
            aria-selected={expiry === chosen}
            tabIndex={expiry === chosen ? 0 : -1}
            className={styles.expiry}
            onClick={() => setChainExpiry(expiry)}
          >
            {dateCode(expiry, asOf)}
            <span className={styles.days}>{days}d</span>
          </button>
        );
      })}
    </div>
  );
}
