import type { DecideQuestion } from '../../src/engine/domain/decideReport.ts';
import type { MarketRule } from '../../src/engine/margin/marketRule.ts';
import type { OpenMarket } from '../OpenMarkets.ts';
import type { RulebookLibrary } from '../rulebookLibrary.ts';

/** What to do about a book, by the rulebook that the question names. */
export function ruled<Request extends DecideQuestion, Control, Answer>(
  library: RulebookLibrary,
  decided: (rule: MarketRule, request: Request, control: Control) => Promise<Answer>,
): (open: OpenMarket, request: Request, control: Control) => Promise<Answer> {
  return async ({ market, rows }, request, control) => {
    const models = await library.having(request.model);
    const { marketRule } = await import('../../src/engine/margin/marketRule.ts');
    return decided(marketRule(market, request, models, rows), request, control);
  };
}
