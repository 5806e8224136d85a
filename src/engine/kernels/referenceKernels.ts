import { undiscountedBlack, undiscountedBlackAt } from '../pricing/black76.ts';
import { black76Greeks } from '../pricing/greeks.ts';
import { inverseNormalCdf } from '../numerics/normal.ts';
import { chiSquares, normals as pathNormals } from '../numerics/sampling.ts';
import { smallestValues } from '../numerics/smallestValues.ts';
import { addProxyPnl } from './addProxyPnl.ts';
import type { CoinMoves, EllipticalDraws, GreekColumns, Kernels, OptionColumns, OptionTerms } from './Kernels.ts';

/** The kernels in plain TypeScript: what the others are judged by, and what runs where they cannot. */
export const referenceKernels: Kernels = {
  build: 'typescript',
  column: (length) => new Float64Array(length),
  prices,
  greeks,
  impliedVolatilities: async (options) =>
    (await import('../pricing/impliedVolatility.ts')).impliedVolatilities(options),
  addOptionPnl,
  addProxyPnl,
  addScaled,
  ellipticalMoves,
  normals,
  inverseNormals: (column) => transform(column, inverseNormalCdf),
  exponentials: (column) => transform(column, Math.exp),
  heldMoves,
  smallest: smallestValues,
};

function prices(options: OptionColumns, out: Float64Array): void {
  const { sign, forward, strike, timeToExpiryYears, volatility, discount } = options;
  for (let i = 0; i < out.length; i += 1) {
    const time = timeToExpiryYears[i]!;
    const totalVol = time > 0 ? volatility[i]! * Math.sqrt(time) : 0;
    out[i] = discount[i]! * undiscountedBlack(sign[i]! > 0 ? 1 : -1, forward[i]!, strike[i]!, totalVol);
  }
}

function greeks(options: OptionColumns, rate: Float64Array, out: GreekColumns): void {
  const { sign, forward, strike, timeToExpiryYears, volatility, discount } = options;
  for (let i = 0; i < rate.length; i += 1) {
    const found = black76Greeks(
      sign[i]! > 0 ? 'C' : 'P',
      forward[i]!,
      strike[i]!,
      timeToExpiryYears[i]!,
      volatility[i]!,
      discount[i]!,
      rate[i]!,
    );
    out.price[i] = found.price;
    out.delta[i] = found.delta;
    out.gamma[i] = found.gamma;
    out.vega[i] = found.vega;
    out.theta[i] = found.theta;
    out.rho[i] = found.rho;
    out.vanna[i] = found.vanna;
    out.volga[i] = found.volga;
  }
}

function addOptionPnl(terms: OptionTerms, quantity: number, moves: CoinMoves, total: Float64Array): void {
  const { sign, forward, strike, timeToExpiryYears, volatility, volPerShock, leastVol, premiumToUsd, presentUsd } =
    terms;
  const { growth, logGrowth, volShock } = moves;
  const rootTime = timeToExpiryYears > 0 ? Math.sqrt(timeToExpiryYears) : 0;
  const logMoneyness = Math.log(forward / strike);
  for (let s = 0; s < total.length; s += 1) {
    const vol = volatility + volPerShock * volShock[s]!;
    const totalVol = (vol > leastVol ? vol : leastVol) * rootTime;
    const premium = undiscountedBlackAt(sign, forward * growth[s]!, strike, logMoneyness + logGrowth[s]!, totalVol);
    total[s] = total[s]! + quantity * (premium * premiumToUsd - presentUsd);
  }
}

function addScaled(scale: number, column: Float64Array, total: Float64Array): void {
  for (let s = 0; s < total.length; s += 1) total[s] = total[s]! + scale * column[s]!;
}

function ellipticalMoves(draws: EllipticalDraws, firstPath: number, count: number, out: readonly CoinMoves[]): void {
  const { seed, degreesOfFreedom, factor } = draws;
  const coins = out.length;
  const size = 2 * coins;
  const normal = new Float64Array(size * count);
  normals(seed, draws.normalStream, firstPath, count, size, normal);
  const chiSquare = new Float64Array(count);
  if (degreesOfFreedom !== null) chiSquares(seed, draws.chiSquareStream, firstPath, count, degreesOfFreedom, chiSquare);
  const scale = chiSquare.map((value) => (degreesOfFreedom === null ? 1 : Math.sqrt((degreesOfFreedom - 2) / value)));
  const combined = (i: number): Float64Array => {
    const x = new Float64Array(count);
    for (let j = 0; j < size; j += 1) addScaled(factor[i * size + j]!, normal.subarray(j * count, (j + 1) * count), x);
    return x;
  };
  out.forEach(({ growth, logGrowth, volShock }, coin) => {
    const first = (column: Float64Array) => column.subarray(0, count);
    const moves = { growth: first(growth), logGrowth: first(logGrowth), volShock: first(volShock) };
    heldMoves(combined(coin), combined(coins + coin), scale, draws, moves);
  });
}

function heldMoves(
  spot: Float64Array,
  vol: Float64Array,
  scale: Float64Array,
  { mostLogMove, volShockRange }: Pick<EllipticalDraws, 'mostLogMove' | 'volShockRange'>,
  out: CoinMoves,
): void {
  const [least, most] = volShockRange;
  for (let s = 0; s < spot.length; s += 1) {
    const held = Math.min(Math.max(spot[s]! * scale[s]!, -mostLogMove), mostLogMove);
    out.logGrowth[s] = held;
    out.growth[s] = Math.exp(held);
    out.volShock[s] = Math.min(Math.max(Math.expm1(vol[s]! * scale[s]!), least), most);
  }
}

function transform(column: Float64Array, by: (value: number) => number): void {
  for (let s = 0; s < column.length; s += 1) column[s] = by(column[s]!);
}

function normals(
  seed: number,
  stream: number,
  firstPath: number,
  count: number,
  dimensions: number,
  out: Float64Array,
): void {
  const byPath = new Float64Array(count * dimensions);
  pathNormals(seed, stream, firstPath, count, dimensions, byPath);
  for (let j = 0; j < dimensions; j += 1)
    for (let i = 0; i < count; i += 1) out[j * count + i] = byPath[i * dimensions + j]!;
}
