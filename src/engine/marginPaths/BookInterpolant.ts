import type { Timestamp, Usd } from '../domain/units.ts';
import type { BookAlong } from './BookAlong.ts';
import { addBlended, type Segment, segmentAt } from './coinSegments.ts';
import type { EquitySlice } from './equityTables.ts';
import { addReadings, type EvenGrid } from './EvenTable.ts';
import { JointMargin, type JointTables } from './JointMargin.ts';
import type { MarginSlice } from './MarginTables.ts';
import { ScanJoint } from './ScanJoint.ts';

/** What is known of one coin in one stretch without expiry. */
export interface CoinStretch extends Segment {
  readonly grid: EvenGrid;
  readonly equity: readonly EquitySlice[];
  readonly margins: readonly MarginSlice[];
}

/** All that an interpolant reads, as plain data. */
export interface InterpolantTables {
  /** By coin, then stretch. */
  readonly stretches: readonly (readonly CoinStretch[])[];
  /** What coins offset: as the rule puts their scans together, or by tables; null of a single coin. */
  readonly joint: 'by-scans' | JointTables | null;
  /** Collateral that no path moves. */
  readonly stillUsd: Usd;
  /** A book without coins is asked for the same everywhere. */
  readonly still: { readonly backingUsd: Usd; readonly maintenanceMarginUsd: Usd; readonly initialMarginUsd: Usd };
}

/** Some paths at one moment. */
export interface PathStates {
  readonly spot: readonly Float64Array[];
  readonly vol: readonly Float64Array[];
  readonly cashUsd: Float64Array;
}

/** Equity and the rule's figures anywhere on a path: a coin at a time, and what coins offset. */
export class BookInterpolant {
  readonly tables: InterpolantTables;
  readonly #joint: JointMargin | ScanJoint | null;
  readonly #scratches: Float64Array[] = [];

  /** @param acrossCoins the rule's own way, where the tables are joined by scans */
  constructor(tables: InterpolantTables, acrossCoins: BookAlong['acrossCoins']) {
    const { joint, stretches } = tables;
    this.tables = tables;
    if (joint === null) this.#joint = null;
    else if (joint !== 'by-scans') this.#joint = new JointMargin(joint);
    else this.#joint = acrossCoins && new ScanJoint(acrossCoins, stretches);
  }

  /** Tables are made anew for each moment, in the same memory. */
  #scratch({ grid }: CoinStretch, coin: number, place: number): Float64Array {
    const at = 2 * coin + place;
    const size = grid.spot.count * grid.vol.count;
    return (this.#scratches[at] ??= new Float64Array(size));
  }

  /** Readings of all paths at a time. */
  at(days: number, settledUntil: Timestamp): MomentReadings {
    const { stretches, stillUsd, still: asked } = this.tables;
    const coins = stretches.map((own) => segmentAt(own, settledUntil));
    const joint = this.#joint;
    type Figure = 'headroom' | 'backing' | 'maintenance' | 'initial';
    const addMargins = ({ margins }: CoinStretch, figure: Figure, table: Float64Array) =>
      addBlended(
        margins,
        margins.map((slice) => slice[figure]),
        days,
        table,
      );
    const empty = (coin: CoinStretch, u: number, place: number) => this.#scratch(coin, u, place).fill(0);
    const margins = (figure: Figure) => coins.map((coin, u) => addMargins(coin, figure, empty(coin, u, 1)));
    /** Equity, and what the rule adds to it or takes off. */
    const withEquity = (figure: 'headroom' | 'backing') =>
      coins.map((coin, u) => {
        const tables = coin.equity.map(({ table }) => table);
        return addMargins(coin, figure, addBlended(coin.equity, tables, days, empty(coin, u, 0)));
      });
    const read = (tables: readonly Float64Array[], { cashUsd, spot, vol }: PathStates, constant: number) => {
      const out = new Float64Array(cashUsd.length).fill(constant);
      coins.forEach(({ grid }, u) => addReadings(grid, tables[u]!, spot[u]!, vol[u]!, out));
      return out;
    };
    const { backingUsd, maintenanceMarginUsd, initialMarginUsd } = asked;
    const required = (figure: 'maintenance' | 'initial', constant: Usd) => {
      return (states: PathStates) => {
        const out = read(margins(figure), states, constant);
        if (joint === null) return out;
        if (joint instanceof ScanJoint) return joint.readings(figure, settledUntil, days, states, () => true, out);
        const shares = joint.readings(figure, settledUntil, days, states.spot);
        for (let i = 0; i < out.length; i += 1) out[i] = out[i]! * shares[i]!;
        return out;
      };
    };
    const maintenance = required('maintenance', maintenanceMarginUsd);
    const equity = (states: PathStates) => {
      const out = read(withEquity('backing'), states, stillUsd + backingUsd);
      const backing =
        joint === null || joint instanceof ScanJoint
          ? null
          : joint.readings('backing', settledUntil, days, states.spot);
      for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + states.cashUsd[i]! + (backing?.[i] ?? 0);
      return out;
    };
    return {
      equity,
      headroom: (states) => {
        const isByParts = joint === null || joint instanceof ScanJoint;
        const still = stillUsd + backingUsd - (isByParts ? maintenanceMarginUsd : 0);
        const out = read(withEquity(isByParts ? 'headroom' : 'backing'), states, still);
        for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + states.cashUsd[i]!;
        if (joint === null) return out;
        if (joint instanceof ScanJoint) {
          // The parts' own margins add up to no less: only where they would touch is the joint one asked for.
          if (!out.some((headroom) => headroom <= 0)) return out;
          const apart = read(margins('maintenance'), states, maintenanceMarginUsd);
          const wanted = (path: number) => out[path]! <= 0;
          const asked = joint.readings('maintenance', settledUntil, days, states, wanted, apart.slice());
          for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + apart[i]! - asked[i]!;
          return out;
        }
        const asked = maintenance(states);
        const backing = joint.readings('backing', settledUntil, days, states.spot);
        for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + backing[i]! - asked[i]!;
        return out;
      },
      maintenance,
      initial: required('initial', initialMarginUsd),
    };
  }
}

export interface MomentReadings {
  equity(states: PathStates): Float64Array;
  /** Equity minus maintenance; of a path that does not touch it may be too little, with the sign that it has. */
  headroom(states: PathStates): Float64Array;
  maintenance(states: PathStates): Float64Array;
  initial(states: PathStates): Float64Array;
}
