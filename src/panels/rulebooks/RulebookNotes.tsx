import type { MarginModelDescription } from '../../engine/domain/riskParameters.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import type { RulebookRow } from './rulebookRows.ts';
import styles from './RulebooksPanel.module.css';

interface RulebookNotesProps {
  readonly row: RulebookRow;
  readonly model: MarginModelDescription | null;
  readonly onClose: () => void;
}

/** Where a rulebook was read, of what day its numbers are, and each approximation that stands behind its figures. */
export function RulebookNotes({ row, model, onClose }: RulebookNotesProps) {
  const approximations = row.current?.approximations ?? [];
  return (
    <Dialog title={`${row.title}: source and approximations`} open onClose={onClose}>
      <div className={styles.dialog} data-testid="rulebook-notes">
        {model !== null && (
          <dl>
            <dt>Venue</dt>
            <dd>{model.venue}</dd>
            <dt>Source</dt>
            <dd>{model.source}</dd>
            <dt>Parameters of</dt>
            <dd>{model.parametersDate}</dd>
            {row.current?.equityBasis !== undefined && (
              <>
                <dt>Held against</dt>
                <dd>{row.current.equityBasis}</dd>
              </>
            )}
          </dl>
        )}
        {row.refusal !== null && <p role="status">{row.refusal}</p>}
        {row.refusal === null &&
          (approximations.length === 0 ? (
            <p>No approximations for this book.</p>
          ) : (
            <ul aria-label="Approximations">
              {approximations.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          ))}
      </div>
    </Dialog>
  );
}
