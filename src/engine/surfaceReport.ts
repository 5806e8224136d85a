import { RiskError } from './domain/failure.ts';
import type { OptionQuote } from './domain/marketSnapshot.ts';
import { withSmileEdits } from './domain/smileEdit.ts';
import type {
  ExpirySmile,
  SmileEditAnswer,
  SmileEditRequest,
  SmileFault,
  SmileFigures,
  SmileRepairCost,
  StrikePoint,
  SurfaceAxis,
  SurfaceMesh,
  SurfaceQuote,
  SurfaceReport,
  SurfaceRequest,
} from './domain/surfaceReport.ts';
import type { Vol, YearFraction } from './domain/units.ts';
import { type PreparedExpiry, type PreparedMarket, preparedUnderlying } from './scenario/preparedMarket.ts';
import { editedSurface } from './surface/smileAdjustment.ts';
import { SPOKEN_FOR } from './surface/smilePoints.ts';
import {
  type DeltaPoint,
  deltaQuantile,
  pointAtQuantile,
  type SmileFunction,
  smileQuotes,
} from './surface/smileQuotes.ts';
import { smileVol, surfaceVol } from './surface/smileVol.ts';
import type { SmileFit, VolSurface } from './surface/VolSurface.ts';

const CURVE_POINTS = 97;
/** The drawn smile reaches so far in k beyond its quotes. */
const CURVE_MARGIN = 0.04;
/** Half width of a smile without quotes, in standard deviations. */
const GIVEN_REACH = 3;
/** Outermost delta of the mesh. */
const MESH_DELTA = 0.05;
const MESH_COLUMNS = 29;
/** The mesh by moneyness ends at half and at twice the forward. */
const MESH_MONEYNESS = Math.log(2);
/** Rows of the mesh are at most so far apart in the root of time, as a share of its range. */
const MESH_ROW_STEP = 1 / 22;

/**
 * All smiles of an underlying, with the quotes they rest on and the errors of their fits.
 * @throws RiskError when the market does not have the underlying
 */
export function surfaceReport(market: PreparedMarket, request: SurfaceRequest): SurfaceReport {
  const underlying = preparedUnderlying(market, request.underlying);
  const surface = market.surfaces.get(request.underlying);
  if (surface === undefined) throw new RiskError('internal', `${request.underlying} has no surface`);
  let earlier: SmileFit | null = null;
  const expiries = surface.fits.map((fit): ExpirySmile => {
    const smile = expirySmile(underlying.expiries.get(fit.expiry)!, fit, surface, earlier);
    if (fit.svi !== null) earlier = fit;
    return smile;
  });
  return {
    marketId: request.marketId,
    underlying: request.underlying,
    asOf: surface.asOf,
    index: underlying.market.index,
    expiries,
    edits: expiries.flatMap(({ expiry, edit }) =>
      edit === null ? [] : [{ underlying: request.underlying, expiry, ...edit }],
    ),
    isRepaired: surface.isRepaired,
    mesh: request.mesh === null ? null : surfaceMesh(surface, request.mesh),
  };
}

/**
 * The edits that come of an attempt to change some, as far as no arbitrage comes of it.
 * @throws RiskError when the market does not have the underlying
 */
export function smileEditAnswer(market: PreparedMarket, request: SmileEditRequest): SmileEditAnswer {
  const { underlying, standing } = request;
  const asked = withSmileEdits(standing, request.asked);
  const surface = market.surfaces.get(preparedUnderlying(market, underlying).market.symbol)!;
  const { edits, stop } = editedSurface(surface, asked, standing);
  const others = asked.filter((edit) => edit.underlying !== underlying);
  return { edits: withSmileEdits(others, edits), stop };
}

