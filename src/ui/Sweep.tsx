import styles from './Sweep.module.css';

/** A thin line that passes along the upper edge of figures that answer older inputs. Its parent is positioned. */
export function Sweep() {
  return <div className={styles.sweep} aria-hidden="true" />;
}
