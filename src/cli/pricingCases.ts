import { RiskError } from '../engine/domain/failure.ts';
import type { OptionType } from '../engine/domain/instrument.ts';
import { described } from '../formats/schemaFailure.ts';
import type { CommandIo } from './CommandIo.ts';
import type { CommandOptions } from './commandOptions.ts';
import { readJson } from './inputFiles.ts';

/** One option to price or to imply a volatility from. `given` is its volatility or its price. */
export interface PricingCase {
  readonly type: OptionType;
  readonly forward: number;
  readonly strike: number;
  readonly timeToExpiryYears: number;
  readonly discount: number;
  readonly given: number;
}

const TYPES = new Map<unknown, OptionType>([
  ['C', 'C'],
  ['P', 'P'],
  ['call', 'C'],
  ['put', 'P'],
]);

const FIELDS = ['type', 'forward', 'strike', 'timeToExpiryYears', 'discount'] as const;

/** The cases in the file that `--cases` names: a list, each with `given` as the name of its last input. */
export async function readCases(
  options: CommandOptions,
  io: CommandIo,
  given: 'volatility' | 'price',
): Promise<readonly PricingCase[]> {
  const path = options.requiredText('cases');
  const list = await readJson(path, io);
  if (!Array.isArray(list)) throw new RiskError('bad-format', `${path}: the document must be a list of cases`, '');
  return list.map((value: unknown, index) => {
    const wrong = (field: string, message: string): never => {
      throw new RiskError('bad-value', `${path}: case ${index}: ${message}`, `/${index}${field && `/${field}`}`);
    };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('', 'must be an object');
    const record = value as Record<string, unknown>;
    const unknown = Object.keys(record).find((key) => key !== given && !FIELDS.some((field) => field === key));
    if (unknown !== undefined) wrong(unknown, `${unknown} is not a field; there are ${FIELDS.join(', ')} and ${given}`);
    const number = (field: string, demand: string, test: (value: number) => boolean, initial?: number): number => {
      const found = Object.hasOwn(record, field) ? record[field] : initial;
      if (typeof found === 'number' && test(found)) return found;
      return wrong(field, `${field} is ${found === undefined ? 'missing' : described(found)}; it must be ${demand}`);
    };
    const type = TYPES.get(record.type);
    if (type === undefined) return wrong('type', `type is ${described(record.type)}; it must be "C" or "P"`);
    return {
      type,
      forward: number('forward', 'above 0', (x) => x > 0),
      strike: number('strike', 'above 0', (x) => x > 0),
      timeToExpiryYears: number('timeToExpiryYears', '0 or above', (x) => x >= 0),
      discount: number('discount', 'above 0', (x) => x > 0, 1),
      given: number(given, '0 or above', (x) => x >= 0),
    };
  });
}
