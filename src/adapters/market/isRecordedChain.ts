/** An option chain as an exchange gave it: no schema of ours, but a coin and a time of capture near the top. */
export function isRecordedChain(text: string): boolean {
  const top = text.slice(0, 2000);
  return !top.includes('"headroom/') && top.includes('"capturedAt"') && top.includes('"currency"');
}
