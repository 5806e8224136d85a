import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MarginCase } from '../engine/domain/marginCase.ts';
import type { MarginOutcome } from '../engine/domain/riskReport.ts';
import { marketArbitrary, portfolioArbitrary } from './formatArbitraries.ts';
import { identified } from './marketFile.ts';
import { marginCaseDifference, marginCaseText, parseMarginCase } from './marginCaseFile.ts';

const OUTCOME: MarginOutcome = {
  id: 'portfolio',
  title: 'Portfolio',
  initialMarginUsd: 0.1 + 0.2,
  maintenanceMarginUsd: 1e-7,
  equityUsd: 100_000,
  availableUsd: 99_999.7,
  marginRatio: null,
  worstScenario: { label: '\u221216 %, IV ×1.50', spotMove: -0.16, volShock: 0.5, lossUsd: 0.3, byUnderlying: [] },
  components: [{ name: 'Worst loss', usd: 0.1 + 0.2 }],
  positions: [],
  approximations: ['Money is counted in USD \u2212 not in EUR.'],
};
const caseArbitrary = fc
  .record({
    market: marketArbitrary,
    portfolio: portfolioArbitrary,
    priceRange: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(
    ({ market, portfolio, priceRange }): MarginCase => ({
      market: identified(market),
      smileEdits: [{ underlying: 'BTC', expiry: Date.UTC(2026, 5, 26, 8), level: 0.01, skew: -0.02, wings: 0 }],
      portfolio,
      model: 'portfolio',
      parameters: { priceRange: priceRange + 0 },
    }),
  );
const [sample] = fc.sample(caseArbitrary, { seed: 5, numRuns: 1 });
const TEXT = marginCaseText(sample!, OUTCOME, '0.1.0');

const refusal = (text: string) => {
  const parsed = parseMarginCase(text);
  return parsed.ok ? null : { path: parsed.failure.path, message: parsed.failure.message };
};
const changed = (change: (value: Record<string, unknown>) => void) => {
  const value = JSON.parse(TEXT) as Record<string, unknown>;
  change(value);
  return refusal(JSON.stringify(value));
};

describe('headroom/margin-case@1', () => {
  test('parses back to the same case and the same result, bit for bit', () => {
    fc.assert(
      fc.property(caseArbitrary, (marginCase) => {
        const parsed = parseMarginCase(marginCaseText(marginCase, OUTCOME, '0.1.0'));
        if (!parsed.ok) throw new Error(parsed.failure.message);
        expect(parsed.value.marginCase).toEqual(marginCase);
        expect(parsed.value.engineVersion).toBe('0.1.0');
        expect(marginCaseDifference(parsed.value.result, OUTCOME)).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  test('writes a plain hyphen for the minus sign', () => {
    expect(TEXT).toContain('-16 %, IV ×1.50');
    expect(TEXT.slice(TEXT.indexOf('"result"'))).not.toContain('\u2212');
  });

  test.each([
    ['no model', (value: Record<string, unknown>) => delete value.model, '/model', 'model is missing'],
    ['another schema', (value) => (value.schema = 'headroom/market@1'), '/schema', 'must be "headroom/margin-case@1"'],
    ['a newer version', (value) => (value.schema = 'headroom/margin-case@2'), '/schema', 'newer'],
    [
      'words as a parameter',
      (value) => (value.parameters = { priceRange: 'wide' }),
      '/parameters/priceRange',
      'a finite number',
    ],
    ['a list of parameters', (value) => (value.parameters = [1]), '/parameters', 'must be an object'],
    ['no market', (value) => delete value.market, '/market', 'market is missing; it must be an object'],
    [
      'a market without time',
      (value) => delete (value.market as { asOf?: unknown }).asOf,
      '/market/asOf',
      'asOf is missing',
    ],
    [
      'no positions',
      (value) => (value.portfolio = { schema: 'headroom/portfolio@1' }),
      '/portfolio/positions',
      'missing',
    ],
    ['no result', (value) => (value.result = 5), '/result', 'an object'],
    ['a field that is none', (value) => (value.note = 'mine'), '/note', 'not a field of this format'],
    [
      'too many parameters',
      (value) => (value.parameters = Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`p${n}`, n]))),
      '/parameters',
      'no rule has more than 500',
    ],
  ] as readonly [string, (value: Record<string, unknown>) => unknown, string, string][])(
    'refuses %s, saying where and what',
    (_name, change, path, words) => {
      const refused = changed(change);
      expect(refused?.path).toBe(path);
      expect(refused?.message).toContain(words);
    },
  );

  test('a damaged text is refused with a place and a sentence, or read whole', () => {
    fc.assert(
      fc.property(
        fc.nat(TEXT.length - 1),
        fc.constantFrom('', '{', '"', '1e400', 'null', '[', '__proto__', ','),
        (place, put) => {
          const parsed = parseMarginCase(TEXT.slice(0, place) + put + TEXT.slice(place + 1));
          if (parsed.ok) expect(parsed.value.marginCase.market.underlyings).toBeDefined();
          else {
            expect(parsed.failure.path).toBeDefined();
            expect(parsed.failure.message).not.toMatch(/undefined|NaN|\[object/);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
