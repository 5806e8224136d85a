import { expiryCode } from '../domain/instrument.ts';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import { isNoShift, NO_SHIFT, type SmileEdit, type SmileShift, type SmileStop } from '../domain/smileEdit.ts';
import type { YearFraction } from '../domain/units.ts';
import { deltaQuantile, logMoneynessAt, smileQuotes } from './smileQuotes.ts';
import { smileVol } from './smileVol.ts';
import { sviButterflyMinimum, sviMinimumVariance, sviTotalVariance, sviWingSlope } from './svi.ts';
import type { SmileFit, VolSurface } from './VolSurface.ts';

/** Lee's bound on the slope of total variance. */
const STEEPEST_WING = 2;
/** Log-moneyness to either side over which a smile given by the market is judged. */
const GIVEN_RANGE = 3;
/** Shares by which total variance may fall between expiries: fits are not exact. The same as where surfaces are judged. */
const CALENDAR_TOLERANCE = 1e-3;
const CALENDAR_STEPS = 120;
/** g of an edited smile may lie so much below that of the fit: rounding, no arbitrage. */
const ROUNDING = 1e-9;
/** Halvings on the way to the last admissible value: a hundredth of a basis point of vol over two hundred points. */
const HALVINGS = 28;

/**
 * The smile with a shift put on: raw SVI again, with vertex m and width sigma kept and a, b, rho solved so that the vol at
 * the money, the 25-delta risk reversal and the 25-delta butterfly are those of the fit plus the shift, exactly. The vols
 * wanted name their strikes (k = sd (sd / 2 - d1) at 25 delta), and w = A + D k + B sqrt((k - m)^2 + sigma^2) is linear in
 * A, D = b rho and B = b: three equations. Null where no smile of that shape has these vols: b not above zero, |rho| not
 * below one, a vol not above zero, or a smile so steep that it has no 25-delta options.
 */
export function adjustedSmile(
  svi: SviParameters,
  timeToExpiryYears: YearFraction,
  shift: SmileShift,
): SviParameters | null {
  if (isNoShift(shift)) return svi;
  const vol = (k: number) => Math.sqrt(sviTotalVariance(svi, k) / timeToExpiryYears);
  const quotes = smileQuotes(vol, timeToExpiryYears);
  if (quotes === null) return null;
  const atm = quotes.atm + shift.level;
  const mean = atm + quotes.butterfly25 + shift.wings;
  const call = mean + (quotes.riskReversal25 + shift.skew) / 2;
  const put = mean - (quotes.riskReversal25 + shift.skew) / 2;
  if (!(atm > 0) || !(call > 0) || !(put > 0)) return null;

  const kCall = logMoneynessAt(deltaQuantile(0.25, 'C'), call, timeToExpiryYears);
  const kPut = logMoneynessAt(deltaQuantile(0.25, 'P'), put, timeToExpiryYears);
  const root = (k: number) => Math.hypot(k - svi.m, svi.sigma);
  const bendCall = root(kCall) - root(0);
  const bendPut = root(kPut) - root(0);
  const riseCall = (call * call - atm * atm) * timeToExpiryYears;
  const risePut = (put * put - atm * atm) * timeToExpiryYears;
  const determinant = kCall * bendPut - kPut * bendCall;
  const slope = (riseCall * bendPut - risePut * bendCall) / determinant;
  const b = (kCall * risePut - kPut * riseCall) / determinant;
  const rho = slope / b;
  if (!(b > 0) || !(Math.abs(rho) < 1)) return null;
  const a = atm * atm * timeToExpiryYears + slope * svi.m - b * root(0);
  return { a, b, rho, m: svi.m, sigma: svi.sigma };
}

/** A surface with edits put on. `edits` are those in force: as asked, or as far as no arbitrage comes of them. */
export interface EditedSurface {
  readonly surface: VolSurface;
  readonly edits: readonly SmileEdit[];
  /** What stopped the edits short of what was asked; null when nothing did. */
  readonly stop: SmileStop | null;
}

/**
 * Moves the edits of one underlying from `standing` towards `asked`, all in step, and stops before the first arbitrage that
 * the market's own fits do not have: g(k) < 0 within an expiry's quoted strikes, total variance that falls to the next
 * expiry within what both have quoted, a wing steeper than Lee's bound, a vol not above zero. `standing` that is itself not
 * admissible counts as nothing. Edits of expiries without a smile are dropped.
 */
