import { useMemo, useRef, useState } from 'react';
import { useSmileHands } from '../../compute/tasks/useSmileHands.ts';
import { useSurface } from '../../compute/tasks/useSurface.ts';
import { NO_SHIFT, type SmileEdit } from '../../engine/domain/smileEdit.ts';
import type { SurfaceAxis } from '../../engine/domain/surfaceReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { changedEdits, smileEditsInForce } from '../../state/smileSlice.ts';
import { useLiveStore, useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { dateCode, dateTime } from '../../ui/format.ts';
import { NumbersTable } from '../../ui/NumbersTable.tsx';
import type { Plot } from '../../ui/plot.ts';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SurfacePlot } from '../../ui/SurfacePlot.tsx';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import { ExpiryTable } from './ExpiryTable.tsx';
import { meshView } from './meshView.ts';
import { SmileHandles } from './SmileHandles.tsx';
import { type EditScope, SmileHandsForm } from './SmileHandsForm.tsx';
import styles from './SurfacePanel.module.css';
import { type HandleKind, smileView } from './smileView.ts';
import { noRepairReason, repairWords, surfaceNumbers } from './surfaceRows.ts';
import { skewView, termView } from './termView.ts';

const TITLE = 'Surface';
const NO_TRADES = [] as const;

type View = 'smile' | 'surface' | 'term' | 'skew';

/** The vol surface of the chosen coin: by smile, as a whole, by term, by skew; and hands to bend it. */
export function SurfacePanel() {
  const market = useStore((state) => state.market);
  const underlying = useStore((state) => state.underlying);
  const [view, setView] = useState<View>('smile');
  const [axis, setAxis] = useState<SurfaceAxis>('delta');
  const [showTable, setShowTable] = useState(false);
  const chart = useRef<ChartHandle>(null);
  const [repair, setRepair] = useState(false);
  const surface = useSurface(underlying, view === 'surface' ? axis : null, repair);
  const report = surface.value?.underlying === underlying ? surface.value : null;
  const edits = useLiveStore(smileEditsInForce);
  const chosen = useStore((state) => state.chainExpiry);
  const setChainExpiry = useStore((state) => state.setChainExpiry);
  const [beside, setBeside] = useState<readonly Timestamp[]>([]);
  const [scope, setScope] = useState<EditScope>('one');
  const hands = useSmileHands(underlying);
  const smile = report?.expiries.find(({ expiry }) => expiry === chosen) ?? null;
  const isChosen = (edit: SmileEdit) => edit.underlying === underlying && edit.expiry === chosen;
  const isEdited = edits.some((edit) => edit.underlying === underlying);
  const shift = hands.pending?.find(isChosen) ?? edits.find(isChosen) ?? NO_SHIFT;

  const change = (kind: HandleKind, value: number) => {
    const by = value - shift[kind];
    const expiry = scope === 'all' ? null : chosen;
    hands.ask(
      changedEdits(useStore.getState(), underlying, expiry, hands.pending ?? [], (each) => ({
        ...each,
        [kind]: expiry === null ? Math.round((each[kind] + by) * 1e6) / 1e6 : value,
      })),
    );
  };
  const reset = (expiry: Timestamp | null) => {
    hands.clear();
    useStore.getState().resetSmiles(underlying, expiry);
  };
  const choose = (expiry: Timestamp) => {
    hands.clear();
    setChainExpiry(expiry);
  };

  if (market === null) return <p className={styles.note}>The market is opening.</p>;
  if (report === null)
    return (
      <p className={styles.note} role="status">
        {surface.failure === null
          ? `The smiles of ${underlying} are read.`
          : `Surface not read. ${surface.failure.message}`}
      </p>
    );
  const noRepair = noRepairReason(report, isEdited);
  return (
    <div className={styles.room} data-testid="surface-panel">
      <div className={styles.panel}>
        <DockTools>
          {view === 'surface' && (
            <SegmentedControl
              label="Axis across"
              value={axis}
              options={[
                { value: 'delta', label: 'Delta' },
                { value: 'moneyness', label: 'Strike' },
              ]}
              onChange={setAxis}
            />
          )}
          <Button
            kind="quiet"
            className={styles.repair ?? ''}
            aria-pressed={repair && noRepair === null}
            aria-disabled={noRepair !== null}
            title={noRepair ?? 'Take butterfly and calendar arbitrage out of the smiles, all expiries together'}
            onClick={() => noRepair === null && setRepair(!repair)}
          >
            Repair
          </Button>
          <SegmentedControl
            label="View of the surface"
            value={view}
            options={[
              { value: 'smile', label: 'Smile' },
              { value: 'surface', label: '3D' },
              { value: 'term', label: 'Term' },
              { value: 'skew', label: 'Skew' },
            ]}
            onChange={setView}
          />
          <ViewMenu
            title={`${TITLE} ${underlying}`}
            numbers={() => surfaceNumbers(report)}
            showTable={showTable}
            onShowTable={setShowTable}
            {...(view === 'surface' ? {} : { onSavePicture: () => chart.current?.savePicture() })}
          />
        </DockTools>
        {surface.failure !== null && (
          <p className={styles.problem} role="status">
            Surface not updated. {surface.failure.message}
          </p>
        )}
        <ExpiryTable
          report={report}
          chosen={chosen}
          beside={beside}
          onChoose={choose}
          onBeside={(expiry, isShown) =>
            setBeside((all) => (isShown ? [...all, expiry] : all.filter((each) => each !== expiry)))
          }
        />
        <div className={styles.picture}>
          <SurfacePicture
            {...{ report, view, chosen, beside, showTable, shift, scope, chart }}
            onChange={change}
            onFinish={hands.finish}
            onChoose={choose}
            footnote={`${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}${edits.length > 0 ? ', edited smiles' : ''}${report.isRepaired ? ', repaired smiles' : ''}`}
          />
        </div>
        {report.isRepaired && (
          <p className={styles.repairNote} role="status" data-testid="repair-note">
            {repairWords(report)}
          </p>
        )}
        {smile !== null && (
          <SmileHandsForm
            {...{ smile, underlying, shift, hands, scope }}
            asOf={report.asOf}
            hasEdits={isEdited}
            onScope={setScope}
            onChange={change}
            onReset={reset}
          />
        )}
      </div>
    </div>
  );
}

