import { describe, expect, it } from 'vitest';
import type { MarginModelDescription, ParameterSpec } from '../../engine/domain/riskParameters.ts';
import { foundParameters, parameterOrigin, venueGroups } from './parameterList.ts';

const spec = (key: string, label: string, description: string, rest: Partial<ParameterSpec> = {}): ParameterSpec => ({
  key,
  label,
  unit: 'fraction',
  initial: 1,
  min: 0,
  max: 2,
  description,
  ...rest,
});
const model = (id: string, venue: string): MarginModelDescription => ({
  id,
  title: id.toUpperCase(),
  venue,
  source: '',
  parametersDate: '2026-01-01',
  parameters: [],
});

describe('the list of parameters', () => {
  const specs = [
    spec('rollShock', 'Roll shock', 'Futures of two dates drift apart.', { source: 'help centre', date: '2025-03-01' }),
    spec('deltaShock', 'Delta shock', 'Total delta.'),
  ];

  it('is found by all words of a search, wherever they stand', () => {
    expect(foundParameters(specs, '  ')).toBe(specs);
    expect(foundParameters(specs, 'SHOCK').map(({ key }) => key)).toEqual(['rollShock', 'deltaShock']);
    expect(foundParameters(specs, 'shock drift').map(({ key }) => key)).toEqual(['rollShock']);
    expect(foundParameters(specs, 'centre').map(({ key }) => key)).toEqual(['rollShock']);
    expect(foundParameters(specs, 'gamma')).toEqual([]);
  });

  it('says where a number comes from only where it is not the rulebook’s own source', () => {
    expect(parameterOrigin(specs[0]!)).toBe('Source: help centre, 2025-03-01.');
    expect(parameterOrigin(specs[1]!)).toBeNull();
    expect(parameterOrigin(spec('a', 'A', '', { date: '2025-03-01' }))).toBe('Of 2025-03-01.');
  });

  it('groups rulebooks by venue', () => {
    const groups = venueGroups([
      model('a', 'Headroom'),
      model('sm', 'Deribit'),
      model('b', 'Headroom'),
      model('pm', 'Deribit'),
    ]);
    expect(groups.map(({ label }) => label)).toEqual(['Headroom', 'Deribit']);
    expect(groups[1]!.options).toEqual([
      { value: 'sm', label: 'SM' },
      { value: 'pm', label: 'PM' },
    ]);
  });
});
