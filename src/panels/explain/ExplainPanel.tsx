import { useMemo, useRef, useState } from 'react';
import { usePnlExplanation } from '../../compute/tasks/usePnlExplanation.ts';
import type { ExplainRequest, PnlExplanation } from '../../engine/domain/pnlExplanation.ts';
import type { AppState } from '../../state/AppState.ts';
import { currentBook, displayUnit } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { type DataColumn, DataTable } from '../../ui/DataTable.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { dateTime, signed } from '../../ui/format.ts';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Term } from '../../ui/Term.tsx';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import { ExplainedEnds, NothingPinned, NoFromMarket } from './ExplainSource.tsx';
import { MarginWhy } from './MarginWhy.tsx';
import styles from './ExplainPanel.module.css';
import {
  type ExplainPart,
  type ExplainRow,
  type ExplainScope,
  type ExplainView,
  explainView,
  PART_NAMES,
} from './explainView.ts';

const TITLE = 'P&L explain';

/** Why the margin is what it is, and where a P&L comes from, down to what Greeks leave; a tab of the dock, which carries the title. */
export function ExplainPanel() {
  const explained = useStore((state) => state.explained);
  const isMargin = explained === 'margin';
  const hasMove = useStore((state) => (state.explained === 'pin' ? state.pin : state.fromMarket) !== null);
  const hasLegs = useStore((state) => currentBook(state).legs.length > 0);
  const [scope, setScope] = useState<ExplainScope>('legs');
  return (
    <div className={styles.panel} data-testid="explain-panel">
      <DockTools>
        <SegmentedControl
          label="Explained"
          value={explained}
          options={[
            { value: 'margin', label: 'Margin', title: 'Why the initial margin is what it is, step by step' },
            { value: 'pin', label: 'Pinned scenario', title: 'The P&L of the pinned scenario, by Greeks' },
            { value: 'market', label: 'Market file', title: 'The P&L from an earlier market file to the open market' },
          ]}
          onChange={(next) => useStore.getState().setExplained(next)}
        />
        {!isMargin && (
          <SegmentedControl
            label="Positions"
            value={scope}
            options={[
              { value: 'legs', label: 'Legs', title: 'Legs alone, as the stress grid counts' },
              { value: 'all', label: 'With collateral', title: 'Legs and collateral: the change of equity' },
            ]}
            onChange={setScope}
          />
        )}
      </DockTools>
      {isMargin && hasLegs && <MarginWhy />}
      {!isMargin && !hasMove && (explained === 'pin' ? <NothingPinned /> : <NoFromMarket />)}
      {(isMargin || hasMove) && !hasLegs && (
        <p className={styles.note}>No legs yet. The explain appears with the first one.</p>
      )}
      {!isMargin && hasMove && hasLegs && <Explanation scope={scope} />}
    </div>
  );
}

/** The question in force: its name, which changes with all that it depends on, and its request. */
function question(state: AppState): { readonly key: string; readonly request: ExplainRequest } | null {
  const { market, pin, fromMarket, explained, inputVersion } = state;
  if (market === null) return null;
  const smileEdits = smileEditsInForce(state);
  const about = {
    marketId: market.id,
    portfolio: currentBook(state),
    ...(smileEdits.length === 0 ? {} : { smileEdits }),
  };
  if (explained === 'pin') {
    if (pin === null) return null;
    const { movers, ...scenario } = pin;
    const key = [market.id, inputVersion, movers, JSON.stringify(scenario)].join(' ');
    return { key, request: { ...about, move: { kind: 'scenario', scenario, movers } } };
  }
  if (fromMarket === null) return null;
  const key = [market.id, inputVersion, fromMarket.id].join(' ');
  return { key, request: { ...about, move: { kind: 'market', fromMarketId: fromMarket.id } } };
}

function Explanation({ scope }: { scope: ExplainScope }) {
  const key = useStore((state) => question(state)?.key ?? null);
  const request = useMemo(() => (key === null ? null : (question(useStore.getState())?.request ?? null)), [key]);
  const { value, failure, stale, retry } = usePnlExplanation(key, request);
  if (failure !== null && !stale)
    return (
      <div className={styles.note}>
        <p role="status">P&L not explained. {failure.message}</p>
        <ExplainedEnds explanation={null} onRetry={retry} />
      </div>
    );
  if (value === null) return null;
  return <Drawn explanation={value} scope={scope} stale={stale} version={key ?? ''} />;
}

interface DrawnProps {
  readonly explanation: PnlExplanation;
  readonly scope: ExplainScope;
  readonly stale: boolean;
  readonly version: string;
}

