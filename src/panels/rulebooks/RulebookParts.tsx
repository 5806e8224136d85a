import type { RecognisedGroup } from '../../engine/domain/riskReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { amount, instrumentLabel, quantity } from '../../ui/format.ts';
import { componentRows, type RulebookRow } from './rulebookRows.ts';
import styles from './RulebooksPanel.module.css';
import { Arrow, Change } from './RulebooksTable.tsx';

/** What one rulebook's initial margin is made of: its components, each coin's own worst, and the strategies it has recognised. */
export function RulebookParts({ row, unit, asOf }: { row: RulebookRow; unit: DisplayUnit; asOf: Timestamp }) {
  const { current, before, after } = row;
  if (current === null) return <p className={styles.note}>{row.refusal}</p>;
  const components = componentRows(row);
  const coins = current.worstScenario?.byUnderlying ?? [];
  return (
    <div className={styles.parts} data-testid="rulebook-parts">
      <table className={styles.components} aria-label={`Components of ${row.title}`}>
        <tbody>
          {components.map(({ name, beforeUsd, currentUsd }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {beforeUsd !== null && (
                  <>
                    <span className={styles.old}>{amount(beforeUsd, unit)}</span>
                    <Arrow />
                  </>
                )}
                {amount(currentUsd, unit)}
              </td>
              <td>{beforeUsd !== null && <Change usd={currentUsd - beforeUsd} unit={unit} />}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Initial margin</th>
            <td>
              {after !== null && before !== null && (
                <>
                  <span className={styles.old}>{amount(before.initialMarginUsd, unit)}</span>
                  <Arrow />
                </>
              )}
              {amount(current.initialMarginUsd, unit)}
            </td>
            <td>
              {after !== null && before !== null && (
                <Change usd={after.initialMarginUsd - before.initialMarginUsd} unit={unit} />
              )}
            </td>
          </tr>
          <tr className={styles.equity}>
            <th scope="row">{current.equityBasis ?? 'Equity'}</th>
            <td>{amount(current.equityUsd, unit)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
      {coins.length > 0 && (
        <section>
          <h3 className={styles.subhead}>Binding scenario</h3>
          <ul className={styles.list}>
            {coins.map(({ underlying, label, lossUsd }) => (
              <li key={underlying}>
                <b>{underlying}</b> {label}, loss {amount(lossUsd, unit)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {current.strategies !== undefined && current.strategies.length > 0 && (
        <section>
          <h3 className={styles.subhead}>Recognised strategies</h3>
          <ul className={styles.list}>
            {current.strategies.map((strategy, at) => (
              <Strategy key={`${strategy.name} ${at}`} strategy={strategy} unit={unit} asOf={asOf} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Strategy({ strategy, unit, asOf }: { strategy: RecognisedGroup; unit: DisplayUnit; asOf: Timestamp }) {
  return (
    <li>
      <b>{strategy.name}</b> {amount(strategy.initialMarginUsd, unit)}
      <span className={styles.legs}>
        {strategy.legs.map((leg) => `${quantity(leg.quantity)} ${instrumentLabel(leg.instrument, asOf)}`).join(', ')}
      </span>
    </li>
  );
}
