/** Something that draws a picture when its turn comes. */
export interface Painter {
  paint(): void;
}

/** Nobody waits longer than this for an edit's sake: a drag is a long row of edits. */
const HELD_MS = 100;

const waiting = new Set<Painter>();
let frame = 0;
let isHeld = false;
let lastPaintedAt = 0;

/** Waits for a turn. One painter has its turn in a frame, so that a new answer never holds the page for long. */
export function waitForPaint(painter: Painter): void {
  waiting.add(painter);
  if (frame === 0) frame = requestAnimationFrame(paintNext);
}

export function leavePaintQueue(painter: Painter): void {
  waiting.delete(painter);
}

/** While held the frames belong to something that a person waits for. */
export function holdPainting(held: boolean): void {
  isHeld = held;
}

function paintNext(now: number): void {
  frame = waiting.size > 0 ? requestAnimationFrame(paintNext) : 0;
  const [next] = waiting;
  if (next === undefined || (isHeld && now - lastPaintedAt < HELD_MS)) return;
  waiting.delete(next);
  lastPaintedAt = now;
  next.paint();
}