function Drawn({ explanation, scope, stale, version }: DrawnProps) {
  const money = useStore(displayUnit);
  const market = useStore((state) => state.market);
  const proposed = useStore((state) => state.proposal !== null);
  const chart = useRef<ChartHandle>(null);
  const asOf = market?.asOf ?? 0;
  const view = useMemo(() => explainView({ explanation, scope, unit: money, asOf }), [explanation, scope, money, asOf]);
  const columns = useMemo(() => explainColumns(view), [view]);
  const footnote = market ? `${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}` : '';
  return (
    <div className={styles.body} data-stale={stale || undefined} data-testid="explain-body">
      <DockTools>
        <ViewMenu title={TITLE} numbers={view.numbers} onSavePicture={() => chart.current?.savePicture()} />
      </DockTools>
      <div className={styles.chart}>
        <Chart
          ref={chart}
          testId="explain-chart"
          title={TITLE}
          unit={view.unit}
          footnote={footnote}
          description={view.description}
          plot={view.plot}
          version={`${version} ${scope} ${view.unit}`}
          numbers={view.steps}
        />
      </div>
      <div className={styles.table}>
        <ExplainedEnds explanation={explanation} proposed={proposed} />
        <p className={styles.sentence} data-large={view.isLarge || undefined} data-testid="explain-sentence">
          {view.isLarge && (
            <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
              <path
                d="M6 1.2 11.2 10.6H.8z"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.2"
                strokeLinejoin="round"
              />
              <path d="M6 4.4v3M6 8.6v.6" stroke="currentColor" strokeWidth="1.2" />
            </svg>
          )}
          {view.sentence}
        </p>
        <section className={styles.scroll} tabIndex={0} aria-label={`${TITLE} by position`}>
          <DataTable
            caption={`${TITLE} by position, ${view.unit}`}
            columns={columns}
            sections={view.sections}
            rowKey={(row) => row.key}
            rowClass={(row) => styles[row.kind]}
            detail={rowDetail}
            foot={<TotalRow view={view} scope={scope} />}
          />
          {view.notes.length > 0 && (
            <ul className={styles.notes} aria-label="Notes">
              {view.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          )}
        </section>
      </div>
    </div>
  );
}

function rowDetail({ detail }: ExplainRow) {
  return detail && <span className={styles.detail}>{detail}</span>;
}

function TotalRow({ view, scope }: { view: ExplainView; scope: ExplainScope }) {
  const { total, parts, digits } = view;
  return (
    <tr className={styles.total} data-testid="explain-total">
      <th scope="row">{scope === 'legs' ? 'Legs' : 'Equity'}</th>
      <td>{signed(total.pnl, digits)}</td>
      {parts.map((part) => (
        <td key={part} data-part={part}>
          {signed(total[part], digits)}
        </td>
      ))}
      <td />
    </tr>
  );
}

const DEFINITIONS: Readonly<Record<ExplainPart, string>> = {
  delta:
    'what the move of the index alone earns: delta times the move. In coin, less what the value held in coin moves with it.',
  gamma: 'what delta’s own change earns: half of gamma times the squared move.',
  vega: 'what the change of IV earns: vega times the change of the vol of the option’s own strike.',
  theta: 'what the passing of time earns: theta times the days, at most to expiry.',
  vanna: 'what spot and IV earn by moving together: vanna times both moves.',
  volga: 'what vega’s own change earns: half of volga times the squared change of IV.',
  basis: 'what the forward earns by moving apart from the index: carry that runs off, a basis that widens or narrows.',
  currency: 'what the change of the price of USDC in USD earns.',
  residual:
    'what is left of the full revaluation when all parts are taken off. Large where the move is too large for Greeks.',
};

function explainColumns({ parts, digits, unit, examples, sections, total }: ExplainView): DataColumn<ExplainRow>[] {
  const shown = [total, ...sections.flatMap(({ rows }) => rows.flatMap((row) => row.shown ?? []))];
  /** As wide as the longest figure, in bold, or as the head. */
  const widthOf = (part: ExplainPart | 'pnl') =>
    shown.reduce((most, figures) => Math.max(most, 8 + 7 * signed(figures[part], digits).length), 56);
  const figure = (
    part: ExplainPart | 'pnl',
    header: DataColumn<ExplainRow>['header'],
    name: string,
  ): DataColumn<ExplainRow> => ({
    id: part,
    header,
    name,
    width: widthOf(part),
    unit,
    cell: ({ shown }) => {
      if (shown === null) return '';
      const text = signed(shown[part], digits);
      return text === '0' ? <span className={styles.zero}>0</span> : text;
    },
  });
  return [
    {
      id: 'position',
      header: 'Position',
      name: 'Position',
      width: 124,
      align: 'left',
      isRowHeader: true,
      cell: (row) => row.label,
    },
    figure('pnl', 'P&L', 'P&L'),
    ...parts.map((part) =>
      figure(
        part,
        <Term term={PART_NAMES[part]} definition={DEFINITIONS[part]} example={examples[part]} side="top">
          {PART_NAMES[part]}
        </Term>,
        PART_NAMES[part],
      ),
    ),
    {
      id: 'vol',
      header: 'IV, pts',
      name: 'Change of IV in points',
      width: 64,
      cell: (row) => <span title={row.volTitle}>{row.volChange}</span>,
    },
  ];
}
