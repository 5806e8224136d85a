import { PanelFrame } from '../../ui/PanelFrame.tsx';

export function RunwayPanel() {
  return <PanelFrame title="Margin runway">{null}</PanelFrame>;
}
