import { Tooltip } from '@base-ui/react/tooltip';
import { type ReactElement, useId, useSyncExternalStore } from 'react';
import styles from './Hint.module.css';
import type { HintContent } from './hintContent.ts';

export interface HintProps {
  /** The button that is explained; the same element while it looks the same. */
  trigger: ReactElement;
  /** What floats beside it on hover and focus. */
  content: HintContent;
  side?: 'top' | 'bottom' | 'left' | 'right';
  /** Pixels between the button and what floats: enough to leave in sight the number that is explained. */
  distance?: number;
}

/** The working half of `Hint`, loaded after the first paint. */
export function HintPopup({ trigger, content, side = 'bottom', distance = 8 }: HintProps) {
  // To a screen reader what floats is the description of the button, while it is there.
  const id = useId();
  return (
    <Tooltip.Root>
      <Tooltip.Trigger aria-describedby={id} delay={350} closeOnClick={false} render={trigger} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={distance} collisionPadding={8} className={styles.positioner}>
          <Tooltip.Popup id={id} className={styles.popup} role="tooltip">
            <Content content={content} />
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

function Content({ content }: { content: HintContent }) {
  return useSyncExternalStore(content.subscribe, content.current);
}
