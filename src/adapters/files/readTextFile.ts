import { failed, type Result, success } from '../../engine/domain/failure.ts';

/** Files above this are refused before a byte is read. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** A file's text, or why it was not read. */
export async function readTextFile(file: File): Promise<Result<string>> {
  if (file.size > MAX_FILE_BYTES) {
    const megabytes = (file.size / (1024 * 1024)).toFixed(1);
    return failed('too-large', `${file.name} has ${megabytes} MB; files up to 10 MB are read. Split it.`);
  }
  try {
    return success(await file.text());
  } catch {
    return failed(
      'missing-data',
      `${file.name} could not be read. It may have been moved or changed; choose it again.`,
    );
  }
}
