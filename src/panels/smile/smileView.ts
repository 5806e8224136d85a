import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { Leg } from '../../engine/domain/portfolio.ts';
import type { ChainReport, ChainSide } from '../../engine/domain/riskReport.ts';
import type { Trade } from '../../engine/domain/trade.ts';
import { type Timestamp, yearFraction } from '../../engine/domain/units.ts';
import { axisThousands, decimal, ivPercent, percent, quantity, strikeLabel } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { curveAt, type Plot, type PlotLabel, roundTicks } from '../../ui/plot.ts';

export interface SmileInput {
  readonly chain: ChainReport;
  readonly asOf: Timestamp;
  readonly legs: readonly Leg[];
  readonly proposed: readonly Trade[];
}

export interface SmileView {
  readonly plot: Plot;
  /** How well the curve meets the quotes, in words. */
  readonly fit: string;
  readonly description: string;
  readonly numbers: () => Numbers;
}

interface SmilePoint {
  readonly strike: number;
  readonly side: ChainSide;
}

/** Half width of the strike axis, in standard deviations at expiry. */
const REACH = 2.6;
/** An axis narrower than this many vol points would magnify noise. */
const LEAST_RANGE = 0.06;

/** Implied vol by strike: the out-of-the-money quotes, bid to ask, and the fitted smile; the book's strikes are marked. */
export function smileView(input: SmileInput): SmileView {
  const { chain } = input;
  const points = chain.rows.map(
    (row): SmilePoint => ({ strike: row.strike, side: row.strike < chain.forward ? row.put : row.call }),
  );
  const held = heldStrikes(input);
  const domain = strikeDomain(input, held);
  const inside = points.filter(({ strike }) => strike >= domain[0] && strike <= domain[1]);
  const smile = chain.smile.filter(({ strike }) => strike >= domain[0] && strike <= domain[1]);
  const range = volDomain(inside, smile);
  const curve = { x: chain.smile.map(({ strike }) => strike), y: chain.smile.map(({ vol }) => vol) };
  const volAt = (strike: number) =>
    curveAt(curve.x, curve.y, strike) ?? points.find((point) => point.strike === strike)?.side.markIv ?? null;

  const plot: Plot = {
    margin: { left: 46, right: 16, top: 14, bottom: 22 },
    x: {
      domain,
      hideGrid: true,
      ticks: roundTicks(domain[0], domain[1], 5).map((value) => ({ value, text: axisThousands(value) })),
    },
    y: {
      domain: range,
      ticks: roundTicks(range[0], range[1], 4).map((value) => ({
        value,
        text: percent(value, Number.isInteger(Math.round(value * 1e6) / 1e4) ? 0 : 1),
      })),
    },
    areas: [],
    bars: [],
    guides: [{ x: chain.index, colour: 'ink3' }],
    lines: [{ id: 'smile', ...curve, colour: 'ink', width: 2 }],
    segments: inside.flatMap(({ strike, side }) =>
      side.bidIv == null || side.askIv == null
        ? []
        : [
            {
              from: [strike, Math.max(range[0], side.bidIv)] as const,
              to: [strike, Math.min(range[1], side.askIv)] as const,
              colour: 'ink4' as const,
              width: 1,
              caps: true,
            },
          ],
    ),
    marks: [
      ...inside.flatMap(({ strike, side }) =>
        side.markIv === null
          ? []
          : [{ x: strike, y: side.markIv, shape: 'dot' as const, colour: 'ink2' as const, size: 3 }],
      ),
      ...held.flatMap(({ strike, proposed }) => {
        const vol = volAt(strike);
        return vol === null
          ? []
          : [
              {
                x: strike,
                y: vol,
                shape: proposed ? ('dashed-ring' as const) : ('ring' as const),
                colour: 'ink' as const,
                size: 9,
              },
            ];
      }),
    ],
    labels: [
      { x: chain.index, y: 'top', text: 'Spot', colour: 'ink2', align: 'center', size: 10.5 },
      ...held.flatMap(({ strike, text }, i): PlotLabel[] => {
        const vol = volAt(strike);
        if (vol === null) return [];
        return [
          {
            x: strike,
            y: vol,
            dy: labelSide(vol, range, i),
            dx: 4,
            text,
            colour: 'ink',
            align: 'left',
            size: 10.5,
            weight: 600,
          },
        ];
      }),
    ],
  };
  const fit = fitWords(chain);
  return { plot, fit, description: description(chain, held, fit), numbers: () => numbers(chain) };
}

/** Names alternate above and below the curve, but none leaves the plot. */
function labelSide(vol: number, [low, high]: readonly [number, number], position: number): number {
  const share = (vol - low) / (high - low);
  const above = share < 0.2 || (share < 0.8 && position % 2 === 0);
  return above ? -13 : 14;
}

