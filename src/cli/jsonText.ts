import { RiskError } from '../engine/domain/failure.ts';
import { jsonPointer } from '../formats/jsonDocument.ts';

/** Fields that hold what a file said, not what the engine says. */
const ECHOED = new Set<PropertyKey | undefined>(['id', 'instrument', 'asset', 'name']);

/**
 * A value as JSON for stdout, in full precision; lists of plain values stay on one line. Typed arrays are lists, undefined
 * fields are left out; the minus sign of the engine's sentences becomes a plain hyphen.
 * @throws RiskError `internal` naming the place of a number that is not finite: JSON has no word for it, and null would lie.
 */
export function jsonText(value: unknown): string {
  return `${text(value, [], '')}\n`;
}

/** A sentence for a terminal: a plain hyphen for the minus sign. */
export function plainText(sentence: string): string {
  return sentence.replaceAll('\u2212', '-');
}

function text(value: unknown, path: readonly PropertyKey[], indent: string): string {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return JSON.stringify(value);
    const place = jsonPointer(path);
    throw new RiskError('internal', `The figure at ${place} came out as no finite number; please report this`, place);
  }
  if (typeof value === 'string') return JSON.stringify(ECHOED.has(path.at(-1)) ? value : plainText(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const inner = `${indent}  `;
  if (ArrayBuffer.isView(value)) return text([...(value as Float64Array)], path, indent);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const isFlat = value.every((item) => typeof item !== 'object' || item === null);
    const items = value.map((item, index) => text(item, [...path, index], inner));
    return isFlat ? `[${items.join(', ')}]` : block('[', ']', items, indent);
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (fields.length === 0) return '{}';
  const items = fields.map(([key, field]) => `${JSON.stringify(key)}: ${text(field, [...path, key], inner)}`);
  return block('{', '}', items, indent);
}

function block(open: string, close: string, items: readonly string[], indent: string): string {
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}${close}`;
}
