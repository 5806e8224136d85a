/** A share in words, `12.5 %`, without trailing zeros. */
export function percent(share: number, decimals = 1): string {
  const scale = 10 ** decimals;
  return `${Math.round(share * 100 * scale) / scale} %`;
}

/** A move in words, `−12.5 %`, `+4 %`, `0 %`. */
export function signedPercent(move: number, decimals = 1): string {
  const size = percent(Math.abs(move), decimals);
  if (size === '0 %') return size;
  return `${move < 0 ? '−' : '+'}${size}`;
}
