import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import styles from './Hint.module.css';

export interface HintProps {
  /** The button that is explained. */
  trigger: ReactElement;
  /** What floats beside it on hover and focus. */
  children: ReactNode;
  side?: 'top' | 'bottom' | 'left' | 'right';
  /** Pixels between the button and what floats: enough to leave in sight the number that is explained. */
  distance?: number;
}

/** The working half of `Hint`, loaded after the first paint. */
export function HintPopup({ trigger, children, side = 'bottom', distance = 8 }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger delay={350} closeOnClick={false} render={trigger} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={distance} collisionPadding={8} className={styles.positioner}>
          <Tooltip.Popup className={styles.popup} role="tooltip">
            {children}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
