import { describe, expect, it } from 'vitest';
import { chebyshevNodes, chebyshevPowers, chebyshevTransform, chebyshevValues } from './chebyshev.ts';

describe('Chebyshev series', () => {
  it('of exp has the modified Bessel functions for coefficients: I_0(1), then 2 I_j(1)', () => {
    const count = 14;
    const transform = chebyshevTransform(count);
    const values = chebyshevNodes(count).map(Math.exp);
    const coefficients = Float64Array.from({ length: count }, (_, j) =>
      values.reduce((sum, value, k) => sum + transform[j * count + k]! * value, 0),
    );
    // Abramowitz and Stegun, table 9.8: I_0(1), I_1(1); table 9.9 for the rest.
    const bessel = [1.2660658777520084, 0.5651591039924851, 0.1357476697670383, 0.022168424924332];
    bessel.forEach((value, j) => expect(coefficients[j]).toBeCloseTo(j === 0 ? value : 2 * value, 13));
  });

  it('has T_j(cos t) = cos(j t), in values and in powers', () => {
    const count = 9;
    const powers = chebyshevPowers(count);
    for (const t of [0, 0.3, 1.1, 2, Math.PI]) {
      const x = Math.cos(t);
      const values = chebyshevValues(Float64Array.of(x), count);
      for (let j = 0; j < count; j += 1) {
        expect(values[j]).toBeCloseTo(Math.cos(j * t), 13);
        let sum = 0;
        for (let i = 0; i < count; i += 1) sum += powers[i * count + j]! * x ** i;
        expect(sum).toBeCloseTo(Math.cos(j * t), 12);
      }
    }
  });

  it('has its nodes where T_n is zero, ascending', () => {
    const nodes = chebyshevNodes(7);
    const values = chebyshevValues(nodes, 8);
    nodes.forEach((x, i) => {
      expect(values[i * 8 + 7]).toBeCloseTo(0, 13);
      if (i > 0) expect(x).toBeGreaterThan(nodes[i - 1]!);
    });
  });
});
