import { curveAt, type PlotAxis, type PlotLabel, plotFraction } from '../../ui/plot.ts';

export interface LabelledCurve {
  readonly text: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface LabelSpot {
  readonly x: number;
  readonly y: number;
  /** Pixels up (negative) or down from the curve. */
  readonly dy: number;
}

/** Usual sizes of the plot, on the desktop and on the phone; only proportions matter. */
const WIDE = 580;
const NARROW = 320;
const HEIGHT = 150;
const CANDIDATES = 41;
const OFFSET = 11;
const CHARACTER = 6;
const LINE = 14;
const LEAST_CLEARANCE = 5;

/**
 * A place on each curve for its name, the most important first, where the other curves and the names placed before it are farthest away. Null for a
 * curve that is nowhere inside the plot. `texts` stand already.
 */
export function labelSpots(
  curves: readonly LabelledCurve[],
  obstacles: readonly Omit<LabelledCurve, 'text'>[],
  axes: { readonly x: PlotAxis; readonly y: PlotAxis },
  { texts = [], narrow = false }: { readonly texts?: readonly PlotLabel[]; readonly narrow?: boolean } = {},
): (LabelSpot | null)[] {
  const width = narrow ? NARROW : WIDE;
  const pixelY = (value: number) => HEIGHT * (1 - plotFraction(axes.y, value));
  const placed = texts.flatMap((label) => (label.y === 'top' ? [] : [textBox(label, label.y)]));
  return curves.map((curve, rank) => {
    let best: { spot: LabelSpot; score: number; box: (typeof placed)[number] } | null = null;
    const half = (curve.text.length * CHARACTER) / 2;
    for (let n = 1; n < CANDIDATES; n += 1) {
      const share = n / CANDIDATES;
      const pixelX = share * width;
      if (pixelX - half < 4 || pixelX + half > width - 4) continue;
      const x = axes.x.domain[0] + share * (axes.x.domain[1] - axes.x.domain[0]);
      const value = curveAt(curve.x, curve.y, x);
      if (value === null) continue;
      for (const dy of [-OFFSET, OFFSET]) {
        const y = pixelY(value) + dy;
        if (y < LINE / 2 || y > HEIGHT - LINE / 2) continue;
        const score = clearance(pixelX, half, y);
        if (best === null || score > best.score)
          best = { spot: { x, y: value, dy }, score, box: { left: pixelX - half, right: pixelX + half, y } };
      }
    }
    // A name on a neighbour's line would name the neighbour; only the first curve is named at any cost.
    if (best === null || (rank > 0 && best.score < LEAST_CLEARANCE)) return null;
    placed.push(best.box);
    return best.spot;

    /** Distance from the text to the nearest other thing, its own curve left out above half a line. */
    function clearance(centre: number, half: number, y: number): number {
      let nearest = 40;
      for (const box of placed) {
        const apart = Math.max(box.left - (centre + half), centre - half - box.right, 0);
        nearest = Math.min(nearest, Math.max(apart, Math.abs(box.y - y) - LINE + 4));
      }
      for (const other of [...curves, ...obstacles]) {
        for (const at of [centre - half, centre, centre + half]) {
          const x = axes.x.domain[0] + (at / width) * (axes.x.domain[1] - axes.x.domain[0]);
          const value = curveAt(other.x, other.y, x);
          if (value === null) continue;
          const distance = Math.abs(pixelY(value) - y);
          // The own curve lies OFFSET away by design; only where it is steep does it cut through the ends of the text.
          if (other !== curve || distance < LINE / 2) nearest = Math.min(nearest, distance);
        }
      }
      return nearest;
    }
  });

  function textBox(label: PlotLabel, value: number) {
    const at = plotFraction(axes.x, label.x) * width + (label.dx ?? 0);
    const length = label.text.length * CHARACTER;
    const left = label.align === 'left' ? at : label.align === 'right' ? at - length : at - length / 2;
    return { left, right: left + length, y: pixelY(value) + (label.dy ?? 0) };
  }
}
