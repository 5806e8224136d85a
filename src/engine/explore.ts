import type {
  CurveAxes,
  CurveSet,
  ExploreReport,
  ExploreRequest,
  LiquidationMoves,
  RequirementAt,
  StressAxes,
  StressCell,
  StressGrid,
} from './domain/riskReport.ts';
import type { Movers, Scenario } from './domain/scenario.ts';
import { MILLISECONDS_PER_DAY } from './domain/units.ts';
import { type Failure, failureOf } from './domain/failure.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { headroomModels } from './margin/headroomModels.ts';
import { marginBook } from './margin/marginBook.ts';
import { equityOf } from './margin/marginOutcome.ts';
import { type MarketRule, marketRule } from './margin/marketRule.ts';
import { amountsOverGrid } from './margin/amountsOverGrid.ts';
import { bracketedRoot } from './numerics/bracketedRoot.ts';
import { type BookPositions, bookPositions } from './scenario/bookPositions.ts';
import { legsOverGrid } from './scenario/bookOverGrid.ts';
import { columnsBeside } from './scenario/contractColumns.ts';
import { type MoveGrid, moveGrid } from './scenario/moveGrid.ts';
import { type PreparedMarket, preparedUnderlying } from './scenario/preparedMarket.ts';
import { legsValueUsd, shiftedBook } from './scenario/shiftedBook.ts';
import type { UnitPnlRows } from './scenario/unitPnlCache.ts';

/**
 * Curves and grid. A rule that cannot take the book, as it stands or somewhere moved, leaves its own figures out there and says
 * why; the P&L stands without it.
 * @throws RiskError when the model, a parameter or the curve's underlying does not exist.
 */
export function explore(
  market: PreparedMarket,
  request: ExploreRequest,
  rows: UnitPnlRows,
  now: () => number,
  library: readonly MarginModel[] = headroomModels,
): ExploreReport {
  const started = now();
  const rule = marketRule(market, request, library, rows);
  columnsBeside(rows, market.kernels).startRequest();
  const before = bookPositions(market, request.book);
  const after = request.proposed ? bookPositions(market, request.proposed) : null;
  const expiries = expiryDates([before, after]);
  const grid = (book: BookPositions) => stressGrid(book, request.stress, rule);
  const curve = (book: BookPositions) => curveSet(book, request.curve, expiries, rule);
  const pin = request.pin;
  return {
    inputVersion: request.inputVersion,
    marketId: request.marketId,
    stress: { before: grid(before), after: after && grid(after) },
    curves: { before: curve(before), after: after && curve(after) },
    pinned: pin && {
      before: stressCell(before, pin, pin.movers, rule),
      after: after && stressCell(after, pin, pin.movers, rule),
    },
    leftOut: (after ?? before).unpriced.map(({ leg }) => leg.id),
    elapsedMs: now() - started,
  };
}

/** The book over spot x vol: P&L of the legs, equity, and the requirement re-margined in each cell. */
export function stressGrid(book: BookPositions, axes: StressAxes, rule: MarketRule): StressGrid {
  const cells = stressCells(book, moveGrid(axes), axes.movers, rule);
  const matrix = <F extends keyof StressCell>(figure: F) =>
    axes.vol.map((_, row) =>
      cells.slice(row * axes.spot.length, (row + 1) * axes.spot.length).map((cell) => cell[figure]),
    );
  return {
    spot: axes.spot,
    vol: axes.vol,
    pnlUsd: matrix('pnlUsd'),
    initialMarginUsd: matrix('initialMarginUsd'),
    maintenanceMarginUsd: matrix('maintenanceMarginUsd'),
    equityUsd: matrix('equityUsd'),
    unsupported: firstReason(cells),
  };
}

function firstReason(points: readonly RequirementAt[]): Failure | null {
  return points.find(({ unsupported }) => unsupported !== null)?.unsupported ?? null;
}

/** Everything that a cell has, in each of a grid: from columns where the rule is one of ours, else from the book moved to it. */
function stressCells(book: BookPositions, grid: MoveGrid, movers: Movers, rule: MarketRule): StressCell[] {
  const base = legsValueUsd(book);
  const amounts = amountsOverGrid(book, grid, movers, rule, columnsBeside(rule.rows, rule.market.kernels));
  if (amounts === null) {
    return grid.cells.map((scenario) => {
      const shifted = shiftedBook(book, scenario, movers);
      return { pnlUsd: legsValueUsd(shifted) - base, ...requirementOf(shifted, rule) };
    });
  }
  const { legsUsd, equityUsd, initialMarginUsd, maintenanceMarginUsd } = amounts;
  return grid.cells.map((_, c) => ({
    pnlUsd: legsUsd[c]! - base,
    equityUsd: equityUsd[c]!,
    initialMarginUsd: initialMarginUsd[c]!,
    maintenanceMarginUsd: maintenanceMarginUsd[c]!,
    unsupported: null,
  }));
}

