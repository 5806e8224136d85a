import { chiSquares, normals, uniforms } from '../../../src/engine/numerics/sampling.ts';
import { undiscountedBlack } from '../../../src/engine/pricing/black76.ts';

const SEED = 20_240_607;
const DAYS = 365;
const LEGS = 50;
const SCENARIOS = 100_000;
const GREEK_LEGS = 1_000;
const QUOTES = 100_000;
/** A quote worth less, in parts of the forward, could not be traded. */
const LEAST_QUOTE = 1e-7;
/** Correlations of the moves of spot of two coins, then of vol of both. */
const CORRELATION = [
  [1, 0.82, -0.45, -0.4],
  [0.82, 1, -0.38, -0.48],
  [-0.45, -0.38, 1, 0.75],
  [-0.4, -0.48, 0.75, 1],
];
/** Deviations of those moves in a day. */
const DAILY = [0.55 / Math.sqrt(DAYS), 0.7 / Math.sqrt(DAYS), 0.03, 0.035];
const DEGREES_OF_FREEDOM = 4;

export interface GeneratedInputs {
  /** The bytes of a file by its name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The vols that the quotes of W5 were priced with. */
  readonly quotedVols: Float64Array;
}

/** What the workloads of the kernels read, the same on every run: books as a crypto option desk has them. */
export function generatedInputs(options: number): GeneratedInputs {
  const files = new Map<string, Uint8Array>();
  const put = (name: string, values: ArrayBufferView) =>
    files.set(name, new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength));
  const putDesk = (prefix: string, { forward, strike, time, vol, sign }: Desk) => {
    put(`${prefix}_F.bin`, forward);
    put(`${prefix}_K.bin`, strike);
    put(`${prefix}_T.bin`, time);
    put(`${prefix}_V.bin`, vol);
    put(`${prefix}_C.bin`, sign);
  };
  putDesk('w1', desk(options, 10));

  const book = bookOfLegs();
  putDesk('w2', book);
  put('w2_u.bin', book.coin);
  put('w2_Q.bin', book.quantity);
  const factor = covarianceFactor();
  jointMoves(factor).forEach((moves, j) => put(`w2_s${j}.bin`, moves));
  const settings = { nleg: LEGS, nsc: SCENARIOS, L: [...factor], volfloor: 0.01 };
  files.set('w2.json', new TextEncoder().encode(JSON.stringify(settings)));

  putDesk('w3', desk(GREEK_LEGS, 20));
  put(
    'w3_R.bin',
    uniformColumn(24, GREEK_LEGS).map((u) => 0.08 * u),
  );
  put('w4_spot.bin', evenly(-0.4, 0.4, 41));
  put('w4_vol.bin', evenly(-0.3, 0.6, 21));

  const quotes = quotedOptions();
  putDesk('w5', quotes);
  put('w5_P.bin', quotes.price);
  return { files, quotedVols: quotes.vol };
}

interface Desk {
  readonly forward: Float64Array;
  readonly strike: Float64Array;
  readonly time: Float64Array;
  readonly vol: Float64Array;
  /** +1 for a call, -1 for a put. */
  readonly sign: Int8Array;
}

/** Two coins, strikes mostly within 2.5 deviations, two hours to a year, vols of 20 % to 180 %. Takes four streams of the seed. */
function desk(count: number, stream: number): Desk {
  const coin = uniformColumn(stream, count);
  const [drift, width, moneyness] = normalColumns(stream + 1, count, 3) as [Float64Array, Float64Array, Float64Array];
  const time = uniformColumn(stream + 2, count).map((u) => Math.exp(Math.log(2 / 24 / DAYS) * (1 - u)));
  const forward = drift.map((z, i) => (coin[i]! < 0.5 ? 62_000 : 3_300) * Math.exp(0.15 * z));
  const vol = width.map((z) => Math.min(Math.max(0.62 * Math.exp(0.4 * z), 0.2), 1.8));
  const strike = moneyness.map((z, i) => forward[i]! * Math.exp(1.2 * z * vol[i]! * Math.sqrt(time[i]!)));
  const sign = Int8Array.from(uniformColumn(stream + 3, count), (u) => (u < 0.5 ? 1 : -1));
  return { forward, strike, time, vol, sign };
}

