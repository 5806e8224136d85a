import { PanelFrame } from '../../ui/PanelFrame.tsx';

export function BookPanel() {
  return <PanelFrame title="Book">{null}</PanelFrame>;
}
