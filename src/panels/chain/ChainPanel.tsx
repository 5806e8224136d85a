import { type KeyboardEvent, memo, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useChain } from '../../compute/tasks/useChain.ts';
import type { ChainReport, ChainSide } from '../../engine/domain/riskReport.ts';
import { withTrade } from '../../state/quotedTrades.ts';
import { currentUnderlying } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { type DataColumn, DataTable, tableNumbers } from '../../ui/DataTable.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { dateCode, decimal, quantity, strikeLabel } from '../../ui/format.ts';
import { numberFormat } from '../../ui/numberFormat.ts';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './ChainPanel.module.css';
import {
  firstRowAbove,
  quantityByInstrument,
  type QuoteStyle,
  quoteStyle,
  quoteText,
  sidePrice,
} from './chainQuotes.ts';
import { ExpiryTabs } from './ExpiryTabs.tsx';
import { OneMoreCell, OneMoreHead, OneMoreMargins, OneMoreSwitch } from './OneMore.tsx';

/** One expiry's options, calls and puts around the strike. A click on a bid proposes to sell one, on an ask to buy one. */
export function ChainPanel() {
  const coin = useStore(currentUnderlying);
  const expiry = useStore((state) => state.chainExpiry);
  const asOf = useStore((state) => state.market?.asOf);
  const isNarrow = useNarrow();
  const { value, failure, pending, retry } = useChain(coin?.symbol ?? '', expiry);
  // While another chain is on its way the last one stays, unless it is of another coin.
  const chain = value !== null && value.underlying === coin?.symbol ? value : null;
  const tools = (
    <>
      <ExpiryTabs />
      {!isNarrow && <OneMoreSwitch />}
      {chain !== null && (
        <ViewMenu
          title={`${chain.underlying} ${dateCode(chain.expiry, asOf)} chain`}
          numbers={() => tableNumbers(CSV_COLUMNS, chain.rows)}
        />
      )}
    </>
  );
  return (
    <section className={styles.panel} aria-label="Option chain" aria-busy={pending} data-testid="chain">
      <DockTools>{tools}</DockTools>
      {failure !== null && (
        <p className={styles.problem} role="status">
          {failure.message}
          <button type="button" className={styles.retry} onClick={retry}>
            Retry
          </button>
        </p>
      )}
      {coin !== null && expiry === null && <p className={styles.problem}>{coin.symbol} has no listed expiry.</p>}
      {chain !== null ? (
        <OneMoreMargins chain={chain}>
          <ChainTable chain={chain} isNarrow={isNarrow} />
        </OneMoreMargins>
      ) : (
        failure === null && <div className={styles.waiting} aria-hidden="true" />
      )}
    </section>
  );
}

type ChainRow = ChainReport['rows'][number];
type Quote = 'bid' | 'ask';
type SideKey = 'call' | 'put';

interface Marks {
  readonly held: ReadonlyMap<string, number>;
  readonly proposed: ReadonlyMap<string, number>;
}

const ChainTable = memo(function ChainTable({ chain, isNarrow }: { chain: ChainReport; isNarrow: boolean }) {
  const book = useStore((state) => state.book);
  const proposal = useStore((state) => state.proposal);
  const unit = useStore((state) => state.unit);
  const settlement = useStore((state) => currentUnderlying(state)?.settlement ?? 'coin');
  const usdcPrice = useStore((state) => state.market?.stablecoins.find(({ asset }) => asset === 'USDC')?.priceUsd ?? 1);
  const asOf = useStore((state) => state.market?.asOf);
  const scroll = useRef<HTMLDivElement>(null);
  /** The one cell that Tab reaches; arrows move it. */
  const [focused, setFocused] = useState<string | null>(null);

  const money = firstRowAbove(chain.rows, chain.index);
  const held = useMemo(() => quantityByInstrument(book.legs), [book.legs]);
  const proposed = useMemo(() => quantityByInstrument(proposal?.trades ?? []), [proposal]);
  const style = useMemo(() => quoteStyle(chain, settlement, unit, usdcPrice), [chain, settlement, unit, usdcPrice]);
  const tabStop = focused ?? cellKey(Math.max(0, money - 1), 'put', 'bid');
  const columns = useMemo(
    () => chainColumns({ chain, style, marks: { held, proposed }, tabStop, isNarrow, asOf }),
    [chain, style, held, proposed, tabStop, isNarrow, asOf],
  );
  const sections = useMemo(() => [{ key: 'strikes', rows: chain.rows }], [chain]);

  // At the money when opened, and again for another expiry; never while someone reads or trades.
  const opened = useRef<string | null>(null);
  useLayoutEffect(() => {
    const key = `${chain.underlying} ${chain.expiry}`;
    if (opened.current === key) return;
    const box = scroll.current;
    const row = box?.querySelectorAll<HTMLElement>('tbody tr')[Math.min(money, chain.rows.length - 1)];
    if (box === null || row === undefined) return;
    const head = box.querySelector('thead')?.clientHeight ?? 0;
    box.scrollTop = row.offsetTop - head - (box.clientHeight - head) / 2;
    setFocused(null);
    opened.current = key;
  }, [chain, money]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const from = (event.target as HTMLElement).dataset.cell;
    if (from === undefined) return;
    const to = movedCell(from, event.key, chain.rows.length);
    if (to === null) return;
    event.preventDefault();
    setFocused(to);
    const cell = scroll.current?.querySelector<HTMLElement>(`[data-cell="${to}"]`);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: 'nearest' });
  };

  if (chain.rows.length === 0)
    return (
      <p className={styles.problem}>
        No options are quoted for {chain.underlying} {dateCode(chain.expiry, asOf)}.
      </p>
    );
  return (
    <div
      ref={scroll}
      className={styles.scroll}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const { cell } = (event.target as HTMLElement).dataset;
        if (cell !== undefined) setFocused(cell);
      }}
    >
      <DataTable
        caption={`${chain.underlying} options of ${dateCode(chain.expiry, asOf)}, prices in ${style.symbol}. Calls at the left of the strike, puts at the right`}
        className={isNarrow ? styles.narrow : styles.table}
        columns={columns}
        sections={sections}
        rowKey={rowKey}
        rowClass={(row) => (chain.rows[money] === row && money > 0 ? styles.indexRow : undefined)}
      />
    </div>
  );
});

