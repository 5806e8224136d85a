import { useState } from 'react';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { useCurvesFace } from './curvesFace.tsx';
import { useFrontierFace } from './frontierFace.tsx';
import styles from './payoff.module.css';
import { RUNWAY_TITLE } from './RunwayFace.ts';

/** How far the market can go before liquidation: along spot, or over spot and vol. */
export function RunwayPanel() {
  const [shown, setShown] = useState<'runway' | 'frontier'>('runway');
  const curves = useCurvesFace();
  const frontier = useFrontierFace(shown === 'frontier');
  const { subtitle, sentence, menu, body, ...state } = shown === 'frontier' ? frontier : curves;
  return (
    <PanelFrame
      title={RUNWAY_TITLE}
      testId="runway-panel"
      {...state}
      subtitle={subtitle}
      control={
        <>
          <SegmentedControl
            label="Runway or frontier"
            value={shown}
            options={[
              { value: 'runway', label: 'Runway', title: 'Equity and requirement along spot' },
              { value: 'frontier', label: 'Frontier', title: 'Where liquidation begins over spot and IV' },
            ]}
            onChange={setShown}
          />
          {menu}
        </>
      }
    >
      {sentence !== null && (
        <p className={styles.sentence} data-testid="runway-sentence">
          {sentence}
        </p>
      )}
      {body}
    </PanelFrame>
  );
}
