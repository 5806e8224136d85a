import fc from 'fast-check';
import type { HeldOption, HeldPerpetual, PortfolioExpiry } from './optionExpiry.ts';

/** Random accounts around a spot of 100, for tests. */
export const SPOT = 100;

export const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

export const options: fc.Arbitrary<HeldOption[]> = fc.uniqueArray(
  fc.record({
    type: fc.constantFrom('C' as const, 'P' as const),
    strike: fc.constantFrom(50, 80, 95, 100, 105, 130, 200),
    quantity: between(-10, 10),
    volatility: between(0.2, 1.5),
  }),
  { maxLength: 5, selector: ({ type, strike }) => `${type}${strike}` },
);

export const expiries: fc.Arbitrary<PortfolioExpiry[]> = fc.array(
  fc.record({
    timeToExpiryYears: between(0.001, 2),
    settledForward: fc.constant(0),
    liveForward: between(90, 115),
    forwardConfidence: between(0, 1),
    rate: between(-0.05, 0.3),
    rateConfidence: between(0, 1),
    volConfidence: between(0, 1),
    options,
  }),
  { maxLength: 3 },
);

export const perpetual: fc.Arbitrary<HeldPerpetual> = fc
  .record({
    quantity: fc.oneof(fc.constant(0), between(-10, 10)),
    price: between(98, 102),
    confidence: between(0, 1),
    unsettledCash: between(-50, 50),
  })
  .map(({ price, ...held }) => ({ ...held, notional: held.quantity * price }));

/** The same options, `factor` times as many. */
export function scaledOptions<Expiry extends { readonly options: readonly HeldOption[] }>(
  held: readonly Expiry[],
  factor: number,
): Expiry[] {
  return held.map((expiry) => ({
    ...expiry,
    options: expiry.options.map((option) => ({ ...option, quantity: factor * option.quantity })),
  }));
}

export function scaledPerpetual(held: HeldPerpetual, factor: number): HeldPerpetual {
  return {
    ...held,
    quantity: factor * held.quantity,
    notional: factor * held.notional,
    unsettledCash: factor * held.unsettledCash,
  };
}

export const NO_PERPETUAL: HeldPerpetual = { quantity: 0, notional: 0, confidence: 0, unsettledCash: 0 };