function rowKey(row: ChainRow): string {
  return String(row.strike);
}

// ---- columns -----------------------------------------------------------------------------------------------------------

interface ColumnInput {
  readonly chain: ChainReport;
  readonly style: QuoteStyle;
  readonly marks: Marks;
  readonly tabStop: string;
  readonly isNarrow: boolean;
  readonly asOf: number | undefined;
}

function chainColumns(input: ColumnInput): readonly DataColumn<ChainRow>[] {
  const { chain, style, marks, isNarrow } = input;
  const rowAt = new Map(chain.rows.map((row, at) => [row, at]));
  const inTheMoney = (side: SideKey) => (row: ChainRow) =>
    (side === 'call' ? row.strike < chain.index : row.strike > chain.index) ? styles.inTheMoney : undefined;
  const figure = (side: SideKey, id: string, name: string, text: (of: ChainSide) => string): DataColumn<ChainRow> => ({
    id: `${side}-${id}`,
    header: name,
    name: `${side === 'call' ? 'Call' : 'Put'} ${name}`,
    cell: (row) => text(row[side]),
    className: inTheMoney(side),
  });
  const quote = (side: SideKey, kind: Quote): DataColumn<ChainRow> => ({
    ...figure(side, kind, kind === 'bid' ? 'Bid' : 'Ask', () => ''),
    ...(isNarrow ? { header: `${side === 'call' ? 'Call' : 'Put'} ${kind}` } : {}),
    className: (row) => `${styles.quoteCell} ${inTheMoney(side)(row) ?? ''}`,
    cell: (row) => <QuoteCell input={input} side={row[side]} kind={kind} at={rowAt.get(row) ?? 0} row={row} />,
  });
  const mark = (side: SideKey) => figure(side, 'mark', 'Mark', (of) => quoteText(of.mark, style));
  const iv = (side: SideKey) =>
    figure(side, 'iv', 'IV %', ({ markIv }) => (markIv === null ? 'none' : decimal(markIv * 100, 1)));
  const delta = (side: SideKey) =>
    figure(side, 'delta', 'Delta', (of) => (of.delta === null ? 'none' : decimal(of.delta, 2)));
  const oneMore = (side: SideKey): DataColumn<ChainRow> => ({
    ...figure(side, 'margin', 'initial margin of one contract more', () => ''),
    header: <OneMoreHead symbol={chain.underlying} />,
    width: 76,
    className: (row) => `${styles.oneMore} ${inTheMoney(side)(row) ?? ''}`,
    cell: (row) => <OneMoreCell instrument={row[side].instrument} />,
  });
  const strike: DataColumn<ChainRow> = {
    id: 'strike',
    header: isNarrow ? 'Strike' : 'Book · Strike',
    name: 'Strike',
    width: isNarrow ? 84 : 168,
    align: 'center',
    isRowHeader: true,
    className: () => styles.strike,
    cell: (row) => (
      <span className={styles.strikeCell}>
        <Tags instrument={row.call.instrument} marks={marks} />
        <span className={styles.strikeText}>{isNarrow ? strikeLabel(row.strike) : wholeStrike(row.strike)}</span>
        <Tags instrument={row.put.instrument} marks={marks} />
      </span>
    ),
  };
  if (isNarrow) return [quote('call', 'bid'), quote('call', 'ask'), strike, quote('put', 'bid'), quote('put', 'ask')];
  return [
    oneMore('call'),
    delta('call'),
    iv('call'),
    mark('call'),
    quote('call', 'bid'),
    quote('call', 'ask'),
    strike,
    quote('put', 'bid'),
    quote('put', 'ask'),
    mark('put'),
    iv('put'),
    delta('put'),
    oneMore('put'),
  ];
}

