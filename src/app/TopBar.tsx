import { useRef } from 'react';
import type { UnderlyingSummary } from '../engine/domain/marketSummary.ts';
import { currentUnderlying, newestUnderlying } from '../state/selectors.ts';
import { useStore } from '../state/store.ts';
import { ActionMenu } from '../ui/ActionMenu.tsx';
import type { MenuAction } from '../ui/ActionMenuPopup.tsx';
import { Button } from '../ui/Button.tsx';
import { indexPrice, ivPercent } from '../ui/format.ts';
import { ChevronDownIcon, MoonIcon, MoreIcon, RedoIcon, SunIcon, UndoIcon } from '../ui/icons.tsx';
import { Mark } from '../ui/Mark.tsx';
import { arriving } from '../ui/arriving.tsx';
import { Late } from '../ui/Late.tsx';
import { whenSettled } from '../ui/whenSettled.ts';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { useAppActions } from './AppActionsContext.ts';
import { exportCsv, exportPortfolio, exportReport } from './exported.ts';
import { SourceBadge } from './SourceBadge.tsx';
import styles from './TopBar.module.css';

const CommandField = arriving(() =>
  whenSettled(() => import('../panels/trade/CommandField.tsx')).then((module) => module.CommandField),
);

export interface TopBarProps {
  compact: boolean;
  onHelp: () => void;
}

