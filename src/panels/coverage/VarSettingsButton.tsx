import { Popover } from '@base-ui/react/popover';
import type { VarDistribution } from '../../engine/domain/riskReport.ts';
import { useStore } from '../../state/store.ts';
import { percent } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import styles from './VarSettingsButton.module.css';

/** The assumptions behind VaR and ES, and the place to change them. */
export function VarSettingsButton() {
  const settings = useStore((state) => state.varSettings);
  const change = useStore((state) => state.setVarSettings);
  const field = (
    label: string,
    unit: string,
    value: number,
    range: { min: number; max: number; step: number },
    commit: (value: number) => void,
  ) => (
    <div className={styles.row}>
      <span className={styles.label}>{label}</span>
      <NumberField variant="form" label={label} unit={unit} value={value} {...range} onCommit={commit} />
    </div>
  );
  return (
    <Popover.Root>
      <Popover.Trigger className={styles.trigger} aria-label="VaR settings">
        {settings.horizonDays} d, {percent(settings.confidence, confidenceDigits(settings.confidence))}
        <svg viewBox="0 0 8 5" width="8" height="5" aria-hidden="true">
          <path d="m1 1 3 3 3-3" fill="none" stroke="currentColor" strokeWidth="1.3" />
        </svg>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={styles.positioner} side="bottom" align="end" sideOffset={4}>
          <Popover.Popup className={styles.popup}>
            <Popover.Title className={styles.title}>VaR settings</Popover.Title>
            {field(
              'VaR confidence',
              '%',
              round(settings.confidence * 100),
              { min: 51, max: 99.99, step: 0.5 },
              (value) => change({ confidence: value / 100 }),
            )}
            {field(
              'ES confidence',
              '%',
              round(settings.expectedShortfallConfidence * 100),
              { min: 51, max: 99.99, step: 0.5 },
              (value) => change({ expectedShortfallConfidence: value / 100 }),
            )}
            {field('Horizon', 'days', settings.horizonDays, { min: 1, max: 365, step: 1 }, (value) =>
              change({ horizonDays: Math.round(value) }),
            )}
            {field('Paths', '', settings.paths, { min: 1000, max: 5_000_000, step: 1000 }, (value) =>
              change({ paths: Math.round(value) }),
            )}
            {field('Seed', '', settings.seed, { min: 0, max: 4_294_967_295, step: 1 }, (value) =>
              change({ seed: Math.round(value) }),
            )}
            <div className={styles.distribution}>
              <span className={styles.label}>Monte Carlo moves</span>
              <SegmentedControl<VarDistribution>
                label="Monte Carlo moves"
                value={settings.distribution}
                options={[
                  { value: 'normal', label: 'Normal' },
                  { value: 'student-t', label: 'Student-t' },
                  { value: 'jump-diffusion', label: 'Jumps' },
                ]}
                onChange={(distribution) => change({ distribution })}
              />
            </div>
            {settings.distribution === 'student-t' &&
              field('Degrees of freedom ν', '', settings.degreesOfFreedom, { min: 2.1, max: 100, step: 1 }, (value) =>
                change({ degreesOfFreedom: value }),
              )}
            <p className={styles.note}>
              Historical uses the market’s daily closes, parametric is delta-gamma-normal. The same seed gives the same
              figures.
            </p>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function confidenceDigits(confidence: number): number {
  return Math.abs(confidence * 100 - Math.round(confidence * 100)) < 1e-9 ? 0 : 1;
}

function round(percentValue: number): number {
  return Number(percentValue.toFixed(6));
}
