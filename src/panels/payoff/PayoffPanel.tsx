import { useMemo, useRef, useState } from 'react';
import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import { type Movers, spotMoveOf } from '../../engine/domain/scenario.ts';
import { currentUnderlying, isExploreStale } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { Crosshair } from '../../ui/Crosshair.tsx';
import { dateCode, dateTime, decimal, indexPrice, signedPercent, volFactor } from '../../ui/format.ts';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Term } from '../../ui/Term.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import { LineSample } from './LineSample.tsx';
import styles from './payoff.module.css';
import { type Emphasis, payoffReadout, type PayoffView, payoffView, shortAmount } from './payoffView.ts';
import { exploreOfCoin } from './spotAxis.ts';

const TITLE = 'P&L by spot';
const DEFAULT_DAYS = 7;
/** More expiries than this would not fit the head; the others stay thin lines. */
const MOST_EXPIRIES = 3;
/** And more figures than this would not fit the line above the plot. */
const MOST_READ = 4;

/** What the legs gain or lose over the coin's spot: now, on the chosen date, and at each expiry. */
export function PayoffPanel() {
  const market = useStore((state) => state.market);
  const coin = useStore(currentUnderlying);
  const answer = useStore((state) => state.explore);
  const stale = useStore(isExploreStale);
  const answeredAt = useStore((state) => state.answeredAt.explore);
  const problem = useStore((state) => state.problems.explore);
  const recompute = useStore((state) => state.recompute);
  const unit = useStore((state) => state.unit);
  const given = useStore((state) => state.pin);
  const sliderShock = useStore((state) => state.volShock);
  const movers = useStore((state) => state.movers);
  const curveDays = useStore((state) => state.curveDays);
  const hasLegs = useStore((state) => state.book.legs.length > 0 || state.proposal !== null);
  const narrow = useNarrow();
  const [emphasis, setEmphasis] = useState<Emphasis>('now');
  const [showTable, setShowTable] = useState(false);
  const chart = useRef<ChartHandle>(null);

  const index = coin?.index ?? 0;
  const symbol = coin?.symbol ?? '';
  const pin = useMemo(() => given && { ...given, spotMove: spotMoveOf(given, symbol) }, [given, symbol]);
  const asOf = market?.asOf ?? 0;
  const volShock = pin?.volShock ?? sliderShock;
  const explore = hasLegs ? exploreOfCoin(answer, index) : null;
  const view = useMemo(
    () =>
      index > 0
        ? payoffView({ explore, pin, index, symbol, unit, asOf, curveDays, volShock, movers, emphasis, narrow })
        : null,
    [explore, pin, index, symbol, unit, asOf, curveDays, volShock, movers, emphasis, narrow],
  );

  const choose = (value: string) => {
    if (value === 'date' && curveDays === 0) useStore.getState().setCurveDays(DEFAULT_DAYS);
    setEmphasis(value === 'now' || value === 'date' ? value : Number(value));
  };
  const pick = (spotUsd: number) => {
    const { setPin, smile } = useStore.getState();
    setPin({
      spotMove: Math.round((spotUsd / index - 1) * 1000) / 1000,
      volShock,
      volUnit: 'relative',
      days: view?.main?.days ?? 0,
      smile,
      movers,
    });
  };

  const unitName = unit === 'usd' ? 'USD' : symbol;
  const expiries = view?.curves.filter((curve) => typeof curve.key === 'number').slice(0, MOST_EXPIRIES) ?? [];
  const options = [
    { value: 'now', label: 'Now' },
    { value: 'date', label: `+${decimal(curveDays || DEFAULT_DAYS, Number.isInteger(curveDays) ? 0 : 1)} d` },
    ...expiries.map((curve) => ({
      value: String(curve.key),
      label: expiries.length === 1 ? 'Expiry' : dateCode(Number(curve.key), asOf),
    })),
  ];

  return (
    <PanelFrame
      title={TITLE}
      testId="payoff-panel"
      stale={stale && answer !== null}
      answeredAt={answeredAt}
      problem={problem && { message: `Curves not updated. ${problem.message}`, onRetry: recompute }}
      subtitle={
        <span className={styles.subtitle}>
          {unitName}
          {unit === 'coin' ? <CoinNote symbol={symbol} /> : !narrow && <MoversNote movers={movers} market={market} />}
          {volShock !== 0 && <span>IV {volFactor(volShock)}</span>}
          {view?.main && !narrow && <Legend view={view} />}
        </span>
      }
      control={
        <>
          <SegmentedControl
            label="Curve in force"
            value={String(view?.main?.key ?? 'now')}
            options={options}
            onChange={choose}
          />
          {view && (
            <ViewMenu
              title={TITLE}
              numbers={view.numbers}
              showTable={showTable}
              onShowTable={setShowTable}
              onSavePicture={() => chart.current?.savePicture()}
            />
          )}
        </>
      }
    >
      {view && market && (
        <div className={styles.chart} data-stale={stale || undefined}>
          <Chart
            ref={chart}
            testId="payoff-chart"
            title={TITLE}
            unit={unitName}
            footnote={footnote(market, volShock, movers, symbol)}
            description={view.description}
            plot={view.plot}
            version={explore?.inputVersion ?? 'none'}
            numbers={view.numbers}
            showTable={showTable}
            onHover={(x) => useStore.getState().setHoverSpotMove(x === null ? null : x / index - 1)}
            onPick={pick}
            crosshair={() => hoveredSpot(index)}
            step={index / 100}
          >
            <PayoffCrosshair view={view} index={index} unit={unit} />
          </Chart>
          {!hasLegs && <p className={styles.empty}>No legs yet. The curve follows the first one.</p>}
        </div>
      )}
      {view?.settlementNote && !showTable && <p className={styles.note}>{view.settlementNote}</p>}
    </PanelFrame>
  );
}

