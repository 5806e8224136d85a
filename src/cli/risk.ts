import { open, readFile, stat } from 'node:fs/promises';
import { runRisk } from './runRisk.ts';

// Who reads no further (`risk … | head`) has what they wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** The `risk` command in a terminal. The exit code is set, not forced, so that a pipe receives the whole answer. */
process.exitCode = await runRisk(process.argv.slice(2), {
  readFile: (path) => readFile(path),
  readRange: async (path, from, to) => {
    const file = await open(path);
    try {
      const bytes = new Uint8Array(to - from);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  },
  fileSize: async (path) => (await stat(path)).size,
  write: (text) => void process.stdout.write(text),
  stream: (text) => new Promise((resolve) => process.stdout.write(text, (error) => resolve(!error))),
  log: (text) => void process.stderr.write(text),
  now: () => performance.now(),
});
