import { describe, expect, it } from 'vitest';
import { deriveLogMoneyness, deriveSviVol } from './deriveSvi.ts';

const truncated = (value: number, decimals: number) => Math.trunc(value * 10 ** decimals) / 10 ** decimals;

// Expectations of Derive's own contract tests (lyra-utils, SVI.t.sol).
describe("Derive's SVI", () => {
  const clamped = { a: 0.01, b: 0.01, sigma: 0.05, rho: -0.04, m: 0.03 };

  it('holds log-moneyness within four deviations', () => {
    expect(truncated(deriveLogMoneyness(clamped, 2000, 1), 6)).toBe(-0.409878);
    expect(deriveLogMoneyness(clamped, 2000, 2000)).toBe(0);
    expect(truncated(deriveSviVol(clamped, 0.03287671232, 2000, 2_000_000), 6)).toBe(0.645048);
  });

  it('reads the vol of a strike', () => {
    const slice = {
      a: 0.17753424657534247,
      b: 0.17753424657534247,
      rho: 0.05917808219178082,
      m: 0.02958904109589041,
      sigma: 0.0216986301369863,
    };
    expect(deriveSviVol(slice, 0.2465753424657534, 1830, 1500)).toBeCloseTo(0.9356728218442784, 13);
    expect(deriveSviVol(slice, 0.2465753424657534, 1830, 2100)).toBeCloseTo(0.8966269017413266, 13);
  });
});
