import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../../domain/portfolio.ts';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { sum } from '../../numerics/sum.ts';
import { bookPositions } from '../../scenario/bookPositions.ts';
import type { PreparedMarket } from '../../scenario/preparedMarket.ts';
import { deriveBook } from '../derive/deriveBook.ts';
import { books, markets, slack } from '../../fixtures/deriveBookArbitraries.ts';
import { publishedValues } from '../derive/parameterTable.ts';
import { portfolioManagerMargin } from '../derive/portfolioManager.ts';
import { portfolioManager2Margin } from '../derive/portfolioManager2.ts';
import { PORTFOLIO_MANAGER_2_VALUES, portfolioManager2Scenarios } from '../derive/portfolioManager2Parameters.ts';
import { PORTFOLIO_MANAGER_VALUES, portfolioManagerScenarios } from '../derive/portfolioManagerParameters.ts';
import { standardManagerMargin } from '../derive/standardManager.ts';
import {
  STANDARD_MANAGER_OTHERS,
  STANDARD_MANAGER_TABLE,
  standardManagerValues,
} from '../derive/standardManagerParameters.ts';
import type { MarginModel } from '../MarginModel.ts';
import { marginBook } from '../marginBook.ts';
import { derivePortfolioMargin } from './derivePortfolioMargin.ts';
import { derivePortfolioMargin2 } from './derivePortfolioMargin2.ts';
import { deriveStandardMargin } from './deriveStandardMargin.ts';

/** Requirements as the rules have them, in balances: what is left is taken from the mark. */
describe('requirements are what the balances of the rules fall short of the mark', () => {
  const accounts = (book: Portfolio, feedConfidence: number, prepared: PreparedMarket) => {
    const held = deriveBook(marginBook(bookPositions(prepared, book), prepared.snapshot), feedConfidence);
    return held.coins.map((coin) => ({
      name: coin.underlying,
      spot: coin.spot,
      spotConfidence: feedConfidence,
      stablePrice: held.stablePrice,
      cash: 0,
      base: coin.held?.quantity ?? 0,
      baseValue: (coin.held?.quantity ?? 0) * coin.spot,
      perpetual: coin.perpetual,
      expiries: coin.expiries.map(({ terms }) => ({ ...terms, forward: terms.liveForward })),
    }));
  };
  type Account = ReturnType<typeof accounts>[number];
  type Balances = { markToMarket: number; initialMarginBalance: number; maintenanceMarginBalance: number };
  const rules: readonly (readonly [MarginModel, (account: Account) => Balances])[] = [
    [
      deriveStandardMargin,
      (account) => {
        const values = publishedValues([...STANDARD_MANAGER_TABLE, ...STANDARD_MANAGER_OTHERS]);
        const margin = standardManagerMargin({ ...account, markets: [account] }, (name) =>
          standardManagerValues(values, name),
        );
        // Held against the equity without options.
        return { ...margin, markToMarket: account.baseValue };
      },
    ],
    [
      derivePortfolioMargin,
      (account) => portfolioManagerMargin(account, PORTFOLIO_MANAGER_VALUES, portfolioManagerScenarios(0.2)),
    ],
    [
      derivePortfolioMargin2,
      (account) => {
        const haircuts =
          account.name === 'BTC'
            ? { maintenanceHaircut: 0.02, initialHaircut: 0.01 }
            : { maintenanceHaircut: 0.015, initialHaircut: 0.005 };
        const coins = {
          ...haircuts,
          value: account.baseValue,
          confidence: account.spotConfidence,
          riskCancelling: true,
        };
        return portfolioManager2Margin(
          { ...account, collaterals: [coins] },
          PORTFOLIO_MANAGER_2_VALUES,
          portfolioManager2Scenarios(0.18),
        );
      },
    ],
  ];
  it.each(rules.map(([model, balances]) => [model.title, model, balances] as const))(
    '%s',
    (_title, model, balances) => {
      fc.assert(
        fc.property(books, fc.constantFrom(1, 0.4), markets, (book, feedConfidence, prepared) => {
          const result = modelRequirement(model, prepared, book, { feedConfidence });
          const rule = accounts(book, feedConfidence, prepared).map(balances);
          const short = (side: 'initialMarginBalance' | 'maintenanceMarginBalance') =>
            sum(rule.map((one) => one.markToMarket - one[side]));
          const [im, mm] = [short('initialMarginBalance'), short('maintenanceMarginBalance')];
          expect(Math.abs(result.initialMarginUsd - im)).toBeLessThanOrEqual(slack(im));
          expect(Math.abs(result.maintenanceMarginUsd - mm)).toBeLessThanOrEqual(slack(mm));
        }),
      );
    },
  );
});
