import { describe, expect, test } from 'vitest';
import { CODES, EXPIRIES, smallBook, smallSnapshot } from '../engine/fixtures/smallMarket.ts';
import { marketFileText } from '../formats/marketFile.ts';
import { portfolioFileText } from '../formats/portfolioFile.ts';
import { smileEditsValue } from '../formats/smileEdits.ts';
import { commandRun } from './fixtures/commandRun.ts';

const month = { underlying: 'BTC', expiry: EXPIRIES.month, level: 0.05, skew: 0, wings: 0 };

/** A verb on one sold put of the month, with edits. */
async function run(verb: string, edits: readonly (typeof month)[]) {
  const files: Record<string, string> = {
    'm.json': marketFileText(smallSnapshot()),
    'p.json': portfolioFileText(smallBook([[`BTC-${CODES.month}-80000-P`, -2]], [{ asset: 'USDC', quantity: 1e5 }])),
    'e.json': JSON.stringify({ schema: 'headroom/smile-edits@1', edits: smileEditsValue(edits) }),
  };
  const { code, stdout, stderr } = await commandRun(
    [verb, '--market', 'm.json', '--portfolio', 'p.json', '--smile-edits', 'e.json'],
    files,
  );
  return { code, stderr, answer: JSON.parse(stdout || 'null') as unknown };
}

describe('--smile-edits', () => {
  test('moves values and margins of the edited expiry, and says so', async () => {
    for (const verb of ['value', 'margin', 'stress']) {
      const [plain, bent] = [await run(verb, []), await run(verb, [month])];
      expect([plain.code, bent.code]).toEqual([0, 0]);
      expect(bent.answer).not.toEqual(plain.answer);
      expect(bent.stderr).toContain('info: smile of BTC 25DEC26 edited: level 0.05, skew 0, wings 0');
      const other = await run(verb, [{ ...month, expiry: EXPIRIES.year, level: 0.01 }]);
      expect(other.answer).toEqual(plain.answer);
    }
  });

  test('stops before arbitrage with a warning, and refuses what cannot be edited', async () => {
    const far = await run('value', [{ ...month, level: 4 }]);
    expect(far.stderr).toContain('warning: smile edits stop short. 25DEC26: beyond this total variance');
    const unlisted = await run('value', [{ ...month, expiry: EXPIRIES.month + 86_400_000 }]);
    expect(unlisted.code).not.toBe(0);
    expect(JSON.parse(unlisted.stderr)).toMatchObject({ error: { code: 'missing-data', path: '/edits/0/expiry' } });
  });
});
