import { useState } from 'react';
import { currentUnderlying } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { strategies, usualSize } from '../../state/strategyTemplates.ts';
import { dateCode } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { PasteLegsDialog } from './PasteLegsDialog.tsx';
import styles from './TradePanel.module.css';
import { useTradeDesk } from './useTradeDesk.ts';

const MAX_SIZE = 1e6;

/** One click, one structure: strikes by delta from the selected expiry, as a proposal. */
export function TradePanel() {
  const coin = useStore(currentUnderlying);
  const expiry = useStore((state) => state.chainExpiry);
  const asOf = useStore((state) => state.market?.asOf);
  const showToast = useStore((state) => state.showToast);
  const [sizes, setSizes] = useState<Readonly<Record<string, number>>>({});
  const [isPasting, setIsPasting] = useState(false);
  const isNarrow = useNarrow();
  const desk = useTradeDesk();
  const symbol = coin?.symbol ?? '';
  const size = sizes[symbol] ?? usualSize(coin?.index ?? 0);

  const onCoin = (act: (underlying: string) => void) => () => {
    if (coin === null) showToast({ message: 'No market is open yet.' });
    else act(coin.symbol);
  };
  return (
    <PanelFrame
      title="Add a trade"
      subtitle={
        coin === null || expiry === null
          ? undefined
          : `${symbol} ${dateCode(expiry, asOf)}${isNarrow ? '' : ', strikes by delta'}`
      }
      control={
        <NumberField
          variant="form"
          caption="Size"
          label={`Size of each leg, ${symbol}`}
          unit={symbol}
          value={size}
          min={0.001}
          max={MAX_SIZE}
          digits={4}
          onCommit={(next) => setSizes({ ...sizes, [symbol]: next })}
        />
      }
      testId="trade"
    >
      <div className={styles.chips}>
        {strategies.map(({ id, title, hint }) => (
          <button
            key={id}
            type="button"
            className={styles.chip}
            title={hint}
            onClick={onCoin((underlying) => {
              if (expiry === null) showToast({ message: `${underlying} has no listed expiry.` });
              else void desk.structure(id, underlying, expiry, size);
            })}
          >
            {title}
          </button>
        ))}
        <button
          type="button"
          className={styles.chip}
          title={`Trades the perpetual, or a future, until the ${symbol} delta of the legs is zero`}
          onClick={onCoin((underlying) => void desk.hedgeDelta(underlying))}
        >
          Hedge delta
        </button>
        <button
          type="button"
          className={styles.chip}
          title="Which trade frees margin at least cost"
          onClick={() => useStore.getState().openDecide({ view: 'cut' })}
        >
          {isNarrow ? 'Cut margin' : 'Cheapest margin cut'}
        </button>
        <button type="button" className={styles.chip} onClick={() => setIsPasting(true)}>
          Paste legs
        </button>
      </div>
      {isPasting && (
        <PasteLegsDialog
          onClose={() => setIsPasting(false)}
          onPropose={(trades) => desk.trade(trades, 'Pasted legs')}
        />
      )}
    </PanelFrame>
  );
}
