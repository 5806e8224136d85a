import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { portfolioArbitrary } from './formatArbitraries.ts';
import { MAX_LINK_LENGTH, parseShareLink, type SharedBook, shareLinkCode } from './shareLink.ts';

const SHARED: SharedBook = {
  portfolio: {
    name: 'Café ☕',
    legs: [
      { id: 'a', instrument: 'BTC-27DEC24-100000-C', quantity: -0.1, entryPrice: 0.1 + 0.2 },
      { id: 'b', instrument: 'SOL_USDC-27DEC24-0d75-P', quantity: 5 },
    ],
    collateral: [{ asset: 'BTC', quantity: 1.5 }],
  },
  market: { id: '0123456789abcdef', name: 'deribit', asOf: Date.UTC(2024, 10, 22, 8) },
};

async function refusal(code: string) {
  const result = await parseShareLink(code);
  if (result.ok) throw new Error('was accepted');
  return result.failure;
}

async function deflated(content: BlobPart): Promise<string> {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url');
}

async function inflated(code: string): Promise<string> {
  const bytes = Buffer.from(code, 'base64url');
  return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
}

describe('round trip', () => {
  test('a book and the market it was looked at with', async () => {
    const code = await shareLinkCode(SHARED);
    expect(code).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(await parseShareLink(code)).toEqual({ ok: true, value: SHARED });
  });

  test('edits of that market’s smiles', async () => {
    const smileEdits = [
      { underlying: 'BTC', expiry: Date.UTC(2024, 11, 27, 8), level: 0.1 + 0.2, skew: -0.01, wings: 0 },
      { underlying: 'ETH', expiry: Date.UTC(2024, 11, 27, 8), level: 0, skew: 0, wings: 0.004 },
    ];
    const code = await shareLinkCode({ ...SHARED, smileEdits });
    expect(await parseShareLink(code)).toEqual({ ok: true, value: { ...SHARED, smileEdits } });
    // Without edits a link is what it was before there were any, so that older readers open it.
    expect(await shareLinkCode({ ...SHARED, smileEdits: [] })).toBe(await shareLinkCode(SHARED));
    const { market: _, ...nowhere } = SHARED;
    expect((await refusal(await shareLinkCode({ ...nowhere, smileEdits }))).message).toBe(
      'The link has edits of smiles, but does not say of which market',
    );
    const wild = [{ ...smileEdits[0]!, level: 50 }];
    expect((await refusal(await shareLinkCode({ ...SHARED, smileEdits: wild }))).path).toBe('/smileEdits/0/level');
  });

  test('every portfolio', async () => {
    await fc.assert(
      fc.asyncProperty(portfolioArbitrary, async (portfolio) => {
        expect(await parseShareLink(await shareLinkCode({ portfolio }))).toEqual({ ok: true, value: { portfolio } });
      }),
      { seed: 61, numRuns: 100 },
    );
  });

  test('a book of 40 legs stays under 2,000 characters', async () => {
    const legs = Array.from({ length: 40 }, (_, index) => ({
      id: `l${index + 1}`,
      instrument: `BTC-27DEC24-${60_000 + 2_000 * index}-${index % 2 ? 'C' : 'P'}`,
      quantity: index % 3 ? 1.5 : -2,
    }));
    expect((await shareLinkCode({ portfolio: { ...SHARED.portfolio, legs } })).length).toBeLessThan(2_000);
  });
});

describe('refusing', () => {
  test('any single changed, missing or doubled character never gives another book', async () => {
    const code = await shareLinkCode(SHARED);
    const results: Awaited<ReturnType<typeof parseShareLink>>[] = [];
    for (let at = 0; at < code.length; at += 1) {
      const changed = code[at] === 'A' ? 'B' : 'A';
      for (const middle of [changed, '', code[at]! + code[at]!, '%']) {
        results.push(await parseShareLink(code.slice(0, at) + middle + code.slice(at + 1)));
      }
    }
    const refusals = results.filter((result) => !result.ok);
    expect(refusals.length).toBeGreaterThan(3 * code.length);
    for (const result of results.filter((result) => result.ok)) expect(result.value).toEqual(SHARED);
    for (const { failure } of refusals) expect(failure.path).toBeDefined();
  });

  test('a cut link', async () => {
    const code = await shareLinkCode(SHARED);
    for (let part = 0; part < 50; part += 1) {
      const failure = await refusal(code.slice(0, Math.floor((code.length * part) / 50)));
      expect(failure).toMatchObject({ code: 'bad-format', path: '', message: expect.stringContaining('damaged') });
    }
  });

  test('an overlong link is not decoded', async () => {
    expect(await refusal('A'.repeat(MAX_LINK_LENGTH + 1))).toMatchObject({ code: 'too-large' });
  });

  test('a bomb is abandoned, soon', async () => {
    const bomb = await deflated(new Uint8Array(45_000_000));
    expect(bomb.length).toBeLessThan(MAX_LINK_LENGTH);
    // Processor time: what else the machine does must not decide.
    const started = process.cpuUsage();
    expect(await refusal(bomb)).toMatchObject({ code: 'too-large', message: expect.stringContaining('inflates') });
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(500);
  });

  test.each([
    ['no JSON', 'hello', '', 'damaged'],
    ['another schema', '{"schema":"headroom/portfolio@1"}', '/schema', 'headroom/link@1'],
    ['a newer link', '{"schema":"headroom/link@2"}', '/schema', 'newer Headroom'],
    ['no checksum', '{"schema":"headroom/link@1"}', '/check', 'missing'],
    [
      'a bad leg',
      '{"schema":"headroom/link@1","check":"","portfolio":{"schema":"headroom/portfolio@1","positions":[{"id":"a","instrument":"X","quantity":1}]}}',
      '/portfolio/positions/0/instrument',
      '"X"',
    ],
  ])('%s', async (_what, text, path, words) => {
    const failure = await refusal(await deflated(text));
    expect(failure.path).toBe(path);
    expect(failure.message).toContain(words);
  });

  test('a book edited inside the link does not pass its checksum', async () => {
    const text = await inflated(await shareLinkCode(SHARED));
    expect(text).toContain('"quantity":-0.1');
    const failure = await refusal(await deflated(text.replace('"quantity":-0.1', '"quantity":-9.1')));
    expect(failure.message).toContain('changed');
  });
});
