import { failureOf, RiskError } from '../../engine/domain/failure.ts';
import type { CaseData, CaseFile, CaseInputs } from './ConformanceAdapter.ts';
import { conformanceAdapters } from './conformanceAdapters.ts';
import { convergenceRule, type RuleJudge } from './convergenceRule.ts';
import { type Expectation, type Outcome, passes } from './judge.ts';

/** One reference case judged. `actual` has the shape of the expectation, or says why the input has no answer. */
export type ConformanceLine =
  | {
      readonly family: string;
      readonly id: string;
      readonly fn: string;
      readonly actual: unknown;
      readonly ok: boolean;
    }
  | { readonly family: string; readonly id: string; readonly fn: string; readonly skipped: string };

export interface ConformanceReport {
  readonly lines: readonly ConformanceLine[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A case of a `refvec/1` file, as far as it is judged. */
interface ReferenceCase extends Expectation {
  readonly id: string;
  readonly fn: string;
  readonly inputs: CaseInputs;
}

/**
 * Runs the cases of `refvec/1` files, given as their texts, through the engine and judges them. A family or `fn` without
 * an adapter, and a case with a rule that is not known here, is skipped with the reason, never passed. `data` reads what cases name.
 *
 * Throws a RiskError (`bad-json`, `bad-format`) for a text that is not such a file.
 */
export async function runConformance(
  texts: readonly string[],
  data: CaseData = withoutData,
): Promise<ConformanceReport> {
  const lines: ConformanceLine[] = [];
  for (const text of texts) {
    const { family, cases, file } = parseReferenceFile(text);
    for (const reference of cases) lines.push(await judgedLine(family, reference, data, file));
  }
  const judged = lines.filter((line) => 'ok' in line);
  const passed = judged.filter((line) => line.ok).length;
  return { lines, passed, failed: judged.length - passed, skipped: lines.length - judged.length };
}

async function withoutData(path: string): Promise<string> {
  throw new RiskError('missing-data', `The case needs ${path}, and no folder to read it from is known`);
}

async function judgedLine(
  family: string,
  reference: ReferenceCase,
  data: CaseData,
  file: CaseFile,
): Promise<ConformanceLine> {
  const { id, fn, inputs, tol } = reference;
  const adapters = conformanceAdapters.get(family);
  if (adapters === undefined) return { family, id, fn, skipped: `no adapter for the family ${family}` };
  const adapter = Object.hasOwn(adapters, fn) ? adapters[fn] : undefined;
  if (adapter === undefined) return { family, id, fn, skipped: `no adapter for ${fn}` };
  const rule = convergenceRule(tol?.rule);
  if (tol?.rule !== undefined && rule === undefined) {
    return { family, id, fn, skipped: `judged by its own rule: ${ruleText(tol.rule)}` };
  }
  let outcome: Outcome;
  try {
    outcome = { value: await adapter(inputs, data, file) };
  } catch (error) {
    outcome = { refused: failureOf(error).message };
  }
  const actual = 'refused' in outcome ? outcome : printable(outcome.value);
  return { family, id, fn, actual, ok: rule ? passesRule(rule, outcome, reference) : passes(outcome, reference) };
}

function passesRule(rule: RuleJudge, outcome: Outcome, { expected }: Expectation): boolean {
  return 'value' in outcome && rule(outcome.value as Record<string, number>, expected as Record<string, number>);
}

function ruleText(rule: unknown): string {
  return typeof rule === 'string' ? rule : JSON.stringify(rule);
}

/** JSON has no NaN and no infinities; they are written as text, so that a line never hides them as null. */
function printable(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(printable);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printable(item)]));
  }
  return value;
}

function parseReferenceFile(text: string): { family: string; cases: ReferenceCase[]; file: CaseFile } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new RiskError('bad-json', 'A reference file is not valid JSON; it may be cut off');
  }
  if (!isRecord(document) || document.schema !== 'refvec/1' || typeof document.family !== 'string') {
    throw new RiskError('bad-format', 'Not a reference file: it needs "schema": "refvec/1" and a family', '/schema');
  }
  const { cases } = document;
  if (!Array.isArray(cases)) throw new RiskError('bad-format', 'The reference file has no list of cases', '/cases');
  cases.forEach((item, i) => {
    if (!isRecord(item) || typeof item.id !== 'string' || typeof item.fn !== 'string' || !isRecord(item.inputs)) {
      throw new RiskError(
        'bad-format',
        `Case ${i} needs a text "id", a text "fn" and an object "inputs"`,
        `/cases/${i}`,
      );
    }
  });
  return { family: document.family, cases: cases as ReferenceCase[], file: document };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
