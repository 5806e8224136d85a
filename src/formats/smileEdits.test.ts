import { describe, expect, test } from 'vitest';
import { parseSmileEditsFile, smileEditsValue } from './smileEdits.ts';

const EDITS = [
  { underlying: 'BTC', expiry: Date.UTC(2026, 11, 25, 8), level: 0.1 + 0.2, skew: -0.01, wings: 0 },
  { underlying: 'ETH', expiry: Date.UTC(2026, 11, 25, 8), level: 0, skew: 0, wings: 0.004 },
];
const file = (edits: unknown) => JSON.stringify({ schema: 'headroom/smile-edits@1', edits });

function refusal(text: string) {
  const result = parseSmileEditsFile(text);
  if (result.ok) throw new Error('was accepted');
  return result.failure;
}

describe('a file of smile edits', () => {
  test('comes back bit for bit', () => {
    expect(parseSmileEditsFile(file(smileEditsValue(EDITS)))).toEqual({ ok: true, value: EDITS });
    expect(parseSmileEditsFile(file([]))).toEqual({ ok: true, value: [] });
  });

  test('is refused with the place and what to do', () => {
    const [edit] = smileEditsValue(EDITS);
    expect(refusal('{}').message).toContain('headroom/smile-edits@1');
    expect(refusal(file([{ ...edit, level: 9 }])).path).toBe('/edits/0/level');
    expect(refusal(file([{ ...edit, level: undefined }])).path).toMatch(/^\/edits\/0/);
    expect(refusal(file([{ ...edit, vol: 1 }])).path).toMatch(/^\/edits\/0/);
    expect(refusal(file([{ ...edit, expiry: 'Christmas' }])).path).toBe('/edits/0/expiry');
    expect(refusal(file([edit, edit]))).toMatchObject({ path: '/edits/1' });
  });
});
