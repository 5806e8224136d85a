import { useStore } from '../state/store.ts';
import { arriving } from '../ui/arriving.tsx';
import { Late } from '../ui/Late.tsx';
import { whenSettled } from '../ui/whenSettled.ts';
import styles from './SourceBadge.module.css';

const SourceButton = arriving(() =>
  whenSettled(() => import('./SourceButton.tsx')).then((module) => module.SourceButton),
);

/** Where the prices come from. The word is there at once; its age, its shape and all that it opens come after the verdict. */
export function SourceBadge() {
  const kind = useStore((state) => state.market?.source.kind);
  const problem = useStore((state) => state.marketProblem);
  const word = kind === 'live' ? 'SNAPSHOT' : (kind?.toUpperCase() ?? (problem === null ? 'OPENING' : 'NO MARKET'));
  return (
    <span className={styles.place}>
      <Late fallback={<span className={styles.badge}>{word}</span>}>
        <SourceButton />
      </Late>
    </span>
  );
}
