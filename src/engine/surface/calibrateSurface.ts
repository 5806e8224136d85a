import { failed, type Failure } from '../domain/failure.ts';
import { expiryCode } from '../domain/instrument.ts';
import type { ExpiryMarket, SviParameters, UnderlyingMarket } from '../domain/marketSnapshot.ts';
import { type Timestamp, type Usd, type Vol, yearFraction } from '../domain/units.ts';
import { calendarCrossings, LOG_RANGE } from './calendarArbitrage.ts';
import { fitSvi } from './fitSvi.ts';
import { outlyingPoints } from './outlyingPoints.ts';
import { byStrike, FEWEST_POINTS, type SmilePoint, smilePoints } from './smilePoints.ts';
import { sviButterflyMinimum, sviMinimumVariance, sviTotalVariance, sviWingSlope } from './svi.ts';
import { smileVol } from './smileVol.ts';
import type { SmileFit, VolSurface } from './VolSurface.ts';

/** Total variance may fall by this share between expiries before it counts: fits are not exact. */
const CALENDAR_TOLERANCE = 1e-3;

/**
 * The smile of every unexpired expiry of an underlying and the arbitrage between them. Never throws: an expiry without
 * a smile says why in `failure`. Quotes win over an `svi` that the market gives beside them; the given one serves where
 * fewer than FEWEST_POINTS strikes have a usable vol (`origin` tells which). Time to expiry is ACT/365.
 *
 * An expiry that says when its prices were is fitted as of then, and keeps its vols until now: in a market that moves, only
 * what has moved is fitted again. The result depends on the market alone, not on what was fitted before.
 */
export function calibrateSurface(underlying: UnderlyingMarket, asOf: Timestamp): VolSurface {
  const fits = underlying.expiries
    .filter((market) => market.expiry > asOf)
    .toSorted((one, two) => one.expiry - two.expiry)
    .map((market) => expirySmile(underlying.symbol, market, asOf));
  return {
    underlying: underlying.symbol,
    asOf,
    fits,
    calendarArbitrage: calendarCrossings(fits, CALENDAR_TOLERANCE),
    isRepaired: false,
  };
}

/** By expiry object, as of the expiry's own time: an expiry that did not move is the same object in the market after. */
const fitsAtOwnTime = new WeakMap<ExpiryMarket, SmileFit>();

/** The smile of one expiry, as `calibrateSurface` fits it; the expiry is after `asOf`. */
export function expirySmile(symbol: string, market: ExpiryMarket, asOf: Timestamp): SmileFit {
  const { timestamp, expiry } = market;
  if (timestamp === undefined || timestamp >= expiry) return smileFit(symbol, market, asOf);
  let fit = fitsAtOwnTime.get(market);
  if (fit === undefined) fitsAtOwnTime.set(market, (fit = smileFit(symbol, market, timestamp)));
  return timestamp === asOf ? fit : heldFit(fit, yearFraction(asOf, expiry));
}

/** The same vols at another time: total variance w = vol^2 T is in proportion to time at each k, and so are SVI's a and b. */
function heldFit(fit: SmileFit, timeToExpiryYears: number): SmileFit {
  const { svi } = fit;
  const share = timeToExpiryYears / fit.timeToExpiryYears;
  return {
    ...fit,
    timeToExpiryYears,
    svi: svi === null ? null : { ...svi, a: svi.a * share, b: svi.b * share },
  };
}

