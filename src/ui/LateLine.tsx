import { useEffect, useState } from 'react';
import styles from './LateLine.module.css';

/** Lateness shorter than this is not noticed. */
const NOTICED_MS = 300;

/** A thin line along the upper edge of figures that answer older inputs. Its parent is positioned. */
export function LateLine() {
  const [isNoticed, setIsNoticed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsNoticed(true), NOTICED_MS);
    return () => clearTimeout(timer);
  }, []);
  return isNoticed && <div className={styles.line} aria-hidden="true" />;
}
