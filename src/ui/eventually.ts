import { vi } from 'vitest';

/**
 * Waits in a test until `assertion` holds. The limit only has to end what hangs: vitest's own second is soon over on a busy machine,
 * where a part of the page that loads when it is shown has to be transformed first.
 */
export const eventually = <T>(assertion: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(assertion, { timeout: 30_000, interval: 20 });