export function editedSurface(
  surface: VolSurface,
  asked: readonly SmileEdit[],
  standing: readonly SmileEdit[] = [],
): EditedSurface {
  const guard = new SmileGuard(surface);
  const wanted = guard.known(asked);
  const straight = guard.put(wanted);
  if (straight.stop === null) return { ...straight, edits: wanted };

  const safe = guard.known(standing);
  const from = guard.put(safe).stop === null ? safe : [];
  const between = (share: number) => interpolated(from, wanted, share);
  let reached = 0;
  let blocked = 1;
  let { stop } = straight;
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (reached + blocked) / 2;
    const tried = guard.put(between(middle));
    if (tried.stop === null) reached = middle;
    else {
      blocked = middle;
      stop = tried.stop;
    }
  }
  // Whole millionths where they hold too: an edit is read, saved and sent.
  const exact = between(reached);
  const whole = exact.map((edit) => rounded(edit, shiftOf(from, edit)));
  const edits = guard.put(whole).stop === null ? whole : exact;
  return { surface: guard.put(edits).surface, edits: edits.filter((edit) => !isNoShift(edit)), stop };
}

/** Judges edits of one surface against the arbitrage that it has already. */
class SmileGuard {
  readonly #surface: VolSurface;
  /** Worst calendar shortfall of the market's own neighbours, by the earlier one's expiry. */
  readonly #shortfalls = new Map<number, number>();

  constructor(surface: VolSurface) {
    this.#surface = surface;
    const fitted = surface.fits.filter(({ svi }) => svi !== null);
    for (let i = 1; i < fitted.length; i += 1)
      this.#shortfalls.set(fitted[i - 1]!.expiry, calendarShortfall(fitted[i - 1]!, fitted[i]!).share);
  }

