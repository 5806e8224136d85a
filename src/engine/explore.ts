import type { MarketSnapshot } from './domain/marketSnapshot.ts';
import type { MarginModelId, ParameterSet } from './domain/riskParameters.ts';
import type {
  CurveAxes,
  CurveSet,
  ExploreReport,
  ExploreRequest,
  StressAxes,
  StressCell,
  StressGrid,
} from './domain/riskReport.ts';
import type { Movers, Scenario } from './domain/scenario.ts';
import { MILLISECONDS_PER_DAY } from './domain/units.ts';
import { RiskError } from './domain/failure.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { headroomModels } from './margin/headroomModels.ts';
import { marginBook } from './margin/marginBook.ts';
import { modelById } from './margin/modelById.ts';
import { resolvedParameters } from './margin/resolvedParameters.ts';
import { type BookPositions, bookPositions } from './scenario/bookPositions.ts';
import { type PreparedMarket, preparedUnderlying } from './scenario/preparedMarket.ts';
import { legsValueUsd, shiftedBook } from './scenario/shiftedBook.ts';
import { computedRows, type UnitPnlRows } from './scenario/unitPnlCache.ts';

/** The rulebook that re-margins a shifted book. */
export interface Rulebook {
  readonly model: MarginModel;
  readonly parameters: ParameterSet;
  readonly market: MarketSnapshot;
  readonly rows: UnitPnlRows;
}

/** @throws RiskError when the model or a parameter does not exist. */
export function rulebookOf(
  market: PreparedMarket,
  id: MarginModelId,
  edits: ParameterSet,
  rows: UnitPnlRows = computedRows,
  library: readonly MarginModel[] = headroomModels,
): Rulebook {
  const model = modelById(id, library);
  return { model, parameters: resolvedParameters(model, edits), market: market.snapshot, rows };
}

/** @throws RiskError when the model, a parameter or the curve's underlying does not exist, or the rule cannot take the book. */
export function explore(
  market: PreparedMarket,
  request: ExploreRequest,
  rows: UnitPnlRows,
  now: () => number,
  library?: readonly MarginModel[],
): ExploreReport {
  const started = now();
  const rulebook = rulebookOf(market, request.model, request.parameters, rows, library);
  const before = bookPositions(market, request.book);
  const after = request.proposed ? bookPositions(market, request.proposed) : null;
  const expiries = expiryDates([before, after]);
  const grid = (book: BookPositions) => stressGrid(book, request.stress, rulebook);
  const curve = (book: BookPositions) => curveSet(market, book, request.curve, expiries, rulebook);
  const pin = request.pin;
  return {
    inputVersion: request.inputVersion,
    marketId: request.marketId,
    stress: { before: grid(before), after: after && grid(after) },
    curves: { before: curve(before), after: after && curve(after) },
    pinned: pin && {
      before: stressCell(before, pin, pin.movers, rulebook),
      after: after && stressCell(after, pin, pin.movers, rulebook),
    },
    leftOut: (after ?? before).unpriced.map(({ leg }) => leg.id),
    elapsedMs: now() - started,
  };
}

/** The book over spot x vol: P&L of the legs, equity, and the requirement re-margined in each cell. */
export function stressGrid(book: BookPositions, axes: StressAxes, rulebook: Rulebook): StressGrid {
  const cells = axes.vol.map((volShock) =>
    axes.spot.map((spotMove) =>
      stressCell(
        book,
        { spotMove, volShock, volUnit: axes.volUnit, days: axes.days, ...smileRule(axes) },
        axes.movers,
        rulebook,
      ),
    ),
  );
  const matrix = (figure: keyof StressCell) => cells.map((row) => row.map((cell) => cell[figure]));
  return {
    spot: axes.spot,
    vol: axes.vol,
    pnlUsd: matrix('pnlUsd'),
    initialMarginUsd: matrix('initialMarginUsd'),
    maintenanceMarginUsd: matrix('maintenanceMarginUsd'),
    equityUsd: matrix('equityUsd'),
  };
}

function stressCell(book: BookPositions, scenario: Scenario, movers: Movers, rulebook: Rulebook): StressCell {
  const shifted = shiftedBook(book, scenario, movers);
  return {
    pnlUsd: legsValueUsd(shifted) - legsValueUsd(book),
    ...requirementOf(shifted, rulebook),
  };
}

