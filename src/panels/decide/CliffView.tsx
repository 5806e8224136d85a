import { useMemo } from 'react';
import { useExpiryCliff } from '../../compute/tasks/useExpiryCliff.ts';
import type { CliffExpiry, CliffLeg, ExpiryCliffReport, ExpiryCliffRequest } from '../../engine/domain/decideReport.ts';
import type { AppState } from '../../state/AppState.ts';
import { currentBook, displayUnit } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { Chart } from '../../ui/Chart.tsx';
import {
  amount,
  dateCode,
  dateTime,
  instrumentLabel,
  quantity,
  signed,
  signedAmount,
  signedPercent,
  volFactor,
} from '../../ui/format.ts';
import { LateLine } from '../../ui/LateLine.tsx';
import { Term } from '../../ui/Term.tsx';
import { cliffPicture } from './cliffPicture.ts';
import styles from './DecidePanel.module.css';

function cliffRequest(state: AppState): ExpiryCliffRequest | null {
  if (state.market === null) return null;
  return {
    marketId: state.market.id,
    smileEdits: smileEditsInForce(state),
    model: state.model,
    parameters: state.parameters[state.model] ?? {},
    book: currentBook(state),
    pin: state.pin,
  };
}

/** Margin through each coming expiry, and where a hedge dies before what it hedges. */
export function CliffView() {
  const key = useStore((state) =>
    [state.market?.id, state.inputVersion, state.model, state.pin === null ? '' : JSON.stringify(state.pin)].join(' '),
  );
  const pin = useStore((state) => state.pin);
  const isProposed = useStore((state) => state.proposal !== null);
  const request = useMemo(() => (key === '' ? null : cliffRequest(useStore.getState())), [key]);
  const { value, failure, stale, retry } = useExpiryCliff(request === null ? null : key, request);
  return (
    <>
      <div className={styles.settings}>
        <span className={styles.status}>
          {pin === null
            ? 'Spot and every strike’s IV stay as they are'
            : `Under the pinned scenario${pin.name === undefined ? '' : ` ${pin.name}`}: spot ${signedPercent(pin.spotMove, 0)}, IV ${volFactor(pin.volShock)}`}
          {isProposed && ', with what is proposed'}.
        </span>
        <span className={styles.searched}>
          <Term
            term="Settlement"
            definition="what expires settles at 08:00 UTC for its intrinsic value at the index of that moment, futures for their profit, and becomes collateral in the coin or the USDC that it settles in. Nothing else is traded. Figures are of one minute before and one minute after."
            side="top"
          >
            How expired legs settle
          </Term>
        </span>
      </div>
      {failure !== null && !stale && (
        <p className={styles.note} role="status">
          No schedule. {failure.message}.{' '}
          <Button kind="quiet" onClick={retry}>
            Retry
          </Button>
        </p>
      )}
      {value === null && failure === null && <p className={styles.note}>Taking the book through its expiries.</p>}
      {value !== null && failure === null && value.expiries.length === 0 && (
        <p className={styles.note}>Nothing in the book expires.</p>
      )}
      {value !== null && failure === null && value.expiries.length > 0 && (
        <Schedule report={value} late={stale} version={key} />
      )}
    </>
  );
}

function Schedule({ report, late, version }: { report: ExpiryCliffReport; late: boolean; version: string }) {
  const unit = useStore(displayUnit);
  const market = useStore((state) => state.market);
  const picture = useMemo(() => cliffPicture(report, unit), [report, unit]);
  return (
    <div className={styles.body} data-stale={late || undefined} data-testid="expiry-cliff">
      {late && <LateLine />}
      <div className={styles.chart}>
        <Chart
          testId="cliff-chart"
          title="Expiry cliff"
          unit={unit.symbol}
          footnote={market ? `${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}` : ''}
          description={picture.description}
          plot={picture.plot}
          version={`${version} ${unit.symbol}`}
          numbers={picture.numbers}
        />
      </div>
      <div className={styles.side}>
        <ol className={styles.cliffs} aria-label="Expiries">
          {report.expiries.map((expiry) => (
            <CliffRow key={expiry.expiry} expiry={expiry} asOf={report.asOf} />
          ))}
        </ol>
      </div>
    </div>
  );
}

function CliffRow({
  expiry: { expiry, before, after, expired, lostHedges },
  asOf,
}: {
  expiry: CliffExpiry;
  asOf: number;
}) {
  const unit = useStore(displayUnit);
  const change = after.initialMarginUsd - before.initialMarginUsd;
  const settled = expired.reduce((sum, { settlementUsd }) => sum + settlementUsd, 0);
  return (
    <li className={styles.cliff} data-cliff={lostHedges.length > 0 || undefined}>
      <span className={styles.cliffDate}>{dateCode(expiry, asOf)}</span>
      <span className={styles.cliffMargin}>
        <span className={styles.old}>{amount(before.initialMarginUsd, unit)}</span> →{' '}
        <b>{amount(after.initialMarginUsd, unit)}</b>{' '}
        {Math.abs(change) < 0.5 ? 'unchanged' : `${change > 0 ? '▲' : '▼'} ${signedAmount(change, unit)}`}
      </span>
      <span className={styles.cliffFree} data-short={after.availableUsd < 0 || undefined}>
        free {amount(before.availableUsd, unit)} → {amount(after.availableUsd, unit)}
        {after.availableUsd < 0 && ', short of initial margin'}
      </span>
      <span className={styles.cliffLegs}>
        {expired
          .map(({ instrument, quantity: size }) => `${quantity(size)} ${instrumentLabel(instrument, asOf)}`)
          .join(', ')}{' '}
        {expired.length === 1 ? 'expires' : 'expire'},{' '}
        {Math.abs(settled) < 0.5
          ? 'settling for nothing'
          : `settling for ${signedAmount(settled, unit)} ${unit.symbol}`}
      </span>
      {lostHedges.map(({ hedge, protects, worthUsd }) => (
        <span key={hedge.id} className={styles.lost}>
          A hedge dies before what it hedges: {legText(hedge, asOf)} holds the requirement {amount(worthUsd, unit)}{' '}
          lower, and {legText(protects, asOf)} lives on.
        </span>
      ))}
    </li>
  );
}

function legText({ id, instrument, quantity: size }: CliffLeg, asOf: number): string {
  return id.startsWith('collateral:')
    ? `${signed(size, 2)} ${instrument} of collateral`
    : `${quantity(size)} ${instrumentLabel(instrument, asOf)}`;
}
