import { expect, it } from 'vitest';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { CODES, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';
import { resolvedParameters } from '../resolvedParameters.ts';
import { portfolioMargin } from './portfolioMargin.ts';

const market = smallMarket();
const BTC = [
  [`BTC-${CODES.month}-90000-C`, -2],
  [`BTC-${CODES.week}-80000-P`, -1],
  ['BTC-PERPETUAL', 40_000, 90_000],
] as const;
const ETH = [
  [`ETH-${CODES.month}-3000-P`, -40],
  [`ETH-${CODES.year}-4000-C`, 25],
] as const;

it.each([0, 0.5, 1])(
  'puts coins together from their scans as it does itself, at an offset of %d',
  (underlyingOffset) => {
    const asked = (legs: readonly (readonly [string, number, number?])[]) =>
      modelRequirement(portfolioMargin, market, smallBook(legs), { underlyingOffset });
    const parts = [asked(BTC), asked(ETH)].map(({ components, initialMarginUsd }) => {
      const [scanned, ...others] = components.filter(({ scan }) => scan !== undefined);
      expect(others).toEqual([]);
      return { losses: scanned!.scan!.amountUsd, chargesUsd: initialMarginUsd - scanned!.usd };
    });
    const together = portfolioMargin.acrossCoins!(
      parts.map(({ losses }) => losses),
      parts.reduce((total, { chargesUsd }) => total + chargesUsd, 0),
      resolvedParameters(portfolioMargin, { underlyingOffset }),
    );
    const whole = asked([...BTC, ...ETH]);
    expect(together.initialMarginUsd).toBeCloseTo(whole.initialMarginUsd, 6);
    expect(together.maintenanceMarginUsd).toBeCloseTo(whole.maintenanceMarginUsd, 6);
  },
);
