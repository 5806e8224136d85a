/**
 * A WebAssembly module, written function by function. Knows the binary format (WebAssembly Core Specification 2.0, chapter 5) and
 * as much of it as the kernels need: one memory of a fixed size, exported as `memory`; a data segment at its start, whose length is
 * the exported global `constantBytes`; and exported functions.
 */

import { ByteWriter } from './ByteWriter.ts';

export const I32 = 0x7f;
export const F64 = 0x7c;
export const V128 = 0x7b;
export type WasmType = typeof I32 | typeof F64 | typeof V128;

/** A local variable of a function. */
export interface Local {
  readonly index: number;
  readonly type: WasmType;
}

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { types: 1, functions: 3, memory: 5, globals: 6, exports: 7, code: 10, data: 11 } as const;

interface WrittenFunction {
  readonly name: string;
  readonly parameters: readonly WasmType[];
  readonly result: WasmType | null;
  readonly code: WasmFunction;
}

export class WasmModule {
  readonly #functions: WrittenFunction[] = [];
  readonly #data = new ByteWriter();
  readonly #memoryPages: number;

  constructor(memoryPages: number) {
    this.#memoryPages = memoryPages;
  }

  /** Puts bytes at the start of memory, after those already there; answers their address, a multiple of 16. */
  constant(bytes: Uint8Array): number {
    while (this.#data.length % 16 !== 0) this.#data.byte(0);
    const address = this.#data.length;
    this.#data.bytes(bytes);
    return address;
  }

  /** Adds an exported function; `write` gets its parameters and leaves its result, if any, on the stack. */
  function(
    name: string,
    parameters: readonly WasmType[],
    result: WasmType | null,
    write: (code: WasmFunction, parameters: Local[]) => void,
  ): void {
    const code = new WasmFunction(parameters.length);
    write(
      code,
      parameters.map((type, index) => ({ index, type })),
    );
    this.#functions.push({ name, parameters, result, code });
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const out = new ByteWriter();
    out.bytes(MAGIC_AND_VERSION);
    const section = (id: number, write: (content: ByteWriter) => void): void => {
      out.byte(id);
      out.measured(write);
    };
    section(SECTION.types, (content) => {
      content.unsigned(functions.length);
      for (const { parameters, result } of functions) {
        content.byte(0x60);
        for (const types of [parameters, result === null ? [] : [result]]) {
          content.unsigned(types.length);
          content.bytes(types);
        }
      }
    });
    section(SECTION.functions, (content) => {
      content.unsigned(functions.length);
      functions.forEach((_, i) => content.unsigned(i));
    });
    section(SECTION.memory, (content) => {
      content.bytes([1, 1]);
      content.unsigned(this.#memoryPages);
      content.unsigned(this.#memoryPages);
    });
    section(SECTION.globals, (content) => {
      content.bytes([1, I32, 0, 0x41]);
      content.signed(this.#data.length);
      content.byte(0x0b);
    });
    section(SECTION.exports, (content) => {
      content.unsigned(functions.length + 2);
      content.text('memory');
      content.bytes([2, 0]);
      content.text('constantBytes');
      content.bytes([3, 0]);
      functions.forEach(({ name }, i) => {
        content.text(name);
        content.byte(0);
        content.unsigned(i);
      });
    });
    section(SECTION.code, (content) => {
      content.unsigned(functions.length);
      for (const { code } of functions) content.measured((body) => code.writeTo(body));
    });
    section(SECTION.data, (content) => {
      content.bytes([1, 0, 0x41, 0, 0x0b]);
      content.unsigned(this.#data.length);
      content.bytes(this.#data.written());
    });
    return out.written().slice();
  }
}

/** The body of a function, instruction by instruction. */
export class WasmFunction {
  readonly #locals: WasmType[] = [];
  readonly #code = new ByteWriter();
  readonly #parameters: number;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  local(type: WasmType): Local {
    this.#locals.push(type);
    return { index: this.#parameters + this.#locals.length - 1, type };
  }

  get(local: Local): void {
    this.#code.byte(0x20);
    this.#code.unsigned(local.index);
  }

  set(local: Local): void {
    this.#code.byte(0x21);
    this.#code.unsigned(local.index);
  }

  i32(value: number): void {
    this.#code.byte(0x41);
    this.#code.signed(value);
  }

  /** A plain instruction, by its opcode. */
  op(...opcode: readonly number[]): void {
    this.#code.bytes(opcode);
  }

  /** A SIMD instruction: the prefix and its number. */
  simd(number: number, ...immediates: readonly number[]): void {
    this.#code.byte(0xfd);
    this.#code.unsigned(number);
    this.#code.bytes(immediates);
  }

  /** A SIMD load or store of the address on the stack plus `offset`. */
  simdAt(number: number, offset: number, alignment = 4, ...lane: readonly number[]): void {
    this.simd(number, alignment);
    this.#code.unsigned(offset);
    this.#code.bytes(lane);
  }

  /** A plain load or store of the address on the stack plus `offset`. */
  at(opcode: number, offset: number, alignment: number): void {
    this.op(opcode, alignment);
    this.#code.unsigned(offset);
  }

  /** Repeats `body` while it leaves a truth on the stack; it runs at least once. */
  repeatWhile(body: () => void): void {
    this.op(0x03, 0x40);
    body();
    this.op(0x0d, 0);
    this.op(0x0b);
  }

  /** Runs `body` when the truth on the stack is one. */
  when(body: () => void): void {
    this.op(0x04, 0x40);
    body();
    this.op(0x0b);
  }

  writeTo(out: ByteWriter): void {
    out.unsigned(this.#locals.length);
    for (const type of this.#locals) {
      out.byte(1);
      out.byte(type);
    }
    out.bytes(this.#code.written());
    out.byte(0x0b);
  }
}
