import type { RunControl } from '../src/engine/domain/RunControl.ts';

/** What a run is told besides its progress. */
export type Run = Required<Pick<RunControl, 'cancelled' | 'pause' | 'now'>>;

/** Questions of one kind: a newer one, or a cancel, overtakes those before it. */
export interface OvertakenKind {
  /** The newest of its kind; it goes on only while it is. */
  run(): Run;
  /** Nobody waits for the newest any more. */
  overtake(): void;
}

/** The kinds of questions that overtake each other. */
export interface Overtaking {
  kind(): OvertakenKind;
  overtakeAll(): void;
}

export function overtaking(): Overtaking {
  const kinds: OvertakenKind[] = [];
  return {
    kind() {
      let newest = 0;
      const overtake = () => {
        newest += 1;
      };
      const kind: OvertakenKind = {
        overtake,
        run() {
          overtake();
          const number = newest;
          return { cancelled: () => number !== newest, pause: macrotask, now };
        },
      };
      kinds.push(kind);
      return kind;
    },
    overtakeAll() {
      for (const kind of kinds) kind.overtake();
    },
  };
}

export function now(): number {
  return performance.now();
}

/**
 * Lets waiting messages (an edit, a cancel) in before a long run goes on. By a message of its own: a browser holds back a timer that was set
 * by a timer for 4 ms, half of what a run computes between two pauses.
 */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
