import { describe, expect, it } from 'vitest';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { CODES, EXPIRIES, smallBook, smallSnapshot } from '../../fixtures/smallMarket.ts';
import { prepareMarket } from '../../scenario/preparedMarket.ts';
import type { MarginModel } from '../MarginModel.ts';
import { derivePortfolioMargin } from './derivePortfolioMargin.ts';
import { derivePortfolioMargin2 } from './derivePortfolioMargin2.ts';
import { deriveStandardMargin } from './deriveStandardMargin.ts';

const SPOT = 90_000;

/** The small market with a month whose vols are trusted at 0.25, and with an index trusted so far. */
function market(index = 1, vol = 0.25) {
  const small = smallSnapshot();
  return prepareMarket({
    ...small,
    underlyings: small.underlyings.map((coin) => ({
      ...coin,
      confidence: { index, perpetual: 1 },
      expiries: coin.expiries.map((expiry) =>
        expiry.expiry === EXPIRIES.month ? { ...expiry, confidence: { forward: 1, vol } } : expiry,
      ),
    })),
  });
}

const book = smallBook([
  [`BTC-${CODES.week}-90000-P`, -1],
  [`BTC-${CODES.month}-90000-P`, -2],
  ['BTC-PERPETUAL', 90_000],
]);

function charged(model: MarginModel, prepared: ReturnType<typeof market>, edits = {}) {
  const result = modelRequirement(model, prepared, book, edits);
  return { ...result, lowUsd: result.components.find(({ name }) => name === 'Low confidence')?.usd ?? 0 };
}

describe.each([
  // Published factors: OCFactor 1 of the standard manager, confMargin 1 (PM) and 0.4 (PM2).
  [deriveStandardMargin, 'OCFactor'],
  [derivePortfolioMargin, 'confMargin'],
  [derivePortfolioMargin2, 'confMargin'],
] as const)('%o and a market that trusts its prices less', (model, key) => {
  const factor = model.parameters.find((spec) => spec.key === key)!.initial;

  it('charges (1 - c) x factor x size x spot on the expiry in doubt alone', () => {
    const doubted = charged(model, market());
    expect(doubted.lowUsd).toBeCloseTo(0.75 * factor * 2 * SPOT, 6);
    const trusted = charged(model, market(1, 1));
    expect(trusted.lowUsd).toBe(0);
    expect(doubted.initialMarginUsd - trusted.initialMarginUsd).toBeCloseTo(doubted.lowUsd, 6);
    expect(doubted.maintenanceMarginUsd).toBe(trusted.maintenanceMarginUsd);
    expect(doubted.approximations.join()).toContain('BTC 25DEC26 vols 0.25');
  });

  it('charges everything of a coin whose index is in doubt, by the least confidence of each', () => {
    const { lowUsd, approximations } = charged(model, market(0.3));
    expect(lowUsd).toBeCloseTo((0.7 * 1 + 0.75 * 2 + 0.7 * 1) * factor * SPOT, -2);
    expect(approximations.join()).toContain('BTC index 0.3');
  });

  it('takes the lower of its own number and that of the market', () => {
    expect(charged(model, market(0.3), { feedConfidence: 0.1 }).lowUsd).toBeCloseTo(0.9 * factor * 4 * SPOT, -2);
  });
});
