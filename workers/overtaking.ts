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

/** Lets waiting messages (an edit, a cancel) in before a long run goes on. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
