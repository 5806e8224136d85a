import type { UnitPnl } from './unitPnl.ts';

/** P&L in USD of quantities of the instruments of `unit` in each scenario: quantities times unit P&L, row by row. */
export function portfolioPnl(quantities: readonly number[] | Float64Array, unit: UnitPnl): Float64Array {
  const total = new Float64Array(unit.count);
  for (let row = 0; row < unit.instruments.length; row += 1) {
    const quantity = quantities[row] ?? 0;
    if (quantity === 0) continue;
    const offset = row * unit.count;
    for (let s = 0; s < unit.count; s += 1) total[s] = total[s]! + quantity * unit.values[offset + s]!;
  }
  return total;
}
