import { describe, expect, it } from 'vitest';
import { numberMarks, parseNumberExpression } from './numberExpression.ts';

const english = numberMarks('en-US');
const german = numberMarks('de-DE');
const french = numberMarks('fr-FR');

function value(text: string, current: number | null = null, marks = english): number | string {
  const result = parseNumberExpression(text, current, marks);
  return result.ok ? result.value : result.failure.message;
}

describe('parseNumberExpression', () => {
  it.each([
    ['12', 12],
    ['-10', -10],
    ['−10', -10],
    ['+5', 5],
    ['12*3', 36],
    ['12×3', 36],
    ['-2*(3+4)', -14],
    ['10-4-3', 3],
    ['2+3*4', 14],
    ['8/4/2', 1],
    ['-10+2', -8],
    ['0.1+0.2', 0.3],
    ['30k', 30_000],
    ['1.5m', 1_500_000],
    ['1,234,567.5', 1_234_567.5],
    ['1 234 567', 1_234_567],
    ['.5', 0.5],
    ['-0', 0],
  ])('%s is %d', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('never answers minus zero', () => {
    expect(Object.is(value('-0'), 0)).toBe(true);
  });

  it.each([
    ['+10%', -10, -11],
    ['-10%', -10, -9],
    ['50%', -10, -5],
    ['*2', -5, -10],
    ['/4', 10, 2.5],
    ['×3', 4, 12],
  ])('%s changes %d to %d', (text, current, expected) => {
    expect(value(text, current)).toBe(expected);
  });

  it('reads the marks of the locale', () => {
    expect(value('1,500')).toBe(1500);
    expect(value('1,500', null, german)).toBe(1.5);
    expect(value('1.500', null, german)).toBe(1500);
    expect(value('1.500')).toBe(1.5);
    expect(value('1.234,5', null, german)).toBe(1234.5);
    expect(value('1 234,5', null, french)).toBe(1234.5);
  });

  it('takes a mark that cannot group as the decimal mark in any locale', () => {
    expect(value('0,5')).toBe(0.5);
    expect(value('0.25', null, german)).toBe(0.25);
  });

  it.each(['', 'abc', '12*', '(2', '2)', '1..2', '1,23,4', '2 3', 'alert(1)', '10%%', '5%+3', '**2'])(
    '%s is refused in words',
    (text) => {
      expect(typeof value(text, 7)).toBe('string');
    },
  );

  it('refuses what is not finite or relative to nothing', () => {
    expect(value('1/0')).toMatch(/finite/);
    expect(value('1e308*10')).toMatch(/not a number/);
    expect(value('+10%', null)).toMatch(/no value yet/);
    expect(value('9'.repeat(65))).toMatch(/At most 64/);
  });
});
