import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookRisk } from '../../bookRisk.ts';
import type { Portfolio } from '../../domain/portfolio.ts';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { MarginResult } from '../../domain/riskReport.ts';
import { CODES, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';
import { span } from './span.ts';

const market = smallMarket();

function margin(book: Portfolio, parameters: ParameterSet = {}): MarginResult {
  const [result] = bookRisk(market, book, {
    models: ['span'],
    library: [span],
    parameters: { span: parameters },
  }).margins;
  if (result === undefined || 'unsupported' in result) throw new Error(result?.unsupported.message);
  return result;
}

const component = ({ components }: MarginResult, name: string) =>
  components.find((row) => row.name === name)?.usd ?? Number.NaN;
const put = (strike: number, code = CODES.month) => `BTC-${code}-${strike}-P`;
const call = (strike: number, code = CODES.month) => `BTC-${code}-${strike}-C`;
const future = (code: string) => `BTC_USDC-${code}`;

describe('SPAN of a book', () => {
  // McMillan, ch. 34: a long future whose maintenance margin is 10,000 asks for just that; speculators pay a tenth more at first.
  it('asks a future its price scan range, and a calendar of futures the inter-month charge alone', () => {
    const contracts = 10_000 / (0.3 * 90_000);
    const long = margin(smallBook([[future(CODES.month), contracts]]));
    expect(long.maintenanceMarginUsd).toBeCloseTo(10_000, 8);
    expect(long.initialMarginUsd).toBeCloseTo(11_000, 8);
    expect(long.worstScenario).toMatchObject({ label: '−30 %, IV ×1.30', spotMove: -0.3 });
    const spread = margin(
      smallBook([
        [future(CODES.month), 2],
        [future(CODES.year), -2],
      ]),
    );
    expect(component(spread, 'Scan risk, BTC')).toBe(0);
    expect(component(spread, 'Inter-month charge')).toBeCloseTo(2 * 0.0175 * 90_000, 8);
    expect(spread.maintenanceMarginUsd).toBeCloseTo(2 * 0.0175 * 90_000, 8);
    expect(spread.positions[0]!.initialMarginUsd).toBeCloseTo(spread.positions[1]!.initialMarginUsd, 8);
  });

  it('has no inter-month charge for one expiry', () => {
    const one = margin(
      smallBook([
        [future(CODES.month), 2],
        [put(80_000), 6],
        [call(100_000), -3],
      ]),
    );
    expect(component(one, 'Inter-month charge')).toBe(0);
  });

  it('leaves equity less the risk requirement, whatever its options are worth', () => {
    for (const legs of [
      [[put(80_000), -2]],
      [[put(80_000), 2]],
      [
        [put(110_000), 1],
        [put(80_000), -1],
      ],
    ] as const) {
      const book = smallBook(legs);
      const result = margin(book);
      const risk = result.components.reduce(
        (total, { name, usd }) => (name === 'Net option value' ? total : total + usd),
        0,
      );
      expect(result.availableUsd).toBeCloseTo(bookRisk(market, book).equityUsd - risk, 6);
    }
  });

  it('asks nothing for an option bought, and of one sold its value and its scan', () => {
    const bought = margin(smallBook([[call(95_000), 2]]));
    expect(bought.initialMarginUsd).toBe(0);
    expect(bought.availableUsd).toBeGreaterThanOrEqual(100_000);
    const sold = margin(smallBook([[call(95_000), -2]]));
    const value = 100_000 - bookRisk(market, smallBook([[call(95_000), -2]])).equityUsd;
    expect(sold.equityUsd).toBeCloseTo(100_000, 6);
    expect(sold.maintenanceMarginUsd).toBeCloseTo(component(sold, 'Scan risk, BTC') + value, 6);
  });

  it('asks the short option minimum of options far out of the money, of the larger side', () => {
    const sold = margin(
      smallBook([
        [put(60_000, CODES.week), -3],
        [call(120_000, CODES.week), -4],
      ]),
      { shortOptionMinimumRate: 1, extremeCover: 0, volScanRange: 0 },
    );
    const risk = component(sold, 'Scan risk, BTC') + component(sold, 'Short option minimum');
    expect(risk).toBeCloseTo(4 * 0.3 * 90_000, 6);
  });

  it('credits BTC against ETH by USD of delta, each at its own price risk', () => {
    const hedged = [
      ['BTC_USDC-PERPETUAL', 2],
      ['ETH_USDC-PERPETUAL', -90],
    ] as const;
    const result = margin(smallBook(hedged));
    // 180,000 USD of BTC against 270,000 of ETH: half of the price risk of 180,000 each.
    expect(component(result, 'Inter-commodity credit')).toBeCloseTo(-0.5 * 180_000 * (0.3 + 0.35), 6);
    const directional = smallBook([hedged[0], ['ETH_USDC-PERPETUAL', 90]]);
    expect(component(margin(directional), 'Inter-commodity credit')).toBeCloseTo(0, 9);
  });

  it('keeps coins out of the scan, at a haircut, held or owed', () => {
    const coins = (quantity: number) =>
      smallBook(
        [[call(95_000), -1]],
        [
          { asset: 'USDC', quantity: 200_000 },
          { asset: 'BTC', quantity },
        ],
      );
    const [held, none, owed] = [margin(coins(1)), margin(coins(0)), margin(coins(-1))];
    expect(held.initialMarginUsd).toBe(none.initialMarginUsd);
    expect(held.equityUsd - none.equityUsd).toBeCloseTo(0.7 * 90_000, 6);
    expect(owed.equityUsd - none.equityUsd).toBeCloseTo(-1.3 * 90_000, 6);
    expect(held.positions.find(({ id }) => id === 'collateral:BTC')!.initialMarginUsd).toBe(0);
  });

  const names = [CODES.week, CODES.month, CODES.year]
    .flatMap((code) => [put(75_000, code), call(90_000, code), call(110_000, code), `ETH-${code}-2600-P`])
    .concat('BTC_USDC-PERPETUAL', future(CODES.month), 'ETH_USDC-PERPETUAL');
  const legs = fc.array(
    fc.tuple(
      fc.constantFrom(...names),
      fc.double({ min: -10, max: 10, noNaN: true }).filter((size) => size !== 0),
    ),
    { minLength: 1, maxLength: 8 },
  );

  it('adds up by component and by leg, in any order, and scales with the book', () => {
    fc.assert(
      fc.property(legs, (drawn) => {
        const result = margin(smallBook(drawn));
        const slack = 1e-8 * (1 + result.initialMarginUsd + Math.abs(component(result, 'Net option value')));
        const components = result.components.reduce((total, { usd }) => total + usd, 0);
        const rows = result.positions.reduce((total, row) => total + row.initialMarginUsd, 0);
        expect(Math.abs(components - result.initialMarginUsd)).toBeLessThanOrEqual(slack);
        expect(Math.abs(rows - result.initialMarginUsd)).toBeLessThanOrEqual(slack);
        expect(result.initialMarginUsd).toBeGreaterThanOrEqual(result.maintenanceMarginUsd);
        expect(result.maintenanceMarginUsd).toBeGreaterThanOrEqual(0);
        const backwards = margin(smallBook([...drawn].reverse()));
        expect(Math.abs(backwards.initialMarginUsd - result.initialMarginUsd)).toBeLessThanOrEqual(slack);
        const twice = margin(smallBook(drawn.map(([name, size]) => [name, 2 * size] as const)));
        expect(Math.abs(twice.initialMarginUsd - 2 * result.initialMarginUsd)).toBeLessThanOrEqual(2 * slack);
      }),
    );
  });

  it('names the scenarios of its scan, and holds the amount at the one that binds', () => {
    const book = smallBook([[put(75_000, CODES.week), -1]]);
    const result = margin(book, { extremeCover: 1 });
    expect(result.worstScenario!.label).toBe('−60 %, 100 % of the loss');
    expect(result.worstScenario!.lossUsd).toBeCloseTo(component(result, 'Scan risk, BTC'), 9);
  });
});
