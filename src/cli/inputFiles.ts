import { type Failure, type Result, RiskError } from '../engine/domain/failure.ts';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { SmileEdit } from '../engine/domain/smileEdit.ts';
import { fileKind } from '../formats/fileKind.ts';
import { MAX_TEXT_LENGTH, parseJsonDocument } from '../formats/jsonDocument.ts';
import { parseMarginCase, type WrittenMarginCase } from '../formats/marginCaseFile.ts';
import { parseMarketFile } from '../formats/marketFile.ts';
import { parsePortfolioCsv } from '../formats/portfolioCsv.ts';
import { parsePortfolioFile } from '../formats/portfolioFile.ts';
import { parseSmileEditsFile } from '../formats/smileEdits.ts';
import type { CommandIo } from './CommandIo.ts';
import type { CommandOptions } from './commandOptions.ts';

/** The market that `--market`, or another option, names. */
export async function readMarket(options: CommandOptions, io: CommandIo, option = 'market'): Promise<MarketSnapshot> {
  return (await readMarketText(options, io, option)).market;
}

/** The same with its text, which a thread can be sent. */
export async function readMarketText(
  options: CommandOptions,
  io: CommandIo,
  option = 'market',
): Promise<{ readonly text: string; readonly market: MarketSnapshot }> {
  const path = options.requiredText(option);
  const text = await readText(path, io);
  return { text, market: fromFile(path, parseMarketFile(text)) };
}

/** The portfolio that `--portfolio` names, JSON or CSV. */
export async function readPortfolio(options: CommandOptions, io: CommandIo): Promise<Portfolio> {
  return readPortfolioAt(options.requiredText('portfolio'), io);
}

/** The portfolio in a file, JSON or CSV. */
export async function readPortfolioAt(path: string, io: CommandIo): Promise<Portfolio> {
  const text = await readText(path, io);
  const kind = fileKind('', text);
  return fromFile(
    path,
    kind.ok && kind.value === 'portfolio-csv' ? parsePortfolioCsv(text, path) : parsePortfolioFile(text),
  );
}

/** The edits of smiles that `--smile-edits` names; none without it. */
export async function readSmileEdits(options: CommandOptions, io: CommandIo): Promise<readonly SmileEdit[]> {
  const path = options.text('smile-edits');
  return path === undefined ? [] : fromFile(path, parseSmileEditsFile(await readText(path, io)));
}

/** The margin case in a file, with the result that it had when it was written. */
export async function readMarginCase(path: string, io: CommandIo): Promise<WrittenMarginCase> {
  return fromFile(path, parseMarginCase(await readText(path, io)));
}

/** The JSON value in a file. */
export async function readJson(path: string, io: CommandIo): Promise<unknown> {
  return fromFile(path, parseJsonDocument(await readText(path, io))).value;
}

/** The text of a file, refused by its size before it is read. */
export async function readText(path: string, io: CommandIo): Promise<string> {
  let bytes: Uint8Array;
  try {
    const size = await io.fileSize(path);
    if (size > MAX_TEXT_LENGTH) {
      throw new RiskError('too-large', `${path} has ${size} bytes; at most ${MAX_TEXT_LENGTH} (10 MB) are read`, '');
    }
    bytes = await io.readFile(path);
  } catch (error) {
    if (error instanceof RiskError) throw error;
    throw new RiskError('missing-data', `${path} cannot be read: ${reasonOf(error)}`, '');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RiskError('bad-format', `${path} is not UTF-8 text; save it as UTF-8`, '');
  }
}

/** @throws RiskError with the failure in the file's name. */
function fromFile<T>(path: string, result: Result<T>): T {
  if (result.ok) return result.value;
  const { code, message, path: pointer = '' }: Failure = result.failure;
  throw new RiskError(code, `${path}: ${message}`, pointer);
}

/** Why the system cannot read a file, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'permission is denied';
  return typeof code === 'string' ? code : 'the system gives no reason';
}
