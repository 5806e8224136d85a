import type { ExpiryMarket, OptionQuote } from '../domain/marketSnapshot.ts';
import type { Vol, YearFraction } from '../domain/units.ts';
import { HIGHEST_VOL } from './smileVol.ts';
import type { FittedPoint, LeftOutQuote } from './VolSurface.ts';

/** One strike's vol as a fit sees it. */
export type SmilePoint = Omit<FittedPoint, 'error'>;

/** Fewest strikes that a smile of five parameters is fitted to. */
export const FEWEST_POINTS = 5;

/** An option whose vega is below this share of the vega at the money has a price that says nothing about its vol. */
const SILENT_VEGA_SHARE = 1e-3;
/** Least share that a wing quote's weight is reckoned with: wings are few, and the tail risk is there. */
const LEAST_VEGA_SHARE = 0.03;

/** A plateau is at least so many strikes whose vols stay within `PLATEAU_RANGE` of the outermost, relative. */
const PLATEAU_STRIKES = 3;
const PLATEAU_RANGE = 0.02;
/** Nor may it rise more than this share of the mean slope between the smile's lowest point and the plateau. */
const PLATEAU_SLOPE = 0.1;
/** And it must stand at least so much above the smile's lowest vol, relative: a smile flat altogether is no plateau. */
const PLATEAU_HEIGHT = 0.05;

interface Candidate {
  readonly quote: OptionQuote;
  readonly strike: number;
  readonly k: number;
  readonly vol: Vol;
  /** Vega over vega at the money, phi(d1) / phi(0). */
  readonly vegaShare: number;
}

/** Nothing is wrong with such a quote: the other option of its strike says the same, and better. */
export const SPOKEN_FOR = 'The out-of-the-money option of this strike is used';

/**
 * The vols that one expiry's smile is fitted to, one a strike, ascending, and the quotes left out with the reason of
 * each. A quote's vol is its mark, else the mid of its bid and ask vols. At each strike the out-of-the-money option
 * speaks (its price has no intrinsic value to drown the vol), the other one only in its absence.
 *
 * Two kinds of wing quotes are left out, unless fewer than FEWEST_POINTS strikes would remain: those whose price no
 * longer depends on vol, and plateaus. Exchanges hold mark vols constant beyond some strike of a short expiry; such a
 * plateau at either end is the exchange's extrapolation, no observation.
 *
 * Weights are sqrt(vega / vega at the money), at least sqrt(LEAST_VEGA_SHARE), divided by sqrt(1 + spread / median spread),
 * the spread in vol; where most are quoted on both sides, one that is not counts as twice as wide as the typical one.
 */
export function smilePoints(
  market: ExpiryMarket,
  timeToExpiryYears: YearFraction,
): { points: readonly SmilePoint[]; leftOut: readonly LeftOutQuote[] } {
  const leftOut: LeftOutQuote[] = [];
  const leave = ({ strike, type }: OptionQuote, reason: string): void => void leftOut.push({ strike, type, reason });

  const strikes = new Map<number, Candidate>();
  for (const quote of market.quotes) {
    const vol = quotedVol(quote);
    if (typeof vol === 'string') {
      leave(quote, vol);
      continue;
    }
    const k = Math.log(quote.strike / market.forward);
    const candidate = { quote, strike: quote.strike, k, vol, vegaShare: vegaShare(k, vol, timeToExpiryYears) };
    const other = strikes.get(quote.strike);
    if (other === undefined) {
      strikes.set(quote.strike, candidate);
      continue;
    }
    const outOfTheMoney = quote.strike >= market.forward ? 'C' : 'P';
    const chosen = quote.type === outOfTheMoney ? candidate : other;
    strikes.set(quote.strike, chosen);
    leave((chosen === candidate ? other : candidate).quote, SPOKEN_FOR);
  }
  const candidates = [...strikes.values()].sort((one, two) => one.strike - two.strike);

  let used: readonly Candidate[] = candidates;
  const keep = (kept: readonly Candidate[], reason: (left: Candidate) => string): void => {
    if (kept.length < FEWEST_POINTS || kept.length === used.length) return;
    for (const candidate of used) if (!kept.includes(candidate)) leave(candidate.quote, reason(candidate));
    used = kept;
  };
  const capped = ({ vol }: Candidate): string =>
    `The vol stays near ${(vol * 100).toFixed(1)} % from here outward: a cap of the exchange, not a quote`;
  keep(insidePlateaus(used), capped);
  keep(
    used.filter(({ vegaShare }) => vegaShare >= SILENT_VEGA_SHARE),
    () => 'Too far from the money: its price hardly depends on its vol',
  );
  // A plateau can end in a few strikes that were silent: they hid it before.
  keep(insidePlateaus(used), capped);
  leftOut.sort(byStrike);
  return { points: weighted(used), leftOut };
}

