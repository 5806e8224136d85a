import { expect, it } from 'vitest';
import { priceUnitFault, volUnitFault } from './unitFault.ts';

it('tells the wrong unit of a price by its ratio to the model, and of nothing else', () => {
  expect(priceUnitFault(0.06, 5_400, 90_000)).toBe('it looks like coin, not USD');
  expect(priceUnitFault(4.86e8, 5_400, 90_000)).toBe('it looks like USD turned into USD twice');
  expect(priceUnitFault(540_000, 5_400, 90_000)).toBe('it looks like cents');
  expect(priceUnitFault(6_000, 5_400, 90_000)).toBeNull();
  expect(volUnitFault(55, 0.55)).toBe('it looks like percent');
  expect(volUnitFault(0.0055, 0.55)).toBe('it looks like a hundredth of a decimal');
  expect(volUnitFault(1.1, 0.55)).toBeNull();
});
