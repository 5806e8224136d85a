import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instrument, parseInstrument } from '../domain/instrument.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import { CODES, smallMarket } from '../fixtures/smallMarket.ts';
import { scanScenarios } from '../margin/scan.ts';
import { portfolioMargin } from '../margin/models/portfolioMargin.ts';
import { resolvedParameters } from '../margin/resolvedParameters.ts';
import { type ContractState, contractState } from './contractState.ts';
import { shiftedState } from './shiftedState.ts';
import { computedRows, rememberedRows } from './unitPnlCache.ts';

const market = smallMarket();
const set = scanScenarios(resolvedParameters(portfolioMargin), ['BTC', 'ETH']);

function state(name: string) {
  const instrument = parseInstrument(name) as { ok: true; value: Instrument };
  const found = contractState(market, instrument.value);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}

/** Rows computed one by one, counted by contract. */
function countedRows() {
  const priced: string[] = [];
  const one = (contract: ContractState, scenarios: ScenarioSet) => {
    priced.push(contract.instrument.name);
    return computedRows(contract, scenarios);
  };
  const together = (contracts: readonly ContractState[], scenarios: ScenarioSet) =>
    contracts.map((contract) => one(contract, scenarios));
  return { priced, compute: Object.assign(one, { together }) };
}

const ROW_BYTES = set.count * 8 + 400;
const [a, b, c] = [70_000, 90_000, 110_000].map((strike) => state(`BTC-${CODES.month}-${strike}-C`)) as [
  ContractState,
  ContractState,
  ContractState,
];

