import { useState } from 'react';
import type { MarginModelDescription, ParameterSpec } from '../../engine/domain/riskParameters.ts';
import { useLiveStore, useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import styles from './ParametersPanel.module.css';
import { parameterText, parseParameter } from './parameterText.ts';

/** The numbers of the chosen rulebook, each with its unit, its bounds and where it comes from. Every edit can be undone. */
export function ParametersPanel() {
  const models = useStore((state) => state.models);
  const chosen = useStore((state) => state.model);
  const setModel = useStore((state) => state.setModel);
  const model = models.find((candidate) => candidate.id === chosen);
  if (model === undefined) return <p className={styles.empty}>The rulebooks are loading.</p>;
  return (
    <div className={styles.panel}>
      <DockTools>
        <ColourScheme />
        <SegmentedControl
          label="Rulebook"
          value={chosen}
          options={models.map((candidate) => ({ value: candidate.id, label: candidate.title }))}
          onChange={setModel}
        />
      </DockTools>
      <Source model={model} />
      {model.parameters.length === 0 ? (
        <p className={styles.empty}>This rulebook has no numbers to change.</p>
      ) : (
        <ul className={styles.list}>
          {model.parameters.map((spec) => (
            <Parameter key={`${model.id} ${spec.key}`} modelId={model.id} spec={spec} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Source({ model }: { model: MarginModelDescription }) {
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
      {edited > 0 && <Button onClick={() => resetParameters(model.id)}>Reset {edited} changed</Button>}
    </div>
  );
}

function Parameter({ modelId, spec }: { modelId: string; spec: ParameterSpec }) {
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
      <span id={`${id}-words`} className={problem === null ? styles.words : styles.problem} title={spec.description}>
        {problem ?? spec.description}
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
