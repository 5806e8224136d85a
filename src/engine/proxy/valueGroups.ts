import type { Usd } from '../domain/units.ts';
import type { CoinMoves } from '../kernels/Kernels.ts';
import type { OptionPathRow, PathRow } from '../scenario/pathPlan.ts';
import { pathVol } from '../scenario/pathVol.ts';
import type { ValueGroup } from './ValueGroup.ts';

/** A row of a plan and how much of it a book holds. */
export interface HeldRow<Row extends PathRow = PathRow> {
  readonly row: Row;
  readonly quantity: number;
}

/** Adds the P&L of so many units of a row to a column. */
export type AddRowPnl = (row: PathRow, quantity: number, moves: CoinMoves, total: Float64Array) => void;

/** Options of one coin by what is left of their lives: those of one expiry bend alike. */
export function valueGroups(options: readonly HeldRow<OptionPathRow>[], addRowPnl: AddRowPnl): ValueGroup[] {
  const byExpiry = new Map<number, HeldRow<OptionPathRow>[]>();
  for (const held of options) {
    const time = Math.max(held.row.terms.timeToExpiryYears, 0);
    const known = byExpiry.get(time);
    if (known === undefined) byExpiry.set(time, [held]);
    else known.push(held);
  }
  return [...byExpiry].map(([time, held]) => {
    const { calls, constant, perGrowth } = asCalls(held);
    const sorted = calls.sort((a, b) => bendOf(a.row) - bendOf(b.row));
    const rootTime = Math.sqrt(time);
    return {
      options: sorted.length,
      addPnl(moves, total) {
        for (const { row, quantity } of sorted) addRowPnl(row, quantity, moves, total);
        for (let s = 0; s < total.length; s += 1) total[s] = total[s]! + (constant + perGrowth * moves.growth[s]!);
      },
      bends: Float64Array.from(sorted, ({ row }) => bendOf(row)),
      width: (bend, volShock) => rootTime * pathVol(sorted[bend]!.row, 1, volShock),
    };
  });
}

/**
 * The same P&L with one call a strike: a put is a call less forward plus strike, so that a strike whose call and put have one vol is
 * priced once. What is left over is constant + perGrowth x growth.
 */
function asCalls(options: readonly HeldRow<OptionPathRow>[]): {
  readonly calls: HeldRow<OptionPathRow>[];
  readonly constant: Usd;
  readonly perGrowth: Usd;
} {
  const calls = new Map<string, { row: OptionPathRow; quantity: number }>();
  let [constant, perGrowth] = [0, 0];
  for (const { row, quantity } of options) {
    const { terms, vols } = row;
    const { strike, forward, premiumToUsd, volatility, volPerShock, leastVol } = terms;
    constant -= quantity * terms.presentUsd;
    if (terms.sign < 0) {
      constant += quantity * premiumToUsd * strike;
      perGrowth -= quantity * premiumToUsd * forward;
    }
    const vol =
      vols === null ? [volatility, volPerShock, leastVol] : [vols.state.option!.volatility, vols.state.forward];
    const key = [strike, forward, premiumToUsd, ...vol].join('|');
    const known = calls.get(key);
    if (known !== undefined) known.quantity += quantity;
    else calls.set(key, { row: { ...row, terms: { ...terms, sign: 1, presentUsd: 0 } }, quantity });
  }
  return { calls: [...calls.values()], constant, perGrowth };
}

/** The log-move that brings an option to the money at the horizon. */
function bendOf({ terms }: OptionPathRow): number {
  return Math.log(terms.strike / terms.forward);
}