interface SurfacePictureProps {
  readonly report: NonNullable<ReturnType<typeof useSurface>['value']>;
  readonly view: View;
  readonly chosen: Timestamp | null;
  readonly beside: readonly Timestamp[];
  readonly showTable: boolean;
  readonly shift: { readonly level: number; readonly skew: number; readonly wings: number };
  readonly scope: EditScope;
  readonly chart: React.RefObject<ChartHandle | null>;
  readonly footnote: string;
  readonly onChange: (kind: HandleKind, value: number) => void;
  readonly onFinish: () => void;
  readonly onChoose: (expiry: Timestamp) => void;
}

function SurfacePicture(props: SurfacePictureProps) {
  const { report, view } = props;
  if (view === 'smile') return <SmilePicture {...props} />;
  if (view === 'surface') return <MeshPicture {...props} />;
  return <TermPicture {...props} view={view} key={view} report={report} />;
}

function SmilePicture({ report, chosen, beside, chart, ...props }: SurfacePictureProps) {
  const legs = useStore((state) => state.book.legs);
  const proposed = useStore((state) => state.proposal?.trades ?? NO_TRADES);
  const isHeld = useLiveStore((state) => state.smileGesture !== null);
  const [hovered, setHovered] = useState<number | null>(null);
  const view = useMemo(
    () =>
      chosen === null
        ? null
        : smileView({ report, expiry: chosen, beside: beside.filter((each) => each !== chosen), legs, proposed }),
    [report, chosen, beside, legs, proposed],
  );
  // While a handle is held, the axes stand still: a scale that moved under the pointer would run away from it.
  const axes = useRef<{ chosen: Timestamp; x: Plot['x']; y: Plot['y'] } | null>(null);
  if (view !== null && chosen !== null && !(isHeld && axes.current?.chosen === chosen))
    axes.current = { chosen, x: view.plot.x, y: view.plot.y };
  if (view === null || chosen === null)
    return <p className={styles.note}>No expiry is chosen. Choose one in the table.</p>;
  const plot = isHeld && axes.current !== null ? { ...view.plot, x: axes.current.x, y: axes.current.y } : view.plot;
  const name = dateCode(chosen, report.asOf);
  const readout = hovered === null ? null : view.readout(hovered);
  return (
    <Chart
      ref={chart}
      testId="surface-smile-chart"
      title={`Smile of ${report.underlying} ${name}`}
      unit="implied volatility by strike"
      footnote={`${props.footnote}, ${view.fit}`}
      description={view.description}
      plot={plot}
      version={`${report.underlying}-${chosen}-${report.isRepaired}-${JSON.stringify(view.smile.edit)}`}
      numbers={view.numbers}
      showTable={props.showTable}
      onHover={setHovered}
      crosshair={() => hovered}
      step={(plot.x.domain[1] - plot.x.domain[0]) / 40}
    >
      <SmileHandles
        plot={plot}
        handles={view.handles}
        shift={props.shift}
        of={props.scope === 'all' ? `all ${report.underlying} expiries` : name}
        onChange={props.onChange}
        onFinish={props.onFinish}
      />
      {view.smile.repair !== null && (
        <div className={styles.legend}>
          <span>fit</span>
          <span data-dashed>repaired</span>
        </div>
      )}
      <div className={styles.readout} data-beside-legend={view.smile.repair !== null || undefined}>
        {readout ?? view.fit}
      </div>
    </Chart>
  );
}

