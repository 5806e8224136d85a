import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { Leg } from '../../engine/domain/portfolio.ts';
import type { ExpirySmile, SurfaceQuote, SurfaceReport } from '../../engine/domain/surfaceReport.ts';
import type { Trade } from '../../engine/domain/trade.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import {
  axisThousands,
  dateCode,
  decimal,
  ivPercent,
  percent,
  quantity,
  shortLevel,
  signed,
  strikeLabel,
} from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { curveAt, type Plot, type PlotColour, type PlotLabel, type PlotMark, roundTicks } from '../../ui/plot.ts';

export interface SmileInput {
  readonly report: SurfaceReport;
  readonly expiry: Timestamp;
  /** Further expiries, as lines alone. */
  readonly beside: readonly Timestamp[];
  readonly legs: readonly Leg[];
  readonly proposed: readonly Trade[];
}

/** The parts of a smile that can be dragged. */
export type HandleKind = 'level' | 'skew' | 'wings';

export interface SmileHandle {
  readonly kind: HandleKind;
  readonly strike: number;
  readonly vol: number;
}

export interface SmileView {
  readonly smile: ExpirySmile;
  readonly plot: Plot;
  /** How well the curve meets the quotes, in words. */
  readonly fit: string;
  readonly description: string;
  readonly numbers: () => Numbers;
  /** Empty where there is no smile to hold. */
  readonly handles: readonly SmileHandle[];
  /** What is quoted nearest to a strike, in a line. */
  readonly readout: (strike: number) => string | null;
}

/** Half width of the strike axis, in standard deviations at expiry. */
const REACH = 2.6;
/** An axis narrower than this many vol points would magnify noise. */
const LEAST_RANGE = 0.06;
/** A text within this share of the axis of a handle keeps clear of it. */
const HANDLE_ROOM = 0.06;
/** Lines of other expiries, nearest first. */
const BESIDE_COLOURS: readonly PlotColour[] = ['ink2', 'ink3', 'ink2', 'ink3', 'ink2'];

/**
 * Implied vol by strike: used quotes with bid and ask, quotes left out as hollow marks, and the smile; the market's own fit
 * dashed where the smile is edited; the repaired smile dashed beside the fit; the book's strikes. Null when the expiry is not listed.
 */
