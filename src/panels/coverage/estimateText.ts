/** Decimals that show three or four significant digits. */
export function estimateDigits(value: number): number {
  const size = Math.abs(value);
  return size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.001 || size === 0 ? 3 : 5;
}

/** With a true minus sign: `0.154`, `−0.533`, `48.9`, `187`. */
export function estimateText(value: number): string {
  const text = Math.abs(value).toFixed(estimateDigits(value));
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
