/**
 * Complex numbers as plain pairs. The few operations that characteristic functions need, with `expm1` and `log1p`,
 * which the complex packages lack or take through cancellation: both keep relative digits for small arguments.
 */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

export function complex(re: number, im = 0): Complex {
  return { re, im };
}

export function add(a: Complex, b: Complex): Complex {
  return { re: a.re + b.re, im: a.im + b.im };
}

export function subtract(a: Complex, b: Complex): Complex {
  return { re: a.re - b.re, im: a.im - b.im };
}

export function multiply(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

export function scale(a: Complex, factor: number): Complex {
  return { re: a.re * factor, im: a.im * factor };
}

/** a / b by Smith's method (CACM 5, 1962): no overflow in the square of b. */
export function divide(a: Complex, b: Complex): Complex {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re;
    const denominator = b.re + b.im * ratio;
    return { re: (a.re + a.im * ratio) / denominator, im: (a.im - a.re * ratio) / denominator };
  }
  const ratio = b.re / b.im;
  const denominator = b.re * ratio + b.im;
  return { re: (a.re * ratio + a.im) / denominator, im: (a.im * ratio - a.re) / denominator };
}

/** The square root with real part >= 0; the sign of its imaginary part is that of the argument's. */
export function squareRoot(a: Complex): Complex {
  const size = Math.hypot(a.re, a.im);
  if (size === 0) return { re: 0, im: 0 };
  const large = Math.sqrt((size + Math.abs(a.re)) / 2);
  const small = Math.abs(a.im) / (2 * large);
  const sign = a.im < 0 ? -1 : 1;
  return a.re >= 0 ? { re: large, im: sign * small } : { re: small, im: sign * large };
}

export function exponential(a: Complex): Complex {
  const size = Math.exp(a.re);
  return { re: size * Math.cos(a.im), im: size * Math.sin(a.im) };
}

/** exp(a) - 1. */
export function expm1(a: Complex): Complex {
  const half = Math.sin(a.im / 2);
  return { re: Math.expm1(a.re) * Math.cos(a.im) - 2 * half * half, im: Math.exp(a.re) * Math.sin(a.im) };
}

/** ln(1 + a), its imaginary part in [-pi, pi]. */
export function log1p(a: Complex): Complex {
  const size = Math.hypot(a.re, a.im);
  const re = size < 0.5 ? 0.5 * Math.log1p(2 * a.re + a.re * a.re + a.im * a.im) : Math.log(Math.hypot(1 + a.re, a.im));
  return { re, im: Math.atan2(a.im, 1 + a.re) };
}
