/** What a caller may watch and steer while a long question is answered. */
export interface RunControl<Progress = number> {
  /** A share from 0 to 1, or the progress of that question. */
  onProgress?(progress: Progress): void;
  /** Asked between blocks; true ends the computation, which then answers null. */
  cancelled?(): boolean;
  /** Awaited between blocks, so that a worker hears an edit or a cancel. */
  pause?(): Promise<void>;
  /** Milliseconds of any clock, for `elapsedMs`; without one it is 0. */
  now?(): number;
}

/** How long a worker may be deaf. */
export const BLOCK_MS = 8;

/** Lets others in once the block is over; answers false when the run was cancelled meanwhile. Without a clock it never pauses. */
export function blocks(control: RunControl): (share: number) => Promise<boolean> {
  let since = control.now?.() ?? 0;
  return async (share) => {
    if (control.now === undefined || control.now() - since < BLOCK_MS) return !control.cancelled?.();
    control.onProgress?.(share);
    await control.pause?.();
    since = control.now();
    return !control.cancelled?.();
  };
}
