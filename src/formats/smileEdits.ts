import * as z from 'zod/mini';
import { failed, type Result, success } from '../engine/domain/failure.ts';
import type { SmileEdit } from '../engine/domain/smileEdit.ts';
import { isoTime, parseIsoTime, TIME_DEMAND } from './isoTime.ts';
import { parseJsonDocument } from './jsonDocument.ts';
import { firstOf, schemaProblems, textThat } from './schemaFailure.ts';
import { schemaNameFailure } from './schemaName.ts';

/** Nobody bends a vol by more than so much, in decimals. */
const LARGEST_SHIFT = 5;

const shift = z.number().check(z.gte(-LARGEST_SHIFT), z.lte(LARGEST_SHIFT));

/** Edits of smiles as they are written in links and files: `[{underlying, expiry, level, skew, wings}]`, vols as decimals. */
export const SmileEditsSchema = z
  .array(
    z.strictObject({
      underlying: textThat('a coin of 1 to 16 letters and digits', (text) => /^[A-Z0-9]{1,16}$/.test(text)),
      expiry: textThat(TIME_DEMAND, (text) => parseIsoTime(text) !== null),
      level: shift,
      skew: shift,
      wings: shift,
    }),
  )
  .check(z.maxLength(500));

const SCHEMA = 'headroom/smile-edits@1';

const SmileEditsFile = z.strictObject({ schema: z.literal(SCHEMA), edits: SmileEditsSchema });

/** A `headroom/smile-edits@1` file: `{schema, edits}`; of each expiry one edit at most. */
export function parseSmileEditsFile(text: string): Result<readonly SmileEdit[]> {
  const document = parseJsonDocument(text);
  if (!document.ok) return document;
  const { value } = document.value;
  const refused = schemaNameFailure(value, SCHEMA);
  if (refused) return { ok: false, failure: refused };
  const parsed = z.safeParse(SmileEditsFile, value);
  if (!parsed.success) return firstOf(schemaProblems(parsed.error.issues, value));
  const edits = parsedSmileEdits(parsed.data.edits);
  const twice = edits.findIndex((edit, i) =>
    edits.slice(0, i).some(({ underlying, expiry }) => underlying === edit.underlying && expiry === edit.expiry),
  );
  if (twice < 0) return success(edits);
  return failed('bad-value', 'This expiry has been edited above; put both edits into one', `/edits/${twice}`);
}

export function parsedSmileEdits(edits: z.infer<typeof SmileEditsSchema>): readonly SmileEdit[] {
  return edits.map((edit) => ({ ...edit, expiry: parseIsoTime(edit.expiry)! }));
}

export function smileEditsValue(edits: readonly SmileEdit[]): z.infer<typeof SmileEditsSchema> {
  return edits.map(({ underlying, expiry, level, skew, wings }) => {
    return { underlying, expiry: isoTime(expiry), level, skew, wings };
  });
}