function expirySmile(
  prepared: PreparedExpiry,
  fit: SmileFit,
  surface: VolSurface,
  earlier: SmileFit | null,
): ExpirySmile {
  const { expiry, forward, timeToExpiryYears } = fit;
  const original = prepared.edit?.fit ?? null;
  const strikes = fit.svi === null ? [] : curveStrikes(prepared, fit);
  return {
    expiry,
    forward,
    timeToExpiryYears,
    failure: fit.svi === null ? (fit.failure?.message ?? 'No smile could be fitted') : null,
    origin: fit.origin,
    figures: figures(fit),
    marketFigures: original === null ? null : figures(original),
    forwardVol: earlier === null || fit.atmVol === null ? null : forwardVol(earlier, fit),
    rmse: fit.rmse,
    maxError: fit.maxError,
    quotesUsed: fit.quotesUsed,
    quotes: surfaceQuotes(prepared, fit),
    curve: drawn(fit, strikes),
    marketCurve: original === null ? [] : drawn(original, strikes),
    faults: faults(fit, surface),
    edit: prepared.edit === undefined ? null : prepared.edit.shift,
    repair: repairCost(fit, strikes),
  };
}

function repairCost(fit: SmileFit, strikes: readonly number[]): SmileRepairCost | null {
  if (fit.repair === null) return null;
  const { sviBefore, rmseBefore, largestChange } = fit.repair;
  return { fittedCurve: drawn({ ...fit, svi: sviBefore }, strikes), rmseBefore, largestChange };
}

function figures(fit: SmileFit): SmileFigures | null {
  if (fit.svi === null) return null;
  const quotes = smileQuotes(smileOf(fit), fit.timeToExpiryYears);
  if (quotes === null) return null;
  const { atm, riskReversal25, riskReversal10, butterfly25, butterfly10 } = quotes;
  const at = ({ logMoneyness, vol }: DeltaPoint): StrikePoint => ({
    strike: fit.forward * Math.exp(logMoneyness),
    vol,
  });
  return {
    atm,
    riskReversal25,
    riskReversal10,
    butterfly25,
    butterfly10,
    put25: at(quotes.put25),
    call25: at(quotes.call25),
    put10: at(quotes.put10),
    call10: at(quotes.call10),
  };
}

function smileOf(fit: SmileFit): SmileFunction {
  return (k) => smileVol(fit, k);
}

function forwardVol(earlier: SmileFit, later: SmileFit): Vol | null {
  const [from, to] = [earlier.timeToExpiryYears, later.timeToExpiryYears];
  const gained = later.atmVol! ** 2 * to - earlier.atmVol! ** 2 * from;
  return gained > 0 ? Math.sqrt(gained / (to - from)) : null;
}

function surfaceQuotes({ quotes }: PreparedExpiry, fit: SmileFit): SurfaceQuote[] {
  const used = fit.points.map(({ strike, type, vol, bidVol, askVol, error }): SurfaceQuote => {
    return { strike, type, vol, bidVol, askVol, error, reason: null };
  });
  const leftOut = fit.leftOut
    .filter(({ reason }) => reason !== SPOKEN_FOR)
    .map(({ strike, type, reason }): SurfaceQuote => {
      const quote: Partial<OptionQuote> = quotes.get(`${strike}${type}`) ?? {};
      const { markIv, bidIv, askIv } = quote;
      const middle = bidIv !== undefined && askIv !== undefined ? (bidIv + askIv) / 2 : null;
      return { strike, type, vol: markIv ?? middle, bidVol: bidIv ?? null, askVol: askIv ?? null, error: null, reason };
    });
  return [...used, ...leftOut];
}

/** Fine strikes over what is quoted, or over a few standard deviations where nothing is. */
function curveStrikes({ market }: PreparedExpiry, { forward, atmVol, timeToExpiryYears }: SmileFit): number[] {
  const quoted = market.quotes.map(({ strike }) => strike);
  const reach = GIVEN_REACH * (atmVol ?? 0.5) * Math.sqrt(timeToExpiryYears);
  const from = quoted.length > 0 ? Math.log(Math.min(...quoted) / forward) - CURVE_MARGIN : -reach;
  const to = quoted.length > 0 ? Math.log(Math.max(...quoted) / forward) + CURVE_MARGIN : reach;
  return Array.from(
    { length: CURVE_POINTS },
    (_, i) => forward * Math.exp(from + ((to - from) * i) / (CURVE_POINTS - 1)),
  );
}

