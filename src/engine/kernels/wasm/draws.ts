import { exp, log } from './elementary.ts';
import { forBatches, type KernelWriter, Misses } from './KernelWriter.ts';
import { WORD } from './opcodes.ts';
import type { Lanes, Vectors } from './Vectors.ts';
import type { Local, WasmFunction } from './WasmModule.ts';

/** Vectors a batch of `uniforms`, four paths each. */
const WORD_WIDTH = 2;
/** Vectors a batch of everything else. */
const WIDTH = 3;
/** Paths a batch. */
export const DRAWS_BATCH = 2 * WIDTH;

/** Round constants of Philox4x32: Salmon, Moraes, Dror and Shaw (SC 2011), table 2 and section 4.3. */
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;

/** Bytes that pick the lower (upper) words out of two vectors of 64-bit products. */
const LOWER_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const UPPER_WORDS = [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31];
/** Bytes that put words of a and of b alternately, from the first half of each or from the second. */
const FIRST_PAIRS = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const SECOND_PAIRS = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31];

/** Upper half of the bits of 2^52. */
const INTEGER_WORD = 0x43300000;

/** What a block of Philox is made of, as words in this order from the address of the counter on. */
export const COUNTER_WORDS = ['path', 'pathHigh', 'block', 'stream', 'key0', 'key1'] as const;

/**
 * `uniforms(first, end, second, counter)`: the two uniforms of `numerics/sampling` of consecutive paths, from `first` (to before
 * `end`) and from `second` on. The counter says of which path the first are; paths do not pass 2^32.
 */
function writeUniforms(writer: KernelWriter): void {
  writer.function('uniforms', false, (code, first: Local, end: Local, second: Local, counter: Local) => {
    const v = writer.vectors(code, WORD_WIDTH);
    const start = code.local(first.type);
    code.get(first);
    code.set(start);
    const word = (name: (typeof COUNTER_WORDS)[number]) => v.splatWordAt(counter, 4 * COUNTER_WORDS.indexOf(name));
    const multipliers = MULTIPLIERS.map((value) => () => v.words(value, value, value, value));
    forBatches(code, [first, second], end, 32 * WORD_WIDTH, () => {
      // A path is eight bytes of the first column.
      const done = v.splatWord(() => {
        code.get(first);
        code.get(start);
        code.op(WORD.sub);
        code.i32(3);
        code.op(WORD.shiftRight);
      });
      let a = v.addWords(
        v.addWords(word('path'), done),
        v.wordsByVector((i) => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3]),
      );
      let b = word('pathHigh');
      let c = word('block');
      let d = word('stream');
      let keys = [word('key0'), word('key1')] as [Lanes, Lanes];
      for (let round = 0; round < ROUNDS; round += 1) {
        if (round > 0) {
          keys = [
            v.addWords(keys[0], v.words(WEYL[0], WEYL[0], WEYL[0], WEYL[0])),
            v.addWords(keys[1], v.words(WEYL[1], WEYL[1], WEYL[1], WEYL[1])),
          ];
        }
        const [high0, low0] = product(v, a, multipliers[0]!());
        const [high1, low1] = product(v, c, multipliers[1]!());
        a = v.xor(v.xor(high1, b), keys[0]);
        b = low1;
        c = v.xor(v.xor(high0, d), keys[1]);
        d = low0;
      }
      storeUniforms(v, a, b, first);
      storeUniforms(v, c, d, second);
    });
  });
}

/** Upper and lower words of the products of words. */
function product(v: Vectors, a: Lanes, b: Lanes): [Lanes, Lanes] {
  const [low, high] = [v.productLow(a, b), v.productHigh(a, b)];
  return [v.shuffle(low, high, UPPER_WORDS), v.shuffle(low, high, LOWER_WORDS)];
}

/** `uniformOf` of two words: their upper 26 bits each, a half added, over 2^52. */
function storeUniforms(v: Vectors, high: Lanes, low: Lanes, address: Local): void {
  const upper = v.or(v.shiftRightWords(high, 12), v.words(INTEGER_WORD, INTEGER_WORD, INTEGER_WORD, INTEGER_WORD));
  const lower = v.or(v.shiftLeftWords(v.shiftRightWords(high, 6), 26), v.shiftRightWords(low, 6));
  [FIRST_PAIRS, SECOND_PAIRS].forEach((pairs, half) => {
    const whole = v.sub(v.shuffle(lower, upper, pairs), v.constant(2 ** 52 - 0.5));
    v.store(v.mul(whole, v.constant(2 ** -52)), address, 16 * half, 32);
  });
}

/** Coefficients of AS 241, PPND16 (Wichura 1988), highest power first: about the median, and in the tail down to 1.4e-11. */
const CENTRAL_NUMERATOR = [
  2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
  1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
];
const CENTRAL_DENOMINATOR = [
  5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
  687.1870074920579083, 42.313330701600911252, 1,
];
const TAIL_NUMERATOR = [
  7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
  3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
];
const TAIL_DENOMINATOR = [
  1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
  0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
];

