import type { CoinMoves, Kernels, OptionTerms } from '../../../src/engine/kernels/Kernels.ts';
import { floats, type InputFiles, signs } from './Workload.ts';

export const COINS = [0, 1] as const;

export interface BenchLeg {
  readonly coin: number;
  readonly quantity: number;
  readonly terms: OptionTerms;
}

/** What a vol shock is: an absolute change of vol, or one relative to the leg's own. */
type VolUnit = 'absolute' | 'relative';

interface BookSettings {
  /** Lower-triangular factor of the covariance of log spot moves and vol moves, row-major, 4 x 4. */
  readonly L: readonly number[];
  readonly volfloor: number;
}

export async function bookSettings(files: InputFiles): Promise<BookSettings> {
  return JSON.parse(new TextDecoder().decode(await files('w2.json'))) as BookSettings;
}

/** The book that W2 and W4 revalue. P&L is against the unmoved price by the same kernel, so that no move is worth exactly zero. */
export async function benchBook(kernels: Kernels, files: InputFiles, unit: VolUnit): Promise<readonly BenchLeg[]> {
  const { volfloor } = await bookSettings(files);
  const coins = new Int32Array(await files('w2_u.bin'));
  const sign = await signs(files, 'w2_C');
  const [forward, strike, time, vol, quantity] = await Promise.all(
    ['w2_F', 'w2_K', 'w2_T', 'w2_V', 'w2_Q'].map((name) => floats(files, name)),
  );
  return Array.from(coins, (coin, leg) => {
    const terms: OptionTerms = {
      sign: sign[leg]! > 0 ? 1 : -1,
      forward: forward![leg]!,
      strike: strike![leg]!,
      timeToExpiryYears: time![leg]!,
      volatility: vol![leg]!,
      volPerShock: unit === 'relative' ? vol![leg]! : 1,
      leastVol: volfloor,
      premiumToUsd: 1,
      presentUsd: 0,
    };
    return { coin, quantity: quantity![leg]!, terms: { ...terms, presentUsd: premium(kernels, terms) } };
  });
}

/** Of the unmoved coin. */
function premium(kernels: Kernels, terms: OptionTerms): number {
  const unmoved = { growth: Float64Array.of(1), logGrowth: Float64Array.of(0), volShock: Float64Array.of(0) };
  const total = new Float64Array(1);
  kernels.addOptionPnl(terms, 1, unmoved, total);
  return total[0]!;
}

export function moveColumns(kernels: Kernels, length: number): CoinMoves {
  return { growth: kernels.column(length), logGrowth: kernels.column(length), volShock: kernels.column(length) };
}

export function movesFrom({ growth, logGrowth, volShock }: CoinMoves, from: number, to: number): CoinMoves {
  return {
    growth: growth.subarray(from, to),
    logGrowth: logGrowth.subarray(from, to),
    volShock: volShock.subarray(from, to),
  };
}
