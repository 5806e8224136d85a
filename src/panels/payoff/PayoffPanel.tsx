import { PanelFrame } from '../../ui/PanelFrame.tsx';

export function PayoffPanel() {
  return <PanelFrame title="P&L by spot">{null}</PanelFrame>;
}