/** Market, time and what is held fixed, for a saved picture. */
function footnote(market: MarketSummary, volShock: number, movers: Movers, symbol: string): string {
  const moves = movers === 'all' ? 'all coins move together' : `only ${movers === 'all' ? symbol : movers} moves`;
  return `${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}, IV ${volFactor(volShock)}, ${moves}`;
}

function hoveredSpot(index: number): number | null {
  const move = useStore.getState().hoverSpotMove;
  return move === null ? null : index * (1 + move);
}

/** The only part that follows the pointer. */
function PayoffCrosshair({ view, index, unit }: { view: PayoffView; index: number; unit: 'usd' | 'coin' }) {
  const move = useStore((state) => state.hoverSpotMove);
  if (move === null) return null;
  const spot = index * (1 + move);
  const readout = payoffReadout(view, spot).slice(0, MOST_READ);
  const main = readout[0];
  return (
    <Crosshair
      plot={view.plot}
      x={spot}
      rings={main === undefined ? [] : [{ y: main.after, colour: main.after < 0 ? 'loss' : 'gain' }]}
    >
      <span>
        <b>{indexPrice(spot)}</b> {signedPercent(move)}
      </span>
      {readout.map((curve) => (
        <span key={curve.label}>
          {curve.label} <b>{shortAmount(curve.after, unit)}</b>
          {curve.before !== null && curve === main && <s> was {shortAmount(curve.before, unit)}</s>}
        </span>
      ))}
    </Crosshair>
  );
}

/** Says which line is which; the only dashed one is the curve in force before the trade. */
function Legend({ view }: { view: PayoffView }) {
  const main = view.main!;
  if (main.before === null) return null;
  return (
    <span className={styles.legend}>
      {main.label} <LineSample /> after <LineSample dashed /> before
    </span>
  );
}

function MoversNote({ movers, market }: { movers: Movers; market: MarketSummary | null }) {
  if (market === null || market.underlyings.length < 2) return null;
  return <span>{movers === 'all' ? 'all coins move' : `only ${movers} moves`}</span>;
}

function CoinNote({ symbol }: { symbol: string }) {
  return (
    <Term
      term="Curved"
      definition={`even a straight USD profit bends in ${symbol}, because each dollar buys less ${symbol} when spot is higher. Here: what the legs are worth in ${symbol} at that spot, less what they are worth in ${symbol} now.`}
    >
      why curved?
    </Term>
  );
}
