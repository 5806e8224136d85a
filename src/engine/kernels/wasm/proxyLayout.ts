import { BANDS, BLOCK, CELL, type CoinProxy } from '../CoinProxy.ts';

/** Where the kernel finds a proxy's numbers, in bytes from its address on. Pairs are a log-move and a vol shock. */
export const PROXY_HEADER = {
  /** Pairs: least and greatest covered, and parts (bands) per move. */
  least: 0,
  most: 16,
  parts: 32,
  usdPerMove: 48,
  /** Of the call. */
  units: 56,
  /** Addresses, a word each. */
  edges: 64,
  stripAt: 68,
  blocks: 72,
  bytes: 80,
} as const;

/** A block, in bytes from its address on: pairs, then words. */
export const PROXY_BLOCK = {
  origin: 0,
  cells: 16,
  lastCell: 32,
  coefficients: 48,
  columnBytes: 52,
  bytes: 64,
} as const;

export const CELL_BYTES = 8 * CELL.coefficients;

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

export function proxyBytes({ edges, stripAt, blocks, coefficients }: CoinProxy): number {
  const places = aligned(edges.byteLength) + aligned(stripAt.byteLength);
  return PROXY_HEADER.bytes + places + (blocks.length / BLOCK) * PROXY_BLOCK.bytes + coefficients.byteLength;
}

/** Writes a proxy from `address` on, a multiple of 16, for the kernel to read: `proxyBytes` of them. */
export function layProxyOut(proxy: CoinProxy, buffer: ArrayBuffer, address: number): void {
  const { box, usdPerMove, edges, stripAt, blocks, coefficients } = proxy;
  const edgesAt = address + PROXY_HEADER.bytes;
  const stripsAt = edgesAt + aligned(edges.byteLength);
  const blocksAt = stripsAt + aligned(stripAt.byteLength);
  const coefficientsAt = blocksAt + (blocks.length / BLOCK) * PROXY_BLOCK.bytes;
  const [left, right] = box.logGrowth;
  const [foot, top] = box.volShock;
  new Float64Array(buffer, address, 8).set([
    left,
    foot,
    right,
    top,
    stripAt.length / (right - left),
    BANDS / (top - foot),
    usdPerMove,
    0,
  ]);
  new Int32Array(buffer, address + PROXY_HEADER.edges, 3).set([edgesAt, stripsAt, blocksAt]);
  new Float64Array(buffer, edgesAt, edges.length).set(edges);
  new Int32Array(buffer, stripsAt, stripAt.length).set(stripAt);
  for (let block = 0; block * BLOCK < blocks.length; block += 1) {
    const [columns, rows, x, perMove, v, perShock, first] = blocks.subarray(block * BLOCK) as unknown as number[];
    const at = blocksAt + block * PROXY_BLOCK.bytes;
    new Float64Array(buffer, at, 6).set([x!, v!, perMove!, perShock!, columns! - 1, rows! - 1]);
    new Int32Array(buffer, at + PROXY_BLOCK.coefficients, 2).set([coefficientsAt + 8 * first!, CELL_BYTES * rows!]);
  }
  new Float64Array(buffer, coefficientsAt, coefficients.length).set(coefficients);
}