function MeshPicture({ report, chosen, ...props }: SurfacePictureProps) {
  const view = useMemo(() => meshView(report, chosen), [report, chosen]);
  const title = `${report.isRepaired ? 'Repaired surface' : 'Surface'} of ${report.underlying}`;
  if (view === null)
    return (
      <p className={styles.note} role="status">
        {report.mesh === null && report.expiries.filter(({ figures }) => figures !== null).length < 2
          ? 'A surface needs two expiries with a smile. The smile view shows what there is.'
          : 'The surface is read.'}
      </p>
    );
  if (props.showTable) return <NumbersTable caption={`${title}, implied volatility`} numbers={view.numbers()} />;
  return (
    <SurfacePlot
      testId="surface-chart"
      title={`${title}. Drag or arrow keys turn it`}
      description={view.description}
      picture={view.picture}
      version={`${report.underlying}-${report.mesh?.axis}-${chosen}-${report.isRepaired}-${JSON.stringify(report.edits)}`}
      numbers={view.numbers}
      onPick={(row) => {
        const expiry = view.expiryAt(row);
        if (expiry !== null) props.onChoose(expiry);
      }}
    />
  );
}

function TermPicture({ report, chosen, chart, view: kind, ...props }: SurfacePictureProps) {
  const view = useMemo(
    () => (kind === 'term' ? termView(report, chosen) : skewView(report, chosen)),
    [report, chosen, kind],
  );
  const title = kind === 'term' ? 'Term structure' : 'Risk reversal and butterfly';
  if (view === null) return <p className={styles.note}>No expiry of {report.underlying} has a smile.</p>;
  return (
    <Chart
      ref={chart}
      testId={`surface-${kind}-chart`}
      title={`${title} of ${report.underlying}${report.isRepaired ? ', repaired' : ''}`}
      unit={kind === 'term' ? 'at-the-money and forward volatility' : 'vol points'}
      footnote={props.footnote}
      description={view.description}
      plot={view.plot}
      version={`${report.underlying}-${chosen}-${report.isRepaired}-${JSON.stringify(report.edits)}`}
      numbers={view.numbers}
      showTable={props.showTable}
      onPick={(x) => {
        const nearest = report.expiries
          .filter(({ figures }) => figures !== null)
          .toSorted(
            (one, two) =>
              Math.abs(Math.sqrt(one.timeToExpiryYears) - x) - Math.abs(Math.sqrt(two.timeToExpiryYears) - x),
          )[0];
        if (nearest !== undefined) props.onChoose(nearest.expiry);
      }}
    />
  );
}
