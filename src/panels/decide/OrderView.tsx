import { useMemo } from 'react';
import { useFillOrder } from '../../compute/tasks/useFillOrder.ts';
import type { FillOrderReport, FillOrderRequest, FillPath } from '../../engine/domain/decideReport.ts';
import type { AppState } from '../../state/AppState.ts';
import { displayUnit } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { Chart } from '../../ui/Chart.tsx';
import { amount, dateTime, percent } from '../../ui/format.ts';
import { LateLine } from '../../ui/LateLine.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import styles from './DecidePanel.module.css';
import { orderPicture, peakWords } from './orderPicture.ts';
import { tradeText } from './tradeText.ts';

function orderRequest(state: AppState): FillOrderRequest | null {
  const { market, proposal, decide } = state;
  if (market === null || (decide.order === 'entry' && proposal === null)) return null;
  return {
    marketId: market.id,
    smileEdits: smileEditsInForce(state),
    model: state.model,
    parameters: state.parameters[state.model] ?? {},
    book: state.book,
    trades: decide.order === 'entry' ? proposal!.trades : null,
  };
}

/** Peak margin along the orders in which trades can be filled: the best and the worst. */
export function OrderView() {
  const order = useStore((state) => state.decide.order);
  const isAsked = useStore((state) =>
    state.decide.order === 'entry' ? state.proposal !== null : state.book.legs.length > 0,
  );
  const about = useStore((state) => [state.market?.id, state.inputVersion, state.model, state.decide.order].join(' '));
  const key = isAsked ? about : null;
  const request = useMemo(() => (key === null ? null : orderRequest(useStore.getState())), [key]);
  const { value, failure, share, pending, retry } = useFillOrder(request === null ? null : key, request);
  const shown = value !== null && value.kind === order && isAsked ? value : null;
  return (
    <>
      <div className={styles.settings}>
        <SegmentedControl
          label="Trades"
          value={order}
          options={[
            { value: 'entry', label: 'Enter the proposal', title: 'The proposed trades, filled one by one' },
            { value: 'exit', label: 'Exit the book', title: 'Every leg closed across the quoted spread' },
          ]}
          onChange={(next) => useStore.getState().setDecide({ order: next })}
        />
        {shown !== null && failure === null && <Verdict report={shown} />}
      </div>
      {!isAsked && (
        <p className={styles.note}>
          {order === 'entry'
            ? 'Nothing is proposed. Propose a trade of several legs to see in which order to fill them.'
            : 'The book has no legs of its own.'}
        </p>
      )}
      {isAsked && failure !== null && !pending && (
        <p className={styles.note} role="status">
          No order. {failure.message}.{' '}
          <Button kind="quiet" onClick={retry}>
            Retry
          </Button>
        </p>
      )}
      {isAsked && shown === null && failure === null && (
        <p className={styles.note}>Comparing the orders{share !== null && share > 0 && `, ${percent(share, 0)}`}.</p>
      )}
      {shown !== null && failure === null && <Orders report={shown} late={pending} version={key ?? ''} />}
    </>
  );
}

function Verdict({ report: { best, worst, isExact, trades, start } }: { report: FillOrderReport }) {
  const unit = useStore(displayUnit);
  const saved = worst.peakUsd - best.peakUsd;
  return (
    <span className={styles.status} role="status" data-testid="order-verdict">
      {trades.length === 1
        ? `One fill: peak ${amount(best.peakUsd, unit)} ${unit.symbol}.`
        : saved < 0.5
          ? `Every order peaks at ${amount(best.peakUsd, unit)} ${unit.symbol}${best.peakUsd === start.initialMarginUsd ? ', before the first fill' : ''}.`
          : `The order is worth ${amount(saved, unit)} ${unit.symbol} of peak margin${isExact ? '' : '. Best and worst found of many orders, not all'}.`}
    </span>
  );
}

function Orders({ report, late, version }: { report: FillOrderReport; late: boolean; version: string }) {
  const unit = useStore(displayUnit);
  const market = useStore((state) => state.market);
  const asOf = market?.asOf ?? 0;
  const picture = useMemo(() => orderPicture(report, unit, asOf), [report, unit, asOf]);
  return (
    <div className={styles.body} data-stale={late || undefined} data-testid="fill-order">
      {late && <LateLine />}
      <div className={styles.chart}>
        <Chart
          testId="order-chart"
          title="Fill order"
          unit={unit.symbol}
          footnote={market ? `${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}` : ''}
          description={picture.description}
          plot={picture.plot}
          version={`${version} ${unit.symbol}`}
          numbers={picture.numbers}
        />
      </div>
      <div className={styles.orders}>
        <OrderList name="Best" path={report.best} {...{ report }} />
        {report.trades.length > 1 && <OrderList name="Worst" path={report.worst} {...{ report }} />}
      </div>
    </div>
  );
}

function OrderList({ name, path, report }: { name: 'Best' | 'Worst'; path: FillPath; report: FillOrderReport }) {
  const unit = useStore(displayUnit);
  const asOf = useStore((state) => state.market?.asOf ?? 0);
  return (
    <section className={styles.order} aria-label={`${name} order`}>
      <h3 className={styles.orderHead} data-kind={name}>
        {name}: peak {amount(path.peakUsd, unit)} <small>{peakWords(path)}</small>
      </h3>
      <p className={styles.least}>
        Least free margin {amount(path.leastAvailableUsd, unit)}{' '}
        {path.leastAvailableAt === 0 ? 'at the start' : `after fill ${path.leastAvailableAt}`}
      </p>
      <ol className={styles.fills}>
        {path.order.map((item, at) => (
          <li key={report.trades[item]!.instrument} data-peak={at + 1 === path.peakAt || undefined}>
            <span className={styles.fill}>{tradeText(report.trades[item]!, asOf)}</span>
            <span className={styles.freed}>{amount(path.steps[at]!.initialMarginUsd, unit)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
