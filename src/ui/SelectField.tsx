import styles from './SelectField.module.css';

export interface SelectOption<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface SelectGroup<T extends string> {
  /** Shown above its options; null where they need no head. */
  readonly label: string | null;
  readonly options: readonly SelectOption<T>[];
}

export interface SelectFieldProps<T extends string> {
  label: string;
  value: T;
  groups: readonly SelectGroup<T>[];
  onChange: (value: T) => void;
}

/** One choice of many, the present one in sight; the browser's own list, so that it is typed, scrolled and read out as everywhere. */
export function SelectField<T extends string>({ label, value, groups, onChange }: SelectFieldProps<T>) {
  const options = (each: SelectGroup<T>) =>
    each.options.map((option) => (
      <option key={option.value} value={option.value}>
        {option.label}
      </option>
    ));
  return (
    <span className={styles.field}>
      <select
        className={styles.select}
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {groups.map((group, at) =>
          group.label === null ? (
            options(group)
          ) : (
            <optgroup key={`${group.label} ${at}`} label={group.label}>
              {options(group)}
            </optgroup>
          ),
        )}
      </select>
      <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true" className={styles.arrow}>
        <path d="M1 2.5 4 5.5l3-3" fill="none" stroke="currentColor" strokeWidth="1.3" />
      </svg>
    </span>
  );
}
