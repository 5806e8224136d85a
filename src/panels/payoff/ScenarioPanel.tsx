import { PanelFrame } from '../../ui/PanelFrame.tsx';

export function ScenarioPanel() {
  return <PanelFrame title="Scenario">{null}</PanelFrame>;
}