export function smileView(input: SmileInput): SmileView | null {
  const { report } = input;
  const smile = report.expiries.find(({ expiry }) => expiry === input.expiry);
  if (smile === undefined) return null;
  const beside = report.expiries.filter(({ expiry, curve }) => input.beside.includes(expiry) && curve.length > 0);
  const held = heldStrikes(input);
  const domain = strikeDomain([smile, ...beside], held);
  const isInside = ({ strike }: { readonly strike: number }) => strike >= domain[0] && strike <= domain[1];
  const used = smile.quotes.filter((quote) => quote.reason === null && isInside(quote));
  const leftOut = smile.quotes.filter((quote) => quote.reason !== null && quote.vol !== null && isInside(quote));
  const fitted = smile.repair?.fittedCurve ?? smile.curve;
  const curves = [smile.curve, fitted, smile.marketCurve, ...beside.map(({ curve }) => curve)];
  const range = volDomain([
    ...used.map(({ vol }) => vol!),
    ...curves
      .flat()
      .filter(isInside)
      .map(({ vol }) => vol),
  ]);
  const line = (points: ExpirySmile['curve']) => ({
    x: points.map(({ strike }) => strike),
    y: points.map(({ vol }) => vol),
  });
  const own = line(fitted);
  const volAt = (strike: number) => curveAt(own.x, own.y, strike) ?? quoteAt(smile, strike)?.vol ?? null;
  const heldVols = held.flatMap((each) => {
    const vol = volAt(each.strike);
    return vol === null ? [] : [{ ...each, vol }];
  });

  // A repaired smile is no fit that could be bent.
  const grips = report.isRepaired ? [] : handles(smile).filter(isInside);

  const plot: Plot = {
    margin: { left: 46, right: besideRoom(beside, report.asOf), top: 14, bottom: 22 },
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
    guides: [{ x: report.index, colour: 'ink3' }],
    lines: [
      ...beside.map((each, i) => ({
        id: `beside-${each.expiry}`,
        ...line(each.curve),
        colour: BESIDE_COLOURS[i % BESIDE_COLOURS.length]!,
        width: 1.2,
      })),
      ...(smile.marketCurve.length === 0
        ? []
        : [{ id: 'market', ...line(smile.marketCurve), colour: 'ink3' as const, width: 1.3, dash: [5, 3] as const }]),
      { id: 'smile', ...own, colour: 'ink', width: 2 },
      ...(smile.repair === null
        ? []
        : [{ id: 'repaired', ...line(smile.curve), colour: 'ink' as const, width: 1.6, dash: [5, 3] as const }]),
    ],
    segments: [...used, ...leftOut].flatMap(({ strike, bidVol, askVol, reason }) => {
      if (bidVol === null || askVol === null || !(askVol > bidVol) || bidVol > range[1] || askVol < range[0]) return [];
      const [low, high] = [Math.max(range[0], bidVol), Math.min(range[1], askVol)];
      const colour = reason === null ? ('ink3' as const) : ('ink4' as const);
      return [{ from: [strike, low] as const, to: [strike, high] as const, colour, width: 1, caps: true }];
    }),
    marks: [
      ...used.map(({ strike, vol }): PlotMark => ({ x: strike, y: vol!, shape: 'dot', colour: 'ink2', size: 4 })),
      ...leftOut.map(({ strike, vol }): PlotMark => ({ x: strike, y: vol!, shape: 'hollow', colour: 'ink3', size: 5 })),
      ...heldVols.map(({ strike, vol, proposed }): PlotMark => {
        return { x: strike, y: vol, shape: proposed ? 'dashed-ring' : 'ring', colour: 'ink', size: 9 };
      }),
    ],
    labels: [
      { x: report.index, y: 'top', text: 'Spot', colour: 'ink2', align: 'center', size: 10.5 },
      ...heldVols.map(({ strike, vol, text }, i): PlotLabel => {
        // A text beside a handle goes to the other side of the curve than the handle's.
        const near = grips.find((grip) => Math.abs(grip.strike - strike) < HANDLE_ROOM * (domain[1] - domain[0]));
        const dy = near === undefined ? labelSide(vol, range, i) : near.vol <= vol ? -15 : 17;
        return { x: strike, y: vol, dy, dx: 4, text, colour: 'ink', align: 'left', size: 10.5, weight: 600 };
      }),
      ...besideLabels(beside, domain, range, report.asOf),
    ],
  };
  const fit = report.isRepaired ? repairFitWords(smile) : fitWords(smile);
  return {
    smile,
    plot,
    fit,
    description: description(smile, held, fit, report.asOf),
    numbers: () => numbers(smile),
    handles: grips,
    readout: (strike) => readout(smile, strike, report.asOf),
  };
}

/** Names alternate above and below the curve, but none leaves the plot. */
function labelSide(vol: number, [low, high]: readonly [number, number], position: number): number {
  const share = (vol - low) / (high - low);
  const above = share < 0.2 || (share < 0.8 && position % 2 === 0);
  return above ? -13 : 14;
}

/** Pixels at the right for the names of the lines. */
function besideRoom(beside: readonly ExpirySmile[], asOf: Timestamp): number {
  return Math.max(16, ...beside.map(({ expiry }) => 12 + 6.5 * dateCode(expiry, asOf).length));
}

/** Each line's expiry where the line leaves the plot, one text apart from the next. */
function besideLabels(
  beside: readonly ExpirySmile[],
  domain: readonly [number, number],
  range: readonly [number, number],
  asOf: Timestamp,
): PlotLabel[] {
  let last = { strike: Number.NEGATIVE_INFINITY, vol: Number.NEGATIVE_INFINITY };
  const isNear = (one: { readonly strike: number; readonly vol: number }) =>
    Math.abs(one.strike - last.strike) < 0.1 * (domain[1] - domain[0]) &&
    one.vol - last.vol < 0.08 * (range[1] - range[0]);
  return beside
    .flatMap(({ expiry, curve }) => {
      const end = curve.findLast(({ strike, vol }) => strike <= domain[1] && vol >= range[0] && vol <= range[1]);
      if (end === undefined) return [];
      // A line that leaves the plot sideways is named where it leaves.
      const strikes = curve.map(({ strike }) => strike);
      const vols = curve.map(({ vol }) => vol);
      const leaving = curveAt(strikes, vols, domain[1]);
      const isSideways = leaving !== null && leaving >= range[0] && leaving <= range[1];
      return [isSideways ? { expiry, strike: domain[1], vol: leaving } : { expiry, ...end }];
    })
    .sort((one, two) => one.vol - two.vol)
    .map(({ expiry, strike, vol }): PlotLabel => {
      const dy = isNear({ strike, vol }) ? -10 : 0;
      last = { strike, vol };
      return { x: strike, y: vol, dx: 4, dy, text: dateCode(expiry, asOf), colour: 'ink2', align: 'left', size: 10.5 };
    });
}

