/** What the command needs of the world around it, so that it runs in a test as it runs in a terminal. */
export interface CommandIo {
  /** The bytes of a file. Throws Node's error when it cannot be read. */
  readFile(path: string): Promise<Uint8Array>;
  /** The bytes of a file from one place up to another. Throws Node's error when they cannot be read. */
  readRange(path: string, from: number, to: number): Promise<Uint8Array>;
  /** The size of a file in bytes, known before it is read. */
  fileSize(path: string): Promise<number>;
  /** stdout */
  write(text: string): void;
  /**
   * stdout, for an answer of many lines that is not held back until it is whole. Waits until there is room for more; false once
   * nobody reads any further.
   */
  stream(text: string): Promise<boolean>;
  /** stderr */
  log(text: string): void;
  /** Milliseconds of a clock that only runs forward. */
  now(): number;
}
