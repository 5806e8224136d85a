import type { SmileRule, VarianceTerm } from '../domain/scenario.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import type { BookPositions, LegPosition } from './bookPositions.ts';
import { type ContractState, daysToExpiry } from './contractState.ts';
import { VOL_TERM_POWER } from './jointMoves.ts';
import type { OptionPathRow, PathDraws, PathPlan, PathRow, QuadraticPathRow } from './pathPlan.ts';
import { shockTermFactor, slidVol } from './shiftedState.ts';
import { optionTerms } from './unitPnl.ts';
import { varianceFollowing } from './varianceTerm.ts';

/** A position of a book as rows of a plan. */
export interface PathPosition {
  /** The leg's id, or `collateral:BTC`. */
  readonly id: string;
  /** Units held, signed. */
  readonly quantity: number;
  /** What it is worth is the sum of these; nothing once settled. */
  readonly holdings: readonly PathHolding[];
}

export interface PathHolding {
  /** Equal keys mean equal rows. */
  readonly key: string;
  readonly row: PathRow;
  readonly units: number;
}

/** What positions are moved by, but for the plan's draws themselves. */
export interface PathMarket {
  readonly underlyings: readonly string[];
  /** By underlying, where vol follows a variance. */
  readonly varianceTerms: readonly VarianceTerm[] | null;
  readonly smile: SmileRule;
  readonly kernels: Kernels;
}

/** The variances that implied vol follows under some draws, by underlying. */
export function varianceTermsOf(draws: PathDraws): readonly VarianceTerm[] | null {
  return draws.kind === 'bates' ? draws.implied.map(({ term }) => term) : null;
}

/**
 * The priced legs, then the coin collateral, in the order of `exposures`.
 * @throws RiskError `missing-data` under spot-vol-beta for a coin whose market cannot tell its beta.
 */
export function pathPositions(book: BookPositions, market: PathMarket): PathPosition[] {
  const legs = book.legs.map((position) => ({
    id: position.leg.id,
    quantity: position.leg.quantity,
    holdings: legHoldings(position, market),
  }));
  const coins = book.coins.map(({ id, symbol, quantity, index }) => ({
    id,
    quantity,
    holdings: [moveOf(symbol, quantity * index, market)],
  }));
  return [...legs, ...coins];
}

function legHoldings({ leg, state, unrealisedCoins }: LegPosition, market: PathMarket): PathHolding[] {
  if (state.timeToExpiryYears <= 0) return [];
  const { underlying, name, settlement } = state.instrument;
  if (state.option !== null) return [{ key: `option:${name}`, row: optionPathRow(state, market), units: leg.quantity }];
  // Spot and forward move by one factor g. Linear: F g - F. Inverse: index g (1/F - 1/(F g)) = (index / F) (g - 1). And profit
  // already earned on an inverse future is coin, so its dollars move too.
  const perUnit = settlement === 'coin' ? state.index / state.forward : state.forward;
  return [moveOf(underlying, leg.quantity * perUnit + unrealisedCoins * state.index, market)];
}

/** So many USD for the relative move of a coin. */
function moveOf(symbol: string, usd: number, { underlyings }: PathMarket): PathHolding {
  const coin = underlyings.indexOf(symbol);
  return { key: `linear:${symbol}`, row: { kind: 'linear', coin, usdPerMove: 1 }, units: usd };
}

function optionPathRow(
  state: ContractState,
  { underlyings, varianceTerms, smile, kernels }: PathMarket,
): OptionPathRow {
  const coin = underlyings.indexOf(state.instrument.underlying);
  const terms = optionTerms(state, 0, kernels);
  const termFactor = shockTermFactor(state, VOL_TERM_POWER);
  const term = varianceTerms?.[coin];
  if (smile === 'sticky-strike' && term === undefined)
    return { kind: 'option', coin, terms: { ...terms, volPerShock: termFactor * terms.volatility }, vols: null };
  // What no path could tell is refused before any is drawn.
  slidVol(state, state.option!, 0.01, smile, undefined);
  const following = term === undefined ? null : varianceFollowing(term, daysToExpiry(state));
  return {
    kind: 'option',
    coin,
    terms: { ...terms, volatility: 0, volPerShock: 1 },
    vols: { state, smile, termFactor, following },
  };
}

/** The plan of some books: each row stands in it once, with the units that each book holds of it. */
export function pathPlan(
  underlyings: readonly string[],
  draws: PathDraws,
  books: readonly (readonly PathPosition[])[],
): PathPlan {
  const rows: PathRow[] = [];
  const places = new Map<string, number>();
  const units = books.map((): number[] => []);
  const hold = (key: string, row: PathRow, book: number, quantity: number): void => {
    const place = places.get(key) ?? rows.push(row) - 1;
    places.set(key, place);
    units[book]![place] = (units[book]![place] ?? 0) + quantity;
  };
  books.forEach((positions, book) => {
    const quadratics = new Map<number, QuadraticPathRow>();
    for (const holding of positions.flatMap(({ holdings }) => holdings)) {
      const { key, row } = holding;
      if (row.kind === 'quadratic') quadratics.set(row.coin, added(quadratics.get(row.coin), row, holding.units));
      else hold(key, row, book, holding.units);
    }
    // Quadratics of one coin add up to one.
    for (const row of quadratics.values()) hold(`quadratic:${book}:${row.coin}`, row, book, 1);
  });
  return {
    underlyings,
    draws,
    rows,
    books: units.map((held) => Float64Array.from(rows, (_, row) => held[row] ?? 0)),
  };
}

function added(sum: QuadraticPathRow | undefined, row: QuadraticPathRow, units: number): QuadraticPathRow {
  const add = (of: 'delta' | 'gamma' | 'vega' | 'vanna' | 'volga'): number => (sum?.[of] ?? 0) + units * row[of];
  return {
    ...row,
    delta: add('delta'),
    gamma: add('gamma'),
    vega: add('vega'),
    vanna: add('vanna'),
    volga: add('volga'),
  };
}
