import { type ReactNode, useMemo, useState } from 'react';
import type { MarginModelDescription, ParameterSpec } from '../../engine/domain/riskParameters.ts';
import { useLiveStore, useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { foundParameters, parameterOrigin, venueGroups } from './parameterList.ts';
import styles from './ParametersPanel.module.css';
import { parameterText, parseParameter } from './parameterText.ts';

/** From so many numbers on a field to search them is worth its place. */
const SEARCHED_FROM = 12;

/** The numbers of the chosen rulebook, each with its unit, its bounds and where it comes from. Every edit can be undone. */
export function ParametersPanel() {
  const models = useStore((state) => state.models);
  const chosen = useStore((state) => state.model);
  const setModel = useStore((state) => state.setModel);
  const edits = useLiveStore((state) => state.parameters[state.model]);
  const narrow = useNarrow();
  const [search, setSearch] = useState('');
  const [onlyChanged, setOnlyChanged] = useState(false);
  const groups = useMemo(() => venueGroups(models), [models]);
  const model = models.find((candidate) => candidate.id === chosen);
  if (model === undefined)
    return (
      <p className={styles.empty}>
        {models.length === 0 ? 'The rulebooks are loading.' : 'The venues’ rulebooks are loading.'}
      </p>
    );
  const choice = <SelectField label="Rulebook" value={chosen} groups={groups} onChange={setModel} />;
  const isLong = model.parameters.length >= SEARCHED_FROM;
  const words = isLong ? search : '';
  const shown = foundParameters(model.parameters, words).filter(
    (spec) => !onlyChanged || edits?.[spec.key] !== undefined,
  );
  return (
    <div className={styles.panel}>
      <DockTools>
        <ColourScheme />
        {!narrow && choice}
      </DockTools>
      {narrow && <div className={styles.choice}>{choice}</div>}
      <Source model={model}>
        {isLong && (
          <>
            <input
              className={styles.search}
              type="search"
              aria-label="Search the parameters"
              placeholder={`Search ${model.parameters.length} parameters`}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
            <label className={styles.only}>
              <input type="checkbox" checked={onlyChanged} onChange={(event) => setOnlyChanged(event.target.checked)} />
              Changed only
            </label>
          </>
        )}
      </Source>
      {model.parameters.length === 0 ? (
        <p className={styles.empty}>This rulebook has no numbers to change.</p>
      ) : shown.length === 0 ? (
        <p className={styles.empty} role="status">
          {words === '' ? 'No parameter has been changed.' : `No parameter matches “${words}”.`}
        </p>
      ) : (
        <ul className={styles.list} aria-label={`Parameters of ${model.title}`}>
          {shown.map((spec) => (
            <Parameter key={`${model.id} ${spec.key}`} model={model} spec={spec} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Source({ model, children }: { model: MarginModelDescription; children: ReactNode }) {
  const edited = useStore((state) => Object.keys(state.parameters[model.id] ?? {}).length);
  const resetParameters = useStore((state) => state.resetParameters);
  return (
    <div className={styles.source}>
      <b>{model.title}</b>
      <span>{model.venue}</span>
      <span>parameters of {model.parametersDate}</span>
      <span className={styles.reference} title={model.source}>
        {model.source}
      </span>
      {children}
      {edited > 0 && <Button onClick={() => resetParameters(model.id)}>Reset {edited} changed</Button>}
    </div>
  );
}

function Parameter({ model, spec }: { model: MarginModelDescription; spec: ParameterSpec }) {
  const modelId = model.id;
  const origin = parameterOrigin(spec);
  const edited = useLiveStore((state) => state.parameters[modelId]?.[spec.key]);
  const setParameter = useStore((state) => state.setParameter);
  const value = edited ?? spec.initial;
  const [draft, setDraft] = useState<string | null>(null);
  const parsed = draft === null ? null : parseParameter(draft, spec);
  const problem = parsed !== null && !parsed.ok ? parsed.failure.message : null;
  const commit = () => {
    if (parsed?.ok === true) {
      const next = parsed.value === spec.initial ? null : parsed.value;
      if (next !== (edited ?? null)) setParameter(modelId, spec.key, next);
    }
    if (parsed === null || parsed.ok) setDraft(null);
  };
  const id = `parameter-${modelId}-${spec.key}`;
  return (
    <li className={styles.parameter} data-edited={edited !== undefined || undefined}>
      <label htmlFor={id} className={styles.label}>
        {spec.label}
      </label>
      <span className={styles.field}>
        <input
          id={id}
          className={styles.input}
          inputMode="decimal"
          value={draft ?? parameterText(value)}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-words`}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape') {
              event.stopPropagation();
              setDraft(null);
            }
          }}
        />
        <span className={styles.unit}>{spec.unit}</span>
      </span>
      <span className={styles.bounds}>
        {parameterText(spec.min)} to {parameterText(spec.max)}
        {edited !== undefined && `, was ${parameterText(spec.initial)}`}
      </span>
      <span
        id={`${id}-words`}
        className={problem === null ? styles.words : styles.problem}
        title={[spec.description, origin].filter((each) => each !== null).join(' ')}
      >
        {problem ?? spec.description}
        {problem === null && origin !== null && <span className={styles.origin}> {origin}</span>}
      </span>
    </li>
  );
}

function ColourScheme() {
  const scheme = useStore((state) => state.colourScheme);
  const setColourScheme = useStore((state) => state.setColourScheme);
  return (
    <SegmentedControl
      label="Colours of gain and loss"
      value={scheme}
      options={[
        { value: 'blue-orange', label: 'Blue / orange', title: 'Gain blue, loss orange' },
        { value: 'green-red', label: 'Green / red', title: 'Gain green, loss red' },
        { value: 'red-green', label: 'Red / green', title: 'Gain red, loss green' },
      ]}
      onChange={setColourScheme}
    />
  );
}
