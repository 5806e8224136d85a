import { Popover } from '@base-ui/react/popover';
import { useMemo, useState } from 'react';
import { useMarginProvenance } from '../../compute/tasks/useMarginProvenance.ts';
import type { MarginProvenance, MarginProvenanceRequest } from '../../engine/domain/marginCase.ts';
import type { AppState, AskedFigure } from '../../state/AppState.ts';
import { currentBook, displayUnit, isSupported } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { Late } from '../../ui/Late.tsx';
import styles from './FigureOrigin.module.css';
import { FIGURE_NAMES, originView } from './originView.ts';

/** Where the asked figure is from: formula, inputs with their time and source, and a document that reruns to its digits. */
export function FigureOrigin() {
  const asked = useStore((state) => state.askedFigure);
  if (asked === null) return null;
  return (
    <Late key={`${asked.model} ${asked.figure} ${asked.book}`}>
      <Origin asked={asked} />
    </Late>
  );
}

/** The question in force: its name, which changes with all that it depends on, and its request. */
function question(
  state: AppState,
  { model, book }: AskedFigure,
): { readonly key: string; readonly request: MarginProvenanceRequest } | null {
  const { market, inputVersion } = state;
  if (market === null) return null;
  const smileEdits = smileEditsInForce(state);
  return {
    key: [market.id, inputVersion, model, book].join(' '),
    request: {
      marketId: market.id,
      portfolio: book === 'before' ? state.book : currentBook(state),
      model,
      parameters: state.parameters[model] ?? {},
      ...(smileEdits.length === 0 ? {} : { smileEdits }),
    },
  };
}

function Origin({ asked }: { asked: AskedFigure }) {
  const key = useStore((state) => question(state, asked)?.key ?? null);
  const request = useMemo(
    () => (key === null ? null : (question(useStore.getState(), asked)?.request ?? null)),
    [key, asked],
  );
  const { value, failure, retry } = useMarginProvenance(key, request);
  const proposed = useStore((state) => state.proposal !== null);
  const title = useStore((state) => state.models.find(({ id }) => id === asked.model)?.title ?? asked.model);
  const { place } = asked;
  const anchor = useMemo(() => ({ getBoundingClientRect: () => DOMRect.fromRect({ ...place }) }), [place]);
  const close = () => useStore.getState().askFigure(null);
  return (
    <Popover.Root open onOpenChange={(open) => open || close()}>
      <Popover.Portal>
        <Popover.Positioner
          className={styles.positioner}
          anchor={anchor}
          side="bottom"
          align="start"
          sideOffset={6}
          collisionPadding={8}
        >
          <Popover.Popup className={styles.popup} data-testid="figure-origin">
            <header className={styles.head}>
              <Popover.Title className={styles.title}>
                {FIGURE_NAMES[asked.figure]}, {title}
                {proposed && (asked.book === 'before' ? ', before the trade' : ', with the proposed trade')}
              </Popover.Title>
              <Popover.Close
                render={
                  <Button kind="icon" aria-label="Close">
                    ×
                  </Button>
                }
              />
            </header>
            {failure !== null && (
              <p role="alert">
                Not known. {failure.message}{' '}
                <Button kind="quiet" onClick={retry}>
                  Retry
                </Button>
              </p>
            )}
            {failure === null && value === null && <p role="status">Looking it up …</p>}
            {value !== null && <Answer asked={asked} provenance={value} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Answer({ asked, provenance }: { asked: AskedFigure; provenance: MarginProvenance }) {
  const unit = useStore(displayUnit);
  const { outcome, engineVersion } = provenance;
  if (!isSupported(outcome)) return <p>{'unsupported' in outcome ? outcome.unsupported.message : null}</p>;
  const view = originView(asked.figure, provenance, outcome, unit);
  return (
    <>
      <p className={styles.value}>{view.value}</p>
      <p className={styles.meaning}>{view.meaning}</p>
      <h3>{view.formula}</h3>
      <table className={styles.sum}>
        <caption className="visually-hidden">{view.formula}</caption>
        <tbody>
          {view.rows.map((row, at) => (
            // Names may repeat: the place tells them apart.
            <tr key={`${at} ${row.name}`}>
              <th scope="row">{row.name}</th>
              <td>{row.text}</td>
            </tr>
          ))}
        </tbody>
        {view.total !== null && (
          <tfoot>
            <tr>
              <th scope="row">{view.total.name}</th>
              <td data-testid="origin-total">{view.total.text}</td>
            </tr>
          </tfoot>
        )}
      </table>
      {view.binding !== null && (
        <p>
          <b>Binding scenario</b> {view.binding}.
        </p>
      )}
      <h3>Inputs, {view.source}</h3>
      <dl className={styles.inputs} tabIndex={0} aria-label="Inputs">
        {view.inputs.map(({ name, text }, at) => (
          <div key={`${at} ${name}`}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p>
        <b>Rules</b> {view.parameters}.{' '}
        {view.edited.length === 0 ? 'None edited.' : `Edited: ${view.edited.join('; ')}.`} Engine {engineVersion}.
      </p>
      {view.approximations.length > 0 && (
        <details className={styles.approximations}>
          <summary>
            {view.approximations.length === 1 ? '1 approximation' : `${view.approximations.length} approximations`}
          </summary>
          <ul>
            {view.approximations.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
      <footer className={styles.actions}>
        <CopyCase text={provenance.caseText} />
        {asked.book === 'current' && asked.figure !== 'used' && <Why model={asked.model} />}
      </footer>
    </>
  );
}

/** Copies the document that `risk margin --case` reruns to the same digits. */
function CopyCase({ text }: { text: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  return (
    <span className={styles.copy}>
      <Button
        onClick={() =>
          navigator.clipboard.writeText(text).then(
            () => setState('copied'),
            () => setState('refused'),
          )
        }
      >
        Copy as JSON
      </Button>
      <span role="status">
        {state === 'copied' && 'Copied. Rerun: risk margin --case FILE'}
        {state === 'refused' && 'This browser does not let it be copied.'}
      </span>
    </span>
  );
}

function Why({ model }: { model: string }) {
  const isChosen = useStore((state) => state.model === model);
  if (!isChosen) return null;
  return (
    <Button
      kind="quiet"
      onClick={() => {
        useStore.getState().askFigure(null);
        useStore.getState().openWhy();
      }}
    >
      Step by step
    </Button>
  );
}
