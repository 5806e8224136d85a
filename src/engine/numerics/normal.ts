/**
 * The standard normal distribution in double precision, without loss in the tails.
 *
 * Everything rests on two scaled functions of z >= 0, both positive and free of exponentials:
 *
 *   scaledTail(z)      m(z) = N(-z) exp(z^2/2)
 *   scaledTailDecay(z) -m'(z) = 1/sqrt(2 pi) - z m(z)
 *
 * Each is one quotient of polynomials with positive coefficients, fitted to 140-digit values in relative error over
 * [0, 1e5]; the quotient of the leading coefficients is the asymptote, so the fit holds to infinity. Approximation
 * error: 1e-17 for m, 2e-17 for -m'; rounding adds at most about 4 units in the last place.
 */

/** 1 / sqrt(2 pi). */
export const INVERSE_SQRT_TWO_PI = 0.3989422804014327;

/** Beyond this the asymptotes c/z and c/z^2 are exact to the last bit, and powers of z stay far from overflow. */
const ASYMPTOTIC = 1e10;

/** N(-z) exp(z^2/2) for z >= 0. */
export function scaledTail(z: number): number {
  if (z > ASYMPTOTIC) return INVERSE_SQRT_TWO_PI / z;
  const numerator =
    (((((((((3.3203744627855796e-7 * z + 9.739295471037104e-6) * z + 0.0001415906977529518) * z +
      0.0013224555162147731) *
      z +
      0.008710667414007554) *
      z +
      0.042069718935157575) *
      z +
      0.15056499148215818) *
      z +
      0.3945272298120251) *
      z +
      0.7270455919914236) *
      z +
      0.8577980488362317) *
      z +
    0.5;
  const denominator =
    ((((((((((8.322944510781053e-7 * z + 2.4412793402687278e-5) * z + 0.0003557475408633458) * z +
      0.003339317182291057) *
      z +
      0.022187655888088284) *
      z +
      0.10871922580843153) *
      z +
      0.3985433617561949) *
      z +
      1.0880005977610634) *
      z +
      2.1596617606018196) *
      z +
      2.9595585952568633) *
      z +
      2.5134806584753306) *
      z +
    1;
  return numerator / denominator;
}

/** The rate at which `scaledTail` falls: 1/sqrt(2 pi) - z scaledTail(z) for z >= 0, without the cancellation. */
export function scaledTailDecay(z: number): number {
  if (z > ASYMPTOTIC) return INVERSE_SQRT_TWO_PI / (z * z);
  const numerator =
    (((((((((1.0056376819141038e-7 * z + 3.0492162643700455e-6) * z + 4.660387576269242e-5) * z +
      0.0004636726516950498) *
      z +
      0.0032931841009291364) *
      z +
      0.01736061813088656) *
      z +
      0.06869339446230634) *
      z +
      0.20178770614723826) *
      z +
      0.42334300309453105) *
      z +
      0.5786330952788967) *
      z +
    0.39894228040143265;
  const denominator =
    (((((((((((2.520759847520269e-7 * z + 7.643251703734688e-6) * z + 0.00011757482064840208) * z +
      0.00118518473402521) *
      z +
      0.008603731702887758) *
      z +
      0.04695752171544096) *
      z +
      0.19626284482092402) *
      z +
      0.6297041316962037) *
      z +
      1.5330025950037218) *
      z +
      2.752401386231095) *
      z +
      3.4497893494710863) *
      z +
      2.7037322145788325) *
      z +
    1;
  return numerator / denominator;
}

/** Scaled complementary error function exp(x^2) erfc(x); overflows to Infinity below about -26.6. */
export function erfcx(x: number): number {
  return x >= 0 ? 2 * scaledTail(x * Math.SQRT2) : 2 * expSquare(x) - 2 * scaledTail(-x * Math.SQRT2);
}

