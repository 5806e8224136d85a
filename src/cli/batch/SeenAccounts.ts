import { createHash } from 'node:crypto';

/**
 * Ids of accounts that have been met. Each is kept as 128 bits of its hash, 16 to 32 bytes an account whatever its id, so that a
 * million of them take a few tens of megabytes and no two are ever taken for one.
 */
export class SeenAccounts {
  #table = new Uint32Array(4 * 1024);
  #count = 0;

  /** Whether the id is new. */
  add(id: string): boolean {
    const digest = createHash('sha256').update(id).digest();
    const hash = new Uint32Array(4);
    for (let i = 0; i < 4; i += 1) hash[i] = digest.readUInt32LE(4 * i);
    // A slot of zeros is an empty one.
    hash[3]! |= 1;
    const isNew = insert(this.#table, hash);
    if (isNew) this.#count += 1;
    if (8 * this.#count > this.#table.length) this.#grow();
    return isNew;
  }

  #grow(): void {
    const larger = new Uint32Array(2 * this.#table.length);
    for (let at = 0; at < this.#table.length; at += 4)
      if (this.#table[at + 3] !== 0) insert(larger, this.#table.subarray(at, at + 4));
    this.#table = larger;
  }
}

/** Open addressing over slots of four words; the table is at most half full. */
function insert(table: Uint32Array, hash: Uint32Array): boolean {
  const slots = table.length / 4;
  for (let slot = hash[0]! % slots; ; slot = (slot + 1) % slots) {
    const at = 4 * slot;
    if (table[at + 3] === 0) {
      table.set(hash, at);
      return true;
    }
    if (table[at] === hash[0] && table[at + 1] === hash[1] && table[at + 2] === hash[2] && table[at + 3] === hash[3])
      return false;
  }
}