function quoteAt(smile: ExpirySmile, strike: number): SurfaceQuote | undefined {
  return smile.quotes.find((quote) => quote.strike === strike);
}

interface HeldStrike {
  readonly strike: number;
  readonly text: string;
  readonly proposed: boolean;
}

/** Strikes of this expiry in the book and in the proposal, each once, with their quantities. */
function heldStrikes({ report, expiry: wanted, legs, proposed }: SmileInput): HeldStrike[] {
  const strikes = new Map<string, { strike: number; texts: string[]; proposed: boolean }>();
  const add = (instrument: string, size: number, isProposed: boolean) => {
    const parsed = parseInstrument(instrument);
    if (!parsed.ok || parsed.value.product !== 'option') return;
    const { underlying, expiry, strike, optionType } = parsed.value;
    if (underlying !== report.underlying || expiry !== wanted || size === 0) return;
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

/** A few standard deviations round the forward of the widest smile, and every strike of the book. */
function strikeDomain(smiles: readonly ExpirySmile[], held: readonly HeldStrike[]): readonly [number, number] {
  const ends = smiles.flatMap(({ forward, figures, marketFigures, timeToExpiryYears, curve, quotes }) => {
    const deviation = (marketFigures ?? figures)?.atm ?? 0.6;
    const reach = REACH * deviation * Math.sqrt(Math.max(timeToExpiryYears, 1 / 365));
    const listed = [...curve, ...quotes].map(({ strike }) => strike);
    const low = Math.max(Math.min(...listed, forward), forward * Math.exp(-reach));
    const high = Math.min(Math.max(...listed, forward), forward * Math.exp(reach));
    return [low, high];
  });
  const strikes = held.map(({ strike }) => strike);
  const [first, last] = [Math.min(...ends, ...strikes), Math.max(...ends, ...strikes)];
  if (!(last > first)) return [first * 0.8, first * 1.2];
  const pad = 0.03 * (last - first);
  return [first - pad, last + pad];
}

function volDomain(vols: readonly number[]): readonly [number, number] {
  if (vols.length === 0) return [0, 1];
  const [low, high] = [Math.min(...vols), Math.max(...vols)];
  const middle = (low + high) / 2;
  const half = Math.max(LEAST_RANGE / 2, (high - low) * 0.56);
  return [Math.max(0, middle - half), middle + half];
}

/** The put's handle bends both wings, the call's tilts the smile: each moves by what it is dragged. */
function handles({ figures, forward }: ExpirySmile): SmileHandle[] {
  if (figures === null) return [];
  return [
    { kind: 'wings', ...figures.put25 },
    { kind: 'level', strike: forward, vol: figures.atm },
    { kind: 'skew', ...figures.call25 },
  ];
}

function fitWords({ rmse, maxError, curve, origin, edit }: ExpirySmile): string {
  if (curve.length === 0) return 'no fit';
  const fit =
    rmse === null || maxError === null
      ? origin === 'market'
        ? 'given by the market'
        : 'fitted'
      : `fit within ${points(rmse)} pts rms, ${points(maxError)} at most`;
  return edit === null ? fit : `edited; ${fit}`;
}

/** Both lines of a repaired smile in words. */
function repairFitWords(smile: ExpirySmile): string {
  const { repair, rmse } = smile;
  if (smile.curve.length === 0) return 'no fit';
  if (repair === null) return `${fitWords(smile)}; nothing to repair`;
  const rms = (vol: number | null) => (vol === null ? '' : ` ${points(vol)} pts rms`);
  return `fit${rms(repair.rmseBefore)}, repaired${rms(rmse)}, at most ${points(repair.largestChange)} pts apart`;
}

/** Never less than it shows: an error is not written as zero. */
function points(vol: number): string {
  return decimal(Math.max(0.01, vol * 100), 2);
}

function description(smile: ExpirySmile, held: readonly HeldStrike[], fit: string, asOf: Timestamp): string {
  const { figures, quotes, quotesUsed } = smile;
  const name = dateCode(smile.expiry, asOf);
  if (figures === null) return `Implied volatility of ${name} by strike. ${smile.failure ?? 'No smile could be read.'}`;
  const skew = `25 delta risk reversal ${signed(figures.riskReversal25 * 100, 2)}, butterfly ${signed(figures.butterfly25 * 100, 2)} vol points`;
  const counts = `${quotesUsed} quotes used, ${quotes.length - quotesUsed} left out`;
  const book =
    held.length === 0
      ? ''
      : ` The book holds ${held.map(({ strike, text }) => `${text} at ${strikeLabel(strike)}`).join(', ')}.`;
  return `Implied volatility of ${name} by strike. At the money ${ivPercent(figures.atm)}, ${skew}, ${fit}, ${counts}.${book}`;
}

function readout(smile: ExpirySmile, strike: number, asOf: Timestamp): string | null {
  let nearest: SurfaceQuote | null = null;
  for (const quote of smile.quotes)
    if (nearest === null || Math.abs(quote.strike - strike) < Math.abs(nearest.strike - strike)) nearest = quote;
  if (nearest === null) {
    const at = smile.curve.findLast((point) => point.strike <= strike);
    return at === undefined ? null : `${shortLevel(at.strike)}  ${ivPercent(at.vol)}`;
  }
  const name = `${dateCode(smile.expiry, asOf)} ${strikeLabel(nearest.strike)} ${nearest.type}`;
  const quoted = nearest.vol === null ? 'no vol' : `mark ${ivPercent(nearest.vol)}`;
  const sides =
    nearest.bidVol === null || nearest.askVol === null
      ? ''
      : `, bid ${ivPercent(nearest.bidVol)}, ask ${ivPercent(nearest.askVol)}`;
  const fit = nearest.error === null ? '' : `, fit ${signed(nearest.error * 100, 2)} pts off`;
  return `${name}  ${quoted}${sides}${fit}${nearest.reason === null ? '' : `. Left out: ${nearest.reason}`}`;
}

function numbers(smile: ExpirySmile): Numbers {
  const curve = (of: ExpirySmile['curve']) => ({ x: of.map(({ strike }) => strike), y: of.map(({ vol }) => vol) });
  const [own, market] = [curve(smile.curve), curve(smile.marketCurve)];
  const percents = (vol: number | null) => (vol === null ? null : vol * 100);
  const isEdited = smile.edit !== null;
  const before = smile.repair === null ? null : curve(smile.repair.fittedCurve);
  return {
    columns: [
      { name: 'Strike', unit: 'USD', digits: 0 },
      { name: 'Side', unit: '', digits: 0 },
      { name: 'Bid IV', unit: '%', digits: 2 },
      { name: 'Mark IV', unit: '%', digits: 2 },
      { name: 'Ask IV', unit: '%', digits: 2 },
      ...(before === null ? [] : [{ name: 'Fitted IV', unit: '%', digits: 2 }]),
      { name: isEdited ? 'Edited IV' : before === null ? 'Fitted IV' : 'Repaired IV', unit: '%', digits: 2 },
      ...(isEdited ? [{ name: 'Fitted IV', unit: '%', digits: 2 }] : []),
      { name: before === null ? 'Fit less mark' : 'Repaired less mark', unit: 'pts', digits: 2 },
      { name: 'Left out because', unit: '', digits: 0 },
    ],
    rows: smile.quotes
      .toSorted((one, two) => one.strike - two.strike)
      .map(({ strike, type, bidVol, vol, askVol, error, reason }) => [
        strike,
        type === 'P' ? 'put' : 'call',
        percents(bidVol),
        percents(vol),
        percents(askVol),
        ...(before === null ? [] : [percents(curveAt(before.x, before.y, strike))]),
        percents(curveAt(own.x, own.y, strike)),
        ...(isEdited ? [percents(curveAt(market.x, market.y, strike))] : []),
        percents(error),
        reason ?? 'used',
      ]),
  };
}
