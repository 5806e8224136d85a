import { useId, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { parsePastedLegs } from './pastedLegs.ts';
import styles from './TradePanel.module.css';
import type { UnpricedTrade } from './useTradeDesk.ts';

interface PasteLegsDialogProps {
  readonly onClose: () => void;
  /** Whether the legs could be proposed. */
  readonly onPropose: (trades: readonly UnpricedTrade[]) => Promise<boolean>;
}

/** Legs from a spreadsheet, a file or a chat, proposed together. */
export function PasteLegsDialog({ onClose, onPropose }: PasteLegsDialogProps) {
  const [text, setText] = useState('');
  const statusId = useId();
  const { trades, problems } = parsePastedLegs(text);
  const count = trades.length === 1 ? '1 leg' : `${trades.length} legs`;
  return (
    <Dialog title="Paste legs" open onClose={onClose}>
      {/* Enter belongs to the text here, not to the proposal on the page. */}
      <form
        className={styles.paste}
        onKeyDown={(event) => event.key !== 'Escape' && event.stopPropagation()}
        onSubmit={async (event) => {
          event.preventDefault();
          if (trades.length > 0 && problems.length === 0 && (await onPropose(trades))) onClose();
        }}
      >
        <label className={styles.pasteLabel}>
          One leg a line: signed quantity and instrument, or CSV with a price
          <textarea
            className={styles.pasteText}
            rows={8}
            spellCheck={false}
            placeholder={'-10 BTC-27JUN25-100000-P\nBTC-27JUN25-120000-C,-6,0.0105'}
            value={text}
            aria-describedby={statusId}
            aria-invalid={problems.length > 0}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <div id={statusId} role="status" className={problems.length > 0 ? styles.pasteProblems : styles.pasteStatus}>
          {problems.slice(0, 4).map(({ line, message }) => (
            <p key={line}>
              Line {line}: {message}
            </p>
          ))}
          {problems.length > 4 && <p>{problems.length - 4} more lines are not understood</p>}
          {problems.length === 0 && (
            <p>{trades.length === 0 ? 'Without a price a leg takes the bid or ask of this market' : `${count} read`}</p>
          )}
        </div>
        <div className={styles.pasteActions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={trades.length === 0 || problems.length > 0}>
            Propose {trades.length === 0 ? 'legs' : count}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
