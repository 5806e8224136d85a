import { expect, it } from 'vitest';
import { deribitGreeks } from './deribitGreeks.ts';

// Captured exchange messages; vols are displayed to 0.01 points, Greeks to five decimals.
it('BTC-15JAN21-28000-C, forward 29153.69, 87.2 %', () => {
  const greeks = deribitGreeks('C', 29153.69, 28000, 0.04163080771182141, 0.872);
  expect(Math.abs(greeks.vega / 22.57564 - 1)).toBeLessThan(5e-4);
  expect(Math.abs(greeks.theta / -64.77785 - 1)).toBeLessThan(5e-4);
  expect(Math.abs(greeks.rho / 6.46787 - 1)).toBeLessThan(5e-4);
  expect(Math.abs(greeks.delta / 0.62396 - 1)).toBeLessThan(5e-4);
  expect(Math.abs(greeks.gamma - 7e-5)).toBeLessThan(5.1e-6);
});

it('BTC-26JUN26-100000-C, forward 116086.34, 45.43 %', () => {
  const greeks = deribitGreeks('C', 116086.34, 100000, 0.9640872107749873, 0.4543);
  expect(Math.abs(greeks.theta / -25.13021 - 1)).toBeLessThan(3e-4);
  expect(Math.abs(greeks.rho / 524.77921 - 1)).toBeLessThan(3e-4);
});

it('theta of the last hours is that of the remaining life', () => {
  const sixHours = 0.25 / 365;
  const day = deribitGreeks('C', 100, 100, sixHours, 0.6);
  const year = deribitGreeks('C', 100, 100, 1, 0.3);
  // At the money, F vol phi(d1) / (2 sqrt T) a year, times a quarter of a day or a whole one.
  const rate = (vol: number, years: number) =>
    (-100 * vol * Math.exp(-((vol * Math.sqrt(years)) ** 2) / 8)) / Math.sqrt(2 * Math.PI) / (2 * Math.sqrt(years));
  expect(day.theta).toBeCloseTo(rate(0.6, sixHours) * sixHours, 12);
  expect(year.theta).toBeCloseTo(rate(0.3, 1) / 365, 12);
});

it('an expired option shows its intrinsic value and nothing else', () => {
  expect(deribitGreeks('P', 80, 100, -0.01, 0.5)).toEqual({
    markPrice: 0.25,
    delta: -1,
    gamma: 0,
    vega: 0,
    theta: 0,
    rho: 0,
  });
});
