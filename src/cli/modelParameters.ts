import { RiskError } from '../engine/domain/failure.ts';
import type { ParameterSet } from '../engine/domain/riskParameters.ts';
import { marginModels } from '../engine/margin/marginModels.ts';
import { modelById } from '../engine/margin/modelById.ts';
import { resolvedParameters } from '../engine/margin/resolvedParameters.ts';
import { jsonPointer } from '../formats/jsonDocument.ts';
import type { CommandIo } from './CommandIo.ts';
import type { CommandOptions } from './commandOptions.ts';
import { readJson } from './inputFiles.ts';

type Parameters = Readonly<Record<string, ParameterSet>>;

/** The parameters that `--parameters` edits, by model: of the one model asked for, or under the ids of several. */
export async function readParameters(
  options: CommandOptions,
  io: CommandIo,
  models: readonly string[],
): Promise<Parameters> {
  const file = options.text('parameters');
  if (file === undefined) return {};
  const value = await readJson(file, io);
  const wrong = (path: readonly string[], message: string): never => {
    throw new RiskError('bad-value', `${file}: ${message}`, jsonPointer(path));
  };
  const fields = (record: unknown, path: readonly string[]): [string, unknown][] =>
    typeof record === 'object' && record !== null && !Array.isArray(record)
      ? Object.entries(record)
      : wrong(path, `${path.at(-1) ?? 'The document'} must be an object of parameters`);
  const set = (id: string, record: unknown, path: readonly string[]): ParameterSet => {
    const edits = new Map<string, number>();
    for (const [key, edit] of fields(record, path)) {
      if (typeof edit !== 'number') return wrong([...path, key], `${key} must be a number`);
      edits.set(key, edit);
    }
    const edited: ParameterSet = Object.fromEntries(edits);
    try {
      resolvedParameters(modelById(id, marginModels), edited);
    } catch (error) {
      if (error instanceof RiskError) return wrong([...path, ...keyOf(error)], error.message);
      throw error;
    }
    return edited;
  };
  const entries = fields(value, []);
  const isByModel = entries.some(([, item]) => typeof item === 'object');
  if (!isByModel && models.length === 1) return { [models[0]!]: set(models[0]!, value, []) };
  return Object.fromEntries(
    entries.map(([id, item]) => {
      if (!marginModels.some((model) => model.id === id)) {
        wrong([id], `"${id}" is not a model; there are ${marginModels.map((model) => model.id).join(', ')}`);
      }
      return [id, set(id, item, [id])];
    }),
  );
}

/** The parameter that a model's failure points to. */
function keyOf({ failure }: RiskError): string[] {
  return failure.path ? [failure.path.slice(1)] : [];
}