/** `inverseNormals(column, end, misses)`: uniforms become standard normals in place. The far tail, beyond 1.4e-11, is noted. */
function writeInverseNormals(writer: KernelWriter): void {
  writer.function('inverseNormals', true, (code, column: Local, end: Local, list: Local) => {
    const v = writer.vectors(code, WIDTH);
    const misses = new Misses(code, list, column);
    forBatches(code, [column], end, 16 * WIDTH, () => {
      const u = v.load(column);
      const q = v.sub(u, v.constant(0.5));
      const r = v.sub(v.constant(0.180625), v.mul(q, q));
      const [numerator, denominator] = v.polynomials(
        { coefficients: CENTRAL_NUMERATOR, at: r },
        { coefficients: CENTRAL_DENOMINATOR, at: r },
      ) as [Lanes, Lanes];
      const value = v.variable(v.div(v.mul(q, numerator), denominator));
      const isCentral = v.lessThan(v.abs(q), v.constant(0.425));
      v.allTrue(isCentral);
      code.op(WORD.isZero);
      code.when(() => {
        const tail = v.min(u, v.sub(v.constant(1), u));
        const root = v.sqrt(v.negate(log(v, tail)));
        const at = v.sub(root, v.constant(1.6));
        const [tailNumerator, tailDenominator] = v.polynomials(
          { coefficients: TAIL_NUMERATOR, at },
          { coefficients: TAIL_DENOMINATOR, at },
        ) as [Lanes, Lanes];
        const size = v.div(tailNumerator, tailDenominator);
        const signed = v.xor(size, v.and(q, v.bits(SIGN_BIT)));
        const holds = v.or(isCentral, v.lessThan(root, v.constant(5)));
        v.assign(value, v.select(isCentral, value, signed));
        v.assign(value, v.select(holds, value, u));
        misses.note(v, holds, column);
      });
      v.store(value, column);
    });
    misses.count();
  });
}

const SIGN_BIT = 0x8000000000000000n;

/** `studentScales(first, end, second)`: sqrt(2 / chi-square) with four degrees of freedom, chi-square = -2 ln(u1 u2), in place of u1. */
function writeStudentScales(writer: KernelWriter): void {
  writer.function('studentScales', false, (code, first: Local, end: Local, second: Local) => {
    const v = writer.vectors(code, WIDTH);
    forBatches(code, [first, second], end, 16 * WIDTH, () => {
      const chiSquare = v.mul(log(v, v.mul(v.load(first), v.load(second))), v.constant(-2));
      v.store(v.sqrt(v.div(v.constant(2), chiSquare)), first);
    });
  });
}

/** `addScaled(column, end, total, scale)`: total += scale x column. */
function writeAddScaled(writer: KernelWriter): void {
  writer.function('addScaled', false, (code, column: Local, end: Local, total: Local, scale: Local) => {
    const v = writer.vectors(code, WIDTH);
    forBatches(code, [column, total], end, 16 * WIDTH, () => {
      v.store(v.multiplyAdd(v.load(column), v.splatAt(scale, 0), v.load(total)), total);
    });
  });
}

/** `growths(logMove, end, scale, growth, bounds)`: log-moves times scales, held within the two bounds, in place; and their exponentials. */
function writeGrowths(writer: KernelWriter): void {
  writer.function('growths', false, (code, logMove: Local, end: Local, scale: Local, growth: Local, bounds: Local) => {
    forScaled(code, writer, [logMove, scale, growth], end, (v) => {
      const held = v.max(v.min(v.mul(v.load(logMove), v.load(scale)), v.splatAt(bounds, 8)), v.splatAt(bounds, 0));
      v.store(held, logMove);
      v.store(exp(v, held), growth);
    });
  });
}

/** `volShocks(logMove, end, scale, bounds)`: exp(log-move x scale) - 1, held within the two bounds, in place. */
function writeVolShocks(writer: KernelWriter): void {
  writer.function('volShocks', false, (code, logMove: Local, end: Local, scale: Local, bounds: Local) => {
    forScaled(code, writer, [logMove, scale], end, (v) => {
      // Beyond e^40 the bound holds in any case.
      const x = v.max(v.min(v.mul(v.load(logMove), v.load(scale)), v.constant(40)), v.constant(-40));
      const shock = v.sub(exp(v, x), v.constant(1));
      v.store(v.max(v.min(shock, v.splatAt(bounds, 8)), v.splatAt(bounds, 0)), logMove);
    });
  });
}

/** `exponentials(column, end)`: exp(x) in place. */
function writeExponentials(writer: KernelWriter): void {
  writer.function('exponentials', false, (code, column: Local, end: Local) => {
    forScaled(code, writer, [column], end, (v) => v.store(exp(v, v.load(column)), column));
  });
}

function forScaled(
  code: WasmFunction,
  writer: KernelWriter,
  columns: readonly Local[],
  end: Local,
  body: (v: Vectors) => void,
): void {
  const v = writer.vectors(code, WIDTH);
  forBatches(code, columns, end, 16 * WIDTH, () => body(v));
}

/** The kernels that draw moves. */
export function writeDraws(writer: KernelWriter): void {
  writeUniforms(writer);
  writeInverseNormals(writer);
  writeStudentScales(writer);
  writeAddScaled(writer);
  writeGrowths(writer);
  writeVolShocks(writer);
  writeExponentials(writer);
}
