import { useEffect, useState } from 'react';
import { smileEditsInForce } from '../state/smileSlice.ts';
import { useStore } from '../state/store.ts';
import { Hint } from '../ui/Hint.tsx';
import { useHintContent } from '../ui/hintContent.ts';
import { arriving } from '../ui/arriving.tsx';
import { Late } from '../ui/Late.tsx';
import badge from './SourceBadge.module.css';
import styles from './SourceButton.module.css';
import { SourceShape } from './SourceShape.tsx';
import { type SourceView, TEST_EXCHANGE } from './sourceView.ts';
import { useSeconds, useSourceView } from './useSourceView.ts';

const MarketSheet = arriving(() => import('./MarketSheet.tsx').then((module) => module.MarketSheet));

/** A state that comes and goes within this time is not spoken. */
const SPOKEN_AFTER_MS = 1_500;

/** What the market is and how its source is doing, in a shape, a word and an age; opens all there is to know and to choose. */
export function SourceButton() {
  const view = useSourceView(useSeconds());
  const problem = useStore((state) => state.marketProblem);
  const isEdited = useStore((state) => smileEditsInForce(state).length > 0);
  const [sheet, setSheet] = useState<'unopened' | 'open' | 'closed'>('unopened');
  const content = useHintContent(view?.sentence ?? '');
  const trigger = (
    <button
      type="button"
      className={`${badge.badge} ${styles.button}`}
      data-state={view?.state}
      data-simulated={view?.isSimulated || undefined}
      data-test={view?.isTest || undefined}
      data-testid="source"
      aria-haspopup="dialog"
      onClick={() => setSheet('open')}
    >
      {view === null ? (
        <span>{problem === null ? 'OPENING' : 'NO MARKET'}</span>
      ) : (
        <>
          <SourceShape state={view.state} />
          <span className={styles.word}>{view.word}</span> <span className={styles.detail}>{view.detail}</span>{' '}
          <span className={styles.more}>{view.more}</span> {view.isTest && <span className={styles.test}>TEST</span>}
        </>
      )}
      {isEdited && ' '}
      {isEdited && <span className={styles.edited}>smiles edited</span>}
    </button>
  );
  return (
    <>
      <Hint trigger={trigger} content={content} />
      {view !== null && <Announcement view={view} />}
      <span className="visually-hidden" aria-live="polite">
        {view?.isTest && TEST_EXCHANGE}
      </span>
      {sheet !== 'unopened' && (
        <Late>
          <MarketSheet open={sheet === 'open'} onClose={() => setSheet('closed')} />
        </Late>
      )}
    </>
  );
}

/** Says each lasting change of state once; the state that the page opens with is read where it stands. */
function Announcement({ view: { announcement } }: { view: SourceView }) {
  const [first] = useState(announcement);
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    if (announcement === spoken || (spoken === '' && announcement === first)) return;
    const timer = setTimeout(() => setSpoken(announcement), SPOKEN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [announcement, spoken, first]);
  return (
    <span className="visually-hidden" aria-live="polite" data-testid="source-announcement">
      {spoken}
    </span>
  );
}
