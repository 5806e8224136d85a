/**
 * The distance between an empirical distribution of `count` draws and the true one that is exceeded with probability at
 * most `level`, for any sample size: sqrt(-ln(level / 2) / (2 n)), the inequality of Dvoretzky, Kiefer and Wolfowitz with
 * Massart's constant (Annals of Probability 18, 1990).
 */
export function kolmogorovSmirnovBound(count: number, level: number): number {
  if (!(count >= 1 && level > 0 && level < 1)) {
    throw new RangeError(`${count} draws at level ${level} have no bound; give a count and a level between 0 and 1`);
  }
  return Math.sqrt((Math.LN2 - Math.log(level)) / (2 * count));
}
