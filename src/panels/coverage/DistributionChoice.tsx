import { useId } from 'react';
import type { VarDistribution } from '../../engine/domain/riskReport.ts';
import styles from './VarSettingsButton.module.css';

const CHOICES: readonly { readonly value: VarDistribution; readonly name: string; readonly words: string }[] = [
  { value: 'normal', name: 'Normal', words: 'thin tails' },
  { value: 'student-t', name: 'Student-t', words: 'fat tails, alike for all' },
  { value: 't-copula', name: 't copula', words: 'own tails, shared extremes' },
  { value: 'jump-diffusion', name: 'Jumps', words: 'calm days and joint jumps' },
  { value: 'heston', name: 'Heston', words: 'vol has a path of its own' },
  { value: 'bates', name: 'Bates', words: 'Heston, and jumps' },
];

interface DistributionChoiceProps {
  readonly value: VarDistribution;
  readonly onChange: (value: VarDistribution) => void;
}

/** How Monte Carlo's moves are drawn, each in a few words. */
export function DistributionChoice({ value, onChange }: DistributionChoiceProps) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend className={styles.label}>Monte Carlo moves</legend>
      {CHOICES.map((choice) => (
        <label key={choice.value} className={styles.choice}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span className={styles.choiceName}>{choice.name}</span>
          <span className={styles.choiceWords}>{choice.words}</span>
        </label>
      ))}
    </fieldset>
  );
}
