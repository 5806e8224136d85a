import { expect, it } from 'vitest';
import { studentTMoments } from './studentTMoments.ts';

it('has the closed forms, and says which moments are infinite', () => {
  expect(studentTMoments(4.5)).toEqual({ variance: 1.8, excessKurtosis: 12 });
  expect(studentTMoments(6)).toEqual({ variance: 1.5, excessKurtosis: 3 });
  expect(studentTMoments(3)).toEqual({ variance: 3, excessKurtosis: Infinity });
  expect(studentTMoments(2)).toEqual({ variance: Infinity, excessKurtosis: Infinity });
  expect(() => studentTMoments(1)).toThrow('no variance');
});
