import { failed, type Result, success } from '../engine/domain/failure.ts';
import { excerpt, jsonScan, withoutByteOrderMark } from './jsonDocument.ts';

export type FileKind = 'market' | 'portfolio' | 'portfolio-csv';

const KINDS =
  'Headroom reads a market ("schema": "headroom/market@1"), a portfolio ("schema": "headroom/portfolio@1") and a CSV whose first row is instrument,quantity,entryPrice';

/**
 * Which of the three kinds a file is, judged by its content: the `schema` field of a JSON text, the first row of any other.
 * `name` only words the failure. The file may still prove faulty when it is parsed as that kind.
 */
export function fileKind(name: string, text: string): Result<FileKind> {
  const shown = name === '' ? 'The text' : excerpt(name);
  const body = withoutByteOrderMark(text);
  const start = body.trimStart();
  if (start === '') return failed('bad-format', `${shown} is empty. ${KINDS}`, '');
  if (start.startsWith('{') || start.startsWith('[')) {
    const scan = jsonScan(text);
    if (!scan.ok) return scan;
    const { schema } = scan.value;
    if (schema?.startsWith('headroom/market@')) return success('market');
    if (schema?.startsWith('headroom/portfolio@')) return success('portfolio');
    if (schema?.startsWith('headroom/margin-case@')) {
      const how = 'holds a margin figure with all that it is computed from; rerun it with "risk margin --case"';
      return failed('bad-format', `${shown} ${how}. ${KINDS}`, '/schema');
    }
    const found = schema === null ? 'has no "schema" field' : `has the schema "${excerpt(schema)}"`;
    return failed('bad-format', `${shown} ${found}. ${KINDS}`, '/schema');
  }
  const firstLine = start.slice(0, 1_000).split(/[\r\n]/, 1)[0]!;
  const cells = firstLine.split(/[,;\t|]/).map((cell) => cell.replace(/["'\s]/g, '').toLowerCase());
  if (cells.includes('instrument') && cells.includes('quantity')) return success('portfolio-csv');
  return failed('bad-format', `${shown} is none of the files that are read. ${KINDS}`, '');
}
