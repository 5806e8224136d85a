import { describe, expect, it } from 'vitest';
import { accountDesk } from './accountMargins.ts';
import { bookRisk } from './bookRisk.ts';
import { CODES, smallBook, smallMarket } from './fixtures/smallMarket.ts';
import { headroomModels } from './margin/headroomModels.ts';
import { resolvedParameters } from './margin/resolvedParameters.ts';
import type { ContractState } from './scenario/contractState.ts';
import type { ScenarioSet } from './domain/scenario.ts';
import { computedRows, rememberedRows } from './scenario/unitPnlCache.ts';

const market = smallMarket();
const rules = headroomModels.map((model) => ({ model, parameters: resolvedParameters(model) }));
const NAMES = [
  `BTC-${CODES.month}-100000-C`,
  `BTC-${CODES.month}-80000-P`,
  `ETH-${CODES.year}-3000-C`,
  'BTC-PERPETUAL',
  `BTC-${CODES.week}-90000-P`,
];
/** Each takes three of five contracts, so that neighbours share some. */
const BOOKS = Array.from({ length: 20 }, (_, n) =>
  smallBook(
    [0, 1, 2].map((k) => [NAMES[(n + k) % 5]!, (k - 1.5) * (n + 1), 90_000] as const),
    [
      { asset: 'USDC', quantity: 10_000 * n },
      { asset: 'BTC', quantity: n % 3 },
    ],
  ),
);

describe('the desk of accounts', () => {
  it('gives each account, digit for digit, what its book has alone', () => {
    const desk = accountDesk(market, rules);
    for (const portfolio of BOOKS) {
      const { book, margins } = desk.margins(portfolio);
      const alone = bookRisk(market, portfolio, { models: rules.map(({ model }) => model.id) });
      expect(margins).toEqual(alone.margins);
      expect(book.equityUsd).toBe(alone.equityUsd);
      expect(book.notices).toEqual(alone.notices);
    }
  });

  it('prices each distinct contract once for all accounts, and holds no more with more of them', () => {
    const priced: string[] = [];
    const one = (state: ContractState, set: ScenarioSet) => {
      priced.push(`${state.instrument.name} ${set.id}`);
      return computedRows(state, set);
    };
    const together = (states: readonly ContractState[], set: ScenarioSet) => states.map((state) => one(state, set));
    const desk = accountDesk(market, rules, rememberedRows(1e6, Object.assign(one, { together })));
    const held = BOOKS.map((portfolio) => {
      desk.margins(portfolio);
      return desk.held();
    });
    expect(new Set(priced).size).toBe(priced.length);
    expect(new Set(priced.map((row) => row.split(' ')[0]))).toEqual(new Set(NAMES));
    expect(held.at(-1)).toEqual(held[4]);
    expect(held.at(-1)!.contracts).toBe(NAMES.length);
  });
});
