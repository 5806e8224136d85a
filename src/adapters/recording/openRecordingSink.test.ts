import { describe, expect, it } from 'vitest';
import { openRecordingSink, type RecordingPlaces } from './openRecordingSink.ts';

const BYTES = new TextEncoder().encode('a line\n');

/** A file as the browser hands it out, and a folder of such. */
function memoryFolder(names: readonly string[] = []) {
  const files = new Map<string, Uint8Array<ArrayBuffer>[]>(names.map((name) => [name, []]));
  const handle = (name: string) => ({
    createWritable: async () => {
      const written: Uint8Array<ArrayBuffer>[] = [];
      return {
        write: async (bytes: Uint8Array<ArrayBuffer>) => void written.push(bytes),
        close: async () => void files.set(name, written),
      };
    },
    getFile: async () => new File(files.get(name) ?? [], name),
  });
  const folder = {
    keys: async function* () {
      yield* files.keys();
    },
    removeEntry: async (name: string) => void files.delete(name),
    getFileHandle: async (name: string) => handle(name),
  };
  return { files, handle, folder: folder as unknown as FileSystemDirectoryHandle };
}

function places(given: Partial<RecordingPlaces>): RecordingPlaces & { readonly downloads: File[] } {
  const downloads: File[] = [];
  return { downloads, download: (file) => void downloads.push(file), ...given };
}

describe('openRecordingSink', () => {
  it('writes to the file that the person chose', async () => {
    const { files, handle } = memoryFolder();
    const given = places({
      showSaveFilePicker: async ({ suggestedName }) => handle(suggestedName) as unknown as FileSystemFileHandle,
    });
    const sink = await openRecordingSink(given, 'today.jsonl');
    if (!sink.ok || sink.value === null) throw new Error('no sink');
    await sink.value.write(BYTES);
    await sink.value.close();
    expect(await new Blob(files.get('today.jsonl')!).text()).toBe('a line\n');
    expect(given.downloads).toEqual([]);
  });

  it('writes nowhere when the person chose none, and says why where a file is refused', async () => {
    const failing = (error: Error) =>
      openRecordingSink(
        places({
          async showSaveFilePicker() {
            throw error;
          },
        }),
        'x',
      );
    expect(await failing(new DOMException('closed', 'AbortError'))).toEqual({ ok: true, value: null });
    expect(await failing(new Error('read-only'))).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('read-only') },
    });
    expect((await openRecordingSink(places({}), 'x')).ok).toBe(false);
  });

  it('elsewhere writes to the private room, clears what is old there, and downloads at the end', async () => {
    const { files, folder } = memoryFolder(['headroom-recording-old.jsonl', 'somebody-elses']);
    const given = places({ privateFolder: async () => folder });
    const sink = await openRecordingSink(given, 'today.jsonl');
    if (!sink.ok || sink.value === null) throw new Error('no sink');
    expect([...files.keys()]).toEqual(['somebody-elses']);
    await sink.value.write(BYTES);
    expect(given.downloads).toEqual([]);
    await sink.value.close();
    expect(given.downloads.map(({ name }) => name)).toEqual(['today.jsonl']);
    expect(await given.downloads[0]!.text()).toBe('a line\n');
  });
});
