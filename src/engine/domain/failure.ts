/**
 * A value that could not be computed or accepted, and why. Failures cross threads and reach the screen and the
 * command line as they are, so `message` is a sentence that names the thing and says what to do.
 */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** JSON pointer (RFC 6901) to what is wrong in a file, `''` for the whole document. */
  readonly path?: string;
}

export type FailureCode =
  | 'bad-json'
  | 'bad-format'
  | 'bad-value'
  | 'too-large'
  | 'unknown-instrument'
  | 'expired'
  | 'missing-data'
  | 'unsupported'
  | 'internal';

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(code: FailureCode, message: string, path?: string): { ok: false; failure: Failure } {
  return { ok: false, failure: path === undefined ? { code, message } : { code, message, path } };
}

/** A failure thrown inside the engine; `evaluate` and the worker's door turn it back into a value. */
export class RiskError extends Error {
  readonly failure: Failure;
  constructor(code: FailureCode, message: string, path?: string) {
    super(message);
    this.name = 'RiskError';
    this.failure = path === undefined ? { code, message } : { code, message, path };
  }
}

/** A failure to throw again: the other way of `failureOf`. */
export function riskError({ code, message, path }: Failure): RiskError {
  return new RiskError(code, message, path);
}

/** Any thrown value as a failure. Only a RiskError's own words are shown; anything else is an internal fault. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RiskError) return error.failure;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `A fault inside Headroom, not in your input: ${detail}` };
}
