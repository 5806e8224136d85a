import type { CoinMoves, Kernels, OptionColumns } from '../kernels/Kernels.ts';
import type { OptionPathRow, ProxyPathRow } from './pathPlan.ts';
import { pathVol } from './pathVol.ts';

/** Moves that were not covered, reused from block to block. */
let missed = new Int32Array(2048);

/**
 * `total[s] += units x P&L` of a proxy over the moves of its coin. A move that it does not cover is revalued in full, all options in it
 * as one batch: such moves are few and far between.
 */
export function addProxyRowPnl(
  row: ProxyPathRow,
  units: number,
  moves: CoinMoves,
  total: Float64Array,
  kernels: Kernels,
): void {
  if (missed.length < total.length) missed = new Int32Array(total.length);
  const misses = kernels.addProxyPnl(row.proxy, units, moves, total, missed);
  if (misses === 0) return;
  const positions = exactPositions(row);
  for (let k = 0; k < misses; k += 1) {
    const s = missed[k]!;
    const pnl = exactPnl(positions, moves.growth[s]!, moves.volShock[s]!, kernels);
    total[s] = total[s]! + units * pnl;
  }
}

/** The options of a row as the kernels price a batch of them, and what one move writes to. */
interface ExactPositions {
  readonly rows: readonly OptionPathRow[];
  readonly columns: OptionColumns;
  /** Of an unmoved coin. */
  readonly forward: Float64Array;
  /** Vol and what a shock adds to it, where it is a straight line; NaN where it is not. */
  readonly volatility: Float64Array;
  readonly volPerShock: Float64Array;
  readonly leastVol: Float64Array;
  readonly premiums: Float64Array;
  /** USD per unit of premium held. */
  readonly usdPerPremium: Float64Array;
  readonly presentUsd: number;
  readonly usdPerMove: number;
}

const known = new WeakMap<ProxyPathRow, ExactPositions>();

function exactPositions(row: ProxyPathRow): ExactPositions {
  const found = known.get(row);
  if (found !== undefined) return found;
  const { options, usdPerMove } = row.exact;
  const column = (of: (held: (typeof options)[number]) => number): Float64Array => Float64Array.from(options, of);
  const made: ExactPositions = {
    rows: options.map((held) => held.row),
    columns: {
      sign: column((held) => held.row.terms.sign),
      forward: new Float64Array(options.length),
      strike: column((held) => held.row.terms.strike),
      timeToExpiryYears: column((held) => held.row.terms.timeToExpiryYears),
      volatility: new Float64Array(options.length),
      discount: column(() => 1),
    },
    forward: column((held) => held.row.terms.forward),
    volatility: column((held) => (held.row.vols === null ? held.row.terms.volatility : Number.NaN)),
    volPerShock: column((held) => held.row.terms.volPerShock),
    leastVol: column((held) => held.row.terms.leastVol),
    premiums: new Float64Array(options.length),
    usdPerPremium: column((held) => held.units * held.row.terms.premiumToUsd),
    presentUsd: options.reduce((sum, held) => sum + held.units * held.row.terms.presentUsd, 0),
    usdPerMove,
  };
  known.set(row, made);
  return made;
}

function exactPnl(positions: ExactPositions, growth: number, volShock: number, kernels: Kernels): number {
  const { rows, columns, premiums, usdPerPremium, presentUsd, usdPerMove } = positions;
  for (let i = 0; i < rows.length; i += 1) {
    columns.forward[i] = positions.forward[i]! * growth;
    const vol = positions.volatility[i]! + positions.volPerShock[i]! * volShock;
    columns.volatility[i] = vol === vol ? Math.max(vol, positions.leastVol[i]!) : pathVol(rows[i]!, growth, volShock);
  }
  kernels.prices(columns, premiums);
  let usd = usdPerMove * (growth - 1) - presentUsd;
  for (let i = 0; i < premiums.length; i += 1) usd += usdPerPremium[i]! * premiums[i]!;
  return usd;
}