/** What market, which book, a line to type at, and everything that is done to the book as a whole. */
export function TopBar({ compact, onHelp }: TopBarProps) {
  const files = useRef<HTMLInputElement>(null);
  const actions = useAppActions();
  const choose = () => files.current?.click();
  return (
    <header className={compact ? styles.phone : styles.bar}>
      <span className={styles.brand}>
        <Mark />
        {!compact && <h1 className={styles.word}>Headroom</h1>}
      </span>
      {!compact && <span className={styles.rule} />}
      <CoinSelect compact={compact} />
      <SourceBadge />
      {!compact && (
        <>
          <span className={styles.rule} />
          <BookState />
          <div className={styles.command} id="command-field">
            <Late fallback={<span className={styles.commandPlace} />}>
              <CommandField />
            </Late>
          </div>
        </>
      )}
      <span className={styles.space} />
      <UnitSwitch />
      {compact ? (
        <PhoneMenu onOpen={choose} onHelp={onHelp} />
      ) : (
        <>
          <UndoRedo />
          <span className={styles.rule} />
          <OpenMenu onOpen={choose} />
          <ExportMenu />
          <ShareButton />
          <ThemeToggle />
          <Button kind="icon" aria-label="Help: keys, signs and units" onClick={onHelp}>
            ?
          </Button>
        </>
      )}
      <input
        ref={files}
        type="file"
        multiple
        hidden
        accept=".json,.jsonl,.csv,application/json,text/csv"
        data-testid="file-input"
        onChange={(event) => {
          actions.openFiles([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
    </header>
  );
}

function CoinSelect({ compact }: { compact: boolean }) {
  const market = useStore((state) => state.market);
  const coin = useStore(currentUnderlying);
  // The price is that of the last tick; vols are read again when every smile has been.
  const price = useStore((state) => newestUnderlying(state)?.index) ?? coin?.index ?? 0;
  const setUnderlying = useStore((state) => state.setUnderlying);
  if (market === null || coin === null) return <span className={styles.coinPlace} />;
  const quote = (each: UnderlyingSummary) =>
    `${indexPrice(each.index)}${each.atmVol30d === null ? '' : `, ATM IV ${ivPercent(each.atmVol30d)}`}`;
  return (
    <ActionMenu
      trigger={
        <button
          type="button"
          className={styles.coin}
          aria-label={`Coin ${coin.symbol}, index ${indexPrice(price)}. Change coin`}
        >
          <span className={styles.symbol}>
            {coin.symbol}
            {compact && ' index'}
            <ChevronDownIcon />
          </span>
          <span className={styles.price} data-testid="index">
            {indexPrice(price)}
          </span>
          {!compact && coin.atmVol30d !== null && (
            <span className={styles.vol} title={`At ${new Date(market.asOf).toISOString().slice(11, 19)} UTC`}>
              ATM IV {ivPercent(coin.atmVol30d)}
            </span>
          )}
        </button>
      }
      groups={[
        market.underlyings.map((each) => ({
          label: each.symbol,
          hint: quote(each),
          chosen: each.symbol === coin.symbol,
          run: () => setUnderlying(each.symbol),
        })),
      ]}
    />
  );
}

function BookState() {
  const name = useStore((state) => state.book.name);
  const saved = useStore((state) => state.saved);
  return (
    <span className={styles.book}>
      <span className={styles.bookName} title={name}>
        {name}
      </span>
      <span className={saved === 'not-saved' ? styles.notSaved : styles.saved} data-testid="saved" role="status">
        {saved === 'not-saved' ? 'not saved' : saved === 'saving' ? 'saving' : 'saved'}
      </span>
    </span>
  );
}

function UnitSwitch() {
  const unit = useStore((state) => state.unit);
  const setUnit = useStore((state) => state.setUnit);
  const coin = useStore((state) => state.underlying);
  return (
    <SegmentedControl
      label="Unit of money"
      value={unit}
      options={[
        { value: 'usd', label: 'USD' },
        { value: 'coin', label: coin },
      ]}
      onChange={setUnit}
    />
  );
}

function UndoRedo() {
  const { canUndo, canRedo, undo, redo } = useHistory();
  return (
    <span className={styles.pair}>
      <Button kind="icon" aria-label="Undo" title="Undo" disabled={!canUndo} onClick={undo}>
        <UndoIcon />
      </Button>
      <Button kind="icon" aria-label="Redo" title="Redo" disabled={!canRedo} onClick={redo}>
        <RedoIcon />
      </Button>
    </span>
  );
}

function useHistory() {
  const canUndo = useStore((state) => state.canUndo);
  const canRedo = useStore((state) => state.canRedo);
  const { undo, redo } = useStore.getState();
  return { canUndo, canRedo, undo, redo };
}

function useOpenGroups(onOpen: () => void): MenuAction[][] {
  const actions = useAppActions();
  const previous = actions.previousBook();
  return [
    [{ label: 'Open a file…', hint: 'market, portfolio, CSV', run: onOpen }],
    [
      { label: 'Sample book', run: actions.openSample },
      ...(previous === null ? [] : [{ label: 'Book before the link', hint: previous.name, run: previous.open }]),
      { label: 'Demo market', hint: 'simulated', run: actions.openDemoMarket },
    ],
    [{ label: 'Clear the book', run: () => useStore.getState().clearBook() }],
  ];
}

function exportActions(): MenuAction[] {
  return [
    { label: 'Export portfolio', hint: 'JSON', run: () => void exportPortfolio(useStore) },
    { label: 'Export portfolio', hint: 'CSV', run: () => void exportCsv(useStore) },
    { label: 'Export report', hint: 'JSON', run: () => void exportReport(useStore) },
  ];
}

function OpenMenu({ onOpen }: { onOpen: () => void }) {
  return <ActionMenu trigger={<Button kind="quiet">Open</Button>} groups={useOpenGroups(onOpen)} />;
}

function ExportMenu() {
  return <ActionMenu trigger={<Button kind="quiet">Export</Button>} groups={[exportActions()]} />;
}

function useShare() {
  const actions = useAppActions();
  return async () => {
    const { showToast } = useStore.getState();
    const link = await actions.shareLink();
    if (link === null)
      return showToast({
        message: 'This book is too large for a link.',
        action: { label: 'Export', run: () => void exportPortfolio(useStore) },
      });
    try {
      await navigator.clipboard.writeText(link);
      showToast({ message: 'Link to this book copied.' });
    } catch {
      showToast({ message: 'The browser did not allow copying. The link is in the address bar.' });
    }
  };
}

function ShareButton() {
  const share = useShare();
  return (
    <Button kind="quiet" onClick={() => void share()}>
      Share
    </Button>
  );
}

function ThemeToggle() {
  const theme = useStore((state) => state.theme);
  const setTheme = useStore((state) => state.setTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <Button kind="icon" aria-label={`Use the ${other} theme`} onClick={() => setTheme(other)}>
      {theme === 'dark' ? <MoonIcon /> : <SunIcon />}
    </Button>
  );
}

function PhoneMenu({ onOpen, onHelp }: { onOpen: () => void; onHelp: () => void }) {
  const share = useShare();
  const { canUndo, canRedo, undo, redo } = useHistory();
  const theme = useStore((state) => state.theme);
  const other = theme === 'dark' ? 'light' : 'dark';
  const [open, demo, clear] = useOpenGroups(onOpen);
  return (
    <ActionMenu
      trigger={
        <Button kind="icon" aria-label="More">
          <MoreIcon />
        </Button>
      }
      groups={[
        [
          { label: 'Undo', disabled: !canUndo, run: undo },
          { label: 'Redo', disabled: !canRedo, run: redo },
        ],
        [...(open ?? []), ...(demo ?? [])],
        [...exportActions(), { label: 'Share', hint: 'link', run: () => void share() }, ...(clear ?? [])],
        [
          { label: `Use the ${other} theme`, run: () => useStore.getState().setTheme(other) },
          { label: 'Help', run: onHelp },
          { label: 'About', run: () => useStore.getState().setAboutOpen(true) },
        ],
      ]}
    />
  );
}
