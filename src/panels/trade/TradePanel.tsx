import { PanelFrame } from '../../ui/PanelFrame.tsx';

export function TradePanel() {
  return <PanelFrame title="Add a trade">{null}</PanelFrame>;
}
