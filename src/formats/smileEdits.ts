import * as z from 'zod/mini';
import type { SmileEdit } from '../engine/domain/smileEdit.ts';
import { isoTime, parseIsoTime, TIME_DEMAND } from './isoTime.ts';
import { textThat } from './schemaFailure.ts';

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

export function parsedSmileEdits(edits: z.infer<typeof SmileEditsSchema>): readonly SmileEdit[] {
  return edits.map((edit) => ({ ...edit, expiry: parseIsoTime(edit.expiry)! }));
}

export function smileEditsValue(edits: readonly SmileEdit[]): z.infer<typeof SmileEditsSchema> {
  return edits.map(({ underlying, expiry, level, skew, wings }) => {
    return { underlying, expiry: isoTime(expiry), level, skew, wings };
  });
}
