/** Something that draws a picture when its turn comes. */
export interface Painter {
  paint(): void;
}

/** Who waits, and since when. */
const waiting = new Map<Painter, number>();
/** Whose turn has come: one, or two where a frame was late. */
const turns = new Set<Painter>();
let frame = 0;
/** A visit begins with its numbers: its first picture takes the page as long as all of them. */
export const START_HOLD_MS = 500;
let longestMs = START_HOLD_MS;

/** Waits for a turn. One painter has its turn in a frame, so that a new answer never holds the page for long. */
export function waitForPaint(painter: Painter): void {
  if (!waiting.has(painter)) waiting.set(painter, performance.now());
  if (frame === 0) frame = requestAnimationFrame(paintNext);
}

export function leavePaintQueue(painter: Painter): void {
  waiting.delete(painter);
  turns.delete(painter);
}

/** The frames belong to something that a person waits for, until `releasePainting`; nobody waits longer than this for its sake. */
export function holdPainting(forMs: number): void {
  longestMs = forMs;
}

export function releasePainting(): void {
  longestMs = 0;
}

function paintNext(now: number): void {
  frame = waiting.size > 0 ? requestAnimationFrame(paintNext) : 0;
  const [next] = waiting;
  if (next === undefined) return;
  const [painter, since] = next;
  if (now - since < longestMs) return;
  waiting.delete(painter);
  turns.add(painter);
  // Drawn once this frame has been laid out and painted, so that neither holds up the other.
  setTimeout(takeTurn, 0);
}

function takeTurn(): void {
  const [painter] = turns;
  if (painter === undefined) return;
  turns.delete(painter);
  painter.paint();
}
