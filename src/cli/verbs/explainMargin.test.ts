import { describe, expect, test } from 'vitest';
import type { MarginExplanation } from '../../engine/domain/marginExplanation.ts';
import type { MarginResult } from '../../engine/domain/riskReport.ts';
import { ENGINE_VERSION } from '../../engine/engineVersion.ts';
import { CODES, smallBook, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { fullMarginCase, smallestMarginCase } from '../../engine/marginCase.ts';
import { marginModels } from '../../engine/margin/marginModels.ts';
import { marginCaseText } from '../../formats/marginCaseFile.ts';
import { identified, marketFileText } from '../../formats/marketFile.ts';
import { portfolioFileText } from '../../formats/portfolioFile.ts';
import { commandRun } from '../fixtures/commandRun.ts';

const SOLD = smallBook([[`BTC-${CODES.month}-80000-P`, -10]]);
const WINGED = smallBook([
  [`BTC-${CODES.month}-80000-P`, -10],
  [`BTC-${CODES.month}-70000-P`, 10],
]);
const market = identified(smallSnapshot());
const whole = fullMarginCase(
  market,
  { marketId: market.id, portfolio: WINGED, model: 'portfolio', parameters: { priceRange: 0.2 } },
  marginModels,
);
const { marginCase, outcome } = smallestMarginCase(whole, marginModels, identified);
const CASE = marginCaseText(marginCase, outcome, ENGINE_VERSION);
const FILES: Readonly<Record<string, string>> = {
  'market.json': marketFileText(market),
  'sold.json': portfolioFileText(SOLD),
  'winged.json': portfolioFileText(WINGED),
  'case.json': CASE,
  'forged.json': CASE.replace('"title": "Portfolio"', '"title": "Other"'),
  'older.json': CASE.replace(`"engineVersion": "${ENGINE_VERSION}"`, '"engineVersion": "0.0.1"').replace(
    '"title": "Portfolio"',
    '"title": "Other"',
  ),
  'nobody.json': CASE.replace('"model": "portfolio"', '"model": "nobody"'),
  'wide.json': CASE.replace('"priceRange": 0.2,', '"priceRange": 20,'),
};

const EXPLAIN = ['explain-margin', '--market', 'market.json'] as const;

const run = (...argv: readonly string[]) => commandRun(argv, FILES);

describe('risk explain-margin', () => {
  test('a trade, in steps that add up to what risk margin says before and after', async () => {
    const imOf = async (file: string) => {
      const { stdout } = await run('margin', '--market', 'market.json', '--portfolio', file, '--model', 'portfolio');
      return (JSON.parse(stdout) as MarginResult[])[0]!.initialMarginUsd;
    };
    const { code, stdout } = await run(...EXPLAIN, '--portfolio', 'sold.json', '--proposed', 'winged.json');
    expect(code).toBe(0);
    const { kind, fromUsd, toUsd, steps } = JSON.parse(stdout) as MarginExplanation;
    expect([kind, fromUsd, toUsd]).toEqual(['trade', await imOf('sold.json'), await imOf('winged.json')]);
    expect(steps.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(toUsd - fromUsd, 6);
    expect(stdout).not.toMatch(/NaN|undefined|\u2212/);
  });

  test('a book from nothing, and a model that does not exist', async () => {
    const { stdout } = await run(...EXPLAIN, '--portfolio', 'winged.json');
    const { kind, fromUsd, steps } = JSON.parse(stdout) as MarginExplanation;
    expect([kind, fromUsd]).toEqual(['book', 0]);
    expect(steps.map((step) => step.kind)).toContain('offset');
    const refused = await run(...EXPLAIN, '--portfolio', 'sold.json', '--model', 'x');
    expect(refused.code).toBe(2);
  });
});

describe('risk margin --case', () => {
  test('computes a case anew and says that every digit is the same', async () => {
    const { code, stdout, stderr } = await run('margin', '--case', 'case.json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify([outcome]).replaceAll('\u2212', '-')));
    expect(stderr).toBe('info: equal to the result in case.json, digit for digit\n');
  });

  test('names the first difference, and an engine that is another', async () => {
    const forged = await run('margin', '--case', 'forged.json');
    expect(forged.code).toBe(0);
    expect(forged.stderr).toBe(
      'warning: differs from the result in forged.json: /title is "Portfolio", there it is "Other"\n',
    );
    expect((await run('margin', '--case', 'older.json')).stderr).toContain('which engine 0.0.1 wrote');
  });

  test.each([
    [['--case', 'nobody.json'], '/model', 'no margin model \\"nobody\\"'],
    [['--case', 'wide.json'], '/parameters/priceRange', 'must be between'],
    [['--case', 'market.json'], '/schema', 'must be \\"headroom/margin-case@1\\"'],
    [['--case', 'case.json', '--market', 'market.json'], '', 'does not go with --case'],
  ])('refuses %s', async (options, path, words) => {
    const { code, stderr } = await run('margin', ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    if (path !== '') expect(stderr).toContain(`"path":"${path}"`);
  });
});
