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
      const tables = slices.map((slice) => slice[figure]);
      return blendedTable(slices, tables, days, new Float64Array(tables[0]!.length));
    };
    const equityOf = ({ equity }: CoinStretch) => {
      const tables = equity.map(({ table }) => table);
      return blendedTable(equity, tables, days, new Float64Array(tables[0]!.length));
    };
    /** Equity, and what the rule adds to it or takes off. */
    const withEquity = (figure: 'headroom' | 'backing') =>
      coins.map((coin) => {
        const table = equityOf(coin);
        const other = blend(coin, figure);
        for (let i = 0; i < table.length; i += 1) table[i] = table[i]! + other[i]!;
        return table;
      });
    const read = (tables: readonly Float64Array[], { cashUsd, spot, vol }: PathStates, constant: number) => {
      const out = new Float64Array(cashUsd.length).fill(constant);
      coins.forEach(({ grid }, u) => addReadings(grid, tables[u]!, spot[u]!, vol[u]!, out));
      return out;
    };
    const { backingUsd, maintenanceMarginUsd, initialMarginUsd } = this.#still;
    const required = (figure: 'maintenance' | 'initial', constant: Usd) => {
      const tables = coins.map((coin) => blend(coin, figure));
      return (states: PathStates) => {
        const out = read(tables, states, constant);
        if (joint === null) return out;
        const shares = joint.readings(figure, settledUntil, days, states.spot);
        for (let i = 0; i < out.length; i += 1) out[i] = out[i]! * shares[i]!;
        return out;
      };
    };
    const maintenance = required('maintenance', maintenanceMarginUsd);
    const free = withEquity(joint === null ? 'headroom' : 'backing');
    const stillUsd = this.#stillUsd + backingUsd - (joint === null ? maintenanceMarginUsd : 0);
    return {
      headroom: (states) => {
        const out = read(free, states, stillUsd);
        for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + states.cashUsd[i]!;
        if (joint === null) return out;
        const asked = maintenance(states);
        const backing = joint.readings('backing', settledUntil, days, states.spot);
        for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + backing[i]! - asked[i]!;
        return out;
      },
      maintenance,
      initial: (states) => required('initial', initialMarginUsd)(states),
    };
  }
}

export interface MomentReadings {
  /** Equity minus maintenance. */
  headroom(states: PathStates): Float64Array;
  maintenance(states: PathStates): Float64Array;
  initial(states: PathStates): Float64Array;
}
