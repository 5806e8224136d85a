/** How far from its expectation a figure may be: `abs` and `rel` add, or one absolute figure per output name. */
export type Tolerance = Readonly<Record<string, unknown>>;

export interface Expectation {
  readonly expected: unknown;
  readonly tol?: Tolerance;
  /** Present when the input must be refused. */
  readonly accept?: unknown;
  /** Numbers are cut toward zero after so many decimals, then must be equal. */
  readonly truncDecimals?: number;
}

/** An outcome: the computed value, or the reason why there is none. */
export type Outcome = { readonly value: unknown } | { readonly refused: string };

/**
 * Whether an outcome meets the expectation of a reference case. A refusal passes only where a refusal is asked for (zero
 * and "not a number" count as one); NaN and infinities never pass against a number.
 */
export function passes(outcome: Outcome, { expected, tol, accept, truncDecimals }: Expectation): boolean {
  if (accept !== undefined) return 'refused' in outcome || isNoNumber(outcome.value);
  if ('refused' in outcome) return false;
  return matches(outcome.value, expected, (actual, wanted, output) => {
    if (truncDecimals !== undefined) return Math.trunc(actual * 10 ** truncDecimals) / 10 ** truncDecimals === wanted;
    return isWithin(actual, wanted, tol, output);
  });
}

function isNoNumber(value: unknown): boolean {
  return value === 0 || value === null || value === undefined || Number.isNaN(value);
}

type NumberRule = (actual: number, expected: number, output: string | undefined) => boolean;

/** Recursive comparison over the shape of `expected`; null there means that nothing was published. */
function matches(actual: unknown, expected: unknown, rule: NumberRule, output?: string): boolean {
  if (expected === null || expected === undefined) return true;
  if (typeof expected === 'number') return typeof actual === 'number' && rule(actual, expected, output);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) && !ArrayBuffer.isView(actual)) return false;
    const items = Array.from(actual as ArrayLike<unknown>);
    return items.length === expected.length && expected.every((item, i) => matches(items[i], item, rule, output));
  }
  if (typeof expected === 'object') {
    if (typeof actual !== 'object' || actual === null) return false;
    const outputs = actual as Record<string, unknown>;
    // The tolerance of an output is named by its outermost key.
    return Object.entries(expected).every(([key, item]) => matches(outputs[key], item, rule, output ?? key));
  }
  // JSON has no infinities: a file writes them as text.
  if (actual === Infinity || actual === -Infinity) return String(actual) === expected;
  return actual === expected;
}

function isWithin(actual: number, expected: number, tol: Tolerance | undefined, output: string | undefined): boolean {
  const own = output === undefined ? undefined : tol?.[output];
  const absolute = typeof own === 'number' ? own : numberOf(tol?.abs);
  const relative = typeof own === 'number' ? 0 : numberOf(tol?.rel);
  if (!tol || tol.exact || (absolute === 0 && relative === 0)) return actual === expected;
  return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
