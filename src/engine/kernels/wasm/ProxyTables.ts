import type { CoinProxy } from '../CoinProxy.ts';
import type { KernelMemory } from './KernelMemory.ts';
import { layProxyOut, proxyBytes } from './proxyLayout.ts';

/** Room for dozens of usual proxies, or one as large as they come; no page of it is touched before a proxy is read. */
export const PROXY_TABLES_BYTES = 4 << 20;
/** While those that are there have been read within so many calls, they stay. */
const BUSY_CALLS = 32;

/**
 * Proxies in the memory of the kernels, which is never given back: one stretch of it. Once it is full it is begun anew, but not while
 * those in it are in use, as otherwise more than there is room for would be copied again with every block.
 */
export class ProxyTables {
  readonly #tables: Float64Array;
  /** Where each was put, in which filling of the stretch. */
  readonly #placed = new WeakMap<CoinProxy, { readonly filling: number; readonly address: number }>();
  #filling = 0;
  #used = 0;
  #calls = 0;
  #lastRead = 0;

  constructor(memory: KernelMemory, bytes: number) {
    this.#tables = memory.reserved(bytes / 8);
  }

  /** Where a proxy stands; null when there is no room for it now. */
  addressOf(proxy: CoinProxy): number | null {
    this.#calls += 1;
    const known = this.#placed.get(proxy);
    if (known?.filling === this.#filling) {
      this.#lastRead = this.#calls;
      return known.address;
    }
    const { buffer, byteOffset, byteLength } = this.#tables;
    const bytes = proxyBytes(proxy);
    if (bytes > byteLength) return null;
    if (this.#used + bytes > byteLength) {
      if (this.#calls - this.#lastRead <= BUSY_CALLS) return null;
      this.#filling += 1;
      this.#used = 0;
    }
    const address = byteOffset + this.#used;
    layProxyOut(proxy, buffer as ArrayBuffer, address);
    this.#placed.set(proxy, { filling: this.#filling, address });
    this.#used += Math.ceil(bytes / 64) * 64;
    this.#lastRead = this.#calls;
    return address;
  }
}
