import { useMemo } from 'react';
import { useProxyVerification } from '../../compute/tasks/useProxyVerification.ts';
import type { VarProgress } from '../../engine/domain/riskReport.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { money } from '../../ui/format.ts';
import styles from './VerificationDialog.module.css';
import { verificationView } from './verificationView.ts';

/** The proxy's VaR and ES beside full revaluation of the same paths. Closing it gives the run up. */
export function VerificationDialog() {
  const setVerifyOpen = useStore((state) => state.setVerifyOpen);
  const { value, failure, pending, progress, retry } = useProxyVerification();
  const view = useMemo(() => value && verificationView(value), [value]);
  const close = () => setVerifyOpen(false);
  return (
    <Dialog title="Proxy beside full revaluation" open onClose={close}>
      {pending && (
        <div className={styles.progress}>
          <span>{progressText(progress)}</span>
          <progress
            {...(progress === null ? {} : { value: progress.pathsDone, max: progress.pathsAsked })}
            aria-label="Paths done, by proxy and in full"
          />
          <Button onClick={close}>Cancel</Button>
        </div>
      )}
      {failure !== null && !pending && (
        <p className={styles.text} role="alert">
          {failure.message}. <Button onClick={retry}>Try again</Button>
        </p>
      )}
      {view !== null && !pending && (
        <div role="status">
          <table className={styles.table}>
            <caption className="visually-hidden">
              Value at risk and expected shortfall by proxy and by full revaluation
            </caption>
            <thead>
              <tr>
                <th scope="col">USD</th>
                <th scope="col">Proxy</th>
                <th scope="col">Full</th>
                <th scope="col">Difference</th>
              </tr>
            </thead>
            <tbody>
              {view.rows.map((row) => (
                <tr key={row.name}>
                  <th scope="row">{row.name}</th>
                  <td>{row.proxy}</td>
                  <td>{row.full}</td>
                  <td>{row.difference}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {view.sentences.map((sentence) => (
            <p key={sentence} className={styles.text}>
              {sentence}
            </p>
          ))}
        </div>
      )}
    </Dialog>
  );
}

function progressText(progress: VarProgress | null): string {
  if (progress === null) return 'Fitting the proxy';
  const each = progress.pathsAsked / 2;
  const isFull = progress.pathsDone > each;
  const done = isFull ? progress.pathsDone - each : progress.pathsDone;
  return `${isFull ? 'In full' : 'By proxy'}: ${money(done)} of ${money(each)} paths`;
}
