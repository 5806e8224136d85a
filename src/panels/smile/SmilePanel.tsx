import { PanelFrame } from '../../ui/PanelFrame.tsx';

export function SmilePanel() {
  return <PanelFrame title="Smile">{null}</PanelFrame>;
}