function smileFit(symbol: string, market: ExpiryMarket, asOf: Timestamp): SmileFit {
  const { expiry, forward, discount } = market;
  const timeToExpiryYears = yearFraction(asOf, expiry);
  const name = `${symbol} ${expiryCode(expiry)}`;
  const { points, leftOut } = smilePoints(market, timeToExpiryYears);
  const base: SmileFit = {
    expiry,
    forward,
    discount,
    timeToExpiryYears,
    svi: null,
    failure: null,
    origin: null,
    atmVol: null,
    rmse: null,
    maxError: null,
    strikeRange: null,
    quotesUsed: 0,
    points: [],
    leftOut,
    butterflyArbitrage: false,
    butterfly: null,
    repair: null,
  };
  if (points.length < FEWEST_POINTS) return withoutQuotes(base, name, market, points.length);

  let fit = quotedFit(base, points);
  if (fit !== null) {
    const wrong = outlyingPoints(
      points,
      fit.points.map(({ error }) => error),
    );
    if (wrong.size > 0) {
      const contradicted = points.flatMap(({ strike, type }, i) => {
        const off = wrong.get(i);
        return off === undefined ? [] : [{ strike, type, reason: contradiction(off) }];
      });
      fit = quotedFit(
        { ...base, leftOut: [...leftOut, ...contradicted].sort(byStrike) },
        points.filter((_, i) => !wrong.has(i)),
      );
    }
  }
  return fit ?? { ...base, failure: failure(`The smile fit of ${name} did not converge; check its quotes`) };
}

/** The smile nearest to the points, with how near it is; null when the fit did not converge. */
function quotedFit(base: SmileFit, points: readonly SmilePoint[]): SmileFit | null {
  const svi = fitSvi(points, base.timeToExpiryYears);
  const first = points[0]!;
  const last = points[points.length - 1]!;
  const fit: SmileFit = {
    ...base,
    svi,
    origin: 'quotes',
    strikeRange: [first.strike, last.strike],
    quotesUsed: points.length,
    ...butterfly(svi, base.forward, first.logMoneyness, last.logMoneyness),
  };
  const fitted = points.map((point) => ({ ...point, error: smileVol(fit, point.logMoneyness) - point.vol }));
  const errors = fitted.map(({ error }) => Math.abs(error));
  if (!errors.every(Number.isFinite)) return null;
  return {
    ...fit,
    points: fitted,
    atmVol: smileVol(fit, 0),
    rmse: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length),
    maxError: Math.max(...errors),
  };
}

function contradiction(off: Vol): string {
  const points = Math.abs(off * 100).toFixed(1);
  return `Its vol is ${points} points ${off > 0 ? 'above' : 'below'} the smile of the strikes beside it`;
}

/** The smile that the market itself gives, or the reason why there is none. */
function withoutQuotes(base: SmileFit, name: string, market: ExpiryMarket, usable: number): SmileFit {
  const { svi } = market;
  const found = `${name} has ${usable} ${usable === 1 ? 'strike' : 'strikes'} with a usable vol, and a smile needs ${FEWEST_POINTS}`;
  if (svi === undefined) return { ...base, failure: failure(`${found}. Add quotes or an svi to the market file`) };
  const valid = svi.b >= 0 && Math.abs(svi.rho) <= 1 && svi.sigma >= 0 && sviMinimumVariance(svi) >= 0;
  // A minimum of exactly zero is harmless anywhere but at the money, where vol would be zero.
  if (!valid || !(sviTotalVariance(svi, 0) > 0) || !(sviWingSlope(svi) <= 2)) {
    return {
      ...base,
      failure: failure(
        `${found}; the svi given with it is no smile: it needs b at least 0, rho within -1 and 1, sigma at least 0, total variance above 0 and wing slopes of at most 2`,
      ),
    };
  }
  const fit: SmileFit = {
    ...base,
    svi,
    origin: 'market',
    ...butterfly(svi, base.forward, -LOG_RANGE, LOG_RANGE),
  };
  return { ...fit, atmVol: smileVol(fit, 0) };
}

/** What a smile says of butterflies over a range of k. */
function butterfly(
  svi: SviParameters,
  forward: Usd,
  from: number,
  to: number,
): Pick<SmileFit, 'butterfly' | 'butterflyArbitrage'> {
  const { g, k } = sviButterflyMinimum(svi, from, to);
  // Minus infinity, where total variance touches zero, is no figure for a file.
  const finite = Math.max(g, -Number.MAX_VALUE);
  return { butterflyArbitrage: g < 0, butterfly: { g: finite, logMoneyness: k, strike: forward * Math.exp(k) } };
}

function failure(message: string): Failure {
  return failed('missing-data', message).failure;
}
