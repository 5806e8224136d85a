import { WORD } from './opcodes.ts';
import { type Local, V128, type WasmFunction, type WasmModule } from './WasmModule.ts';

/** Several 128-bit vectors that go through the same operations side by side: the locals that hold them. */
export type Lanes = readonly Local[];

/** One polynomial of a lock-step: coefficients from the highest power down, and where it is evaluated. */
export interface Polynomial {
  readonly coefficients: readonly number[];
  readonly at: Lanes;
}

/** Opcodes of fixed-width SIMD, after the 0xfd prefix. */
const OP = {
  load: 0x00,
  loadSplat32: 0x09,
  loadSplat64: 0x0a,
  store: 0x0b,
  shuffle: 0x0d,
  splatWord: 0x11,
  wordOfLane: 0x1b,
  doubleOfLane: 0x21,
  lessThan: 0x49,
  greaterThan: 0x4a,
  atLeast: 0x4c,
  and: 0x4e,
  andNot: 0x4f,
  or: 0x50,
  xor: 0x51,
  select: 0x52,
  loadLane64: 0x57,
  truncate: 0x7a,
  shiftLeftWords: 0xab,
  shiftRightWords: 0xad,
  addWords: 0xae,
  allTrue64: 0xc3,
  bitmask64: 0xc4,
  shiftLeft64: 0xcb,
  shiftRight64: 0xcd,
  add64: 0xce,
  sub64: 0xd1,
  productLow: 0xde,
  productHigh: 0xdf,
  nearest: 0x94,
  abs: 0xec,
  negate: 0xed,
  sqrt: 0xef,
  add: 0xf0,
  sub: 0xf1,
  mul: 0xf2,
  div: 0xf3,
  min: 0xf6,
  max: 0xf7,
  truncatedWords: 0xfc,
  fusedMultiplyAdd: 0x107,
} as const;

/**
 * Writes vector arithmetic into a function, two doubles a vector and `width` vectors at a time. Today's engines keep the order of
 * instructions that they are given, so the order is the speed: each operation is written for all vectors before the next, and
 * polynomials of one lock-step advance together, which keeps the arithmetic units busy while results are on their way. Constants
 * are loaded from memory: a constant in the instruction stream costs three instructions at each use.
 */
export class Vectors {
  readonly code: WasmFunction;
  readonly width: number;
  readonly #constants: Constants;
  /** Multiply and add in one rounding, where the machine has it: relaxed SIMD. */
  readonly #fused: boolean;

  constructor(code: WasmFunction, constants: Constants, width: number, fused: boolean) {
    this.code = code;
    this.#constants = constants;
    this.width = width;
    this.#fused = fused;
  }

  /** The same number in every lane. */
  constant(value: number): Lanes {
    return this.#splat(this.#constants.double(value));
  }

  /** The same 64 bits in every lane. */
  bits(value: bigint): Lanes {
    return this.#splat(this.#constants.bits(value));
  }

  /** The same four 32-bit words in every vector. */
  words(a: number, b: number, c: number, d: number): Lanes {
    return this.#splat(this.#constants.words(a, b, c, d));
  }

  /** The number at `address + offset` in every lane. */
  splatAt(address: Local, offset: number): Lanes {
    const local = this.code.local(V128);
    this.code.get(address);
    this.code.simdAt(OP.loadSplat64, offset, 3);
    this.code.set(local);
    return this.#repeated(local);
  }

  /** The 32-bit word at `address + offset` in every lane. */
  splatWordAt(address: Local, offset: number): Lanes {
    const local = this.code.local(V128);
    this.code.get(address);
    this.code.simdAt(OP.loadSplat32, offset, 2);
    this.code.set(local);
    return this.#repeated(local);
  }

  /** The 32-bit word that `write` leaves on the stack, in every lane. */
  splatWord(write: () => void): Lanes {
    const local = this.code.local(V128);
    write();
    this.code.simd(OP.splatWord);
    this.code.set(local);
    return this.#repeated(local);
  }

