/** Whether a file begins as a recording does; no more than its first bytes are read. */
export async function isRecording(file: Blob): Promise<boolean> {
  const start = await file
    .slice(0, 200)
    .text()
    .catch(() => '');
  return /^\s*\{\s*"schema"\s*:\s*"headroom\/recording@/.test(start);
}
