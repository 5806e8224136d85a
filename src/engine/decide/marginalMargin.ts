import type {
  MarginalMargin,
  MarginalMarginReport,
  MarginalMargins,
  MarginalMarginRequest,
} from '../domain/decideReport.ts';
import { failureOf } from '../domain/failure.ts';
import { listedOption } from '../domain/instrument.ts';
import { blocks, type RunControl } from '../domain/RunControl.ts';
import { afterTrades } from '../domain/trade.ts';
import type { MarketRule } from '../margin/marketRule.ts';
import { preparedExpiry } from '../scenario/preparedMarket.ts';
import { portfolioMargins } from './portfolioMargins.ts';
import { quotedFill } from './quotedFill.ts';

/**
 * Change of the chosen rule's initial margin, and of what it leaves free, by one contract more of each option of an expiry,
 * bought at the ask or sold at the bid (at mark where that side is not quoted), given this book. One contract is one coin.
 * Answers null when cancelled.
 * @throws RiskError when the rule cannot take the book, or the market does not list the expiry.
 */
export async function marginalMargin(
  rule: MarketRule,
  { book, underlying, expiry, marketId }: MarginalMarginRequest,
  control: RunControl = {},
): Promise<MarginalMarginReport | null> {
  const listed = preparedExpiry(rule.market, underlying, expiry);
  const books = portfolioMargins(rule);
  const base = books.margin(book);
  const goOn = blocks(control);

  const change = (instrument: string, quantity: number): MarginalMargin => {
    try {
      const state = books.stateOf(instrument);
      if (!state.ok) return { unsupported: state.failure };
      const { price } = quotedFill(rule.market, state.value, quantity);
      const after = books.margin(afterTrades(book, [{ instrument, quantity, price }]));
      return {
        initialMarginUsd: after.initialMarginUsd - base.initialMarginUsd,
        availableUsd: after.availableUsd - base.availableUsd,
      };
    } catch (error) {
      return { unsupported: failureOf(error) };
    }
  };

  const names = [...new Set(listed.market.quotes.map(({ strike }) => strike))].flatMap((strike) =>
    (['C', 'P'] as const).map((type) => listedOption({ underlying, expiry }, strike, type).name),
  );
  const contracts: Record<string, MarginalMargins> = {};
  for (const [at, name] of names.entries()) {
    if (!(await goOn(at / names.length))) return null;
    contracts[name] = { bought: change(name, 1), sold: change(name, -1) };
  }
  return {
    marketId,
    model: rule.model.id,
    underlying,
    expiry,
    initialMarginUsd: base.initialMarginUsd,
    contracts,
  };
}
