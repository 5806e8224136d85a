import { Matrix } from 'ml-matrix';
import type { ScenarioSet, SmileRule, VarianceTerm } from '../domain/scenario.ts';
import type { Usd } from '../domain/units.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import type { BookPositions } from '../scenario/bookPositions.ts';
import { VOL_TERM_POWER } from '../scenario/jointMoves.ts';
import { coinPnlRow, unitPnlRow } from '../scenario/unitPnl.ts';

/** One position of a book as VaR sees it: an id, what it depends on, and its P&L. */
export interface Exposure {
  /** The leg's id, or `collateral:BTC`. */
  readonly id: string;
  readonly underlying: string;
  /** Units held, signed; P&L is in proportion to it. */
  readonly quantity: number;
  /** P&L in USD of the whole position in each scenario. */
  pnl(set: ScenarioSet): Float64Array;
}

/** The priced legs, then the coin collateral: coins move with spot like any position. Stablecoins and USD do not move. */
export function exposures(book: BookPositions, kernels: Kernels = referenceKernels): Exposure[] {
  const legs = book.legs.map(({ leg, state, unrealisedCoins }): Exposure => {
    const { underlying } = state.instrument;
    return {
      id: leg.id,
      underlying,
      quantity: leg.quantity,
      pnl(set) {
        const row = unitPnlRow(state, set, kernels);
        // Profit already earned on an inverse future is coin, so its dollars move too.
        const coins = unrealisedCoins === 0 ? null : coinPnlRow(state.index, underlying, set);
        return row.map((unit, s) => leg.quantity * unit + (coins === null ? 0 : unrealisedCoins * coins[s]!));
      },
    };
  });
  const coins = book.coins.map(
    ({ id, symbol, quantity, index }): Exposure => ({
      id,
      underlying: symbol,
      quantity,
      pnl: (set) => coinPnlRow(index, symbol, set).map((coin) => quantity * coin),
    }),
  );
  return [...legs, ...coins];
}

/** The underlyings of some exposures, each once, in order of first appearance. */
export function underlyingsOf(positions: readonly Exposure[]): string[] {
  return [...new Set(positions.map((position) => position.underlying))];
}

/** P&L of all positions together, added in their order. */
export function totalPnl(positions: readonly Exposure[], set: ScenarioSet): Float64Array {
  const total = new Float64Array(set.count);
  for (const position of positions) {
    const row = position.pnl(set);
    for (let s = 0; s < total.length; s += 1) total[s] = total[s]! + row[s]!;
  }
  return total;
}

/**
 * Second-order sensitivities of a position to its own underlying's relative spot move and relative shock of 30-day vol, in USD
 * per 1.00 (100 %) of each: P&L = delta s + vega v + gamma s^2 / 2 + vanna s v + volga v^2 / 2.
 */
export interface Sensitivity {
  readonly id: string;
  readonly underlying: string;
  readonly delta: Usd;
  readonly gamma: Usd;
  readonly vega: Usd;
  readonly vanna: Usd;
  readonly volga: Usd;
}

const SPOT_STEP = 3e-4;
const VOL_STEP = 1e-3;

/**
 * Central differences of the position's own scenario P&L, so that they hold for every contract, settlement and smile rule and
 * carry the same term scaling of vol shocks as full revaluation (by `varianceTerm` where vol follows a variance): spot +-0.03 %,
 * vol +-0.1 % of itself.
 */
export function sensitivity(position: Exposure, smile: SmileRule, varianceTerm?: VarianceTerm): Sensitivity {
  const spot = [0, 1, -1, 0, 0, 1, 1, -1, -1].map((sign) => sign * SPOT_STEP);
  const vol = [0, 0, 0, 1, -1, 1, -1, 1, -1].map((sign) => sign * VOL_STEP);
  const row = position.pnl({
    id: `differences|${position.underlying}|${smile}`,
    count: spot.length,
    underlyings: [position.underlying],
    spotMove: Float64Array.from(spot),
    volShock: Float64Array.from(vol),
    volUnit: 'relative',
    volTermPower: VOL_TERM_POWER,
    ...(varianceTerm === undefined ? {} : { varianceTerms: [varianceTerm] }),
    horizonDays: 0,
    smile,
  });
  const [base, up, down, volUp, volDown, upUp, upDown, downUp, downDown] = row as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    id: position.id,
    underlying: position.underlying,
    delta: (up - down) / (2 * SPOT_STEP),
    gamma: (up - 2 * base + down) / SPOT_STEP ** 2,
    vega: (volUp - volDown) / (2 * VOL_STEP),
    vanna: (upUp - upDown - downUp + downDown) / (4 * SPOT_STEP * VOL_STEP),
    volga: (volUp - 2 * base + volDown) / VOL_STEP ** 2,
  };
}

/** The position with its P&L replaced by the quadratic of its sensitivities. */
export function deltaGammaExposure(position: Exposure, smile: SmileRule): Exposure {
  const { id, underlying, quantity } = position;
  let known: { readonly term: VarianceTerm | undefined; readonly found: Sensitivity } | null = null;
  return {
    id,
    underlying,
    quantity,
    pnl(set) {
      const row = set.underlyings.indexOf(underlying);
      const offset = row * set.count;
      const term = set.varianceTerms?.[row];
      if (known === null || known.term !== term) known = { term, found: sensitivity(position, smile, term) };
      const { delta, gamma, vega, vanna, volga } = known.found;
      return Float64Array.from({ length: set.count }, (_, k) => {
        const s = set.spotMove[offset + k]!;
        const v = set.volShock[offset + k]!;
        return s * (delta + (gamma * s) / 2 + vanna * v) + v * (vega + (volga * v) / 2);
      });
    },
  };
}

/** Gradient and Hessian of a position over all factors, spots first, then vols: its delta and Gamma in P&L = d.u + u.G.u / 2. */
export function factorQuadratic(
  position: Sensitivity,
  underlyings: readonly string[],
): { delta: Float64Array; gamma: Matrix } {
  const n = underlyings.length;
  const u = underlyings.indexOf(position.underlying);
  const delta = new Float64Array(2 * n);
  const gamma = new Matrix(2 * n, 2 * n);
  delta[u] = position.delta;
  delta[n + u] = position.vega;
  gamma.set(u, u, position.gamma);
  gamma.set(u, n + u, position.vanna);
  gamma.set(n + u, u, position.vanna);
  gamma.set(n + u, n + u, position.volga);
  return { delta, gamma };
}
