/** Mean, variance and shape of a sample, with n in every divisor. Skewness and excess kurtosis of a constant sample are 0. */
export interface SampleMoments {
  readonly mean: number;
  readonly variance: number;
  readonly skewness: number;
  readonly excessKurtosis: number;
}

export function sampleMoments(values: ArrayLike<number>): SampleMoments {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i += 1) mean += values[i]! / n;
  let [second, third, fourth] = [0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    const deviation = values[i]! - mean;
    const square = deviation * deviation;
    second += square / n;
    third += (square * deviation) / n;
    fourth += (square * square) / n;
  }
  return {
    mean,
    variance: second,
    skewness: second > 0 ? third / second ** 1.5 : 0,
    excessKurtosis: second > 0 ? fourth / (second * second) - 3 : 0,
  };
}
