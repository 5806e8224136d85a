import { useMemo, useRef, useState } from 'react';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import { chosenModel, currentUnderlying, isExploreStale } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { Crosshair } from '../../ui/Crosshair.tsx';
import { dateCode, dateTime, indexPrice, signedPercent, volFactor } from '../../ui/format.ts';
import { Term } from '../../ui/Term.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './payoff.module.css';
import { shortAmount } from './payoffView.ts';
import { RUNWAY_TITLE, type RunwayFace } from './RunwayFace.ts';
import { runwayReadout, type RunwayView, runwayView } from './runwayView.ts';
import { exploreOfCoin } from './spotAxis.ts';

/** Equity and requirement over spot, re-margined at every point: how far the market can go before liquidation. */
export function useCurvesFace(): RunwayFace {
  const market = useStore((state) => state.market);
  const coin = useStore(currentUnderlying);
  const model = useStore(chosenModel);
  const answer = useStore((state) => state.explore);
  const stale = useStore(isExploreStale);
  const answeredAt = useStore((state) => state.answeredAt.explore);
  const problem = useStore((state) => state.problems.explore);
  const recompute = useStore((state) => state.recompute);
  const unit = useStore((state) => state.unit);
  const pin = useStore((state) => state.pin);
  const sliderShock = useStore((state) => state.volShock);
  const narrow = useNarrow();
  const [showTable, setShowTable] = useState(false);
  const chart = useRef<ChartHandle>(null);

  const index = coin?.index ?? 0;
  const symbol = coin?.symbol ?? '';
  const asOf = market?.asOf ?? 0;
  const pinnedMove = pin?.spotMove ?? null;
  const volShock = pin?.volShock ?? sliderShock;
  const days = pin?.days ?? 0;
  const held = `${pin === null ? '' : 'pinned '}IV ${volFactor(volShock)}, ${days === 0 ? 'today' : dateCode(asOf + days * MILLISECONDS_PER_DAY, asOf)}`;
  const isMoved = volShock !== 0 || days !== 0;
  const explore = exploreOfCoin(answer, index);
  const current = explore?.curves.after ?? explore?.curves.before;
  const refusal = current?.unsupported ?? null;
  const isRefused = refusal !== null && current!.liquidation.examined === null;
  const view = useMemo(
    () => (index > 0 ? runwayView({ explore, pinnedMove, isMoved, index, symbol, unit, asOf, narrow }) : null),
    [explore, pinnedMove, isMoved, index, symbol, unit, asOf, narrow],
  );
  const unitName = unit === 'usd' ? 'USD' : symbol;

  return {
    stale: stale && answer !== null,
    answeredAt,
    problem: problem
      ? { message: `Runway not updated. ${problem.message}`, onRetry: recompute }
      : refusal && { message: isRefused ? refusal.message : `No margin at some spots. ${refusal.message}` },
    subtitle: narrow ? (
      held
    ) : (
      <span className={styles.subtitle}>
        {unitName}, {held}
        <Term
          term="Headroom"
          definition="equity minus maintenance margin: what can be lost before liquidation. Both are computed anew at every spot. Free margin is another thing: equity minus initial margin, what can still be opened."
        >
          headroom
        </Term>
      </span>
    ),
    sentence: view?.after && !isRefused ? view.sentence : null,
    menu: view && (
      <ViewMenu
        title={RUNWAY_TITLE}
        numbers={view.numbers}
        showTable={showTable}
        onShowTable={setShowTable}
        onSavePicture={() => chart.current?.savePicture()}
      />
    ),
    body: view && market && (
      <div className={styles.chart} data-stale={stale || undefined}>
        <Chart
          ref={chart}
          testId="runway-chart"
          title={RUNWAY_TITLE}
          unit={unitName}
          footnote={`${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}, ${model?.title ?? ''} rulebook, ${held}`}
          description={view.description}
          plot={view.plot}
          version={explore?.inputVersion ?? 'none'}
          numbers={view.numbers}
          showTable={showTable}
          onHover={(x) => useStore.getState().setHoverSpotMove(x === null ? null : x / index - 1)}
          onPick={(spotUsd) => {
            const { setPin, smile, movers } = useStore.getState();
            const spotMove = Math.round((spotUsd / index - 1) * 1000) / 1000;
            setPin({ spotMove, volShock, volUnit: 'relative', days, smile, movers });
          }}
          crosshair={() => {
            const move = useStore.getState().hoverSpotMove;
            return move === null ? null : index * (1 + move);
          }}
          step={index / 100}
        >
          <RunwayCrosshair view={view} index={index} unit={unit} />
        </Chart>
      </div>
    ),
  };
}

function RunwayCrosshair({ view, index, unit }: { view: RunwayView; index: number; unit: 'usd' | 'coin' }) {
  const move = useStore((state) => state.hoverSpotMove);
  if (move === null) return null;
  const spot = index * (1 + move);
  const readout = runwayReadout(view, spot);
  const figure = (value: number) => shortAmount(value, unit).replace('+', '');
  return (
    <Crosshair
      plot={view.plot}
      x={spot}
      rings={
        readout === null
          ? []
          : [
              { y: readout.equity, colour: 'ink' },
              { y: readout.maintenance, colour: 'mgn' },
            ]
      }
    >
      <span>
        <b>{indexPrice(spot)}</b> {signedPercent(move)}
      </span>
      {readout !== null && (
        <>
          <span>
            Headroom <b>{figure(readout.headroom)}</b>
            {readout.headroom < 0 && ' short'}
          </span>
          <span>Equity {figure(readout.equity)}</span>
          <span>Maintenance {figure(readout.maintenance)}</span>
          <span>Initial {figure(readout.initial)}</span>
        </>
      )}
    </Crosshair>
  );
}