function drawn(fit: SmileFit, strikes: readonly number[]) {
  return strikes.map((strike) => ({ strike, vol: smileVol(fit, Math.log(strike / fit.forward)) }));
}

function faults({ expiry, forward, butterflyArbitrage, butterfly }: SmileFit, surface: VolSurface): SmileFault[] {
  return [
    ...(butterflyArbitrage && butterfly !== null ? [{ kind: 'butterfly', strike: butterfly.strike } as const] : []),
    ...surface.calendarArbitrage
      .filter(({ later }) => later === expiry)
      .map(({ earlier, logMoneyness, where }) => {
        return { kind: 'calendar', earlier, strike: forward * Math.exp(logMoneyness), where } as const;
      }),
  ];
}

function surfaceMesh(surface: VolSurface, axis: SurfaceAxis): SurfaceMesh | null {
  const fitted = surface.fits.filter(({ svi }) => svi !== null);
  if (fitted.length < 2) return null;
  const reach = deltaQuantile(1 - MESH_DELTA, 'C');
  const range = quotedRange(fitted);
  return {
    axis,
    rows: meshTimes(fitted).map(({ timeToExpiryYears, expiry }) => {
      const smile: SmileFunction = (k) => surfaceVol(surface, timeToExpiryYears, k)!;
      const across = axis === 'delta' ? even(reach, -reach) : even(...range(timeToExpiryYears));
      const vols = across.map((at) =>
        axis === 'delta' ? (pointAtQuantile(smile, timeToExpiryYears, at)?.vol ?? null) : smile(at),
      );
      return { timeToExpiryYears, expiry, across, vols };
    }),
  };
}

function even(from: number, to: number): number[] {
  return Array.from({ length: MESH_COLUMNS }, (_, i) => from + ((to - from) * i) / (MESH_COLUMNS - 1));
}

function quotedMoneyness({ strikeRange, forward }: SmileFit): readonly [number, number] {
  if (strikeRange === null) return [-MESH_MONEYNESS, MESH_MONEYNESS];
  const [low, high] = strikeRange.map((strike) => Math.log(strike / forward)) as [number, number];
  return [Math.max(-MESH_MONEYNESS, low), Math.min(MESH_MONEYNESS, high)];
}

/** What is quoted at a time: of the expiry itself, or in between in proportion to the root of time. */
function quotedRange(fitted: readonly SmileFit[]): (time: YearFraction) => readonly [number, number] {
  return (time) => {
    const after = fitted.findIndex(({ timeToExpiryYears }) => timeToExpiryYears >= time);
    const later = quotedMoneyness(fitted[after]!);
    const previous = fitted[after - 1];
    if (previous === undefined || fitted[after]!.timeToExpiryYears === time) return later;
    const earlier = quotedMoneyness(previous);
    const [from, to] = [Math.sqrt(previous.timeToExpiryYears), Math.sqrt(fitted[after]!.timeToExpiryYears)];
    const share = (Math.sqrt(time) - from) / (to - from);
    const between = (end: 0 | 1) => earlier[end] + share * (later[end] - earlier[end]);
    return [between(0), between(1)];
  };
}

/** The expiries, and times between those that are far apart. */
function meshTimes(fitted: readonly SmileFit[]): { timeToExpiryYears: YearFraction; expiry: number | null }[] {
  const root = (fit: SmileFit) => Math.sqrt(fit.timeToExpiryYears);
  const step = (root(fitted.at(-1)!) - root(fitted[0]!)) * MESH_ROW_STEP;
  return fitted.flatMap((fit, i) => {
    const here = { timeToExpiryYears: fit.timeToExpiryYears, expiry: fit.expiry };
    const previous = fitted[i - 1];
    if (previous === undefined) return [here];
    const between = Math.ceil((root(fit) - root(previous)) / step) - 1;
    const rows = Array.from({ length: Math.max(0, between) }, (_, n) => {
      const share = (n + 1) / (between + 1);
      const time = (root(previous) + share * (root(fit) - root(previous))) ** 2;
      return { timeToExpiryYears: time, expiry: null };
    });
    return [...rows, here];
  });
}
