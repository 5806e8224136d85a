import path from 'node:path';
import { RiskError } from '../../engine/domain/failure.ts';
import { runConformance } from '../conformance/runConformance.ts';
import type { CommandIo } from '../CommandIo.ts';
import { readText } from '../inputFiles.ts';
import type { Verb } from '../Verb.ts';

export const conformance: Verb = {
  usage: 'FILE...',
  help: `
  FILE...   refvec/1 files; data that their cases name are read from the file's folder

Answer: one JSON line a case, {"family","id","fn","actual","ok"} or {"family","id","fn","skipped"} with the reason; last on
stderr "N passed, N failed, N skipped". Exit 1 when a case failed.`,
  options: {},
  takesFiles: true,
  async run(options, io) {
    if (options.files.length === 0) throw new RiskError('missing-data', 'Name at least one file of reference cases');
    const totals = { passed: 0, failed: 0, skipped: 0 };
    for (const file of options.files) {
      const report = await judged(file, io);
      for (const line of report.lines) io.write(`${JSON.stringify(line)}\n`);
      totals.passed += report.passed;
      totals.failed += report.failed;
      totals.skipped += report.skipped;
    }
    io.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
    return totals.failed === 0 ? 0 : 1;
  },
};

/** The report on a file; data that its cases name lie in its folder and are read once. */
async function judged(file: string, io: CommandIo): ReturnType<typeof runConformance> {
  const read = new Map<string, Promise<string>>();
  const data = (name: string): Promise<string> => {
    const text = read.get(name) ?? readText(path.join(path.dirname(file), name), io);
    read.set(name, text);
    return text;
  };
  const text = await readText(file, io);
  try {
    return await runConformance([text], data);
  } catch (error) {
    if (error instanceof RiskError) {
      throw new RiskError(error.failure.code, `${file}: ${error.message}`, error.failure.path ?? '');
    }
    throw error;
  }
}
