import type { ReactNode } from 'react';
import type { PanelFrameProps } from '../../ui/PanelFrame.tsx';

export const RUNWAY_TITLE = 'Margin runway';

/** One of the two faces of the margin runway: what its frame shows of it. */
export interface RunwayFace extends Pick<PanelFrameProps, 'subtitle' | 'stale' | 'answeredAt' | 'problem'> {
  /** The answer in one sentence; null before there is one. */
  readonly sentence: string | null;
  /** Table and export. */
  readonly menu: ReactNode;
  readonly body: ReactNode;
}