  /** Four 32-bit words for each vector. */
  wordsByVector(words: (vector: number) => readonly [number, number, number, number]): Lanes {
    return Array.from({ length: this.width }, (_, i) => this.#splat(this.#constants.words(...words(i)))[0]!);
  }

  /** A copy that `assign` may change. */
  variable(values: Lanes): Lanes {
    return this.#each((i, local) => {
      this.code.get(values[i]!);
      this.code.set(local);
    });
  }

  assign(variable: Lanes, values: Lanes): void {
    variable.forEach((local, i) => {
      this.code.get(values[i]!);
      this.code.set(local);
    });
  }

  /** The consecutive numbers from `address + offset` on. */
  load(address: Local, offset = 0): Lanes {
    return this.#each((i, local) => {
      this.code.get(address);
      this.code.simdAt(OP.load, offset + 16 * i);
      this.code.set(local);
    });
  }

  /** In every vector the number at `first` and the one at `second`. */
  pairAt(first: Local, second: Local): Lanes {
    const local = this.code.local(V128);
    this.code.get(second);
    this.code.get(first);
    this.code.simdAt(OP.loadSplat64, 0, 3);
    this.code.simdAt(OP.loadLane64, 0, 3, 1);
    this.code.set(local);
    return this.#repeated(local);
  }

  /** Stores vectors `step` bytes apart. */
  store(values: Lanes, address: Local, offset = 0, step = 16): void {
    values.forEach((local, i) => {
      this.code.get(address);
      this.code.get(local);
      this.code.simdAt(OP.store, offset + step * i);
    });
  }

  add = (a: Lanes, b: Lanes): Lanes => this.#op(OP.add, a, b);
  sub = (a: Lanes, b: Lanes): Lanes => this.#op(OP.sub, a, b);
  mul = (a: Lanes, b: Lanes): Lanes => this.#op(OP.mul, a, b);
  div = (a: Lanes, b: Lanes): Lanes => this.#op(OP.div, a, b);
  sqrt = (a: Lanes): Lanes => this.#op(OP.sqrt, a);
  abs = (a: Lanes): Lanes => this.#op(OP.abs, a);
  negate = (a: Lanes): Lanes => this.#op(OP.negate, a);
  /** b < a ? b : a */
  min = (a: Lanes, b: Lanes): Lanes => this.#op(OP.min, a, b);
  /** a < b ? b : a */
  max = (a: Lanes, b: Lanes): Lanes => this.#op(OP.max, a, b);
  /** To the nearest whole number, ties to even. */
  nearest = (a: Lanes): Lanes => this.#op(OP.nearest, a);
  /** To the nearest whole number towards zero. */
  truncate = (a: Lanes): Lanes => this.#op(OP.truncate, a);
  /** The same as 32-bit words, in the lower half of each vector. */
  truncatedWords = (a: Lanes): Lanes => this.#op(OP.truncatedWords, a);
  /** All bits one where true. */
  lessThan = (a: Lanes, b: Lanes): Lanes => this.#op(OP.lessThan, a, b);
  greaterThan = (a: Lanes, b: Lanes): Lanes => this.#op(OP.greaterThan, a, b);
  atLeast = (a: Lanes, b: Lanes): Lanes => this.#op(OP.atLeast, a, b);
  and = (a: Lanes, b: Lanes): Lanes => this.#op(OP.and, a, b);
  /** a and not b */
  andNot = (a: Lanes, b: Lanes): Lanes => this.#op(OP.andNot, a, b);
  or = (a: Lanes, b: Lanes): Lanes => this.#op(OP.or, a, b);
  xor = (a: Lanes, b: Lanes): Lanes => this.#op(OP.xor, a, b);
  /** Bits of `a` where the mask is one, of `b` where it is zero. */
  select = (mask: Lanes, a: Lanes, b: Lanes): Lanes => this.#op(OP.select, a, b, mask);
  add64 = (a: Lanes, b: Lanes): Lanes => this.#op(OP.add64, a, b);
  sub64 = (a: Lanes, b: Lanes): Lanes => this.#op(OP.sub64, a, b);
  addWords = (a: Lanes, b: Lanes): Lanes => this.#op(OP.addWords, a, b);
  /** 64-bit products of the lower (or upper) two words of each vector, unsigned. */
  productLow = (a: Lanes, b: Lanes): Lanes => this.#op(OP.productLow, a, b);
  productHigh = (a: Lanes, b: Lanes): Lanes => this.#op(OP.productHigh, a, b);
  shiftLeftWords = (a: Lanes, bits: number): Lanes => this.#shift(OP.shiftLeftWords, a, bits);
  shiftRightWords = (a: Lanes, bits: number): Lanes => this.#shift(OP.shiftRightWords, a, bits);
  shiftLeft64 = (a: Lanes, bits: number): Lanes => this.#shift(OP.shiftLeft64, a, bits);
  shiftRight64 = (a: Lanes, bits: number): Lanes => this.#shift(OP.shiftRight64, a, bits);

  /** a b + c; rounded once or twice, as the machine likes, where SIMD is relaxed. */
  multiplyAdd(a: Lanes, b: Lanes, c: Lanes): Lanes {
    return this.#fused ? this.#op(OP.fusedMultiplyAdd, a, b, c) : this.add(this.mul(a, b), c);
  }

  /** Bytes of two vectors in a new order: 0 to 15 from `a`, 16 to 31 from `b`. */
  shuffle(a: Lanes, b: Lanes, bytes: readonly number[]): Lanes {
    return this.#each((i, local) => {
      this.code.get(a[i]!);
      this.code.get(b[i]!);
      this.code.simd(OP.shuffle, ...bytes);
      this.code.set(local);
    });
  }

  /** Leaves a 32-bit word of the first vector on the stack. */
  wordOfLane(a: Lanes, lane: number): void {
    this.code.get(a[0]!);
    this.code.simd(OP.wordOfLane, lane);
  }

  /** Leaves a number of the first vector on the stack. */
  doubleOfLane(a: Lanes, lane: number): void {
    this.code.get(a[0]!);
    this.code.simd(OP.doubleOfLane, lane);
  }

  /** Leaves on the stack whether every lane of every vector is true. */
  allTrue(mask: Lanes): void {
    mask.forEach((local, i) => {
      this.code.get(local);
      if (i > 0) this.code.simd(OP.and);
    });
    this.code.simd(OP.allTrue64);
  }

  /** Leaves on the stack a bit a lane, the first lane lowest. */
  bitmask(mask: Lanes): void {
    mask.forEach((local, i) => {
      this.code.get(local);
      this.code.simd(OP.bitmask64);
      if (i === 0) return;
      this.code.i32(2 * i);
      this.code.op(WORD.shiftLeft);
      this.code.op(WORD.or);
    });
  }

  /** Horner's rule for several polynomials in lock-step. */
  polynomials(...chains: readonly Polynomial[]): Lanes[] {
    const values = chains.map(({ coefficients }) => this.constant(coefficients[0]!));
    const steps = Math.max(...chains.map(({ coefficients }) => coefficients.length));
    for (let step = 1; step < steps; step += 1) {
      const loaded = new Map<number, Lanes>();
      chains.forEach(({ coefficients, at }, chain) => {
        const coefficient = coefficients[step];
        if (coefficient === undefined) return;
        const constant = loaded.get(coefficient) ?? this.constant(coefficient);
        loaded.set(coefficient, constant);
        values[chain] = this.multiplyAdd(values[chain]!, at, constant);
      });
    }
    return values;
  }

  #splat(address: number): Lanes {
    const local = this.code.local(V128);
    this.code.i32(0);
    this.code.simdAt(OP.load, address);
    this.code.set(local);
    return this.#repeated(local);
  }

  #repeated(local: Local): Lanes {
    return Array.from({ length: this.width }, () => local);
  }

  #op(opcode: number, ...operands: readonly Lanes[]): Lanes {
    return this.#each((i, local) => {
      for (const operand of operands) this.code.get(operand[i]!);
      this.code.simd(opcode);
      this.code.set(local);
    });
  }

  #shift(opcode: number, a: Lanes, bits: number): Lanes {
    return this.#each((i, local) => {
      this.code.get(a[i]!);
      this.code.i32(bits);
      this.code.simd(opcode);
      this.code.set(local);
    });
  }

  #each(write: (index: number, local: Local) => void): Lanes {
    return Array.from({ length: this.width }, (_, index) => {
      const local = this.code.local(V128);
      write(index, local);
      return local;
    });
  }
}

/** Vectors of constants at the start of a module's memory, each once. */
export class Constants {
  readonly #module: WasmModule;
  readonly #known = new Map<string, number>();

  constructor(module: WasmModule) {
    this.#module = module;
  }

  double(value: number): number {
    return this.#address(new Uint8Array(Float64Array.of(value, value).buffer));
  }

  bits(value: bigint): number {
    return this.#address(new Uint8Array(BigUint64Array.of(value, value).buffer));
  }

  words(a: number, b: number, c: number, d: number): number {
    return this.#address(new Uint8Array(Uint32Array.of(a, b, c, d).buffer));
  }

  #address(bytes: Uint8Array): number {
    const key = bytes.join(',');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const address = this.#module.constant(bytes);
    this.#known.set(key, address);
    return address;
  }
}
