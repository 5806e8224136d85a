import type { Failure } from '../../engine/domain/failure.ts';

/** One account as it is found: its bytes, unread, or why they cannot be had. */
export interface AccountText {
  /** What the account is called where its document does not say: its file's name, or `line-12`. */
  readonly place: string;
  readonly kind: 'json' | 'csv';
  readonly bytes: Uint8Array;
  readonly failure: Failure | null;
}

/** Most bytes of one account's document: some 5,000 legs with the longest names there may be. */
export const MAX_ACCOUNT_BYTES = 2_000_000;

/** An account whose document is too long to be read. */
export function oversized(place: string, bytes: number): AccountText {
  return {
    place,
    kind: 'json',
    bytes: new Uint8Array(0),
    failure: {
      code: 'too-large',
      message: `This account has ${bytes} bytes; at most ${MAX_ACCOUNT_BYTES} (2 MB) are read`,
      path: '',
    },
  };
}
