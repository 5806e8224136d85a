import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import { black76Price, undiscountedBlack } from './black76.ts';
import { impliedVolatilities, impliedVolatility } from './impliedVolatility.ts';

const ULP = 2 ** -52;

describe('exact values', () => {
  // Roots of the price equation in 60-digit arithmetic, with what the price as a double allows.
  it.each([
    ['at the money', 'C', 100, 100, 1, 7.965567455405797, 0.2, 1.05e-14],
    ['at the money, 632 % total', 'C', 1, 1, 10, 0.9984345977419975, 2.0000000000000058, 1.08e-13],
    ['a wing', 'C', 1, 1.5281156, 3, 0.012966472958064483, 0.172789, 5.47e-15],
    ['price 1e-259', 'C', 100, 5589.163127, 0.0027397260273972603, 2.3689848473499707e-259, 2.23395, 3.77e-15],
    ['near its bound', 'C', 64000, 9855527.8, 1, 53688.28202629372, 4.63058, 5.32e-15],
    ['within 3e-5 of its bound', 'C', 1, 2.641417, 10, 0.9999807090765503, 2.7693600000001783, 4.59e-12],
    ['total vol 1e-9', 'C', 64000, 64000.00006071862, 1, 1.1962612701125272e-5, 1.33368e-9, 5.13e-7],
    ['deep in the money', 'P', 100, 3047.5257, 1, 2947.525700102901, 0.5812390026925781, 7.05e-7],
  ] as const)('%s', (_, type, forward, strike, years, price, expected, relative) => {
    const outcome = impliedVolatility(type, forward, strike, years, price);
    expect(outcome.ok).toBe(true);
    if (outcome.ok) expect(Math.abs(outcome.value / expected - 1)).toBeLessThanOrEqual(relative);
  });
});

describe('refusals', () => {
  it.each([
    ['below intrinsic', 'C', 110, 100, 0.5, 9.99, /9\.99.*intrinsic value 10/],
    ['at intrinsic', 'P', 90, 100, 0.5, 10, /intrinsic value 10/],
    ['nothing for an out-of-the-money option', 'C', 100, 150, 0.5, 0, /intrinsic value 0/],
    ['at its upper bound', 'C', 100, 150, 0.5, 100, /not below 100/],
    ['above the strike of a put', 'P', 100, 50, 0.5, 51, /not below 50/],
    ['negative price', 'C', 100, 90, 0.5, -1, /-1/],
    ['infinite price', 'C', 100, 90, 0.5, Infinity, /price is Infinity/],
    ['NaN price', 'C', 100, 90, 0.5, Number.NaN, /price is NaN/],
    ['negative strike', 'C', 100, -5, 0.5, 1, /strike is -5/],
    ['no forward', 'C', Number.NaN, 100, 0.5, 1, /forward is NaN/],
    ['expired', 'C', 100, 90, 0, 11, /time to expiry is 0/],
  ] as const)('%s', (_, type, forward, strike, years, price, message) => {
    const outcome = impliedVolatility(type, forward, strike, years, price);
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(outcome.failure.message).toMatch(message);
  });
});

describe('price to vol to price', () => {
  const logUniform = (min: number, max: number) =>
    fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);

  property.prop([logUniform(1e-8, 12), fc.double({ min: -30, max: 30, noNaN: true }), logUniform(1e-4, 1e6)], {
    numRuns: 2000,
  })('out of the money, every total vol from 1e-8 to 12', (totalVol, deviations, forward) => {
    const strike = forward * Math.exp(Math.max(-300, Math.min(300, deviations * totalVol)));
    const type = strike > forward ? 'C' : 'P';
    const price = undiscountedBlack(type === 'C' ? 1 : -1, forward, strike, totalVol);
    // Above 1 - 1e-9 of the bound the price no longer says much about the vol.
    fc.pre(price > 1e-300 && price < Math.min(forward, strike) * (1 - 1e-9));
    const outcome = impliedVolatility(type, forward, strike, 1, price);
    expect(outcome.ok).toBe(true);
    if (!outcome.ok) return;
    const again = undiscountedBlack(type === 'C' ? 1 : -1, forward, strike, outcome.value);
    // The wing's own rounding is d^2/2 units; next to the money it is a few units over the total vol's difference.
    expect(Math.abs(again / price - 1)).toBeLessThan((200 + 4 * deviations * deviations) * ULP);
  });

  property.prop([
    fc.constantFrom<'C' | 'P'>('C', 'P'),
    fc.double({ min: 0.1, max: 3, noNaN: true }),
    fc.double({ min: 1 / 365, max: 3, noNaN: true }),
    fc.double({ min: -2, max: 2, noNaN: true }),
    fc.double({ min: 0.8, max: 1, noNaN: true }),
  ])(
    'recovers the vol of desk options, discounted, in and out of the money',
    (type, vol, years, deviations, discount) => {
      const strike = 60000 * Math.exp(deviations * vol * Math.sqrt(years));
      const outcome = impliedVolatility(
        type,
        60000,
        strike,
        years,
        black76Price(type, 60000, strike, years, vol, discount),
        discount,
      );
      expect(outcome.ok && Math.abs(outcome.value / vol - 1)).toBeLessThan(1e-9);
    },
  );
});

describe('columns of options', () => {
  const number = fc.oneof(
    fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, -1, Number.NaN, Infinity, 100, 5e-324),
  );
  const option = fc.record({
    type: fc.constantFrom<'C' | 'P'>('C', 'P'),
    forward: number,
    strike: number,
    timeToExpiryYears: number,
    price: number,
    discount: number,
  });

  property.prop([fc.array(option, { maxLength: 40 })])('say of each option what it says alone', (options) => {
    const { volatility, refusals } = impliedVolatilities({
      sign: options.map(({ type }) => (type === 'C' ? 1 : -1)),
      forward: options.map(({ forward }) => forward),
      strike: options.map(({ strike }) => strike),
      timeToExpiryYears: options.map(({ timeToExpiryYears }) => timeToExpiryYears),
      price: options.map(({ price }) => price),
      discount: options.map(({ discount }) => discount),
    });
    expect(volatility).toHaveLength(options.length);
    for (const [i, { type, forward, strike, timeToExpiryYears, price, discount }] of options.entries()) {
      const alone = impliedVolatility(type, forward, strike, timeToExpiryYears, price, discount);
      expect(volatility[i]).toBe(alone.ok ? alone.value : 0);
      expect(refusals.get(i)).toEqual(alone.ok ? undefined : alone.failure);
    }
  });
});
