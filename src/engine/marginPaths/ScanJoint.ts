import type { Usd } from '../domain/units.ts';
import type { BookAlong } from './BookAlong.ts';
import { type Segment, segmentAt, sliceShare } from './coinSegments.ts';
import type { EvenGrid } from './EvenTable.ts';
import type { MarginSlice, ScanTable } from './MarginTables.ts';

type ScannedStretch = Segment & { readonly margins: readonly MarginSlice[] };

/**
 * The requirement of several coins together, put together by the rule itself from each coin's scan: scans are interpolated, and the
 * worst of them is taken on the path.
 */
export class ScanJoint {
  readonly #acrossCoins: NonNullable<BookAlong['acrossCoins']>;
  readonly #stretches: readonly (readonly ScannedStretch[])[];

  /** @param stretches by coin */
  constructor(acrossCoins: NonNullable<BookAlong['acrossCoins']>, stretches: readonly (readonly ScannedStretch[])[]) {
    this.#acrossCoins = acrossCoins;
    this.#stretches = stretches;
  }

  /** Of the states that `wanted` names, written to `out`. */
  readings(
    figure: 'maintenance' | 'initial',
    settledUntil: number,
    days: number,
    { spot, vol }: { readonly spot: readonly Float64Array[]; readonly vol: readonly Float64Array[] },
    wanted: (path: number) => boolean,
    out: Float64Array,
  ): Float64Array {
    const coins = this.#stretches.map((own) => {
      const { margins: slices } = segmentAt(own, settledUntil);
      const { before, share } = sliceShare(slices, days);
      return { low: slices[before]!.scan, high: slices[Math.min(before + 1, slices.length - 1)]!.scan, share };
    });
    const width = Math.max(...coins.flatMap(({ low, high }) => [low?.width ?? 0, high?.width ?? 0]));
    const scans = coins.map(() => new Float64Array(width));
    const losses = scans.map((scan) => scan.subarray(0, width - 1));
    for (let i = 0; i < out.length; i += 1) {
      if (!wanted(i)) continue;
      let chargesUsd: Usd = 0;
      for (let u = 0; u < coins.length; u += 1) {
        const scan = scans[u]!.fill(0);
        const { low, high, share } = coins[u]!;
        addScan(low, spot[u]![i]!, vol[u]![i]!, 1 - share, scan);
        if (share > 0) addScan(high, spot[u]![i]!, vol[u]![i]!, share, scan);
        chargesUsd += scan[width - 1]!;
      }
      const { initialMarginUsd, maintenanceMarginUsd } = this.#acrossCoins(losses, chargesUsd);
      out[i] = figure === 'initial' ? initialMarginUsd : maintenanceMarginUsd;
    }
    return out;
  }
}

/** Adds a bilinear reading of all scenarios, times a weight. A coin without a scan loses nothing. */
function addScan(table: ScanTable | null, x: number, y: number, weight: number, scan: Float64Array): void {
  if (table === null) return;
  const { grid, width, values } = table;
  const { node, right, up } = cellOf(grid, x, y);
  const [a, b, c, d] = [
    weight * (1 - right) * (1 - up),
    weight * right * (1 - up),
    weight * (1 - right) * up,
    weight * right * up,
  ];
  const at = node * width;
  const over = (node + grid.spot.count) * width;
  for (let s = 0; s < width; s += 1) {
    scan[s] =
      scan[s]! +
      a * values[at + s]! +
      b * values[at + width + s]! +
      c * values[over + s]! +
      d * values[over + width + s]!;
  }
}

/** As `addReadings`: beyond the grid spot goes on straight, vol stays. */
function cellOf({ spot, vol }: EvenGrid, x: number, y: number) {
  const along = (x - spot.from) / spot.step;
  const up = Math.min(Math.max((y - vol.from) / vol.step, 0), vol.count - 1);
  const column = Math.min(Math.max(Math.floor(along), 0), spot.count - 2);
  const row = Math.min(Math.floor(up), vol.count - 2);
  return { node: row * spot.count + column, right: along - column, up: up - row };
}