function bookOfLegs(): Desk & { coin: Int32Array; quantity: Float64Array } {
  const coin = Int32Array.from({ length: LEGS }, (_, leg) => leg % 2);
  const [skew, moneyness] = normalColumns(30, LEGS, 2) as [Float64Array, Float64Array];
  const pick = (stream: number, among: readonly number[]) =>
    uniformColumn(stream, LEGS).map((u) => among[Math.floor(u * among.length)]!);
  const time = pick(31, [1, 3, 7, 14, 30, 60, 90, 180, 270]).map((days) => days / DAYS);
  const forward = Float64Array.from(coin, (c) => (c === 0 ? 62_000 : 3_300));
  const vol = skew.map((z, leg) => (coin[leg] === 0 ? 0.52 : 0.66) * Math.min(Math.max(1 + 0.12 * z, 0.6), 1.6));
  const strike = moneyness.map((z, leg) => forward[leg]! * Math.exp(0.9 * z * vol[leg]! * Math.sqrt(time[leg]!)));
  const sign = Int8Array.from(pick(32, [1, -1]));
  const quantity = pick(33, [-8, -5, -3, -2, -1, 1, 2, 3, 5, 8]).map((q, leg) => q * (coin[leg] === 0 ? 1 : 15));
  return { coin, forward, strike, time, vol, sign, quantity };
}

/** Cholesky's factor of the covariance of a day's moves, row-major. */
function covarianceFactor(): Float64Array {
  const size = DAILY.length;
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let left = CORRELATION[i]![j]! * DAILY[i]! * DAILY[j]!;
      for (let k = 0; k < j; k += 1) left -= factor[i * size + k]! * factor[j * size + k]!;
      factor[i * size + j] = i === j ? Math.sqrt(left) : left / factor[j * size + j]!;
    }
  return factor;
}

/** Student-t moves of that covariance: log spot moves of both coins, then absolute vol moves. */
function jointMoves(factor: Float64Array): Float64Array[] {
  const size = DAILY.length;
  const normal = normalColumns(40, SCENARIOS, size);
  const chiSquare = new Float64Array(SCENARIOS);
  chiSquares(SEED, 41, 0, SCENARIOS, DEGREES_OF_FREEDOM, chiSquare);
  return DAILY.map((_, i) =>
    chiSquare.map((chi, s) => {
      let x = 0;
      for (let j = 0; j <= i; j += 1) x += factor[i * size + j]! * normal[j]![s]!;
      return Math.min(Math.max(x * Math.sqrt((DEGREES_OF_FREEDOM - 2) / chi), -0.9), 0.9);
    }),
  );
}

/** Options out of the money with their prices, each worth at least `LEAST_QUOTE` of its forward. */
function quotedOptions(): Desk & { price: Float64Array } {
  const drawn = desk(4 * QUOTES, 50);
  const sign = Int8Array.from(drawn.strike, (strike, i) => (strike >= drawn.forward[i]! ? 1 : -1));
  const price = drawn.forward.map((forward, i) =>
    undiscountedBlack(sign[i]! > 0 ? 1 : -1, forward, drawn.strike[i]!, drawn.vol[i]! * Math.sqrt(drawn.time[i]!)),
  );
  const kept = Array.from(price.keys())
    .filter((i) => price[i]! > LEAST_QUOTE * drawn.forward[i]!)
    .slice(0, QUOTES);
  const column = (of: Float64Array) => Float64Array.from(kept, (i) => of[i]!);
  return {
    forward: column(drawn.forward),
    strike: column(drawn.strike),
    time: column(drawn.time),
    vol: column(drawn.vol),
    sign: Int8Array.from(kept, (i) => sign[i]!),
    price: column(price),
  };
}

function uniformColumn(stream: number, count: number): Float64Array {
  const out = new Float64Array(count);
  uniforms(SEED, stream, 0, count, 1, out);
  return out;
}

function normalColumns(stream: number, count: number, dimensions: number): Float64Array[] {
  const byPath = new Float64Array(count * dimensions);
  normals(SEED, stream, 0, count, dimensions, byPath);
  return Array.from({ length: dimensions }, (_, j) =>
    Float64Array.from({ length: count }, (_, i) => byPath[i * dimensions + j]!),
  );
}

function evenly(from: number, to: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}
