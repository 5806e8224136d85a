/**
 * A WebAssembly module, written function by function. Knows the binary format (WebAssembly Core Specification 2.0, chapter 5) and
 * as much of it as the kernels need: one memory of a fixed size, exported as `memory`; a data segment at its start, whose length is
 * the exported global `constantBytes`; and exported functions.
 */

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

export class WasmModule {
  readonly #functions: { readonly name: string; readonly type: number[]; readonly code: number[] }[] = [];
  readonly #data: number[] = [];
  readonly #memoryPages: number;

  constructor(memoryPages: number) {
    this.#memoryPages = memoryPages;
  }

  /** Puts bytes at the start of memory, after those already there; answers their address, a multiple of 16. */
  constant(bytes: Uint8Array): number {
    while (this.#data.length % 16 !== 0) this.#data.push(0);
    const address = this.#data.length;
    this.#data.push(...bytes);
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
    const type = [0x60, ...vector(parameters.map((each) => [each])), ...vector(result === null ? [] : [[result]])];
    this.#functions.push({ name, type, code: code.bytes() });
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const pages = unsigned(this.#memoryPages);
    return Uint8Array.from([
      ...MAGIC_AND_VERSION,
      ...section(SECTION.types, vector(functions.map(({ type }) => type))),
      ...section(SECTION.functions, vector(functions.map((_, i) => unsigned(i)))),
      ...section(SECTION.memory, [1, 1, ...pages, ...pages]),
      ...section(SECTION.globals, vector([[I32, 0, 0x41, ...signed(this.#data.length), 0x0b]])),
      ...section(
        SECTION.exports,
        vector([
          [...text('memory'), 2, 0],
          [...text('constantBytes'), 3, 0],
          ...functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]),
        ]),
      ),
      ...section(SECTION.code, vector(functions.map(({ code }) => [...unsigned(code.length), ...code]))),
      ...section(SECTION.data, [1, 0, 0x41, ...signed(0), 0x0b, ...unsigned(this.#data.length), ...this.#data]),
    ]);
  }
}

/** The body of a function, instruction by instruction. */
export class WasmFunction {
  readonly #locals: WasmType[] = [];
  readonly #code: number[] = [];
  readonly #parameters: number;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  local(type: WasmType): Local {
    this.#locals.push(type);
    return { index: this.#parameters + this.#locals.length - 1, type };
  }

  get(local: Local): void {
    this.#code.push(0x20, ...unsigned(local.index));
  }

  set(local: Local): void {
    this.#code.push(0x21, ...unsigned(local.index));
  }

  i32(value: number): void {
    this.#code.push(0x41, ...signed(value));
  }

  /** A plain instruction, by its opcode. */
  op(...opcode: readonly number[]): void {
    this.#code.push(...opcode);
  }

  /** A SIMD instruction: the prefix and its number. */
  simd(number: number, ...immediates: readonly number[]): void {
    this.#code.push(0xfd, ...unsigned(number), ...immediates);
  }

  /** A SIMD load or store of the address on the stack plus `offset`. */
  simdAt(number: number, offset: number, alignment = 4, ...lane: readonly number[]): void {
    this.#code.push(0xfd, ...unsigned(number), alignment, ...unsigned(offset), ...lane);
  }

  /** A plain load or store of the address on the stack plus `offset`. */
  at(opcode: number, offset: number, alignment: number): void {
    this.#code.push(opcode, alignment, ...unsigned(offset));
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

  bytes(): number[] {
    const locals = vector(this.#locals.map((type) => [1, type]));
    return [...locals, ...this.#code, 0x0b];
  }
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = Array.from(value, (character) => character.charCodeAt(0));
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}
