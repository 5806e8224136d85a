import { useStore } from '../../state/store.ts';
import { currentBook } from '../../state/selectors.ts';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { MarginWhy } from './MarginWhy.tsx';

/** The margin explain in a frame of its own, where there is no dock. */
export function WhyPanel() {
  const title = useStore((state) => (state.proposal === null ? 'What makes the margin?' : 'Why did it move?'));
  const hasLegs = useStore((state) => currentBook(state).legs.length > 0);
  return (
    <PanelFrame title={title} testId="why-panel">
      {hasLegs ? <MarginWhy /> : null}
    </PanelFrame>
  );
}
