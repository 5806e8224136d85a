import { describe, expect, it } from 'vitest';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { CODES, smallBook, smallSnapshot } from '../../fixtures/smallMarket.ts';
import { prepareMarket } from '../../scenario/preparedMarket.ts';
import { marginModels } from '../marginModels.ts';

const DISCOUNT = 0.8;

/** The small market, all of whose expiries are discounted. */
function marketAt(discount: number) {
  const market = smallSnapshot();
  return prepareMarket({
    ...market,
    underlyings: market.underlyings.map((underlying) => ({
      ...underlying,
      expiries: underlying.expiries.map((expiry) => ({ ...expiry, discount })),
    })),
  });
}

const [undiscounted, discounted] = [marketAt(1), marketAt(DISCOUNT)];
/** Rules that scan options settled in USDC, with what is not in proportion to the book's profit left out. */
const SCANS: readonly (readonly [string, Record<string, number>])[] = [
  ['portfolio', {}],
  ['deribit-pm', { usdcExtendedDampener: 0 }],
  ['okx-pm', {}],
  ['bybit-pm', {}],
  ['paradex-pm', {}],
  ['thalex-pm', {}],
  ['span', {}],
  ['tims', {}],
];

describe.each(SCANS)('%s', (id, edits) => {
  const model = marginModels.find((known) => known.id === id)!;

  it('discounts the profit of an option settled in USDC as the book discounts its value', () => {
    const book = smallBook([
      [`BTC_USDC-${CODES.week}-85000-P`, -2],
      [`BTC_USDC-${CODES.year}-110000-C`, -1],
      [`BTC_USDC-${CODES.month}-95000-C`, 2],
    ]);
    const scans = [undiscounted, discounted].map((market) =>
      modelRequirement(model, market, book, edits).components.flatMap(({ scan }) =>
        scan ? [Array.from(scan.amountUsd)] : [],
      ),
    );
    const [plain, less] = [scans[0]!.flat(), scans[1]!.flat()];
    expect(Math.max(...plain)).toBeGreaterThan(1000);
    plain.forEach((amount, scenario) => expect(less[scenario]).toBeCloseTo(DISCOUNT * amount, 6));
  });
});