function stressCell(book: BookPositions, scenario: Scenario, movers: Movers, rule: MarketRule): StressCell {
  const shifted = shiftedBook(book, scenario, movers);
  return {
    pnlUsd: legsValueUsd(shifted) - legsValueUsd(book),
    ...requirementOf(shifted, rule),
  };
}

/** The same rule, the same code, on a book that has been moved. */
export function requirementOf(book: BookPositions, { market, model, parameters, rows }: MarketRule): RequirementAt {
  try {
    const requirement = model.requirement(marginBook(book, market.snapshot, rows), parameters);
    const { initialMarginUsd, maintenanceMarginUsd } = requirement;
    return { equityUsd: equityOf(requirement, book), initialMarginUsd, maintenanceMarginUsd, unsupported: null };
  } catch (error) {
    return { equityUsd: null, initialMarginUsd: null, maintenanceMarginUsd: null, unsupported: failureOf(error) };
  }
}

/** Equity minus maintenance: what can be lost before liquidation. Null where the rule cannot take the book. */
export function headroomOf(point: RequirementAt): number | null {
  return point.unsupported === null ? point.equityUsd - point.maintenanceMarginUsd : null;
}

/** The smile rule of some axes, with its beta where one is given. */
export function smileRule({
  smile,
  spotVolBeta,
}: Pick<StressAxes, 'smile' | 'spotVolBeta'>): Pick<Scenario, 'smile' | 'spotVolBeta'> {
  return spotVolBeta === undefined ? { smile } : { smile, spotVolBeta };
}

function curveSet(book: BookPositions, axes: CurveAxes, expiries: readonly number[], rule: MarketRule): CurveSet {
  const { market } = rule;
  const { index } = preparedUnderlying(market, axes.underlying).market;
  const at = (spotMove: number, days: number): Scenario => ({
    spotMove,
    volShock: axes.volShock,
    volUnit: axes.volUnit,
    days,
    ...smileRule(axes),
  });
  const gridAt = (days: number) => moveGrid({ ...axes, vol: [axes.volShock], days });
  const base = legsValueUsd(book);
  const columns = columnsBeside(rule.rows, market.kernels);
  const pnlUsd = (days: number) =>
    legsOverGrid(book, gridAt(days), axes.movers, columns).map((legsUsd) => legsUsd - base);
  const requirementAt = (move: number) =>
    requirementOf(shiftedBook(book, at(move, axes.runwayDays), axes.movers), rule);
  const runway = stressCells(book, gridAt(axes.runwayDays), axes.movers, rule);
  const daysTo = (expiry: number) => (expiry - market.snapshot.asOf) / MILLISECONDS_PER_DAY;
  return {
    spotUsd: Float64Array.from(axes.spot, (move) => index * (1 + move)),
    legsValueUsd: base,
    pnl: [
      ...axes.days.map((days) => ({ days, expiry: null, pnlUsd: pnlUsd(days) })),
      ...expiries.map((expiry) => ({ days: daysTo(expiry), expiry, pnlUsd: pnlUsd(daysTo(expiry)) })),
    ],
    equityUsd: runway.map((point) => point.equityUsd),
    initialMarginUsd: runway.map((point) => point.initialMarginUsd),
    maintenanceMarginUsd: runway.map((point) => point.maintenanceMarginUsd),
    liquidation: liquidationMoves(axes.spot, runway.map(headroomOf), (move) => headroomOf(requirementAt(move))),
    unsupported: firstReason(runway),
  };
}

/** A liquidation level is known to this share of spot. */
const LEVEL_ERROR = 1e-6;

/**
 * Spot moves at which headroom (equity minus maintenance) falls below zero, nearest to no move on each side: bracketed by the
 * points of the axis, then found between them by `headroomAt`. Points without headroom end the search on their side.
 */
export function liquidationMoves(
  spot: readonly number[],
  headroomUsd: readonly (number | null)[],
  headroomAt: (move: number) => number | null,
): LiquidationMoves {
  const start = spot.findIndex((move) => move >= 0);
  const here = headroomUsd[start];
  if (here === undefined || here === null) return { below: null, above: null, examined: null };
  if (here < 0) return { below: 0, above: 0, examined: { from: 0, to: 0 } };
  const search = (step: 1 | -1): { crossing: number | null; end: number } => {
    let i = start;
    for (; i + step >= 0 && i + step < spot.length; i += step) {
      const next = headroomUsd[i + step]!;
      if (next === null) break;
      if (next < 0) {
        const ends = [spot[i]!, spot[i + step]!] as const;
        const values = [headroomUsd[i]!, next] as const;
        const crossing = bracketedRoot(headroomAt, ends, values, LEVEL_ERROR);
        return { crossing, end: crossing ?? spot[i]! };
      }
    }
    return { crossing: null, end: spot[i]! };
  };
  const [below, above] = [search(-1), search(1)];
  return { below: below.crossing, above: above.crossing, examined: { from: below.end, to: above.end } };
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
