/** Of a map, what does not depend on how much of it was read: the value of a key, and all of them in order. */
export interface ValuesByKey<Key, Value> extends Iterable<[Key, Value]> {
  get(key: Key): Value | undefined;
}

/** Values that are computed when they are first asked for, each once; whoever goes through them all has them all computed. */
export function laterValues<Key, Value>(computations: Iterable<readonly [Key, () => Value]>): ValuesByKey<Key, Value> {
  const later = new Map(computations);
  const known = new Map<Key, Value>();
  function get(key: Key): Value | undefined {
    if (!known.has(key) && later.has(key)) known.set(key, later.get(key)!());
    return known.get(key);
  }
  return {
    get,
    *[Symbol.iterator]() {
      for (const key of later.keys()) yield [key, get(key)!];
    },
  };
}
