import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { RpcError } from './parseRpcMessage.ts';
import { Subscriptions } from './Subscriptions.ts';

/** The other end: what it holds, and each call as the frame it came in. */
function venue(refuses: (channel: string) => boolean = () => false) {
  const held = new Set<string>();
  const frames: string[] = [];
  let isDown = false;
  const call = async (method: string, channels: readonly string[]): Promise<unknown> => {
    frames.push(JSON.stringify({ jsonrpc: '2.0', id: 1_000_000, method, params: { channels } }));
    if (isDown) throw new RpcError(10_001, 'error');
    expect(channels.length).toBeLessThanOrEqual(500);
    const accepted = channels.filter((channel) => !refuses(channel));
    for (const channel of accepted) {
      // Nothing is asked for that is there, nor given up that is not.
      expect(held.has(channel)).toBe(method === 'public/unsubscribe');
      if (method === 'public/subscribe') held.add(channel);
      else held.delete(channel);
    }
    return accepted;
  };
  return {
    held,
    frames,
    call,
    set isDown(value: boolean) {
      isDown = value;
    },
  };
}

const channelSets = fc.array(
  fc.uniqueArray(
    fc.tuple(fc.nat(3_000), fc.nat(60)).map(([n, length]) => `ticker.${n}${'x'.repeat(length)}.100ms`),
    { maxLength: 1_500 },
  ),
  { minLength: 1, maxLength: 4 },
);

describe('Subscriptions', () => {
  test.prop([channelSets], { numRuns: 30 })(
    'holds exactly what is wanted, in frames that the exchange takes',
    async (sets) => {
      const { held, frames, call } = venue();
      const subscriptions = new Subscriptions(call, () => 0);
      for (const wanted of sets) {
        subscriptions.want(new Set(wanted));
        await subscriptions.sync();
        expect([...held].sort()).toEqual([...wanted].sort());
        for (const channel of wanted) expect(subscriptions.holds(channel)).toBe(true);
      }
      for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(32_768);
      const calls = frames.length;
      await subscriptions.sync();
      expect(frames.length).toBe(calls);
    },
  );

  it('says what was not accepted, and does not ask for it again before the next connection', async () => {
    const { held, frames, call } = venue((channel) => channel === 'b');
    const subscriptions = new Subscriptions(call, () => 0);
    subscriptions.want(new Set(['a', 'b']));
    await subscriptions.sync();
    await subscriptions.sync();
    expect(subscriptions.refused).toEqual(['b']);
    expect(subscriptions.holds('b')).toBe(false);
    expect(frames.length).toBe(1);
    held.clear();
    subscriptions.reset();
    await subscriptions.sync();
    expect(frames.length).toBe(2);
  });

  it('tries again after a pause when the exchange fails, and not before', async () => {
    const other = venue();
    let now = 0;
    const subscriptions = new Subscriptions(other.call, () => now);
    subscriptions.want(new Set(['a']));
    other.isDown = true;
    await subscriptions.sync();
    expect(subscriptions.holds('a')).toBe(false);
    other.isDown = false;
    now = 4_999;
    await subscriptions.sync();
    expect(other.held.size).toBe(0);
    now = 5_000;
    await subscriptions.sync();
    expect([...other.held]).toEqual(['a']);
  });
});
