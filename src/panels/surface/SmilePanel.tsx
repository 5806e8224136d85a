import { useMemo, useRef, useState } from 'react';
import { useSurface } from '../../compute/tasks/useSurface.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { dateCode, dateTime } from '../../ui/format.ts';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './SmilePanel.module.css';
import { smileView } from './smileView.ts';

const TITLE = 'Smile';
const NONE = [] as const;

/** The vol smile of the chain's expiry, small: quotes, fit, and where the book stands on it. */
export function SmilePanel() {
  const market = useStore((state) => state.market);
  const underlying = useStore((state) => state.underlying);
  const expiry = useStore((state) => state.chainExpiry);
  const legs = useStore((state) => state.book.legs);
  const proposed = useStore((state) => state.proposal?.trades ?? NONE);
  const surface = useSurface(underlying, null);
  const [showTable, setShowTable] = useState(false);
  const chart = useRef<ChartHandle>(null);

  const asOf = market?.asOf ?? 0;
  const report = surface.value;
  const view = useMemo(
    () => (report === null || expiry === null ? null : smileView({ report, expiry, beside: NONE, legs, proposed })),
    [report, expiry, legs, proposed],
  );
  const stale = report !== null && (report.underlying !== underlying || report.marketId !== market?.id);
  const name = view && report ? `${report.underlying} ${dateCode(view.smile.expiry, asOf)}` : null;

  return (
    <PanelFrame
      title={TITLE}
      testId="smile-panel"
      stale={stale}
      problem={surface.failure && { message: `Smile not read. ${surface.failure.message}`, onRetry: surface.retry }}
      subtitle={view ? `${name}, IV by strike, ${view.fit}` : 'IV by strike'}
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
      {view && market && (
        <div className={styles.chart} data-stale={stale || undefined}>
          <Chart
            ref={chart}
            testId="smile-chart"
            title={`${TITLE} ${name}`}
            unit="implied volatility by strike"
            footnote={`${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}, ${view.fit}`}
            description={view.description}
            plot={view.plot}
            version={`${name}`}
            numbers={view.numbers}
            showTable={showTable}
          />
        </div>
      )}
    </PanelFrame>
  );
}
