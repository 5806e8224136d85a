/**
 * A 64-bit hash of a text as 16 hexadecimal digits: two independent 32-bit FNV-style multiplicative lanes over UTF-16 units,
 * each finished with the MurmurHash3 mixer (public domain, A. Appleby). It names content for caches; it is no safeguard
 * against someone who wants two texts to collide.
 */
export function contentHash(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ code, 0x85ebca6b);
    second = (second << 13) | (second >>> 19);
  }
  return [mixed(first ^ text.length), mixed(second ^ first)].map((lane) => lane.toString(16).padStart(8, '0')).join('');
}

function mixed(lane: number): number {
  let value = lane;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
