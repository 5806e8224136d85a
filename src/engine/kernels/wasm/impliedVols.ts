import { INVERSE_SQRT_TWO_PI } from '../../numerics/normal.ts';
import { blackParts, timeValueShare } from './blackVectors.ts';
import { exp, log, logQuotient } from './elementary.ts';
import { forBatches, type KernelWriter, Misses } from './KernelWriter.ts';
import { WORD } from './opcodes.ts';
import type { Lanes, Vectors } from './Vectors.ts';
import { I32, type Local } from './WasmModule.ts';

/** Vectors a batch. */
const WIDTH = 3;
/** Quotes a batch. */
export const IMPLIED_VOLS_BATCH = 2 * WIDTH;

const MOST_STEPS = 12;
/** A step so small, relative to total vol, is the last: steps are of third order, so what is left is its cube. */
const LAST_STEP = 2e-5;
/** Time values beyond this share of min(F, K) belong to total vols that the scalar solver is made for. */
const MOST_SHARE = 0.8;
const LEAST_NORMAL = 2 ** -1022;

/**
 * `impliedVols(sign, end, forward, strike, time, price, discount, out, misses)`: Black-76 vols of prices. With b the time value over
 * min(F, K) and c(s) its value at total vol s, Halley's method solves ln c(s) = ln b: c' = phi(d), c''/c' = (a^2 - h^2) / s. What has
 * not converged in a few steps, has no time value or too much of it, is noted and left to the scalar solver.
 */
export function writeImpliedVols(writer: KernelWriter): void {
  writer.function(
    'impliedVols',
    true,
    (
      code,
      sign: Local,
      end: Local,
      forward: Local,
      strike: Local,
      time: Local,
      price: Local,
      discount: Local,
      out: Local,
      list: Local,
    ) => {
      const v = writer.vectors(code, WIDTH);
      const misses = new Misses(code, list, sign);
      const steps = code.local(I32);
      forBatches(code, [sign, forward, strike, time, price, discount, out], end, 16 * WIDTH, () => {
        const [F, K] = [v.load(forward), v.load(strike)];
        const low = v.min(F, K);
        const intrinsic = v.max(v.mul(v.sub(F, K), v.load(sign)), v.constant(0));
        const share = v.div(v.sub(v.div(v.load(price), v.load(discount)), intrinsic), low);
        const x = v.abs(logQuotient(v, F, K));
        const s = v.variable(firstGuess(v, x, share));
        const converged = v.variable(v.constant(0));
        const holds = v.variable(v.constant(0));
        code.i32(0);
        code.set(steps);
        code.repeatWhile(() => {
          const half = v.mul(s, v.constant(0.5));
          const a = v.div(x, s);
          const parts = blackParts(v, a, half);
          const value = timeValueShare(v, parts);
          const error = logQuotient(v, value, share);
          const slope = v.div(v.mul(parts.density, v.constant(INVERSE_SQRT_TWO_PI)), value);
          const newton = v.div(error, slope);
          const bend = v.sub(v.div(v.sub(v.mul(a, a), v.mul(half, half)), s), slope);
          const damping = v.sub(v.constant(1), v.mul(v.mul(newton, v.constant(0.5)), bend));
          const step = v.div(newton, v.max(damping, v.constant(0.25)));
          const next = v.max(v.min(v.sub(s, step), v.mul(s, v.constant(4))), v.mul(s, v.constant(0.25)));
          v.assign(converged, v.lessThan(v.abs(step), v.mul(s, v.constant(LAST_STEP))));
          v.assign(holds, v.and(converged, parts.holds));
          v.assign(s, next);
          code.get(steps);
          code.i32(1);
          code.op(WORD.add);
          code.set(steps);
          v.allTrue(converged);
          code.op(WORD.isZero);
          code.get(steps);
          code.i32(MOST_STEPS);
          code.op(WORD.lessUnsigned);
          code.op(WORD.and);
        });
        const years = v.load(time);
        const isQuote = v.and(v.greaterThan(share, v.constant(0)), v.lessThan(share, v.constant(MOST_SHARE)));
        const isNormal = v.and(v.greaterThan(low, v.constant(LEAST_NORMAL)), v.greaterThan(years, v.constant(0)));
        const solved = v.and(v.and(holds, isQuote), isNormal);
        v.store(v.div(s, v.sqrt(years)), out);
        misses.note(v, solved, sign);
      });
      misses.count();
    },
  );
}

/**
 * Total vol to start from. Near the money that of Corrado and Miller (1996, "A note on a simple, accurate formula to compute implied
 * standard deviations"), which takes the price as quadratic in s; where its root is imaginary, from ln c = -a^2 / 2 + x / 2 - ln(a^3 sqrt(2 pi) / x),
 * the leading part of the far wing, solved for a by substitution.
 */
function firstGuess(v: Vectors, x: Lanes, share: Lanes): Lanes {
  const gap = v.sub(exp(v, v.min(x, v.constant(40))), v.constant(1));
  const middle = v.add(share, v.mul(gap, v.constant(0.5)));
  const root = v.sub(v.mul(middle, middle), v.mul(v.mul(gap, gap), v.constant(1 / Math.PI)));
  const near = v.div(
    v.mul(v.add(middle, v.sqrt(v.max(root, v.constant(0)))), v.constant(Math.sqrt(2 * Math.PI))),
    v.add(gap, v.constant(2)),
  );
  const size = v.sub(v.mul(x, v.constant(0.5)), log(v, v.max(share, v.constant(LEAST_NORMAL))));
  let a = v.sqrt(v.mul(size, v.constant(2)));
  const floor = v.constant(0.5);
  const scaledX = v.mul(v.max(x, v.constant(LEAST_NORMAL)), v.constant(INVERSE_SQRT_TWO_PI));
  const cube = v.mul(v.mul(a, a), a);
  a = v.sqrt(v.max(v.mul(v.sub(size, logQuotient(v, cube, scaledX)), v.constant(2)), floor));
  const far = v.div(x, a);
  return v.select(v.greaterThan(root, v.constant(0)), near, far);
}
