import type { SurfaceReport } from '../../engine/domain/surfaceReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { dateCode, decimal, indexPrice, percent } from '../../ui/format.ts';
import styles from './SurfacePanel.module.css';
import { errorText, pointsText, rmseBefore, shortFlags, smileFlags } from './surfaceRows.ts';

interface ExpiryTableProps {
  readonly report: SurfaceReport;
  readonly chosen: Timestamp | null;
  readonly beside: readonly Timestamp[];
  readonly onChoose: (expiry: Timestamp) => void;
  readonly onBeside: (expiry: Timestamp, isShown: boolean) => void;
}

/** Every expiry in a line: choose one to look at and to bend, tick others to see beside it. */
export function ExpiryTable({ report, chosen, beside, onChoose, onBeside }: ExpiryTableProps) {
  const { asOf, underlying, isRepaired } = report;
  return (
    // A box that scrolls must be reachable by keyboard.
    <section className={styles.tableBox} tabIndex={0} aria-label={`Smiles of ${underlying} by expiry`}>
      <table className={styles.table}>
        <caption className={styles.caption}>
          {isRepaired ? 'Repaired smiles' : 'Smiles'} of {underlying} by expiry. Volatilities in percent; risk reversal
          (RR), butterfly (BF) and fit error in vol points, at Black forward delta.
        </caption>
        <thead>
          <tr>
            <th scope="col" className={styles.left}>
              Expiry
            </th>
            <th scope="col" title="Drawn beside the chosen smile">
              With
            </th>
            <th scope="col">Forward</th>
            <th scope="col">ATM</th>
            <th scope="col">25Δ RR</th>
            <th scope="col">25Δ BF</th>
            {isRepaired ? (
              <>
                <th scope="col" title="Root mean square error to the quotes before and after the repair, vol points">
                  Rms was → is
                </th>
                <th scope="col" title="What the repair cost: largest shift of vol over the quoted strikes, vol points">
                  Cost
                </th>
              </>
            ) : (
              <th scope="col" title="Root mean square error of the market’s own fit, vol points">
                Fit rms
              </th>
            )}
            <th scope="col" title="Quotes used and left out">
              Quotes
            </th>
            <th scope="col" className={styles.left}>
              Flags
            </th>
          </tr>
        </thead>
        <tbody>
          {report.expiries.map((smile) => {
            const { expiry, figures } = smile;
            const name = dateCode(expiry, asOf);
            const flags = smileFlags(smile, asOf).join('; ');
            return (
              <tr key={expiry} data-chosen={expiry === chosen || undefined}>
                <th scope="row" className={styles.left}>
                  <button
                    type="button"
                    className={styles.expiry}
                    aria-pressed={expiry === chosen}
                    onClick={() => onChoose(expiry)}
                  >
                    {name}
                  </button>
                </th>
                <td className={styles.check}>
                  <input
                    type="checkbox"
                    aria-label={`Show ${name} beside`}
                    checked={beside.includes(expiry) && expiry !== chosen}
                    disabled={expiry === chosen || figures === null}
                    onChange={(event) => onBeside(expiry, event.target.checked)}
                  />
                </td>
                <td>{indexPrice(smile.forward)}</td>
                <td>{figures === null ? 'none' : percent(figures.atm, 2)}</td>
                <td>{figures === null ? 'none' : pointsText(figures.riskReversal25)}</td>
                <td>{figures === null ? 'none' : pointsText(figures.butterfly25)}</td>
                {isRepaired ? (
                  <>
                    <td>
                      {smile.rmse === null ? 'none' : `${errorText(rmseBefore(smile))} → ${errorText(smile.rmse)}`}
                    </td>
                    <td>{figures === null ? 'none' : errorText(smile.repair?.largestChange ?? 0)}</td>
                  </>
                ) : (
                  <td>{errorText(smile.rmse)}</td>
                )}
                <td>
                  {decimal(smile.quotesUsed, 0)}
                  <span className={styles.out}> / {smile.quotes.length - smile.quotesUsed} out</span>
                </td>
                <td className={styles.flags} title={flags}>
                  {shortFlags(smile).map(({ text, isGrave }) => (
                    <span key={text} className={isGrave ? styles.grave : styles.mild}>
                      {text}
                    </span>
                  ))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
