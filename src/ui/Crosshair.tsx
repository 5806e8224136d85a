import type { ReactNode } from 'react';
import styles from './Crosshair.module.css';
import { type Plot, type PlotColour, plotFraction } from './plot.ts';

interface CrosshairProps {
  readonly plot: Plot;
  /** Data x. */
  readonly x: number;
  /** Rings where curves are read. */
  readonly rings: readonly { readonly y: number; readonly colour: PlotColour }[];
  /** The figures read, in one line above the plot. */
  readonly children?: ReactNode;
}

/** A vertical line over a chart, with what the curves say there. Drawn by the page, so that the chart need not repaint. */
export function Crosshair({ plot, x, rings, children }: CrosshairProps) {
  const across = plotFraction(plot.x, x);
  if (!(across >= 0 && across <= 1)) return null;
  const { left, right, top, bottom } = plot.margin;
  const place = `calc(${left}px + (100% - ${left + right}px) * ${across})`;
  return (
    <>
      <div className={styles.line} style={{ left: place, top, bottom }} />
      {rings.map((ring) => {
        const up = plotFraction(plot.y, ring.y);
        if (!(up >= 0 && up <= 1)) return null;
        const height = `calc(${top}px + (100% - ${top + bottom}px) * ${1 - up})`;
        return (
          <div
            key={`${ring.colour}${ring.y}`}
            className={styles.ring}
            style={{ left: place, top: height, borderColor: `var(--${ring.colour})` }}
          />
        );
      })}
      {children !== undefined && <div className={styles.readout}>{children}</div>}
    </>
  );
}
