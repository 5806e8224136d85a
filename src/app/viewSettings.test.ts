import { describe, expect, it } from 'vitest';
import { createAppStore } from '../state/store.ts';
import { restoredSettings } from './viewSettings.ts';

describe('settings that were saved', () => {
  const now = createAppStore().getState().varSettings;

  it('before Monte Carlo had a target keep their paths, and go by the initial one', () => {
    const { targetStandardErrorShare: _share, sampling: _sampling, revaluation: _revaluation, ...former } = now;
    const { varSettings } = restoredSettings({ varSettings: { ...former, paths: 20_000 } });
    expect(varSettings).toEqual({ ...now, paths: 20_000 });
  });

  it('come back as they were', () => {
    const own = { ...now, targetStandardErrorShare: null, sampling: 'plain', revaluation: 'proxy' };
    expect(restoredSettings({ varSettings: own }).varSettings).toEqual(own);
  });

  it.each([{ targetStandardErrorShare: 0 }, { sampling: 'other' }, { revaluation: 'rough' }])(
    'are left out where they do not fit: %o',
    (change) => expect(restoredSettings({ varSettings: { ...now, ...change } })).toEqual({}),
  );
});
