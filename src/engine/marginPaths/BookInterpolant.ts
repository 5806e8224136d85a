import type { SmileRule } from '../domain/scenario.ts';
import type { Usd } from '../domain/units.ts';
import type { BookAlong } from './BookAlong.ts';
import { blendedTable, type Segment, segmentAt } from './coinSegments.ts';
import { type EquitySlice, equityTable, equityTimes } from './equityTables.ts';
import { addReadings, type EvenGrid } from './EvenTable.ts';
import type { JointMargin } from './JointMargin.ts';
import type { MarginTables, Refinement } from './MarginTables.ts';

/** What is known of one coin in one stretch without expiry. */
export interface CoinStretch extends Segment {
  readonly grid: EvenGrid;
  readonly equity: readonly EquitySlice[];
  readonly margins: MarginTables;
}

/** Some paths at one moment. */
export interface PathStates {
  readonly spot: readonly Float64Array[];
  readonly vol: readonly Float64Array[];
  readonly cashUsd: Float64Array;
}

export async function equitySlices(
  book: BookAlong,
  coin: number,
  segment: Segment,
  grid: EvenGrid,
  smile: SmileRule,
  gate: Refinement['gate'],
): Promise<readonly EquitySlice[]> {
  const slices: EquitySlice[] = [];
  for (const days of equityTimes(segment)) {
    slices.push({ days, table: equityTable(book, coin, segment, grid, days, smile) });
    await gate();
  }
  return slices;
}

/** Equity and the rule's figures anywhere on a path: a coin at a time, and what coins offset. */
export class BookInterpolant {
  readonly #stretches: readonly (readonly CoinStretch[])[];
  readonly #joint: JointMargin | null;
  /** Collateral that no path moves. */
  readonly #stillUsd: Usd;
  /** A book without coins is asked for the same everywhere. */
  readonly #still: { readonly backingUsd: Usd; readonly maintenanceMarginUsd: Usd; readonly initialMarginUsd: Usd };

  constructor(
    stretches: readonly (readonly CoinStretch[])[],
    joint: JointMargin | null,
    stillUsd: Usd,
    still: { readonly backingUsd: Usd; readonly maintenanceMarginUsd: Usd; readonly initialMarginUsd: Usd },
  ) {
    this.#stretches = stretches;
    this.#joint = joint;
    this.#stillUsd = stillUsd;
    this.#still = still;
  }

  /** Readings of all paths at a time. */
  at(days: number, settledUntil: number): MomentReadings {
    const coins = this.#stretches.map((own) => segmentAt(own, settledUntil));
    const joint = this.#joint;
    const blend = (coin: CoinStretch, figure: 'headroom' | 'backing' | 'maintenance' | 'initial') => {
      const { slices } = coin.margins;
      const out = new Float64Array(slices[0]!.headroom.length);
      return blendedTable(
        slices,
        slices.map((slice) => slice[figure]),
        days,
        out,
      );
    };
    const equityOf = ({ equity }: CoinStretch) =>
      blendedTable(
        equity,
        equity.map(({ table }) => table),
        days,
        new Float64Array(equity[0]!.table.length),
      );
    const read = (
      tables: readonly Float64Array[],
      states: PathStates,
      constant: number,
      withCash: boolean,
      figure: 'headroom' | 'maintenance' | 'initial' | null,
    ) => {
      const out = new Float64Array(states.cashUsd.length).fill(constant);
      if (withCash) for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + states.cashUsd[i]!;
      coins.forEach(({ grid }, u) => addReadings(grid, tables[u]!, states.spot[u]!, states.vol[u]!, out));
      if (figure !== null) joint?.addReadings(figure, settledUntil, days, states.spot, out);
      return out;
    };
    const { backingUsd, maintenanceMarginUsd, initialMarginUsd } = this.#still;
    const added = (a: readonly Float64Array[], b: readonly Float64Array[]) =>
      a.map((table, u) => table.map((value, i) => value + b[u]![i]!));
    const equity = coins.map(equityOf);
    const headroomTables = added(
      equity,
      coins.map((coin) => blend(coin, 'headroom')),
    );
    return {
      headroom: (states) =>
        read(headroomTables, states, this.#stillUsd + backingUsd - maintenanceMarginUsd, true, 'headroom'),
      maintenance: (states) =>
        read(
          coins.map((coin) => blend(coin, 'maintenance')),
          states,
          maintenanceMarginUsd,
          false,
          'maintenance',
        ),
      initial: (states) =>
        read(
          coins.map((coin) => blend(coin, 'initial')),
          states,
          initialMarginUsd,
          false,
          'initial',
        ),
    };
  }
}

export interface MomentReadings {
  /** Equity minus maintenance. */
  headroom(states: PathStates): Float64Array;
  maintenance(states: PathStates): Float64Array;
  initial(states: PathStates): Float64Array;
}
