import { Constants, type Lanes, Vectors } from './Vectors.ts';
import { I32, type Local, type WasmFunction, type WasmModule, type WasmType } from './WasmModule.ts';

const I32_ADD = 0x6a;
const I32_SUB = 0x6b;
const I32_SHL = 0x74;
const I32_LESS_UNSIGNED = 0x49;
const I32_IS_ZERO = 0x45;
const I32_STORE = 0x36;

/** What every kernel is written with: the module, how many vectors a batch has, and whether SIMD is relaxed. */
export class KernelWriter {
  readonly module: WasmModule;
  readonly #constants: Constants;
  readonly #fused: boolean;

  constructor(module: WasmModule, fused: boolean) {
    this.module = module;
    this.#constants = new Constants(module);
    this.#fused = fused;
  }

  vectors(code: WasmFunction, width: number): Vectors {
    return new Vectors(code, this.#constants, width, this.#fused);
  }

  /** A function of addresses, whose result, if it has one, is a count. */
  function(
    name: string,
    parameters: number,
    hasResult: boolean,
    write: (code: WasmFunction, at: Local[]) => void,
  ): void {
    const types = Array.from({ length: parameters }, (): WasmType => I32);
    this.module.function(name, types, hasResult ? I32 : null, write);
  }
}

/** Runs `body` for batch after batch: the addresses advance by `bytes` each time, until the first of them reaches `end`. */
export function forBatches(
  code: WasmFunction,
  addresses: readonly Local[],
  end: Local,
  bytes: number,
  body: () => void,
): void {
  code.repeatWhile(() => {
    body();
    for (const address of addresses) {
      code.get(address);
      code.i32(bytes);
      code.op(I32_ADD);
      code.set(address);
    }
    code.get(addresses[0]!);
    code.get(end);
    code.op(I32_LESS_UNSIGNED);
  });
}

/** Batches with lanes that must be computed elsewhere, as pairs of words: the batch's byte offset, and a bit for each lane that holds. */
export class Misses {
  readonly #code: WasmFunction;
  readonly #list: Local;
  readonly #start: Local;
  readonly #count: Local;

  /** The list is written from the address `list` on; `position` is the address that offsets are counted from, before the first batch. */
  constructor(code: WasmFunction, list: Local, position: Local) {
    this.#code = code;
    this.#list = list;
    this.#count = code.local(I32);
    this.#start = code.local(I32);
    code.get(position);
    code.set(this.#start);
  }

  note(v: Vectors, holds: Lanes, position: Local): void {
    const code = this.#code;
    v.allTrue(holds);
    code.op(I32_IS_ZERO);
    code.when(() => {
      this.#storeWord(0, () => {
        code.get(position);
        code.get(this.#start);
        code.op(I32_SUB);
      });
      this.#storeWord(4, () => v.bitmask(holds));
      code.get(this.#count);
      code.i32(1);
      code.op(I32_ADD);
      code.set(this.#count);
    });
  }

  /** Leaves their number on the stack. */
  count(): void {
    this.#code.get(this.#count);
  }

  #storeWord(offset: number, value: () => void): void {
    const code = this.#code;
    code.get(this.#list);
    code.get(this.#count);
    code.i32(3);
    code.op(I32_SHL);
    code.op(I32_ADD);
    value();
    code.at(I32_STORE, offset, 2);
  }
}
