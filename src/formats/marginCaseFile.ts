import * as z from 'zod/mini';
import { type Failure, type Result, success } from '../engine/domain/failure.ts';
import type { MarginCase } from '../engine/domain/marginCase.ts';
import type { MarginOutcome } from '../engine/domain/riskReport.ts';
import { described, firstOf, schemaProblems, textThat } from './schemaFailure.ts';
import { jsonPointer, parseJsonDocument } from './jsonDocument.ts';
import { marketFileText, parseMarketFile } from './marketFile.ts';
import { parsePortfolioValue, portfolioFileText } from './portfolioFile.ts';
import { schemaNameFailure } from './schemaName.ts';
import { parsedSmileEdits, SmileEditsSchema, smileEditsValue } from './smileEdits.ts';

const MARGIN_CASE_SCHEMA = 'headroom/margin-case@1';

const MAX_PARAMETERS = 500;
/** Fields of a result that hold what a file said, as the command line prints them. */
const ECHOED = new Set(['id', 'instrument', 'asset', 'name']);

const MarginCaseSchema = z.strictObject({
  schema: z.literal(MARGIN_CASE_SCHEMA),
  engineVersion: textThat('a version of 1 to 40 characters', (text) => text !== '' && text.length <= 40),
  model: textThat('the id of a model, 1 to 64 characters', (text) => text !== '' && text.length <= 64),
  parameters: z.record(z.string(), z.number()),
  portfolio: z.record(z.string(), z.unknown()),
  smileEdits: z.optional(SmileEditsSchema),
  market: z.record(z.string(), z.unknown()),
  result: z.record(z.string(), z.unknown()),
});

/** A case as it was written, with the result that it had then. */
export interface WrittenMarginCase {
  readonly marginCase: MarginCase;
  /** Of the engine that computed the result. */
  readonly engineVersion: string;
  /** As the document has it; it is compared, never shown. */
  readonly result: unknown;
}

/**
 * The case in a `headroom/margin-case@1` text: all of it, or the first problem with its JSON pointer. Model and parameters are left
 * to the engine to judge, since it has them.
 */
export function parseMarginCase(text: string): Result<WrittenMarginCase> {
  const document = parseJsonDocument(text);
  if (!document.ok) return document;
  const { value } = document.value;
  const refused = schemaNameFailure(value, MARGIN_CASE_SCHEMA) ?? sizeFailure(value);
  if (refused) return { ok: false, failure: refused };
  const parsed = z.safeParse(MarginCaseSchema, value);
  if (!parsed.success) return firstOf(schemaProblems(parsed.error.issues, value));
  const { engineVersion, model, parameters, smileEdits, result } = parsed.data;
  const portfolio = parsePortfolioValue(parsed.data.portfolio, ['portfolio']);
  if (!portfolio.ok) return portfolio;
  const market = parseMarketFile(JSON.stringify(parsed.data.market));
  if (!market.ok) {
    const { failure } = market;
    return { ok: false, failure: { ...failure, path: `/market${failure.path ?? ''}` } };
  }
  return success({
    marginCase: {
      market: market.value,
      smileEdits: parsedSmileEdits(smileEdits ?? []),
      portfolio: portfolio.value,
      model,
      parameters,
    },
    engineVersion,
    result,
  });
}

/** A case and its result as `headroom/margin-case@1` text. It parses back to the same case, bit for bit. */
export function marginCaseText(
  { market, smileEdits, portfolio, model, parameters }: MarginCase,
  outcome: MarginOutcome,
  engineVersion: string,
): string {
  const indented = (text: string) => text.trimEnd().replaceAll('\n', '\n  ');
  const fields = [
    `"schema": "${MARGIN_CASE_SCHEMA}"`,
    `"engineVersion": ${JSON.stringify(engineVersion)}`,
    `"model": ${JSON.stringify(model)}`,
    `"parameters": ${indented(JSON.stringify(parameters, null, 2))}`,
    `"portfolio": ${indented(portfolioFileText(portfolio))}`,
    ...(smileEdits.length === 0
      ? []
      : [`"smileEdits": ${indented(JSON.stringify(smileEditsValue(smileEdits), null, 2))}`]),
    `"market": ${indented(marketFileText(market))}`,
    `"result": ${indented(JSON.stringify(resultValue(outcome), null, 2))}`,
  ];
  return `{\n  ${fields.join(',\n  ')}\n}\n`;
}

/** The first place where a result is not what the document says, digit for digit; null when it is. */
export function marginCaseDifference(
  written: unknown,
  outcome: MarginOutcome,
): { readonly path: string; readonly written: string; readonly found: string } | null {
  return difference(written, resultValue(outcome), []);
}

/** A result as a file has it, as the command line prints it: a plain hyphen for the minus sign, undefined fields left out. */
function resultValue(outcome: MarginOutcome): unknown {
  const text = JSON.stringify(outcome, (key, value: unknown) =>
    typeof value === 'string' && !ECHOED.has(key) ? value.replaceAll('\u2212', '-') : value,
  );
  return JSON.parse(text);
}

function difference(
  written: unknown,
  found: unknown,
  path: readonly PropertyKey[],
): ReturnType<typeof marginCaseDifference> {
  if (isContainer(written) && isContainer(found) && Array.isArray(written) === Array.isArray(found)) {
    const [one, other] = [new Map(Object.entries(written)), new Map(Object.entries(found))];
    for (const key of new Set([...one.keys(), ...other.keys()])) {
      const inside = difference(one.get(key), other.get(key), [...path, key]);
      if (inside !== null) return inside;
    }
    return null;
  }
  if (written === found) return null;
  const words = (value: unknown) => (value === undefined ? 'nothing' : described(value));
  return { path: jsonPointer(path), written: words(written), found: words(found) };
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function sizeFailure(value: unknown): Failure | null {
  const parameters: unknown = (value as { parameters?: unknown }).parameters;
  if (!isContainer(parameters)) return null;
  const count = Object.keys(parameters).length;
  if (count <= MAX_PARAMETERS) return null;
  return {
    code: 'too-large',
    message: `parameters has ${count} entries; no rule has more than ${MAX_PARAMETERS}`,
    path: '/parameters',
  };
}
