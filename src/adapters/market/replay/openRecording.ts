import { failed, type Result, success } from '../../../engine/domain/failure.ts';
import { type ByteSource, type RecordingIndex, recordingIndex } from '../../../formats/recordingReader.ts';

/** A recording that has been looked through: where its key frames are, and the file to read them from. */
export interface RecordingHandle {
  /** The file's name, or what stands in for one. */
  readonly name: string;
  readonly bytes: ByteSource;
  /** What the bytes are of, for a worker to read them by itself. */
  readonly blob: Blob;
  readonly index: RecordingIndex;
}

/** Reads a recording once from end to end, a slice at a time. A failure names line and field. */
export async function openRecording(file: File | Blob, name = 'Recording'): Promise<Result<RecordingHandle>> {
  const bytes = blobBytes(file);
  const index = await recordingIndex(bytes).catch(() =>
    failed('missing-data', 'The file could not be read. It may have been moved or changed; choose it again'),
  );
  if (!index.ok) return index;
  return success({ name: file instanceof File ? file.name : name, bytes, blob: file, index: index.value });
}

export function blobBytes(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  };
}
