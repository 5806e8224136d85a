import type { FillOrderReport, FillOrderRequest, FillPath, FillState } from '../domain/decideReport.ts';
import { RiskError } from '../domain/failure.ts';
import type { Portfolio } from '../domain/portfolio.ts';
import { blocks, type RunControl } from '../domain/RunControl.ts';
import { afterTrades, type Trade } from '../domain/trade.ts';
import type { MarketRule } from '../margin/marketRule.ts';
import { extremeOrders, type Order } from './orders.ts';
import { portfolioMargins } from './portfolioMargins.ts';
import { quotedFill } from './quotedFill.ts';

/**
 * Initial margin on the way when trades are filled whole and one after the other: the order with the least peak, and the one
 * with the highest. Entry: the given trades at their prices. Exit: every leg closed across the quoted spread. Prices of the
 * market stand still meanwhile. Answers null when cancelled.
 * @throws RiskError when there is nothing to trade, or the rule cannot take a book on the way.
 */
export async function fillOrder(
  rule: MarketRule,
  { marketId, book, trades }: FillOrderRequest,
  control: RunControl = {},
): Promise<FillOrderReport | null> {
  const books = portfolioMargins(rule);
  const { unpriced } = books.positions(book);
  const held = { ...book, legs: book.legs.filter((leg) => !unpriced.some((left) => left.leg === leg)) };
  const fills = trades ?? closingTrades(rule, held);
  if (fills.length === 0)
    throw new RiskError(
      'bad-value',
      trades === null ? 'The book has no leg to close' : 'Nothing is proposed, so there is nothing to fill',
    );
  const states = new Map<string, FillState>();
  const stateOf = (items: readonly number[]): FillState => {
    const key = items.join();
    let state = states.get(key);
    if (state === undefined) {
      const { initialMarginUsd, availableUsd } = books.margin(
        afterTrades(
          held,
          items.map((item) => fills[item]!),
        ),
      );
      states.set(key, (state = { initialMarginUsd, availableUsd }));
    }
    return state;
  };
  const start = stateOf([]);
  const goOn = blocks(control);
  const search = extremeOrders(fills.length, (items) => stateOf(items).initialMarginUsd);
  let step = search.next();
  while (!step.done) {
    if (!(await goOn(step.value))) return null;
    step = search.next();
  }
  const { best, worst, isExact } = step.value;
  const path = (order: Order) => fillPath(order, start, stateOf);
  return {
    marketId,
    model: rule.model.id,
    kind: trades === null ? 'exit' : 'entry',
    trades: fills,
    start,
    best: path(best),
    worst: path(worst),
    isExact,
    evaluations: states.size,
    leftOut: unpriced.map(({ leg }) => leg.id),
  };
}

/** What closes every leg, netted where a contract is held in several. */
function closingTrades(rule: MarketRule, book: Portfolio): Trade[] {
  const { stateOf } = portfolioMargins(rule);
  return book.legs.flatMap(({ instrument, quantity }): Trade[] => {
    const state = stateOf(instrument);
    if (!state.ok || quantity === 0) return [];
    return [{ instrument, quantity: -quantity, price: quotedFill(rule.market, state.value, -quantity).price }];
  });
}

function fillPath({ order }: Order, start: FillState, stateOf: (items: readonly number[]) => FillState): FillPath {
  const steps = order.map((_, at) => stateOf(order.slice(0, at + 1).sort((a, b) => a - b)));
  const all = [start, ...steps];
  const peakAt = all.reduce(
    (top, { initialMarginUsd }, at) => (initialMarginUsd > all[top]!.initialMarginUsd ? at : top),
    0,
  );
  const leastAt = all.reduce((low, { availableUsd }, at) => (availableUsd < all[low]!.availableUsd ? at : low), 0);
  return {
    order,
    steps,
    peakUsd: all[peakAt]!.initialMarginUsd,
    peakAt,
    leastAvailableUsd: all[leastAt]!.availableUsd,
    leastAvailableAt: leastAt,
  };
}
