import * as z from 'zod/mini';
import { failed, type Result, success } from '../engine/domain/failure.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { SmileEdit } from '../engine/domain/smileEdit.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import { contentHash } from './contentHash.ts';
import { isoTime, parseIsoTime, TIME_DEMAND } from './isoTime.ts';
import { parseJsonDocument } from './jsonDocument.ts';
import { parsePortfolioValue, portfolioFileValue } from './portfolioFile.ts';
import { firstOf, schemaProblems, textThat } from './schemaFailure.ts';
import { schemaNameFailure } from './schemaName.ts';
import { parsedSmileEdits, SmileEditsSchema, smileEditsValue } from './smileEdits.ts';

const LINK_SCHEMA = 'headroom/link@1';

/** Longest link that is decoded, in characters. */
export const MAX_LINK_LENGTH = 64_000;
const MAX_INFLATED_BYTES = 20_000_000;
const MAX_INFLATION = 100;
/** Bytes fed to the decompressor at a time; what they inflate to is judged before the next ones go in. */
const SLICE = 512;

/** What a link restores: a book and, when known, the market it was looked at with (named, not contained). */
export interface SharedBook {
  readonly portfolio: Portfolio;
  readonly market?: { readonly id: string; readonly name: string; readonly asOf: Timestamp };
  /** How the sender has bent the smiles of that market. Links without edits are as they have always been. */
  readonly smileEdits?: readonly SmileEdit[];
}

const LinkSchema = z.strictObject({
  schema: z.literal(LINK_SCHEMA),
  check: z.string(),
  portfolio: z.unknown(),
  market: z.optional(
    z.strictObject({
      id: textThat('16 hexadecimal digits', (text) => /^[0-9a-f]{16}$/.test(text)),
      name: textThat('a text of at most 200 characters', (text) => text.length <= 200),
      asOf: textThat(TIME_DEMAND, (text) => parseIsoTime(text) !== null),
    }),
  ),
  smileEdits: z.optional(SmileEditsSchema),
});

/** base64url of raw deflate of the JSON of a book: what goes behind the `#` of a link. May exceed MAX_LINK_LENGTH. */
export async function shareLinkCode(shared: SharedBook): Promise<string> {
  const content = linkContent(shared);
  const value = { schema: LINK_SCHEMA, check: contentHash(JSON.stringify(content)), ...content };
  const source = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(source).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * The book in a link's code. A link edited by hand, cut off, too long, or that inflates beyond 20 MB or a hundredfold gives a
 * failure; the portfolio is judged by the rules of portfolio files.
 */
export async function parseShareLink(code: string): Promise<Result<SharedBook>> {
  if (code.length > MAX_LINK_LENGTH) {
    return failed(
      'too-large',
      `The link has ${code.length} characters; at most ${MAX_LINK_LENGTH} are read. Send the portfolio as a file`,
      '',
    );
  }
  if (!/^[A-Za-z0-9_-]+$/.test(code) || code.length % 4 === 1) return damaged();
  const binary = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
  const text = await inflatedText(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  if (!text.ok) return text;
  const document = parseJsonDocument(text.value);
  if (!document.ok) return damaged();
  const { value } = document.value;
  const refused = schemaNameFailure(value, LINK_SCHEMA);
  if (refused) return { ok: false, failure: refused };
  const parsed = z.safeParse(LinkSchema, value);
  if (!parsed.success) return firstOf(schemaProblems(parsed.error.issues, value));
  const portfolio = parsePortfolioValue(parsed.data.portfolio, ['portfolio']);
  if (!portfolio.ok) return portfolio;
  const { market, smileEdits } = parsed.data;
  if (smileEdits !== undefined && market === undefined)
    return failed('bad-format', 'The link has edits of smiles, but does not say of which market', '/smileEdits');
  const shared: SharedBook = {
    portfolio: portfolio.value,
    ...(market ? { market: { id: market.id, name: market.name, asOf: parseIsoTime(market.asOf)! } } : {}),
    ...(smileEdits ? { smileEdits: parsedSmileEdits(smileEdits) } : {}),
  };
  // Raw deflate has no checksum: a changed letter may inflate to another valid book.
  return parsed.data.check === contentHash(JSON.stringify(linkContent(shared))) ? success(shared) : damaged();
}

function linkContent({ portfolio, market, smileEdits = [] }: SharedBook): object {
  return {
    portfolio: portfolioFileValue(portfolio),
    ...(market ? { market: { id: market.id, name: market.name, asOf: isoTime(market.asOf) } } : {}),
    ...(smileEdits.length > 0 ? { smileEdits: smileEditsValue(smileEdits) } : {}),
  };
}

function damaged(): ReturnType<typeof failed> {
  return failed('bad-format', 'The link is damaged: part of it is missing or was changed. Ask for it again', '');
}

async function inflatedText(compressed: Uint8Array<ArrayBuffer>): Promise<Result<string>> {
  const limit = Math.min(MAX_INFLATED_BYTES, compressed.length * MAX_INFLATION);
  let fed = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (fed >= compressed.length) controller.close();
        else controller.enqueue(compressed.slice(fed, (fed += SLICE)));
      },
    },
    { highWaterMark: 0 },
  );
  const reader = source.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let inflated = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return success(text + decoder.decode());
      inflated += value.length;
      if (inflated > limit) {
        // The stream is abandoned; how its cancellation ends is of no interest.
        reader.cancel().catch(() => undefined);
        return failed('too-large', 'The link inflates to far more than a book can hold; it is not opened', '');
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return damaged();
  }
}