  /** The edits that this surface can take, in the order of its expiries. */
  known(edits: readonly SmileEdit[]): readonly SmileEdit[] {
    return this.#surface.fits.flatMap(({ expiry, svi }) => {
      const edit = edits.find((each) => each.underlying === this.#surface.underlying && each.expiry === expiry);
      return edit === undefined || svi === null || isNoShift(edit) ? [] : [edit];
    });
  }

  /** The surface with the edits on, and what is wrong with it. */
  put(edits: readonly SmileEdit[]): { surface: VolSurface; stop: SmileStop | null } {
    const byExpiry = new Map(edits.map((edit) => [edit.expiry, edit]));
    const fits: SmileFit[] = [];
    for (const fit of this.#surface.fits) {
      const edit = byExpiry.get(fit.expiry);
      if (edit === undefined || isNoShift(edit)) {
        fits.push(fit);
        continue;
      }
      const edited = editedFit(fit, edit);
      if ('kind' in edited) return { surface: this.#surface, stop: edited };
      fits.push(edited);
    }
    const surface = { ...this.#surface, fits };
    const fitted = fits.filter(({ svi }) => svi !== null);
    for (let i = 1; i < fitted.length; i += 1) {
      const [earlier, later] = [fitted[i - 1]!, fitted[i]!];
      if (!byExpiry.has(earlier.expiry) && !byExpiry.has(later.expiry)) continue;
      const allowed = Math.max(CALENDAR_TOLERANCE, this.#shortfalls.get(earlier.expiry)! + ROUNDING);
      const { share, logMoneyness } = calendarShortfall(earlier, later);
      if (share > allowed) return { surface, stop: calendarStop(earlier, later, logMoneyness, byExpiry) };
    }
    return { surface, stop: null };
  }
}

/** One smile with its edit, or what is wrong with it. */
function editedFit(fit: SmileFit, edit: SmileEdit): SmileFit | SmileStop {
  const { expiry, forward, timeToExpiryYears } = fit;
  const svi = adjustedSmile(fit.svi!, timeToExpiryYears, edit);
  const code = expiryCode(expiry);
  if (svi === null) {
    const message = `${code}: beyond this the smile would no longer be one, with both wings above the middle and every vol above zero`;
    return { kind: 'shape', expiry, other: null, strike: null, message };
  }
  if (!(sviMinimumVariance(svi) > 0)) {
    const message = `${code}: beyond this some vols would not be above zero`;
    return { kind: 'shape', expiry, other: null, strike: null, message };
  }
  if (sviWingSlope(svi) > Math.max(STEEPEST_WING, sviWingSlope(fit.svi!))) {
    const message = `${code}: beyond this a wing would be steeper than option prices allow (Lee’s bound)`;
    return { kind: 'wing', expiry, other: null, strike: null, message };
  }
  const [from, to] = logRange(fit);
  const lowest = sviButterflyMinimum(svi, from, to);
  const strike = forward * Math.exp(lowest.k);
  if (lowest.g < Math.min(0, sviButterflyMinimum(fit.svi!, from, to).g) - ROUNDING) {
    const message = `${code}: beyond this a butterfly at ${levelText(strike)} would be worth less than nothing`;
    return { kind: 'butterfly', expiry, other: null, strike, message };
  }
  const edited: SmileFit = {
    ...fit,
    svi,
    butterfly: { g: lowest.g, logMoneyness: lowest.k, strike },
    butterflyArbitrage: lowest.g < 0,
  };
  return { ...edited, atmVol: smileVol(edited, 0) };
}

/** The largest share by which total variance falls from one smile to the next where both have quotes; below zero when it rises. */
function calendarShortfall(earlier: SmileFit, later: SmileFit): { share: number; logMoneyness: number } {
  const [one, two] = [logRange(earlier), logRange(later)];
  const from = Math.max(one[0], two[0]);
  const to = Math.min(one[1], two[1]);
  let worst = { share: Number.NEGATIVE_INFINITY, logMoneyness: 0 };
  for (let step = 0; step <= CALENDAR_STEPS && from <= to; step += 1) {
    const logMoneyness = from + ((to - from) * step) / CALENDAR_STEPS;
    const share = 1 - sviTotalVariance(later.svi!, logMoneyness) / sviTotalVariance(earlier.svi!, logMoneyness);
    if (share > worst.share) worst = { share, logMoneyness };
  }
  return worst;
}

function calendarStop(
  earlier: SmileFit,
  later: SmileFit,
  logMoneyness: number,
  edited: ReadonlyMap<number, SmileEdit>,
): SmileStop {
  const [expiry, other] = edited.has(later.expiry) ? [later, earlier] : [earlier, later];
  const strike = expiry.forward * Math.exp(logMoneyness);
  const message = `${expiryCode(expiry.expiry)}: beyond this total variance at ${levelText(strike)} would fall from ${expiryCode(earlier.expiry)} to ${expiryCode(later.expiry)} (calendar arbitrage)`;
  return { kind: 'calendar', expiry: expiry.expiry, other: other.expiry, strike, message };
}

function logRange({ strikeRange, forward }: SmileFit): readonly [number, number] {
  if (strikeRange === null) return [-GIVEN_RANGE, GIVEN_RANGE];
  return [Math.log(strikeRange[0] / forward), Math.log(strikeRange[1] / forward)];
}

function shiftOf(edits: readonly SmileEdit[], { expiry }: { readonly expiry: number }): SmileShift {
  return edits.find((edit) => edit.expiry === expiry) ?? NO_SHIFT;
}

function interpolated(from: readonly SmileEdit[], to: readonly SmileEdit[], share: number): readonly SmileEdit[] {
  const expiries = [...new Set([...from, ...to].map(({ expiry }) => expiry))];
  const underlying = (from[0] ?? to[0])?.underlying ?? '';
  return expiries.map((expiry) => {
    const [start, end] = [shiftOf(from, { expiry }), shiftOf(to, { expiry })];
    // Written so that what is equal at both ends stays equal to the digit.
    const mixed = (name: keyof SmileShift) => start[name] + share * (end[name] - start[name]);
    return { underlying, expiry, level: mixed('level'), skew: mixed('skew'), wings: mixed('wings') };
  });
}

/** To whole millionths, back towards where the edit came from. */
function rounded(edit: SmileEdit, from: SmileShift): SmileEdit {
  const back = (name: keyof SmileShift) => {
    if (edit[name] === from[name]) return edit[name];
    const steps = edit[name] * 1e6;
    return (edit[name] > from[name] ? Math.floor(steps) : Math.ceil(steps)) / 1e6 + 0;
  };
  return { ...edit, level: back('level'), skew: back('skew'), wings: back('wings') };
}

function levelText(strike: number): string {
  return strike >= 1000 ? String(Math.round(strike)) : String(Number(strike.toPrecision(4)));
}