describe('remembered rows', () => {
  it('prices a contract once a scenario set, and again when it has been moved', () => {
    const { priced, compute } = countedRows();
    const rows = rememberedRows(1e6, compute);
    expect(rows(b, set)).toBe(rows(b, set));
    expect(priced).toHaveLength(1);
    const moved = shiftedState(b, {
      spotMove: -0.1,
      volShock: 0,
      volUnit: 'relative',
      days: 0,
      smile: 'sticky-strike',
    });
    expect(rows(moved, set)).toEqual(computedRows(moved, set));
    expect(rows(moved, set)).not.toEqual(rows(b, set));
    expect(priced).toHaveLength(2);
  });

  it('takes sets of one id for one set', () => {
    const { priced, compute } = countedRows();
    const rows = rememberedRows(1e6, compute);
    rows(a, set);
    rows(a, { ...set });
    expect(priced).toHaveLength(1);
    rows(a, { ...set, id: 'another', volShock: set.volShock.map((shock) => 2 * shock) });
    expect(priced).toHaveLength(2);
  });

  it('prices together what it lacks, each contract once, and hands out the rows in the order asked for', () => {
    const { priced, compute } = countedRows();
    const rows = rememberedRows(1e6, compute);
    rows(b, set);
    const found = rows.together([c, b, a, c], set);
    expect(priced).toEqual([b, c, a].map(({ instrument }) => instrument.name));
    [c, b, a, c].forEach((contract, i) => expect(found[i]).toEqual(computedRows(contract, set)));
    expect(found[3]).toBe(found[0]);
  });

  it('holds no more than it may, and lets the longest unused go first', () => {
    const { priced, compute } = countedRows();
    const rows = rememberedRows(2 * ROW_BYTES, compute);
    rows(a, set);
    rows(b, set);
    rows(a, set);
    rows.startRequest();
    rows(c, set);
    expect(rows.held()).toEqual({ rows: 2, bytes: 2 * ROW_BYTES });
    expect(priced).toHaveLength(3);
    rows(a, set);
    expect(priced).toHaveLength(3);
    rows(b, set);
    expect(priced).toHaveLength(4);
  });

  it('lets a row go that no request has used for a while, however much room there is', () => {
    const { priced, compute } = countedRows();
    const rows = rememberedRows(1e6, compute);
    rows(a, set);
    rows(b, set);
    for (let request = 1; request <= 32; request += 1) {
      rows.startRequest();
      rows(b, set);
    }
    expect(rows.held().rows).toBe(2);
    rows.startRequest();
    expect(rows.held()).toEqual({ rows: 1, bytes: ROW_BYTES });
    rows(b, set);
    expect(priced).toHaveLength(2);
    rows(a, set);
    expect(priced).toHaveLength(3);
  });

  it('lets nothing go that the request in hand has used: what fits is kept, the rest computed', () => {
    const { priced, compute } = countedRows();
    const rows = rememberedRows(2 * ROW_BYTES, compute);
    for (let request = 0; request < 3; request += 1) {
      rows.startRequest();
      const found = rows.together([a, b, c], set);
      expect(found).toEqual([a, b, c].map((contract) => computedRows(contract, set)));
      expect(rows.held().rows).toBe(2);
    }
    // Three at first, then the one that has no room.
    expect(priced).toHaveLength(5);
    rows.startRequest();
    rows(c, set);
    rows.startRequest();
    rows(c, set);
    expect(priced).toHaveLength(6);
  });

  it('computes a row that is larger than all its room, keeps nothing of it and lets nothing go for it', () => {
    const { priced, compute } = countedRows();
    const rows = rememberedRows(2 * ROW_BYTES, compute);
    rows(a, set);
    rows.startRequest();
    const large = manyScenarios(1_000);
    expect(rows(b, large)).toEqual(computedRows(b, large));
    rows(b, large);
    expect(rows.held()).toEqual({ rows: 1, bytes: ROW_BYTES });
    rows(a, set);
    expect(priced).toHaveLength(3);
  });

  it('holds what its rows weigh and within its bound, whatever is asked', () => {
    const contracts = [60_000, 70_000, 80_000, 90_000, 100_000, 110_000].map((strike) =>
      state(`BTC-${CODES.month}-${strike}-C`),
    );
    const sets = [set, manyScenarios(7), manyScenarios(70)];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.nat(2), fc.boolean()), { maxLength: 60 }),
        fc.integer({ min: 0, max: 4_000 }),
        (asked, maxBytes) => {
          const rows = rememberedRows(maxBytes);
          for (const [contract, scenarios, isNew] of asked) {
            if (isNew) rows.startRequest();
            expect(rows(contracts[contract]!, sets[scenarios]!)).toEqual(
              computedRows(contracts[contract]!, sets[scenarios]!),
            );
            expect(rows.held().bytes).toBeLessThanOrEqual(maxBytes);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('rows priced together', () => {
  it('have the bits that each has alone, beyond a block of scenarios too', () => {
    const contracts = [
      a,
      state('BTC-PERPETUAL'),
      state(`ETH-${CODES.year}-3400-C`),
      b,
      state(`BTC_USDC-${CODES.year}-80000-P`),
    ];
    for (const scenarios of [set, manyScenarios(5_000)]) {
      const found = computedRows.together(contracts, scenarios);
      contracts.forEach((contract, i) => expect(found[i]).toEqual(computedRows(contract, scenarios)));
    }
    // A scenario has the bits that it has in a set of its own.
    const [whole, start] = [manyScenarios(5_000), manyScenarios(4_999)];
    expect(computedRows(a, whole).subarray(0, 4_999)).toEqual(computedRows(a, start));
  });
});

function manyScenarios(count: number): ScenarioSet {
  return {
    id: `many ${count}`,
    count,
    underlyings: ['BTC', 'ETH'],
    spotMove: Float64Array.from(
      { length: 2 * count },
      (_, i) => 0.3 * Math.sin((i % count) * 1.7 + Math.floor(i / count)),
    ),
    volShock: Float64Array.from(
      { length: 2 * count },
      (_, i) => 0.4 * Math.cos((i % count) * 0.9 + Math.floor(i / count)),
    ),
    volUnit: 'relative',
    volTermPower: { short: 0.3, long: 0.13 },
    horizonDays: 0,
    smile: 'sticky-strike',
  };
}
