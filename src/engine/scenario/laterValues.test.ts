import { expect, it } from 'vitest';
import { laterValues } from './laterValues.ts';

function counted() {
  const computed: string[] = [];
  const values = laterValues(
    ['b', 'a', 'c'].map((key) => [
      key,
      () => {
        computed.push(key);
        return key === 'c' ? undefined : key.toUpperCase();
      },
    ]),
  );
  return { computed, values };
}

it('computes a value when it is first read, and once, be it undefined', () => {
  const { computed, values } = counted();
  expect(computed).toEqual([]);
  expect([values.get('a'), values.get('a'), values.get('c'), values.get('c'), values.get('d')]).toEqual([
    'A',
    'A',
    undefined,
    undefined,
    undefined,
  ]);
  expect(computed).toEqual(['a', 'c']);
});

it('goes through all of them in the order of the keys, whatever was read before, as often as it is asked', () => {
  const { computed, values } = counted();
  values.get('a');
  const whole = [
    ['b', 'B'],
    ['a', 'A'],
    ['c', undefined],
  ];
  expect([...values]).toEqual(whole);
  expect([...new Map(values)]).toEqual(whole);
  expect(computed).toEqual(['a', 'b', 'c']);
});
