import { expect, test } from 'vitest';
import { SeenAccounts } from './SeenAccounts.ts';

test('an id is new once, however many there are', () => {
  const seen = new SeenAccounts();
  const ids = Array.from({ length: 20_000 }, (_, n) => `account ${n}`);
  for (const id of ids) expect(seen.add(id)).toBe(true);
  for (const id of ids) expect(seen.add(id)).toBe(false);
  expect(seen.add('account 20000')).toBe(true);
});
