import { useSyncExternalStore } from 'react';
import type { PlotColour } from './plot.ts';

/** The style sheet's tokens as a canvas wants them. */
export interface ChartTheme {
  readonly font: string;
  readonly grid: string;
  readonly colour: (token: PlotColour, opacity?: number) => string;
  /** Rising one-pixel lines, `spacing` apart, as a repeating image; null where there is no canvas. */
  readonly hatch: (token: PlotColour, opacity: number) => HatchPattern | null;
}

export interface HatchPattern {
  readonly image: HTMLCanvasElement;
  readonly repeat: 'repeat';
  readonly scaleX: number;
  readonly scaleY: number;
}

const HATCH_SPACING = 5;

/** The tokens in force, and again each time the root element's theme changes. */
export function useChartTheme(): ChartTheme {
  return useSyncExternalStore(subscribe, currentTheme);
}

let current: ChartTheme | null = null;
const listeners = new Set<() => void>();
let observer: MutationObserver | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (observer === null) {
    observer = new MutationObserver(() => {
      current = null;
      for (const each of listeners) each();
    });
    observer.observe(document.documentElement, { attributes: true });
    // The theme may have changed while nobody watched.
    current = null;
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    observer?.disconnect();
    observer = null;
  };
}

function currentTheme(): ChartTheme {
  current ??= readTheme();
  return current;
}

function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const patterns = new Map<string, HatchPattern | null>();
  // Reading a computed style costs more than drawing with it.
  const colours = new Map<string, string>();
  const colour = (name: PlotColour, opacity = 1) => {
    const key = `${name}${opacity}`;
    const known = colours.get(key) ?? withOpacity(token(name), opacity);
    colours.set(key, known);
    return known;
  };
  return {
    font: token('font'),
    grid: token('grid'),
    colour,
    hatch: (name, opacity) => {
      const key = `${name}${opacity}`;
      const known = patterns.get(key);
      if (known !== undefined) return known;
      const pattern = hatchPattern(colour(name, opacity));
      patterns.set(key, pattern);
      return pattern;
    },
  };
}

/** A `#rrggbb` token with an opacity; any other form is returned as it is. */
export function withOpacity(hex: string, opacity: number): string {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (opacity >= 1 || match === null) return hex;
  const [red, green, blue] = match.slice(1).map((part) => Number.parseInt(part, 16));
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}

/** Lines that rise at 45 degrees. The tile is drawn at three times its size, so that it stays sharp on dense screens. */
function hatchPattern(stroke: string): HatchPattern | null {
  const canvas = document.createElement('canvas');
  // A line 1 px wide every 5 px, measured across the lines, repeats every 5 √2 px along the axes: 7 is the whole number.
  const tile = Math.round(HATCH_SPACING * Math.SQRT2);
  const zoom = 3;
  canvas.width = tile * zoom;
  canvas.height = tile * zoom;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.scale(zoom, zoom);
  context.strokeStyle = stroke;
  context.lineWidth = 1;
  for (const shift of [-tile, 0, tile]) {
    context.beginPath();
    context.moveTo(shift - 1, tile + 1);
    context.lineTo(shift + tile + 1, -1);
    context.stroke();
  }
  return { image: canvas, repeat: 'repeat', scaleX: 1 / zoom, scaleY: 1 / zoom };
}
