import { useMemo, useRef, useState } from 'react';
import { useChain } from '../../compute/useRiskTask.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { dateCode, dateTime } from '../../ui/format.ts';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './SmilePanel.module.css';
import { smileView } from './smileView.ts';

const TITLE = 'Smile';
const NO_TRADES = [] as const;

/** The vol smile of the chain's expiry: quotes, fit, and where the book stands on it. */
export function SmilePanel() {
  const market = useStore((state) => state.market);
  const underlying = useStore((state) => state.underlying);
  const expiry = useStore((state) => state.chainExpiry);
  const legs = useStore((state) => state.book.legs);
  const proposed = useStore((state) => state.proposal?.trades ?? NO_TRADES);
  const chain = useChain(underlying, expiry);
  const [showTable, setShowTable] = useState(false);
  const chart = useRef<ChartHandle>(null);

  const asOf = market?.asOf ?? 0;
  const report = chain.value;
  const view = useMemo(
    () => (report === null ? null : smileView({ chain: report, asOf, legs, proposed })),
    [report, asOf, legs, proposed],
  );
  const stale = report !== null && (report.expiry !== expiry || report.underlying !== underlying);

  return (
    <PanelFrame
      title={TITLE}
      testId="smile-panel"
      stale={stale}
      problem={chain.failure && { message: `Smile not read. ${chain.failure.message}`, onRetry: chain.retry }}
      subtitle={
        report ? `${report.underlying} ${dateCode(report.expiry, asOf)}, IV by strike, ${view?.fit}` : 'IV by strike'
      }
      control={
        view && (
          <ViewMenu
            title={TITLE}
            numbers={view.numbers}
            showTable={showTable}
            onShowTable={setShowTable}
            onSavePicture={() => chart.current?.savePicture()}
          />
        )
      }
    >
      {view && market && report && (
        <div className={styles.chart} data-stale={stale || undefined}>
          <Chart
            ref={chart}
            testId="smile-chart"
            title={`${TITLE} ${report.underlying} ${dateCode(report.expiry, asOf)}`}
            unit="implied volatility by strike"
            footnote={`${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}, ${view.fit}`}
            description={view.description}
            plot={view.plot}
            version={`${report.underlying}-${report.expiry}`}
            numbers={view.numbers}
            showTable={showTable}
          />
        </div>
      )}
    </PanelFrame>
  );
}
