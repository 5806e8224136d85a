import { useEffect, useState } from 'react';

/** A value once it has stood still for so long; the first one at once. For questions that are too long for every step of a drag. */
export function useRested<T>(value: T, restMs: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value, restMs]);
  return rested;
}
