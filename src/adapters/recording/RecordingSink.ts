/** Where a recording is written to, piece after piece: a file on the disk, or a test's list. */
export interface RecordingSink {
  /** Resolves once the disk has taken the bytes; rejects when it does not. Called one at a time. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Nothing is written afterwards. */
  close(): Promise<void>;
}