/** The order of quotes left out: by strike, calls before puts. */
export function byStrike(one: LeftOutQuote, two: LeftOutQuote): number {
  return one.strike - two.strike || (one.type < two.type ? -1 : one.type > two.type ? 1 : 0);
}

/** The vol a quote states, or in words why it states none. */
function quotedVol({ markIv, bidIv, askIv }: OptionQuote): Vol | string {
  const vol = markIv ?? (bidIv !== undefined && askIv !== undefined ? (bidIv + askIv) / 2 : undefined);
  if (vol === undefined) {
    return bidIv === undefined && askIv === undefined
      ? 'No implied vol is quoted'
      : 'Only one side is quoted, and no mark vol';
  }
  if (!(vol > 0)) return 'The vol is not above zero';
  if (!(vol < HIGHEST_VOL)) return `The vol is not below ${HIGHEST_VOL * 100} %`;
  return vol;
}

/** The candidates between the plateaus at both ends. */
function insidePlateaus(candidates: readonly Candidate[]): readonly Candidate[] {
  let lowest = 0;
  for (let i = 1; i < candidates.length; i++) if (candidates[i]!.vol < candidates[lowest]!.vol) lowest = i;
  const last = candidates.length - 1;
  if (last < 0) return candidates;
  return candidates.slice(
    plateauStrikes(candidates, lowest, 0, 1),
    candidates.length - plateauStrikes(candidates, lowest, last, -1),
  );
}

/** Number of strikes in the plateau that begins at index `end` and runs inward by `step`; 0 when there is none. */
function plateauStrikes(candidates: readonly Candidate[], lowest: number, end: number, step: 1 | -1): number {
  const outer = candidates[end]!;
  const bottom = candidates[lowest]!;
  let count = 1;
  for (let i = end + step; i !== lowest && i >= 0 && i < candidates.length; i += step) {
    if (Math.abs(candidates[i]!.vol - outer.vol) > PLATEAU_RANGE * outer.vol) break;
    count += 1;
  }
  if (count < PLATEAU_STRIKES) return 0;
  // The innermost strikes of the run may still climb: shed them until what remains is flat.
  for (; count >= PLATEAU_STRIKES; count--) {
    const inner = candidates[end + step * (count - 1)]!;
    if (inner.vol < bottom.vol * (1 + PLATEAU_HEIGHT)) continue;
    const slopeInside = (inner.vol - bottom.vol) / Math.abs(inner.k - bottom.k);
    const slope = Math.abs((outer.vol - inner.vol) / (outer.k - inner.k));
    if (slope <= PLATEAU_SLOPE * slopeInside) return count;
  }
  return 0;
}

/** phi(d1) / phi(0): vega is F phi(d1) sqrt(T), so this is the share of the vega at the money. */
function vegaShare(k: number, vol: Vol, timeToExpiryYears: YearFraction): number {
  const deviation = vol * Math.sqrt(timeToExpiryYears);
  const d1 = -k / deviation + deviation / 2;
  return Math.exp((-d1 * d1) / 2);
}

function weighted(used: readonly Candidate[]): SmilePoint[] {
  const spreads = used.map(({ quote }) => spread(quote)).filter((width) => width !== null);
  spreads.sort((one, two) => one - two);
  const typicalSpread = Math.max(spreads[spreads.length >> 1] ?? 0, 1e-4);
  const unquotedSpread = 2 * spreads.length < used.length ? 0 : 2 * typicalSpread;
  return used.map(({ quote, strike, k, vol, vegaShare }) => {
    const width = spread(quote) ?? unquotedSpread;
    return {
      strike,
      type: quote.type,
      logMoneyness: k,
      vol,
      bidVol: quote.bidIv ?? null,
      askVol: quote.askIv ?? null,
      weight: Math.sqrt(Math.max(LEAST_VEGA_SHARE, vegaShare)) / Math.sqrt(1 + width / typicalSpread),
    };
  });
}

/** Ask minus bid in vol, or null when a side is missing or they are crossed. */
function spread({ bidIv, askIv }: OptionQuote): number | null {
  return bidIv !== undefined && askIv !== undefined && askIv >= bidIv ? askIv - bidIv : null;
}
