/** Opcodes of plain instructions that the kernels use, by type (WebAssembly Core Specification 2.0, section 5.4). */

export const WORD = {
  load: 0x28,
  store: 0x36,
  isZero: 0x45,
  lessUnsigned: 0x49,
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  and: 0x71,
  or: 0x72,
  shiftLeft: 0x74,
  shiftRight: 0x76,
} as const;

export const DOUBLE = {
  load: 0x2b,
  store: 0x39,
  equal: 0x61,
  atLeast: 0x66,
  add: 0xa0,
  sub: 0xa1,
  mul: 0xa2,
} as const;
