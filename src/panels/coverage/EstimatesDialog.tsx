import { Fragment } from 'react';
import type { VarMethod } from '../../engine/domain/riskReport.ts';
import type { ScenarioEstimate, ScenarioEstimates } from '../../engine/domain/scenarioEstimates.ts';
import type { VarSettings } from '../../state/AppState.ts';
import { isVarStale } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { estimateKey, withOverride, withOverrides } from '../../state/varEstimates.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { money } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { estimateDigits, estimateText } from './estimateText.ts';
import styles from './EstimatesDialog.module.css';

/** Methods whose moves are drawn from something estimated, and what they are called here. */
const SECTIONS: readonly { readonly method: VarMethod; readonly name: string }[] = [
  { method: 'monte-carlo', name: 'Monte Carlo' },
  { method: 'historical', name: 'Historical' },
  { method: 'parametric', name: 'Parametric' },
];

interface EstimatesDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** What each method has estimated from the history, and fields to put other numbers in its place. */
export function EstimatesDialog({ open, onClose }: EstimatesDialogProps) {
  const settings = useStore((state) => state.varSettings);
  const sections = SECTIONS.filter(({ method }) => estimateKey(method, settings) !== null);
  return (
    <Dialog title="Estimates" open={open} onClose={onClose}>
      <p className={styles.lead}>
        Fitted to the market’s history. A number set here takes the place of its estimate until it is reset.
      </p>
      {sections.map((section) => (
        <EstimatesSection key={section.method} {...section} settings={settings} />
      ))}
    </Dialog>
  );
}

interface EstimatesSectionProps {
  readonly method: VarMethod;
  readonly name: string;
  readonly settings: VarSettings;
}

function EstimatesSection({ method, name, settings }: EstimatesSectionProps) {
  const answer = useStore((state) => state.varReports[method]);
  const stale = useStore((state) => isVarStale(state, method));
  const change = useStore((state) => state.setVarSettings);
  const key = estimateKey(method, settings);
  if (key === null) return null;
  const estimates = answer?.report?.estimates ?? null;
  const overridden = settings.overrides[key] ?? {};
  const count = Object.keys(overridden).length;
  const set = (estimate: ScenarioEstimate, value: number | null) =>
    change({ overrides: withOverride(settings.overrides, key, estimate, value) });
  return (
    <section className={styles.section} aria-label={`${name} estimates`} data-stale={stale || undefined}>
      <header className={styles.head}>
        <h3 className={styles.name}>{estimates === null ? name : `${name}: ${estimates.generator}`}</h3>
        {count > 0 && (
          <Button kind="quiet" onClick={() => change({ overrides: withOverrides(settings.overrides, key, {}) })}>
            {`Reset ${count} to estimated`}
          </Button>
        )}
      </header>
      {answer?.failure && (
        <p className={styles.failure} role="alert">
          {answer.failure.message}
        </p>
      )}
      {estimates === null ? (
        !answer?.failure && (
          <p className={styles.note}>{stale ? 'Being computed.' : 'No leg is exposed, so nothing is estimated.'}</p>
        )
      ) : (
        <>
          <p className={styles.note}>
            {`${estimates.method}. ${money(estimates.observations)} moves, ${estimates.from} to ${estimates.to}.`}
          </p>
          <EstimateTable estimates={estimates} overridden={overridden} onSet={set} />
        </>
      )}
    </section>
  );
}

interface EstimateTableProps {
  readonly estimates: ScenarioEstimates;
  readonly overridden: Readonly<Record<string, number>>;
  readonly onSet: (estimate: ScenarioEstimate, value: number | null) => void;
}

function EstimateTable({ estimates, overridden, onSet }: EstimateTableProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Number</th>
          <th scope="col">Estimated</th>
          <th scope="col">
            <abbr title="Standard error">± s.e.</abbr>
          </th>
          <th scope="col">Used</th>
          <th scope="col">
            <span className="visually-hidden">Reset</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {estimates.values.map((estimate, i) => {
          const byHand = overridden[estimate.id];
          const label = `${estimate.group}, ${estimate.name}`;
          return (
            <Fragment key={estimate.id}>
              {estimate.group !== estimates.values[i - 1]?.group && (
                <tr className={styles.group}>
                  <th scope="colgroup" colSpan={5}>
                    {estimate.group}
                  </th>
                </tr>
              )}
              <tr data-estimate={estimate.id} data-overridden={byHand !== undefined || undefined}>
                <th scope="row">
                  {estimate.name}
                  {estimate.unit !== '' && <span className={styles.unit}> {estimate.unit}</span>}
                </th>
                <td>{estimate.estimated === null ? 'not known' : estimateText(estimate.estimated)}</td>
                <td>{estimate.standardError === null ? '' : estimateText(estimate.standardError)}</td>
                <td className={styles.used}>
                  <NumberField
                    variant="form"
                    label={label}
                    value={byHand ?? estimate.value}
                    min={estimate.min}
                    max={estimate.max}
                    step={stepOf(estimate)}
                    digits={estimateDigits(byHand ?? estimate.value)}
                    onCommit={(value) => onSet(estimate, value)}
                  />
                </td>
                <td className={styles.reset}>
                  {byHand !== undefined && (
                    <Button
                      kind="quiet"
                      aria-label={`Reset ${label} to estimated`}
                      onClick={() => onSet(estimate, null)}
                    >
                      set by you ×
                    </Button>
                  )}
                </td>
              </tr>
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

/** A tenth of the error, or of the number, as a round one. */
function stepOf({ estimated, standardError }: ScenarioEstimate): number {
  const scale = standardError ?? (estimated === null || estimated === 0 ? 1 : Math.abs(estimated) / 10);
  return 10 ** Math.floor(Math.log10(Math.max(scale, 1e-4)));
}
