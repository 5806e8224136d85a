import type { ParameterSet } from './domain/riskParameters.ts';
import type { BookRisk, Greeks, PositionRisk, PricedPosition } from './domain/riskReport.ts';
import type { Portfolio } from './domain/portfolio.ts';
import { headroomModels } from './margin/headroomModels.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { marginBook } from './margin/marginBook.ts';
import { marginOutcome } from './margin/marginOutcome.ts';
import { resolvedParameters } from './margin/resolvedParameters.ts';
import { type BookPositions, bookPositions } from './scenario/bookPositions.ts';
import { markPrice } from './scenario/contractState.ts';
import { addedGreeks, NO_GREEKS, scaledGreeks, unitGreeks } from './scenario/positionGreeks.ts';
import type { PreparedMarket } from './scenario/preparedMarket.ts';
import { rowsBy, type UnitPnlRows } from './scenario/unitPnlCache.ts';

export interface BookRiskOptions {
  /** Rulebooks to apply, by id; none by default. */
  readonly models?: readonly string[];
  /** Edited parameters by model id. */
  readonly parameters?: Readonly<Record<string, ParameterSet>>;
  /** Computed by the market's kernels by default. */
  readonly rows?: UnitPnlRows;
  /** The rulebooks that there are; Headroom's own by default. */
  readonly library?: readonly MarginModel[];
}

/**
 * Value, Greeks and margins of a portfolio. Legs that cannot be priced are left out of every sum, and said.
 * @throws RiskError when an edited parameter does not exist or is out of its bounds.
 */
export function bookRisk(
  market: PreparedMarket,
  portfolio: Portfolio,
  { models = [], parameters = {}, rows = rowsBy(market.kernels), library = headroomModels }: BookRiskOptions = {},
): BookRisk {
  const book = bookPositions(market, portfolio);
  const priced = pricedPositions(book);
  const failures = new Map(book.unpriced.map(({ leg, failure }) => [leg, failure]));
  const margined = marginBook(book, market.snapshot, rows);
  return {
    collateralUsd: book.collateralUsd,
    equityUsd: book.equityUsd,
    positions: portfolio.legs.map((leg): PositionRisk => {
      const failure = failures.get(leg);
      return failure
        ? { id: leg.id, instrument: leg.instrument, quantity: leg.quantity, failure }
        : priced.get(leg.id)!;
    }),
    collateral: book.collateral,
    byUnderlying: groups(book, priced, () => null).map(({ underlying, valueUsd, legs, greeks }) => ({
      underlying,
      valueUsd,
      legs,
      ...greeks,
    })),
    byExpiry: groups(book, priced, (expiry) => expiry)
      .map(({ underlying, expiry, valueUsd, legs, greeks }) => ({ underlying, expiry, valueUsd, legs, ...greeks }))
      .sort(
        (a, b) =>
          a.underlying.localeCompare(b.underlying) ||
          (a.expiry ?? Number.POSITIVE_INFINITY) - (b.expiry ?? Number.POSITIVE_INFINITY),
      ),
    margins: models.map((id) => {
      const model = library.find((known) => known.id === id);
      // A stored choice may be of a rulebook that no longer exists: it must not take the others with it.
      if (model === undefined)
        return { id, title: id, unsupported: { code: 'unsupported', message: `There is no margin model "${id}"` } };
      return marginOutcome(model, resolvedParameters(model, parameters[id]), margined);
    }),
    notices: book.notices,
  };
}

function pricedPositions(book: BookPositions): Map<string, PricedPosition> {
  return new Map(
    book.legs.map(({ leg, state, valueUsd }): [string, PricedPosition] => [
      leg.id,
      {
        id: leg.id,
        instrument: leg.instrument,
        quantity: leg.quantity,
        valueUsd,
        markPrice: markPrice(state),
        impliedVolatility: state.option?.volatility ?? null,
        volatilitySource: state.option?.volatilitySource ?? null,
        ...scaledGreeks(unitGreeks(state), leg.quantity),
      },
    ]),
  );
}

function groups(
  book: BookPositions,
  priced: ReadonlyMap<string, PricedPosition>,
  expiryOf: (expiry: number | null) => number | null,
) {
  const found = new Map<
    string,
    { underlying: string; expiry: number | null; valueUsd: number; legs: number; greeks: Greeks }
  >();
  for (const { leg, state, valueUsd } of book.legs) {
    const { underlying } = state.instrument;
    const expiry = expiryOf(state.instrument.product === 'perpetual' ? null : state.instrument.expiry);
    const key = `${underlying}|${expiry}`;
    const group = found.get(key) ?? { underlying, expiry, valueUsd: 0, legs: 0, greeks: NO_GREEKS };
    found.set(key, {
      ...group,
      valueUsd: group.valueUsd + valueUsd,
      legs: group.legs + 1,
      greeks: addedGreeks(group.greeks, priced.get(leg.id)!),
    });
  }
  return [...found.values()];
}
