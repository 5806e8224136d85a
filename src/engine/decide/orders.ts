/** A way through all items, with the values that it meets: `values[k]` after k + 1 items. */
export interface Order {
  readonly order: readonly number[];
  readonly values: readonly number[];
}

/** Up to so many items every order is compared; there are 2^n sets of them. */
export const MOST_EXACT_ITEMS = 10;
/** Partial orders that are followed at once when there are more. */
const BEAM = 4;

export interface ExtremeOrders {
  readonly best: Order;
  readonly worst: Order;
  readonly isExact: boolean;
}

/**
 * The order of n items whose highest value on the way is least, and the one whose highest value is highest, where the value
 * depends on the set of items that have gone before and not on their order. Of orders with the same highest value the best
 * has the lowest sum of values, and the worst the highest.
 *
 * Up to `MOST_EXACT_ITEMS` items it is exact, by dynamic programming over the 2^n sets: the peak of a set is its own value or
 * the least peak of the sets with one item less. Beyond, the four best partial orders of each length are followed from the
 * front, and once more from the back, and the better of the two is answered.
 *
 * @param value of a set, given as the items in it, ascending.
 * @yields after each step how much is done, 0 to 1.
 */
export function* extremeOrders(
  count: number,
  value: (items: readonly number[]) => number,
): Generator<number, ExtremeOrders> {
  if (count <= MOST_EXACT_ITEMS) {
    const values = yield* setValues(count, value);
    return { best: exactOrder(count, values, 1), worst: exactOrder(count, values, -1), isExact: true };
  }
  const known = new Map<string, number>();
  const valueOf = (items: readonly number[]) => {
    const key = items.join();
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = value(items)));
    return found;
  };
  const best = yield* beamOrder(count, valueOf, 1);
  const worst = yield* beamOrder(count, valueOf, -1);
  return { best, worst, isExact: false };
}

function* setValues(count: number, value: (items: readonly number[]) => number): Generator<number, Float64Array> {
  const values = new Float64Array(2 ** count).fill(Number.NEGATIVE_INFINITY);
  for (let set = 1; set < values.length; set += 1) {
    values[set] = value(members(set, count));
    yield set / values.length;
  }
  return values;
}

function members(set: number, count: number): number[] {
  return Array.from({ length: count }, (_, item) => item).filter((item) => set & (1 << item));
}

/** `sign` 1: the least peak, then the least sum; -1: the highest of both. */
function exactOrder(count: number, values: Float64Array, sign: 1 | -1): Order {
  const sets = values.length;
  const peak = new Float64Array(sets).fill(sign * Number.POSITIVE_INFINITY);
  peak[0] = Number.NEGATIVE_INFINITY;
  for (let set = 1; set < sets; set += 1) {
    for (let item = 0; item < count; item += 1) {
      if (!(set & (1 << item))) continue;
      const through = Math.max(values[set]!, peak[set ^ (1 << item)]!);
      if (sign * through < sign * peak[set]!) peak[set] = through;
    }
  }
  // Among the orders with that peak, the extreme sum. A least peak bounds every set on the way; a highest one has to be met once.
  const limit = peak[sets - 1]!;
  const [total, last] = [new Float64Array(2 * sets).fill(sign * Number.POSITIVE_INFINITY), new Int8Array(2 * sets)];
  /** Second half: the peak has been met. */
  const at = (set: number, isMet: boolean) => set + (isMet ? sets : 0);
  total[at(0, sign === 1)] = 0;
  const from = new Uint8Array(2 * sets);
  for (let set = 1; set < sets; set += 1) {
    const value = values[set]!;
    if (sign === 1 && value > limit) continue;
    for (let item = 0; item < count; item += 1) {
      if (!(set & (1 << item))) continue;
      for (const wasMet of [false, true]) {
        const before = total[at(set ^ (1 << item), wasMet)]!;
        if (!Number.isFinite(before)) continue;
        const to = at(set, wasMet || value >= limit);
        if (sign * (before + value) < sign * total[to]!) {
          total[to] = before + value;
          last[to] = item;
          from[to] = wasMet ? 1 : 0;
        }
      }
    }
  }
  const order: number[] = [];
  let isMet = true;
  for (let set = sets - 1; set > 0; ) {
    const state = at(set, isMet);
    order.unshift(last[state]!);
    isMet = from[state] === 1;
    set ^= 1 << order[0]!;
  }
  let set = 0;
  return { order, values: order.map((item) => values[(set |= 1 << item)]!) };
}

interface Partial {
  readonly items: readonly number[];
  readonly peak: number;
  readonly sum: number;
}

function* beamOrder(
  count: number,
  valueOf: (items: readonly number[]) => number,
  sign: 1 | -1,
): Generator<number, Order> {
  const all = Array.from({ length: count }, (_, item) => item);
  const sorted = (items: readonly number[]) => [...items].sort((a, b) => a - b);
  /** The best comes first, each of its two ways a quarter of all. */
  const before = sign === 1 ? 0 : 0.5;
  function* follow(
    setOf: (items: readonly number[]) => readonly number[],
    ways: number,
  ): Generator<number, readonly number[]> {
    let beam: Partial[] = [{ items: [], peak: Number.NEGATIVE_INFINITY, sum: 0 }];
    for (let step = 0; step < count; step += 1) {
      const next = new Map<string, Partial>();
      for (const { items, peak, sum } of beam) {
        for (const item of all) {
          if (items.includes(item)) continue;
          const longer = [...items, item];
          const set = setOf(longer);
          const value = set.length === 0 ? Number.NEGATIVE_INFINITY : valueOf(set);
          const candidate = {
            items: longer,
            peak: Math.max(peak, value),
            sum: sum + (Number.isFinite(value) ? value : 0),
          };
          const key = set.join();
          const rival = next.get(key);
          if (rival === undefined || precedes(candidate, rival, sign)) next.set(key, candidate);
          yield before + (ways + step / count) / 4;
        }
      }
      beam = [...next.values()].sort((a, b) => (precedes(a, b, sign) ? -1 : precedes(b, a, sign) ? 1 : 0));
      beam.length = Math.min(beam.length, BEAM);
    }
    return beam[0]!.items;
  }
  const forward = yield* follow(sorted, 0);
  // From the back, what has been chosen is what comes last: the set before it is what is left.
  const backward = [...(yield* follow((chosen) => all.filter((item) => !chosen.includes(item)), 1))].reverse();
  const ways = [forward, backward].map((order) => ({
    order,
    values: order.map((_, at) => valueOf(sorted(order.slice(0, at + 1)))),
  }));
  const [first, second] = ways.map(({ values }) => ({
    items: [],
    peak: Math.max(...values),
    sum: values.reduce((sum, value) => sum + value, 0),
  }));
  return precedes(second!, first!, sign) ? ways[1]! : ways[0]!;
}

function precedes(a: Partial, b: Partial, sign: 1 | -1): boolean {
  return a.peak === b.peak ? sign * a.sum < sign * b.sum : sign * a.peak < sign * b.peak;
}