/** Complementary error function. */
export function erfc(x: number): number {
  if (x >= 0) return 2 * scaledTail(x * Math.SQRT2) * expMinusSquare(x);
  return 2 - 2 * scaledTail(-x * Math.SQRT2) * expMinusSquare(x);
}

/** Standard normal density. */
export function normalPdf(x: number): number {
  return INVERSE_SQRT_TWO_PI * expMinusHalfSquare(x);
}

/**
 * Standard normal distribution function, to full relative precision below the mean down to underflow (x = -38.5).
 * Take the upper tail as `normalCdf(-x)`, never as `1 - normalCdf(x)`.
 */
export function normalCdf(x: number): number {
  if (x <= 0) return scaledTail(-x) * expMinusHalfSquare(x);
  return 1 - scaledTail(x) * expMinusHalfSquare(x);
}

/**
 * Quantile of the standard normal: Wichura's algorithm AS 241 (PPND16), Applied Statistics 37 (1988), relative error
 * about 1e-16; beyond probabilities of 1e-11, where its last polynomial gives away two units in the last place, one Newton step
 * on `normalCdf` takes them back. -Infinity at 0, Infinity at 1, NaN outside [0, 1].
 */
export function inverseNormalCdf(probability: number): number {
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q *
        (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
          45921.953931549871457) *
          r +
          13731.693765509461125) *
          r +
          1971.5909503065514427) *
          r +
          133.14166789178437745) *
          r +
          3.387132872796366608)) /
      (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r +
        21213.794301586595867) *
        r +
        5394.1960214247511077) *
        r +
        687.1870074920579083) *
        r +
        42.313330701600911252) *
        r +
        1)
    );
  }
  const tail = q < 0 ? probability : 1 - probability;
  if (!(tail > 0)) return tail === 0 ? (q < 0 ? -Infinity : Infinity) : Number.NaN;
  let r = Math.sqrt(-Math.log(tail));
  let quantile: number;
  if (r <= 5) {
    r -= 1.6;
    quantile =
      (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r +
        1.27045825245236838258) *
        r +
        3.64784832476320460504) *
        r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
        1.42343711074968357734) /
      (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r +
        0.14810397642748007459) *
        r +
        0.68976733498510000455) *
        r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
        1);
  } else {
    r -= 5;
    quantile =
      (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r +
        0.026532189526576123093) *
        r +
        0.29656057182850489123) *
        r +
        1.7848265399172913358) *
        r +
        5.4637849111641143699) *
        r +
        6.6579046435011037772) /
      (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r +
        7.868691311456132591e-4) *
        r +
        0.0148753612908506148525) *
        r +
        0.13692988092273580531) *
        r +
        0.59983220655588793769) *
        r +
        1);
    quantile = refined(quantile, tail);
  }
  return q < 0 ? -quantile : quantile;
}

/** Newton's step towards N(-z) = tail, relative, so that it loses nothing however small the tail is. */
function refined(z: number, tail: number): number {
  const reached = normalCdf(-z);
  // Among subnormal numbers the function itself has few digits left.
  return reached > 1e-300 ? z + (scaledTail(z) / INVERSE_SQRT_TWO_PI) * (1 - tail / reached) : z;
}

/**
 * exp(-x^2/2) to full precision: x is split into a part whose square is exact and a small rest (Cody 1969), since the
 * rounding of x^2 alone would cost x^2/2 units in the last place.
 */
function expMinusHalfSquare(x: number): number {
  if (!(Math.abs(x) < 40)) return Number.isNaN(x) ? x : 0;
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-0.5 * head * head) * Math.exp(-0.5 * (x - head) * (x + head));
}

function expMinusSquare(x: number): number {
  if (!(Math.abs(x) < 28)) return Number.isNaN(x) ? x : 0;
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

function expSquare(x: number): number {
  if (!(Math.abs(x) < 27)) return Number.isNaN(x) ? x : Infinity;
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(head * head) * Math.exp((x - head) * (x + head));
}
