import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
} from 'react';
import styles from './Chart.module.css';
import type * as chartLibrary from './chartLibrary.ts';
import { type ChartTheme, useChartTheme } from './chartTheme.ts';
import type { Numbers } from './numbers.ts';
import { NumbersTable } from './NumbersTable.tsx';
import type { Plot } from './plot.ts';
import { leavePaintQueue, waitForPaint } from './paintQueue.ts';
import { type PlotOption, plotOption } from './plotOption.ts';
import { fileName, saveFile } from './saveFile.ts';
import { whenSettled } from './whenSettled.ts';

/** Numbers do not wait for what draws pictures of them. */
let library: typeof chartLibrary | null = null;
const libraryHere = whenSettled(() => import('./chartLibrary.ts')).then(
  (loaded) => {
    library = loaded;
  },
  // A notice tells of parts that did not arrive; the numbers stand as tables.
  () => undefined,
);

const NOWHERE: readonly [null, null] = [null, null];

/** The chart's element also carries its numbers, so that a browser test reads figures, not pixels. */
export interface ChartElement extends HTMLDivElement {
  __headroomSeries?: () => Numbers;
}

export interface ChartHandle {
  /** Saves the picture at twice its size with title, unit and time of the market drawn in. */
  savePicture(): void;
}

export interface ChartProps {
  readonly testId: string;
  readonly title: string;
  readonly unit: string;
  /** Goes below the title of a saved picture: the time and source of the market, and what is held fixed. */
  readonly footnote: string;
  /** What the picture shows, in sentences, for those who do not see it. */
  readonly description: string;
  readonly plot: Plot;
  /** Changes with the answer that is drawn; `data-painted` takes it when the picture is on screen. */
  readonly version: number | string;
  /** The same figures as a table; asked for only when the table, an export or a test wants them. */
  readonly numbers: () => Numbers;
  readonly showTable?: boolean;
  /** The data point under the pointer, nulls when it leaves. Walked by keys, y stays null unless it has a step. */
  readonly onHover?: (x: number | null, y: number | null) => void;
  /** A click or Enter, at a data point; y is null where keys do not walk it. */
  readonly onPick?: (x: number, y: number | null) => void;
  /** Where the crosshair stands, for the arrow keys to move on from. */
  readonly crosshair?: () => number | null;
  /** One arrow key's step along x. */
  readonly step?: number;
  /** The same along y, for a plot whose height is an axis of the question: where the keys stand, and their step. */
  readonly upright?: { readonly at: () => number | null; readonly step: number };
  /** Where the keys start; the middle of the plot when absent. */
  readonly start?: readonly [number, number];
  /** Drawn over the picture: crosshair, readout. */
  readonly children?: ReactNode;
  readonly ref?: Ref<ChartHandle>;
}

/**
 * A plot on a canvas. It repaints at most once a frame, follows its box and the theme, and says what it shows: by
 * description, by a table of its numbers, and by the arrow keys that walk the crosshair.
 */
export function Chart(props: ChartProps) {
  const { testId, description, plot, version, numbers, showTable = false, children, ref } = props;
  const theme = useChartTheme();
  const host = useRef<ChartElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const painter = useRef<ChartPainter | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const tableId = useId();

  useEffect(() => {
    const element = host.current!;
    element.__headroomSeries = () => latest.current.numbers();
    const created = new ChartPainter(box.current!, () => {
      element.dataset.painted = String(latest.current.version);
    });
    painter.current = created;
    return () => {
      painter.current = null;
      created.dispose();
    };
  }, []);

  useEffect(() => {
    painter.current?.show(() => plotOption(plot, theme, description));
    // A new version repaints even an equal picture, so that `data-painted` follows every answer.
    void version;
  }, [plot, theme, description, version]);

  useImperativeHandle(ref, () => ({
    savePicture: () => {
      if (box.current === null || library === null) return;
      savePicture(drawnPicture(library, box.current, plot, theme, description), latest.current, theme);
    },
  }));

  const dataPoint = (event: MouseEvent<HTMLDivElement>): readonly [number, number] | null => {
    const frame = event.currentTarget.getBoundingClientRect();
    const { margin, x, y } = plot;
    const across = (event.clientX - frame.left - margin.left) / (frame.width - margin.left - margin.right);
    const down = (event.clientY - frame.top - margin.top) / (frame.height - margin.top - margin.bottom);
    if (!(across >= 0 && across <= 1)) return null;
    const up = 1 - Math.min(Math.max(down, 0), 1);
    return [x.domain[0] + across * (x.domain[1] - x.domain[0]), y.domain[0] + up * (y.domain[1] - y.domain[0])];
  };

  const walk = (event: KeyboardEvent<HTMLDivElement>) => {
    const { onHover, onPick, crosshair, step, upright } = props;
    if (onHover === undefined || step === undefined || crosshair === undefined) return;
    const [low, high] = plot.x.domain;
    const at = crosshair();
    const start = at ?? props.start?.[0] ?? (low + high) / 2;
    const times = event.shiftKey ? 5 : 1;
    const next: Readonly<Record<string, number>> = {
      ArrowLeft: Math.max(low, start - times * step),
      ArrowRight: Math.min(high, start + times * step),
      Home: low,
      End: high,
    };
    const [bottom, top] = plot.y.domain;
    const height = upright && (upright.at() ?? props.start?.[1] ?? (bottom + top) / 2);
    if (next[event.key] !== undefined) onHover(next[event.key]!, height ?? null);
    else if (upright && height !== undefined && event.key === 'ArrowUp')
      onHover(start, Math.min(top, height + times * upright.step));
    else if (upright && height !== undefined && event.key === 'ArrowDown')
      onHover(start, Math.max(bottom, height - times * upright.step));
    else if (event.key === 'Enter' && at !== null) onPick?.(at, height ?? null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles.frame}>
      <div
        ref={host}
        className={styles.host}
        data-testid={testId}
        data-version={version}
        hidden={showTable}
        // The canvas inside is an image with a description; the group takes the focus and the keys.
        role="group"
        aria-label={props.title}
        tabIndex={0}
        onPointerMove={(event) => {
          const [x, y] = dataPoint(event) ?? NOWHERE;
          props.onHover?.(x, y);
        }}
        onPointerLeave={() => props.onHover?.(...NOWHERE)}
        onBlur={() => props.onHover?.(...NOWHERE)}
        onKeyDown={walk}
        onClick={(event) => {
          const point = dataPoint(event);
          if (point !== null) props.onPick?.(...point);
        }}
      >
        <div ref={box} className={styles.canvas} />
        <div className={styles.overlay}>{children}</div>
      </div>
      {showTable && <NumbersTable id={tableId} caption={`${props.title}, ${props.unit}`} numbers={numbers()} />}
    </div>
  );
}