function wholeStrike(strike: number): string {
  return numberFormat(undefined, 8).format(strike);
}

/** Everything the chain knows, in the options' own quote unit. */
const CSV_COLUMNS: readonly DataColumn<ChainRow>[] = [
  csvColumn('Strike', (row) => row.strike),
  ...(['call', 'put'] as const).flatMap((side) => {
    const name = side === 'call' ? 'Call' : 'Put';
    const field = (title: string, read: (of: ChainSide) => number | string | null) =>
      csvColumn(`${name} ${title}`, (row) => read(row[side]));
    return [
      field('instrument', (of) => of.instrument),
      field('bid', (of) => of.bid),
      field('ask', (of) => of.ask),
      field('mark', (of) => of.mark),
      field('mark USD', (of) => of.markUsd),
      field('implied volatility', (of) => of.markIv),
      field('delta', (of) => of.delta),
      field('open interest', (of) => of.openInterest),
    ];
  }),
];

function csvColumn(name: string, value: (row: ChainRow) => number | string | null): DataColumn<ChainRow> {
  return { id: name, name, header: name, cell: () => null, value };
}

// ---- cells -------------------------------------------------------------------------------------------------------------

interface QuoteCellProps {
  readonly input: ColumnInput;
  readonly side: ChainSide;
  readonly kind: Quote;
  readonly at: number;
  readonly row: ChainRow;
}

function QuoteCell({ input: { chain, style, tabStop, asOf }, side, kind, at, row }: QuoteCellProps) {
  const price = sidePrice(side, kind);
  const text = quoteText(price, style);
  const key = cellKey(at, side.type === 'C' ? 'call' : 'put', kind);
  const option = `${dateCode(chain.expiry, asOf)} ${strikeLabel(row.strike)} ${side.type === 'C' ? 'call' : 'put'}`;
  return (
    <button
      type="button"
      className={price === null ? styles.unquoted : styles.quote}
      data-cell={key}
      tabIndex={key === tabStop ? 0 : -1}
      aria-disabled={price === null}
      aria-label={
        price === null
          ? `${option} has no ${kind}`
          : `${kind === 'bid' ? 'Sell' : 'Buy'} ${option} at ${text} ${style.symbol}`
      }
      onClick={(event) => {
        if (price === null) return;
        const { proposal, propose } = useStore.getState();
        const sign = (kind === 'bid' ? -1 : 1) * (event.shiftKey ? -1 : 1);
        propose('Proposed', withTrade(proposal?.trades ?? [], { instrument: side.instrument, quantity: sign, price }));
      }}
    >
      {text}
    </button>
  );
}

/** What the book holds of an option, and what is proposed of it. */
function Tags({ instrument, marks }: { instrument: string; marks: Marks }) {
  const held = marks.held.get(instrument);
  const proposed = marks.proposed.get(instrument);
  return (
    <span className={styles.tags}>
      {held !== undefined && (
        <span className={styles.tag} title={`In the book: ${quantity(held)} ${instrument}`}>
          {quantity(held)}
        </span>
      )}
      {proposed !== undefined && (
        <span className={styles.proposedTag} title={`Proposed: ${quantity(proposed)} ${instrument}`}>
          {quantity(proposed)}
        </span>
      )}
    </span>
  );
}

// ---- keyboard ----------------------------------------------------------------------------------------------------------

const CELL_ORDER = ['call-bid', 'call-ask', 'put-bid', 'put-ask'] as const;

function cellKey(row: number, side: SideKey, kind: Quote): string {
  return `${row}:${side}-${kind}`;
}

/** Where an arrow, Home, End or Page key leads from a cell; null when it leads nowhere. */
function movedCell(from: string, key: string, rows: number): string | null {
  const [rowText, cell] = from.split(':');
  const row = Number(rowText);
  const column = CELL_ORDER.indexOf(cell as (typeof CELL_ORDER)[number]);
  const rowSteps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -5, PageDown: 5 };
  const columnSteps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -4, End: 4 };
  if (rowSteps[key] === undefined && columnSteps[key] === undefined) return null;
  const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
  return `${within(row + (rowSteps[key] ?? 0), rows)}:${CELL_ORDER[within(column + (columnSteps[key] ?? 0), CELL_ORDER.length)]}`;
}
