import { WORD } from './opcodes.ts';
import { Constants, type Lanes, Vectors } from './Vectors.ts';
import { I32, type Local, type WasmFunction, type WasmModule, type WasmType } from './WasmModule.ts';

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

  /** A function of as many addresses as `write` names after the code, whose result, if it has one, is a count. */
  function<At extends Local[]>(
    name: string,
    hasResult: boolean,
    write: (code: WasmFunction, ...addresses: At) => void,
  ): void {
    const types = Array.from({ length: write.length - 1 }, (): WasmType => I32);
    this.module.function(name, types, hasResult ? I32 : null, (code, addresses) => write(code, ...(addresses as At)));
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
      code.op(WORD.add);
      code.set(address);
    }
    code.get(addresses[0]!);
    code.get(end);
    code.op(WORD.lessUnsigned);
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
    code.op(WORD.isZero);
    code.when(() => {
      this.#storeWord(0, () => {
        code.get(position);
        code.get(this.#start);
        code.op(WORD.sub);
      });
      this.#storeWord(4, () => v.bitmask(holds));
      code.get(this.#count);
      code.i32(1);
      code.op(WORD.add);
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
    code.op(WORD.shiftLeft);
    code.op(WORD.add);
    value();
    code.at(WORD.store, offset, 2);
  }
}
