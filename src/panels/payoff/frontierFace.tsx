import { useMemo, useRef, useState } from 'react';
import type { FrontierReport } from '../../engine/domain/liquidationFrontier.ts';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import { chosenModel, currentUnderlying } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { Crosshair } from '../../ui/Crosshair.tsx';
import { dateCode, dateTime, decimal, indexPrice, NBSP, signedPercent, volFactor } from '../../ui/format.ts';
import { Term } from '../../ui/Term.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import { type FrontierView, frontierView, headroomNear, sigmasTo } from './frontierView.ts';
import { LineSample } from './LineSample.tsx';
import styles from './payoff.module.css';
import { shortAmount } from './payoffView.ts';
import type { RunwayFace } from './RunwayFace.ts';
import { useLiquidationFrontier } from './useLiquidationFrontier.ts';

const TITLE = 'Liquidation frontier';
/** One arrow key's step of spot and of IV, in logarithms: about 2 % and 5 %. */
const SPOT_STEP = 0.02;
const VOL_STEP = 0.05;

/** Spot and vol together: where equity falls below maintenance, and the shortest way there. */
export function useFrontierFace(enabled: boolean): RunwayFace {
  const task = useLiquidationFrontier(enabled);
  const market = useStore((state) => state.market);
  const coin = useStore(currentUnderlying);
  const model = useStore(chosenModel);
  const unit = useStore((state) => state.unit);
  const pin = useStore((state) => state.pin);
  const movers = useStore((state) => state.movers);
  const narrow = useNarrow();
  const [showTable, setShowTable] = useState(false);
  /** ln of the vol factor under the pointer; spot's own crosshair is everybody's. */
  const [height, setHeight] = useState<number | null>(null);
  const chart = useRef<ChartHandle>(null);

  const index = coin?.index ?? 0;
  const symbol = coin?.symbol ?? '';
  const asOf = market?.asOf ?? 0;
  const { report } = task;
  const view = useMemo(
    () => (index > 0 ? frontierView({ report, pin, index, symbol, unit, narrow }) : null),
    [report, pin, index, symbol, unit, narrow],
  );
  const days = pin?.days ?? 0;
  const date = days === 0 ? 'today' : `pinned ${dateCode(asOf + days * MILLISECONDS_PER_DAY, asOf)}`;
  const several = (market?.underlyings.length ?? 0) > 1;
  const moving = movers === 'all' ? (several ? 'all coins move' : '') : `only ${movers} moves`;
  const current = report?.after ?? report?.before;
  const refusal = current?.unsupported ?? null;
  const isRefused = refusal !== null && current!.now === 'unknown';
  const version = `${task.version}${report?.isCoarse ? ' coarse' : ''}`;

  return {
    stale: task.stale && report !== null,
    answeredAt: undefined,
    problem:
      task.failure === null
        ? refusal && { message: isRefused ? refusal.message : `No margin at some points. ${refusal.message}` }
        : { message: `Frontier not updated. ${task.failure}`, onRetry: task.retry },
    subtitle: narrow ? (
      date
    ) : (
      <span className={styles.subtitle}>
        {date}
        {moving !== '' && <span>{moving}</span>}
        {view && (
          <Term
            term="σ"
            definition={`one standard deviation of a move of spot and IV together, over 30 days. The shortest way is the nearest point of liquidation counted in these; spot moving while IV stands still is farther than spot with the IV that goes along with it. ${view.source}`}
          >
            σ
          </Term>
        )}
        {report?.after && (
          <span className={styles.legend}>
            <LineSample /> after <LineSample dashed /> before
          </span>
        )}
      </span>
    ),
    sentence: report === null || isRefused ? null : (view?.sentence ?? null),
    menu: view && (
      <ViewMenu
        title={TITLE}
        numbers={view.numbers}
        showTable={showTable}
        onShowTable={setShowTable}
        onSavePicture={() => chart.current?.savePicture()}
      />
    ),
    body: view && market && (
      <div className={styles.chart} data-stale={task.stale || undefined}>
        <Chart
          ref={chart}
          testId="frontier-chart"
          title={TITLE}
          unit={`IV factor over ${symbol} spot`}
          footnote={`${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}, ${model?.title ?? ''} rulebook, ${date}. ${view.sentence}`}
          description={view.description}
          plot={view.plot}
          version={version}
          numbers={view.numbers}
          showTable={showTable}
          onHover={(x, y) => {
            useStore.getState().setHoverSpotMove(x === null ? null : Math.expm1(x));
            setHeight(y);
          }}
          onPick={(x, y) => {
            const { setPin, smile } = useStore.getState();
            const spotMove = Math.round(Math.expm1(x) * 1000) / 1000;
            const volShock = Math.round(Math.expm1(y ?? 0) * 100) / 100;
            setPin({ spotMove, volShock, volUnit: 'relative', days, smile, movers });
          }}
          crosshair={() => {
            const move = useStore.getState().hoverSpotMove;
            return move === null || move <= -1 ? null : Math.log1p(move);
          }}
          step={SPOT_STEP}
          upright={{ at: () => height, step: VOL_STEP }}
          start={[0, 0]}
        >
          {report && <FrontierCrosshair view={view} report={report} index={index} unit={unit} height={height} />}
        </Chart>
      </div>
    ),
  };
}

interface FrontierCrosshairProps {
  readonly view: FrontierView;
  readonly report: FrontierReport;
  readonly index: number;
  readonly unit: 'usd' | 'coin';
  readonly height: number | null;
}

function FrontierCrosshair({ view, report, index, unit, height }: FrontierCrosshairProps) {
  const move = useStore((state) => state.hoverSpotMove);
  if (move === null || move <= -1) return null;
  const x = Math.log1p(move);
  const y = height ?? 0;
  const usd = headroomNear(report, [x, y]);
  const sigmas = sigmasTo(report, [x, y]);
  const spot = index * (1 + move);
  const headroom = usd === null ? null : unit === 'usd' ? usd : usd / spot;
  return (
    <Crosshair plot={view.plot} x={x} rings={[{ y, colour: 'ink' }]}>
      <span>
        <b>{indexPrice(spot)}</b> {signedPercent(move)}
      </span>
      <span>IV {volFactor(Math.expm1(y))}</span>
      {headroom !== null && (
        <span>
          Headroom ≈ <b>{shortAmount(headroom, unit).replace('+', '')}</b>
          {headroom < 0 && ' short'}
        </span>
      )}
      {sigmas !== null && (
        <span>
          {decimal(sigmas, 1)}
          {NBSP}σ away
        </span>
      )}
    </Crosshair>
  );
}
