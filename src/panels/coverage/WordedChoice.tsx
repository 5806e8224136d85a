import { useId } from 'react';
import styles from './VarSettingsButton.module.css';

export interface WordedOption<T extends string> {
  readonly value: T;
  readonly name: string;
  /** What it means, in a few words. */
  readonly words: string;
}

interface WordedChoiceProps<T extends string> {
  readonly title: string;
  readonly value: T;
  readonly options: readonly WordedOption<T>[];
  readonly onChange: (value: T) => void;
}

/** One choice of a few, each with its meaning beside it. */
export function WordedChoice<T extends string>({ title, value, options, onChange }: WordedChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend className={styles.label}>{title}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.choice}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className={styles.choiceName}>{option.name}</span>
          <span className={styles.choiceWords}>{option.words}</span>
        </label>
      ))}
    </fieldset>
  );
}
