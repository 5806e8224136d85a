import type { SourceState } from './sourceView.ts';

const DRAWN: Readonly<Record<SourceState, string>> = {
  // A filled dot.
  live: 'M5 1.4a3.6 3.6 0 1 0 .01 0z',
  // A clock.
  stale: 'M5 .9a4.1 4.1 0 1 0 .01 0zM5 2.6V5l1.8 1.1',
  // A sign of warning.
  limited: 'M5 1l4.3 8H.7zM5 4v2.3M5 7.2v.7',
  // A ring with a bar: nothing comes.
  silent: 'M5 .9a4.1 4.1 0 1 0 .01 0zM3 5h4',
  // An open ring.
  connecting: 'M9.1 5A4.1 4.1 0 1 1 5 .9',
  // Two arcs apart.
  reconnecting: 'M8.7 3.2A4.1 4.1 0 0 0 1.3 3.2M1.3 6.8a4.1 4.1 0 0 0 7.4 0',
  // A cross.
  failed: 'M1.5 1.5l7 7M8.5 1.5l-7 7',
  // A ring round a dot.
  snapshot: 'M5 .9a4.1 4.1 0 1 0 .01 0zM5 4a1 1 0 1 0 .01 0z',
  // A hollow ring.
  recorded: 'M5 1.2a3.8 3.8 0 1 0 .01 0z',
  // A hatched square.
  simulated: 'M1 1h8v8H1zM1 5l4-4M1 9l8-8M5 9l4-4',
  // A triangle.
  replay: 'M2.2 1.2v7.6L8.8 5z',
  // Two bars.
  paused: 'M3 1.4v7.2M7 1.4v7.2',
  // A filled square.
  ended: 'M1.6 1.6h6.8v6.8H1.6z',
};

const FILLED: ReadonlySet<SourceState> = new Set(['live', 'ended']);

/** A shape for each state of a market's source, so that it reads without colour. */
export function SourceShape({ state }: { state: SourceState }) {
  return (
    <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      <path
        d={DRAWN[state]}
        fill={FILLED.has(state) ? 'currentColor' : 'none'}
        stroke={FILLED.has(state) ? 'none' : 'currentColor'}
        strokeWidth="1.2"
      />
    </svg>
  );
}