interface HeldStrike {
  readonly strike: number;
  readonly text: string;
  readonly proposed: boolean;
}

/** Strikes of this expiry in the book and in the proposal, each once, with their quantities. */
function heldStrikes({ chain, legs, proposed }: SmileInput): HeldStrike[] {
  const strikes = new Map<string, { strike: number; texts: string[]; proposed: boolean }>();
  const add = (instrument: string, size: number, isProposed: boolean) => {
    const parsed = parseInstrument(instrument);
    if (!parsed.ok || parsed.value.product !== 'option') return;
    const { underlying, expiry, strike, optionType } = parsed.value;
    if (underlying !== chain.underlying || expiry !== chain.expiry || size === 0) return;
    const key = `${strike}${isProposed}`;
    const entry = strikes.get(key) ?? { strike, texts: [], proposed: isProposed };
    entry.texts.push(`${quantity(size)} ${optionType}`);
    strikes.set(key, entry);
  };
  for (const leg of legs) add(leg.instrument, leg.quantity, false);
  for (const trade of proposed) add(trade.instrument, trade.quantity, true);
  return [...strikes.values()]
    .map(({ strike, texts, proposed: isProposed }) => ({ strike, text: texts.join(', '), proposed: isProposed }))
    .sort((a, b) => a.strike - b.strike);
}

/** A few standard deviations round the forward, and every strike of the book. */
function strikeDomain({ chain, asOf }: SmileInput, held: readonly HeldStrike[]): readonly [number, number] {
  const listed = chain.rows.map(({ strike }) => strike);
  const deviation = (chain.atmVol ?? 0.6) * Math.sqrt(Math.max(yearFraction(asOf, chain.expiry), 1 / 365));
  const low = Math.max(listed[0] ?? 0, chain.forward * Math.exp(-REACH * deviation));
  const high = Math.min(listed.at(-1) ?? Infinity, chain.forward * Math.exp(REACH * deviation));
  const strikes = held.map(({ strike }) => strike);
  const [first, last] = [Math.min(low, ...strikes), Math.max(high, ...strikes)];
  if (!(last > first)) return [chain.forward * 0.8, chain.forward * 1.2];
  const pad = 0.03 * (last - first);
  return [first - pad, last + pad];
}

function volDomain(points: readonly SmilePoint[], smile: ChainReport['smile']): readonly [number, number] {
  const vols = [
    ...points.flatMap(({ side }) => (side.markIv === null ? [] : [side.markIv])),
    ...smile.map(({ vol }) => vol),
  ];
  if (vols.length === 0) return [0, 1];
  const [low, high] = [Math.min(...vols), Math.max(...vols)];
  const middle = (low + high) / 2;
  const half = Math.max(LEAST_RANGE / 2, (high - low) * 0.56);
  return [Math.max(0, middle - half), middle + half];
}

function fitWords({ fitError, smile }: ChainReport): string {
  if (smile.length === 0) return 'no fit';
  return fitError === null ? 'fitted' : `fit within ${decimal(Math.max(0.01, fitError * 100), 2)} pts (rms)`;
}

function description(chain: ChainReport, held: readonly HeldStrike[], fit: string): string {
  const atm = chain.atmVol === null ? 'No smile could be fitted' : `At the money ${ivPercent(chain.atmVol)}`;
  const book =
    held.length === 0
      ? ''
      : ` The book holds ${held.map(({ strike, text }) => `${text} at ${strikeLabel(strike)}`).join(', ')}.`;
  return `Implied volatility by strike. ${atm}, ${fit}.${book}`;
}

function numbers(chain: ChainReport): Numbers {
  const fitted = { x: chain.smile.map(({ strike }) => strike), y: chain.smile.map(({ vol }) => vol) };
  const points = (vol: number | null | undefined) => (vol == null ? null : vol * 100);
  return {
    columns: [
      { name: 'Strike', unit: 'USD', digits: 0 },
      { name: 'Side', unit: '', digits: 0 },
      { name: 'Bid IV', unit: '%', digits: 2 },
      { name: 'Mark IV', unit: '%', digits: 2 },
      { name: 'Ask IV', unit: '%', digits: 2 },
      { name: 'Fitted IV', unit: '%', digits: 2 },
    ],
    rows: chain.rows.map((row) => {
      const side = row.strike < chain.forward ? row.put : row.call;
      return [
        row.strike,
        side.type === 'P' ? 'put' : 'call',
        points(side.bidIv),
        points(side.markIv),
        points(side.askIv),
        points(curveAt(fitted.x, fitted.y, row.strike)),
      ];
    }),
  };
}
