import { Popover } from '@base-ui/react/popover';
import { useState } from 'react';
import type { CopulaMargins, VarFilter } from '../../engine/domain/riskReport.ts';
import type { VarSettings } from '../../state/AppState.ts';
import { useStore } from '../../state/store.ts';
import { estimateKey } from '../../state/varEstimates.ts';
import { MOST_PATHS } from '../../state/varPrecision.ts';
import { Button } from '../../ui/Button.tsx';
import { percent } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { EstimatesDialog } from './EstimatesDialog.tsx';
import { DISTRIBUTION_CHOICES, REVALUATION_CHOICES, SAMPLING_CHOICES } from './monteCarloChoices.ts';
import styles from './VarSettingsButton.module.css';
import { WordedChoice } from './WordedChoice.tsx';

/** The assumptions behind VaR and ES, and the place to change them. */
export function VarSettingsButton() {
  const settings = useStore((state) => state.varSettings);
  const change = useStore((state) => state.setVarSettings);
  const [open, setOpen] = useState(false);
  const [showEstimates, setShowEstimates] = useState(false);
  const count = overrideCount(settings);
  // Other distributions are drawn plainly.
  const hasSamplings = settings.distribution === 'normal' || settings.distribution === 'student-t';
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
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={styles.trigger} aria-label="VaR settings">
        {settings.horizonDays} d, {percent(settings.confidence, confidenceDigits(settings.confidence))}
        {count > 0 && `, ${count} set`}
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
            {field('Paths at most', '', settings.paths, { min: 1000, max: MOST_PATHS, step: 1000 }, (value) =>
              change({ paths: Math.round(value) }),
            )}
            {field(
              'Enough at an error of ±',
              '%',
              round((settings.targetStandardErrorShare ?? 0) * 100),
              { min: 0, max: 10, step: 0.05 },
              (value) => change({ targetStandardErrorShare: value < 1e-4 ? null : value / 100 }),
            )}
            {field('Seed', '', settings.seed, { min: 0, max: 4_294_967_295, step: 1 }, (value) =>
              change({ seed: Math.round(value) }),
            )}
            <WordedChoice
              title="Monte Carlo moves"
              value={settings.distribution}
              options={DISTRIBUTION_CHOICES}
              onChange={(distribution) => change({ distribution })}
            />
            {settings.distribution === 'student-t' &&
              field('Degrees of freedom ν', '', settings.degreesOfFreedom, { min: 2.1, max: 100, step: 1 }, (value) =>
                change({ degreesOfFreedom: value }),
              )}
            {settings.distribution === 't-copula' && (
              <div className={styles.distribution}>
                <span className={styles.label}>Margins</span>
                <SegmentedControl<CopulaMargins>
                  label="Margins of the t copula"
                  value={settings.copulaMargins}
                  options={[
                    { value: 't', label: 'Student-t', title: 'Student-t fitted to each coin’s spot and vol' },
                    { value: 'empirical', label: 'History', title: 'The history’s own moves, none beyond the largest' },
                  ]}
                  onChange={(copulaMargins) => change({ copulaMargins })}
                />
              </div>
            )}
            {hasSamplings && (
              <WordedChoice
                title="Monte Carlo paths"
                value={settings.sampling}
                options={SAMPLING_CHOICES}
                onChange={(sampling) => change({ sampling })}
              />
            )}
            <WordedChoice
              title="Revaluation"
              value={settings.revaluation}
              options={REVALUATION_CHOICES}
              onChange={(revaluation) => change({ revaluation })}
            />
            <div className={styles.distribution}>
              <span className={styles.label}>Historical</span>
              <SegmentedControl<VarFilter | 'none'>
                label="Historical moves"
                value={settings.filter ?? 'none'}
                options={[
                  { value: 'none', label: 'As it was', title: 'Each day’s moves as they were' },
                  { value: 'ewma', label: 'EWMA', title: 'Moves scaled to today’s volatility, decay fitted' },
                  { value: 'garch', label: 'GARCH', title: 'Moves scaled to today’s volatility, GARCH(1,1) fitted' },
                ]}
                onChange={(filter) => change({ filter: filter === 'none' ? null : filter })}
              />
            </div>
            <Button
              onClick={() => {
                setOpen(false);
                setShowEstimates(true);
              }}
            >
              {count === 0 ? 'See and set estimates' : `See and set estimates, ${count} set`}
            </Button>
            <p className={styles.note}>
              Historical uses the market’s daily closes, parametric is delta-gamma-normal. Monte Carlo draws paths until
              the standard errors of VaR and ES are within the error set here, with 0 all of them. The same seed gives
              the same figures.
            </p>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
      <EstimatesDialog open={showEstimates} onClose={() => setShowEstimates(false)} />
    </Popover.Root>
  );
}

/** Numbers set by hand that some method draws with now. */
function overrideCount(settings: VarSettings): number {
  const keys = (['monte-carlo', 'historical', 'parametric'] as const).map((method) => estimateKey(method, settings));
  return keys.reduce((sum, key) => sum + (key === null ? 0 : Object.keys(settings.overrides[key] ?? {}).length), 0);
}

function confidenceDigits(confidence: number): number {
  return Math.abs(confidence * 100 - Math.round(confidence * 100)) < 1e-9 ? 0 : 1;
}

function round(percentValue: number): number {
  return Number(percentValue.toFixed(6));
}
