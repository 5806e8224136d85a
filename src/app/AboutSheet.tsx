import { type ReactNode, useId } from 'react';
import type { EngineInUse } from '../../workers/RiskApi.ts';
import { useEngine } from '../compute/tasks/useEngine.ts';
import { areFiguresReproducible } from '../state/selectors.ts';
import { useStore } from '../state/store.ts';
import { Dialog } from '../ui/Dialog.tsx';
import styles from './AboutSheet.module.css';

const KERNELS: Readonly<Record<EngineInUse['build'], string>> = {
  'relaxed-simd': 'WebAssembly, relaxed SIMD',
  simd: 'WebAssembly, SIMD',
  typescript: 'TypeScript',
};

/** The version, what computes the figures, and whether every machine would compute the same ones. */
export function AboutSheet() {
  const setAboutOpen = useStore((state) => state.setAboutOpen);
  const { value: engine, failure } = useEngine();
  return (
    <Dialog title="About Headroom" open onClose={() => setAboutOpen(false)}>
      <dl className={styles.list}>
        <Row term="Version">{engine?.version ?? ''}</Row>
        <Row term="Kernels">
          {engine === null ? '' : KERNELS[engine.build]}
          {engine?.failure != null && <span className={styles.reason}>{engine.failure.message}.</span>}
          {failure !== null && <span className={styles.reason}>{failure.message}</span>}
        </Row>
        <Row term="Workers">{engine === null ? '' : workersText(engine)}</Row>
        <Row term="Isolation">
          {crossOriginIsolated
            ? 'cross-origin isolated: workers share memory'
            : 'not cross-origin isolated: workers send what they have computed'}
        </Row>
      </dl>
      <ReproducibleFigures />
    </Dialog>
  );
}

function Row({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ReproducibleFigures() {
  const isOn = useStore(areFiguresReproducible);
  const showsLink = useStore((state) => state.showsLink);
  const setReproducible = useStore((state) => state.setReproducible);
  const id = useId();
  return (
    <div className={styles.choice}>
      <label className={styles.label}>
        <input
          type="checkbox"
          checked={isOn}
          aria-describedby={id}
          onChange={(event) => setReproducible(event.currentTarget.checked)}
        />
        Reproducible figures
      </label>
      <p id={id} className={styles.words}>
        Every machine computes the same bits; without, processors may differ in the last digits and some are faster.
        {showsLink && ' This page was opened from a link, which turns it on.'}
      </p>
    </div>
  );
}

function workersText({ pathWorkers }: EngineInUse): string {
  const own = 'edits, views, long questions and decisions have one each';
  if (pathWorkers === 0) return own;
  return `${own}; Monte Carlo shares its paths out among ${pathWorkers === 1 ? 'one more' : `up to ${pathWorkers} more`}`;
}
