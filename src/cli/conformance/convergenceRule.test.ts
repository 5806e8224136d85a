import { describe, expect, it } from 'vitest';
import { convergenceRule } from './convergenceRule.ts';

const CALL = 'pseudo-random RMSE within a factor 1.3 of theory; scrambled Sobol no worse than 2x the measured figure';
const expected = {
  exact_price: 13.8,
  theory_rmse_mc: 0.88,
  measured_rmse_mc: 0.92,
  measured_rmse_scrambled_sobol: 0.034,
};

describe('rules on measured errors', () => {
  it('compare pseudo-random errors with theory, both ways, and Sobol errors with the figure, one way', () => {
    const judge = convergenceRule(CALL)!;
    expect(judge({ ...expected, measured_rmse_mc: 1.1, measured_rmse_scrambled_sobol: 0.067 }, expected)).toBe(true);
    expect(judge({ ...expected, measured_rmse_scrambled_sobol: 0.001 }, expected)).toBe(true);
    expect(judge({ ...expected, measured_rmse_mc: 1.2 }, expected)).toBe(false);
    expect(judge({ ...expected, measured_rmse_mc: 0.6 }, expected)).toBe(false);
    expect(judge({ ...expected, measured_rmse_scrambled_sobol: 0.069 }, expected)).toBe(false);
    expect(judge({ ...expected, measured_rmse_scrambled_sobol: Number.NaN }, expected)).toBe(false);
  });

  it('want closed forms to be right', () => {
    expect(convergenceRule(CALL)!({ ...expected, exact_price: 13.81 }, expected)).toBe(false);
  });

  it('hold every measured error to a factor', () => {
    const judge = convergenceRule('within a factor 1.4 of the measured figure')!;
    const figures = { exact_var: 35_000, var_rel_rmse_mc: 0.06, var_rel_rmse_sobol: 0.03 };
    expect(judge({ ...figures, var_rel_rmse_sobol: 0.041 }, figures)).toBe(true);
    expect(judge({ ...figures, var_rel_rmse_sobol: 0.043 }, figures)).toBe(false);
    expect(judge({ ...figures, var_rel_rmse_mc: 0.042 }, figures)).toBe(false);
    expect(judge({ exact_var: 35_000, var_rel_rmse_mc: 0.06 }, figures)).toBe(false);
  });

  it('leave other rules to others', () => {
    expect(convergenceRule('converges')).toBeUndefined();
    expect(convergenceRule(`${CALL}; and is pretty`)).toBeUndefined();
    expect(convergenceRule({ factor: 2 })).toBeUndefined();
  });
});
