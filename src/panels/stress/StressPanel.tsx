import { PanelFrame } from '../../ui/PanelFrame.tsx';

export function StressPanel() {
  return <PanelFrame title="Stress grid">{null}</PanelFrame>;
}
