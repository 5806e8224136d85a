import { RiskError } from '../../engine/domain/failure.ts';
import { bivariateNormalCdf, bivariateStudentTCdf } from '../../engine/numerics/bivariateCdf.ts';
import { chiSquareQuantile } from '../../engine/numerics/chiSquare.ts';
import { kolmogorovSmirnovBound } from '../../engine/numerics/kolmogorovSmirnov.ts';
import { mersenneTwister } from '../../engine/numerics/mersenneTwister.ts';
import { pcg32 } from '../../engine/numerics/pcg32.ts';
import { philoxBlock } from '../../engine/numerics/philox.ts';
import { sobolCoordinate, sobolDimension, sobolDirections } from '../../engine/numerics/sobol.ts';
import { splitMix64 } from '../../engine/numerics/splitMix64.ts';
import { studentTMoments } from '../../engine/numerics/studentTMoments.ts';
import { tailDependence } from '../../engine/numerics/tCopula.ts';
import { xoshiro256 } from '../../engine/numerics/xoshiro256.ts';
import { callConvergence, portfolioConvergence } from '../../engine/samplingConvergence.ts';
import { type CaseInputs, type FamilyAdapters, numberInput } from './ConformanceAdapter.ts';

function listInput(inputs: CaseInputs, name: string): readonly unknown[] {
  const value = inputs[name];
  if (Array.isArray(value)) return value;
  throw new RiskError('bad-value', `The case has no list "${name}" in its inputs`);
}

/** A whole number, of any width, as a number or as text. */
function integerInput(inputs: CaseInputs, name: string): bigint {
  return BigInt(String(inputs[name]));
}

/** 32-bit words, as hexadecimal text. */
function wordInputs(inputs: CaseInputs, name: string): number[] {
  return listInput(inputs, name).map(Number);
}

function hex(word: number | bigint, digits: number): string {
  return `0x${word.toString(16).padStart(digits, '0')}`;
}

function drawn<T>(generator: Generator<T, never>, count: number): T[] {
  return Array.from({ length: count }, () => generator.next().value);
}

/** The mean over unscrambled points of the product of (|4 x - 2| + a) / (1 + a), a = (i + 1)^2 / 2 (Sobol's g). */
function gFunctionEstimate(dimensions: number, count: number): number {
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    let product = 1;
    for (let i = 0; i < dimensions; i += 1) {
      const a = (i + 1) ** 2 / 2;
      product *= (Math.abs(4 * sobolCoordinate(index, i + 1) - 2) + a) / (1 + a);
    }
    total += product;
  }
  return total / count;
}

function portfolioCovariance(vols: readonly number[], betas: readonly number[]): number[][] {
  return vols.map((vol, i) => vols.map((other, j) => vol * other * (i === j ? 1 : betas[i]! * betas[j]!)));
}

export const rngQmcDistributions: FamilyAdapters = {
  philox4x32_10: (inputs) => {
    const [c0, c1, c2, c3] = wordInputs(inputs, 'counter') as [number, number, number, number];
    const [k0, k1] = wordInputs(inputs, 'key') as [number, number];
    const out = new Uint32Array(4);
    philoxBlock(c0, c1, c2, c3, k0, k1, out);
    return Array.from(out, (word) => hex(word, 8));
  },
  'mt19937.init_genrand': (inputs) =>
    drawn(mersenneTwister(numberInput(inputs, 'seed')), numberInput(inputs, 'index')).at(-1),
  'mt19937.init_by_array': (inputs) =>
    drawn(mersenneTwister(wordInputs(inputs, 'key')), numberInput(inputs, 'index')).at(-1),
  xoshiro256starstar: (inputs) => {
    const state = listInput(inputs, 'state').map((word) => BigInt(String(word)));
    return drawn(xoshiro256(state), numberInput(inputs, 'n')).map((word) => hex(word, 16));
  },
  splitmix64: (inputs) =>
    drawn(splitMix64(integerInput(inputs, 'seed')), numberInput(inputs, 'n')).map((word) => hex(word, 16)),
  pcg32: (inputs) =>
    drawn(pcg32(integerInput(inputs, 'seed'), integerInput(inputs, 'sequence')), numberInput(inputs, 'n')).map((word) =>
      hex(word, 8),
    ),

  'sobol.direction_numbers': (inputs) => {
    const dimension = numberInput(inputs, 'dimension');
    const { degree, polynomial, initialNumbers } = sobolDimension(dimension);
    return {
      degree,
      polynomial_bits: polynomial.toString(2),
      m: initialNumbers,
      first_8_v: Array.from(sobolDirections(dimension).subarray(0, 8), (word) => hex(word, 8)),
    };
  },
  'sobol.point_gray_code': (inputs) => {
    const { dims } = inputs;
    const dimensions = Array.isArray(dims)
      ? dims.map(Number)
      : Array.from({ length: numberInput(inputs, 'dims') }, (_, j) => j + 1);
    return dimensions.map((dimension) => sobolCoordinate(numberInput(inputs, 'index'), dimension));
  },
  'sobol.first_dimension': (inputs) => {
    const from = numberInput(inputs, 'index_from');
    const count = numberInput(inputs, 'index_to') - from + 1;
    return Array.from({ length: count }, (_, i) => sobolCoordinate(from + i, 1));
  },
  'sobol.g_function_estimate': (inputs) => gFunctionEstimate(numberInput(inputs, 'd'), numberInput(inputs, 'n')),

  'bivariate_normal.cdf': (inputs) =>
    bivariateNormalCdf(numberInput(inputs, 'a'), numberInput(inputs, 'b'), numberInput(inputs, 'rho')),
  'bivariate_student_t.cdf': (inputs) =>
    bivariateStudentTCdf(
      numberInput(inputs, 'x'),
      numberInput(inputs, 'y'),
      numberInput(inputs, 'rho'),
      numberInput(inputs, 'nu'),
    ),
  't_copula.tail_dependence': (inputs) => tailDependence(numberInput(inputs, 'rho'), numberInput(inputs, 'nu')),
  'student_t.moments': (inputs) => {
    const { variance, excessKurtosis } = studentTMoments(numberInput(inputs, 'nu'));
    return { variance, excess_kurtosis: excessKurtosis };
  },
  'chi_square.bounds': (inputs) => {
    const side = numberInput(inputs, 'two_sided_level') / 2;
    const degrees = numberInput(inputs, 'dof');
    return [chiSquareQuantile('lower', side, degrees), chiSquareQuantile('upper', side, degrees)];
  },
  'kolmogorov_smirnov.bound': (inputs) =>
    kolmogorovSmirnovBound(numberInput(inputs, 'n'), numberInput(inputs, 'level')),

  'mc.call_rmse': (inputs) =>
    callConvergence(
      numberInput(inputs, 'S'),
      numberInput(inputs, 'K'),
      numberInput(inputs, 'sigma'),
      numberInput(inputs, 'T'),
      numberInput(inputs, 'n'),
      numberInput(inputs, 'replicates'),
    ),
  'mc.portfolio_var_rmse': (inputs) =>
    portfolioConvergence(
      listInput(inputs, 'exposure').map(Number),
      portfolioCovariance(listInput(inputs, 'daily_vol').map(Number), listInput(inputs, 'corr_beta').map(Number)),
      numberInput(inputs, 'alpha'),
      numberInput(inputs, 'n'),
      numberInput(inputs, 'replicates'),
    ),
};