/** The same rule, the same code, on a book that has been moved; equity is what the rule counts as such. */
export function requirementOf(book: BookPositions, { model, parameters, market, rows }: Rulebook) {
  const { initialMarginUsd, maintenanceMarginUsd, backing } = model.requirement(
    marginBook(book, market, rows),
    parameters,
  );
  return { equityUsd: backing?.equityUsd ?? book.equityUsd, initialMarginUsd, maintenanceMarginUsd };
}

/** The smile rule of some axes, with its beta where one is given. */
function smileRule({ smile, spotVolBeta }: StressAxes | CurveAxes): Pick<Scenario, 'smile' | 'spotVolBeta'> {
  return spotVolBeta === undefined ? { smile } : { smile, spotVolBeta };
}

function curveSet(
  market: PreparedMarket,
  book: BookPositions,
  axes: CurveAxes,
  expiries: readonly number[],
  rulebook: Rulebook,
): CurveSet {
  const { index } = preparedUnderlying(market, axes.underlying).market;
  const at = (spotMove: number, days: number): Scenario => ({
    spotMove,
    volShock: axes.volShock,
    volUnit: axes.volUnit,
    days,
    ...smileRule(axes),
  });
  const base = legsValueUsd(book);
  const pnlUsd = (days: number) =>
    Float64Array.from(axes.spot, (move) => legsValueUsd(shiftedBook(book, at(move, days), axes.movers)) - base);
  const firstDay = axes.days[0];
  if (firstDay === undefined) throw new RiskError('bad-value', 'A curve needs at least one date', '/curve/days');

  const runway = axes.spot.map((move) => {
    const shifted = shiftedBook(book, at(move, firstDay), axes.movers);
    return requirementOf(shifted, rulebook);
  });
  const daysTo = (expiry: number) => (expiry - market.snapshot.asOf) / MILLISECONDS_PER_DAY;
  return {
    spotUsd: Float64Array.from(axes.spot, (move) => index * (1 + move)),
    legsValueUsd: base,
    pnl: [
      ...axes.days.map((days) => ({ days, expiry: null, pnlUsd: pnlUsd(days) })),
      ...expiries.map((expiry) => ({ days: daysTo(expiry), expiry, pnlUsd: pnlUsd(daysTo(expiry)) })),
    ],
    equityUsd: Float64Array.from(runway, (point) => point.equityUsd),
    initialMarginUsd: Float64Array.from(runway, (point) => point.initialMarginUsd),
    maintenanceMarginUsd: Float64Array.from(runway, (point) => point.maintenanceMarginUsd),
    liquidation: liquidationMoves(
      axes.spot,
      runway.map((point) => point.equityUsd - point.maintenanceMarginUsd),
    ),
  };
}

/**
 * Spot moves at which headroom (equity minus maintenance) reaches zero, nearest to no move on each side, linear between the
 * points of the axis; null where it stays above zero as far as the axis goes. Already short of maintenance: zero on both sides.
 */
export function liquidationMoves(
  spot: readonly number[],
  headroomUsd: readonly number[],
): { below: number | null; above: number | null } {
  const from = spot.findIndex((move) => move >= 0);
  if (from < 0 || headroomUsd.length === 0) return { below: null, above: null };
  if (headroomUsd[from]! <= 0) return { below: 0, above: 0 };
  const crossing = (step: 1 | -1): number | null => {
    for (let i = from; i + step >= 0 && i + step < spot.length; i += step) {
      const here = headroomUsd[i]!;
      const next = headroomUsd[i + step]!;
      if (next <= 0) return spot[i]! + ((spot[i + step]! - spot[i]!) * here) / (here - next);
    }
    return null;
  };
  return { below: crossing(-1), above: crossing(1) };
}

/** Distinct expiries of the priced legs of both books, ascending, so that before and after are drawn on the same dates. */
function expiryDates(books: readonly (BookPositions | null)[]): number[] {
  const dates = new Set<number>();
  for (const book of books) {
    for (const { state } of book?.legs ?? [])
      if (state.instrument.product !== 'perpetual') dates.add(state.instrument.expiry);
  }
  return [...dates].sort((a, b) => a - b);
}
