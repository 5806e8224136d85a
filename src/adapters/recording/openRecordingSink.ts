import { failed, type Result, success } from '../../engine/domain/failure.ts';
import type { RecordingSink } from './RecordingSink.ts';

/** What a page can write to. */
export interface RecordingPlaces {
  /** Where the browser lets a person choose a file that is then written to directly. */
  readonly showSaveFilePicker?: (options: {
    suggestedName: string;
    types: { description: string; accept: Record<string, string[]> }[];
  }) => Promise<FileSystemFileHandle>;
  /** The browser's own room for this page, from which the file is downloaded at the end. */
  readonly privateFolder?: () => Promise<FileSystemDirectoryHandle>;
  readonly download: (file: File) => void;
}

const SCRATCH = /^headroom-recording-.*\.jsonl$/;

/**
 * Where a recording goes: a file that the person chooses, else the page's private room and a download at the end. Null when the
 * person chose none. Call it from a click: browsers ask only then.
 */
export async function openRecordingSink(places: RecordingPlaces, name: string): Promise<Result<RecordingSink | null>> {
  if (places.showSaveFilePicker !== undefined) {
    try {
      const handle = await places.showSaveFilePicker({
        suggestedName: name,
        types: [{ description: 'Recording', accept: { 'application/jsonl': ['.jsonl'] } }],
      });
      return success(streamSink(await handle.createWritable()));
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return success(null);
      return failed('missing-data', `That file cannot be written to (${reasonOf(error)}). Choose another place`);
    }
  }
  if (places.privateFolder === undefined)
    return failed('unsupported', 'This browser lets a page write no files. Record in another browser');
  try {
    const folder = await places.privateFolder();
    await removeOlder(folder);
    const handle = await folder.getFileHandle(`headroom-recording-${name}`, { create: true });
    const sink = streamSink(await handle.createWritable());
    return success({
      write: sink.write,
      async close() {
        await sink.close();
        const file = await handle.getFile();
        places.download(new File([file], name, { type: 'application/jsonl' }));
      },
    });
  } catch (error) {
    return failed('missing-data', `The browser gave no room for a recording (${reasonOf(error)}). Free some and retry`);
  }
}

/** The places of this page. */
export function pagePlaces(): RecordingPlaces {
  const page = window as Window & Pick<RecordingPlaces, 'showSaveFilePicker'>;
  return {
    ...(page.showSaveFilePicker === undefined ? {} : { showSaveFilePicker: page.showSaveFilePicker.bind(page) }),
    ...(navigator.storage?.getDirectory === undefined ? {} : { privateFolder: () => navigator.storage.getDirectory() }),
    download(file) {
      const address = URL.createObjectURL(file);
      const link = document.createElement('a');
      link.href = address;
      link.download = file.name;
      link.click();
      // The download has its own hold on the data once it has begun.
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    },
  };
}

function streamSink(stream: FileSystemWritableFileStream): RecordingSink {
  return { write: (bytes) => stream.write(bytes), close: () => stream.close() };
}

/** What earlier recordings have left has been downloaded long since. */
async function removeOlder(folder: FileSystemDirectoryHandle): Promise<void> {
  const names = (folder as unknown as { keys(): AsyncIterable<string> }).keys();
  for await (const name of names) if (SCRATCH.test(name)) await folder.removeEntry(name).catch(() => {});
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