/** Owns one chart instance: opens it when its box has a size, and paints the newest option when its turn comes. */
class ChartPainter {
  private chart: chartLibrary.EChartsType | null = null;
  private option: (() => PlotOption) | null = null;
  private isDisposed = false;
  private readonly resized: ResizeObserver;

  constructor(
    private readonly box: HTMLElement,
    private readonly onPainted: () => void,
  ) {
    this.resized = new ResizeObserver(() => {
      if (this.chart === null) this.schedule();
      else if (this.hasSize()) this.chart.resize();
    });
    this.resized.observe(box);
  }

  show(option: () => PlotOption): void {
    this.option = option;
    this.schedule();
  }

  dispose(): void {
    this.isDisposed = true;
    leavePaintQueue(this);
    this.resized.disconnect();
    this.chart?.dispose();
    this.chart = null;
  }

  private hasSize(): boolean {
    return this.box.clientWidth > 0 && this.box.clientHeight > 0;
  }

  private schedule(): void {
    if (library !== null) waitForPaint(this);
    else void libraryHere.then(() => library !== null && !this.isDisposed && waitForPaint(this));
  }

  paint(): void {
    if (this.option === null || library === null || (this.chart === null && !this.hasSize())) return;
    if (this.chart === null) {
      this.chart = library.init(this.box, null, { renderer: 'canvas' });
      this.chart.on('finished', this.onPainted);
      // Nothing is animated: no frames but those that draw.
      this.chart.getZr().setSleepAfterStill(1);
    }
    // Drawn here and now: the chart library's own next frame may be one that a person waits for.
    this.chart.setOption(this.option(), { replaceMerge: ['series'] });
    this.option = null;
  }
}

const PICTURE_SCALE = 2;
const PICTURE_HEAD = 44;
/** Room for the texts of a horizontal axis. */
const AXIS_ROOM = 20;

/** The plot drawn once more for a picture, which stands alone: an axis whose texts another chart shows has its own here. */
function drawnPicture(
  { init }: typeof chartLibrary,
  box: HTMLElement,
  plot: Plot,
  theme: ChartTheme,
  description: string,
): HTMLCanvasElement {
  const bottom = Math.max(AXIS_ROOM, plot.margin.bottom);
  const alone = { ...plot, margin: { ...plot.margin, bottom }, x: { ...plot.x, hideTexts: false } };
  const size = { width: box.clientWidth, height: box.clientHeight + bottom - plot.margin.bottom };
  const chart = init(document.createElement('div'), null, { renderer: 'canvas', ...size });
  chart.setOption(plotOption(alone, theme, description));
  const picture = chart.renderToCanvas({ pixelRatio: PICTURE_SCALE, backgroundColor: theme.colour('s1') });
  chart.dispose();
  return picture;
}

/** The picture below a head that says what it is, in what unit, and of which market. */
function savePicture(picture: HTMLCanvasElement, { title, unit, footnote }: ChartProps, theme: ChartTheme): void {
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height + PICTURE_HEAD * PICTURE_SCALE;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.fillStyle = theme.colour('s1');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, PICTURE_HEAD * PICTURE_SCALE);
  context.scale(PICTURE_SCALE, PICTURE_SCALE);
  context.textBaseline = 'alphabetic';
  context.fillStyle = theme.colour('ink');
  context.font = `600 13px ${theme.font}`;
  context.fillText(title, 12, 20);
  const offset = 12 + context.measureText(title).width + 8;
  context.fillStyle = theme.colour('ink3');
  context.font = `400 12px ${theme.font}`;
  context.fillText(unit, offset, 20);
  context.font = `400 11px ${theme.font}`;
  context.fillText(footnote, 12, 37);
  canvas.toBlob((blob) => {
    if (blob !== null) saveFile(fileName(title, 'png'), blob, 'image/png');
  }, 'image/png');
}
