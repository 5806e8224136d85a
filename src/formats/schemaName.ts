import type { Failure } from '../engine/domain/failure.ts';
import { excerpt, jsonPointer } from './jsonDocument.ts';

/** Why a document is not of the wanted schema, or null when it says it is. Newer and older versions are named. */
export function schemaNameFailure(value: unknown, wanted: string, root: readonly PropertyKey[] = []): Failure | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      code: 'bad-format',
      message: `The document must be an object with "schema": "${wanted}"`,
      path: jsonPointer(root),
    };
  }
  const schema: unknown = Object.hasOwn(value, 'schema') ? (value as { schema?: unknown }).schema : undefined;
  if (schema === wanted) return null;
  const path = jsonPointer([...root, 'schema']);
  if (typeof schema !== 'string') {
    return { code: 'bad-format', message: `schema is missing; it must be "${wanted}"`, path };
  }
  const family = wanted.slice(0, wanted.indexOf('@') + 1);
  const version = schema.startsWith(family) ? Number(schema.slice(family.length)) : Number.NaN;
  const isNewer = version > Number(wanted.slice(family.length));
  return {
    code: 'bad-format',
    message: isNewer
      ? `schema is "${excerpt(schema)}", newer than "${wanted}" which is read here; open it with a newer Headroom`
      : `schema is "${excerpt(schema)}"; it must be "${wanted}"`,
    path,
  };
}
