import { describe, expect, it } from 'vitest';
import { MOST_PATHS, surerSettings } from './varPrecision.ts';

describe('a surer run', () => {
  const settings = { paths: 1_000_000, targetStandardErrorShare: 0.0025 };
  it('has half the target error where the last one met it before its paths were drawn', () => {
    expect(surerSettings(settings, { observations: 40_000 })).toEqual({ targetStandardErrorShare: 0.00125 });
  });
  it('has twice the paths where the last one drew them all, or had no target', () => {
    expect(surerSettings(settings, { observations: 1_000_000 })).toEqual({ paths: 2_000_000 });
    expect(surerSettings({ ...settings, targetStandardErrorShare: null }, { observations: 20_000 })).toEqual({
      paths: 2_000_000,
    });
    expect(surerSettings(settings, null)).toEqual({ paths: 2_000_000 });
    expect(surerSettings({ ...settings, paths: 3_000_000 }, null)).toEqual({ paths: MOST_PATHS });
  });
  it('is not to be had beyond the most paths of a run', () => {
    expect(surerSettings({ ...settings, paths: MOST_PATHS }, { observations: MOST_PATHS })).toBeNull();
  });
});
