import { memo, useRef } from 'react';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { Term } from '../../ui/Term.tsx';
import type { CoverageInput, MethodAnswer } from './coverageView.ts';
import { shownReport } from './coverageView.ts';
import styles from './Refinement.module.css';
import { type RefinementView, refinementView, type WidestInterval, widestInterval } from './refinementView.ts';

interface RefinementProps {
  /** Of Monte Carlo; the same object while its figures are the same. */
  readonly answer: MethodAnswer | undefined;
  readonly unit: CoverageInput['unit'];
}

/** How sure the Monte Carlo figure is, and what of: its interval shrinks as paths are drawn. */
export const Refinement = memo(function Refinement({ answer, unit }: RefinementProps) {
  const settings = useStore((state) => state.varSettings);
  const askMorePaths = useStore((state) => state.askMorePaths);
  const setVerifyOpen = useStore((state) => state.setVerifyOpen);
  const widest = useRef<WidestInterval | null>(null);
  widest.current = widestInterval(widest.current, shownReport(answer));
  const view = refinementView({ answer, settings, widest: widest.current, unit });
  // Said again only when a run has settled, not at each of its figures.
  const said = useRef('');
  if (view !== null && view.announcement !== null) said.current = view.announcement;
  return (
    <div className={styles.refinement} data-testid="refinement">
      {view !== null && (
        <>
          <div className={styles.line}>
            <IntervalBar bar={view.bar} />
            <p className={styles.text} data-testid="refinement-figure">
              <Term term="95 % interval" definition={view.interval.hint}>
                {view.figure}
              </Term>
              {` · ${view.paths} · ${view.ending}`}
            </p>
            <Button
              kind="quiet"
              className={styles.action}
              onClick={askMorePaths}
              aria-label="More paths"
              title="More paths: half the error"
            >
              More
            </Button>
          </div>
          <div className={styles.line}>
            <p className={styles.text} data-testid="refinement-means">
              {view.sampling !== null && (
                <>
                  <Term term="Paths" definition={view.sampling.hint}>
                    {view.sampling.text}
                  </Term>
                  {' · '}
                </>
              )}
              <Term term="Revaluation" definition={view.revaluation.hint}>
                {view.revaluation.text}
              </Term>
              {view.revaluation.rest}
              {view.isByProxy && (
                <>
                  {' · '}
                  <Button
                    kind="quiet"
                    className={styles.verify}
                    onClick={() => setVerifyOpen(true)}
                    aria-haspopup="dialog"
                    title="Verify with full revaluation"
                  >
                    Verify
                  </Button>
                </>
              )}
            </p>
          </div>
        </>
      )}
      <span className="visually-hidden" role="status" data-testid="refinement-settled">
        {said.current}
      </span>
    </div>
  );
});

/** The interval as a band about the figure, between the marks at which the run stops. */
function IntervalBar({ bar }: { readonly bar: RefinementView['bar'] }) {
  const { from, to, target } = bar;
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  return (
    <span className={styles.bar} aria-hidden="true">
      <i className={styles.band} style={{ left: percent(from), width: percent(to - from) }} />
      <i className={styles.figure} />
      {target !== null &&
        [0.5 - target, 0.5 + target].map((place) => (
          <i key={place < 0.5 ? 'low' : 'high'} className={styles.target} style={{ left: percent(place) }} />
        ))}
    </span>
  );
}
