import type { FillKind } from '../domain/decideReport.ts';
import type { Usd } from '../domain/units.ts';
import type { ContractState } from '../scenario/contractState.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { quotedPrices } from '../scenario/quotedPrices.ts';

/** What it takes to trade one unit across the quoted spread. */
export interface QuotedFill {
  /** In the contract's quote unit. */
  readonly price: number;
  readonly fill: FillKind;
  /** Paid for one unit bought, or received for one sold, USD; zero for futures and perpetuals, which cost nothing to enter. */
  readonly premiumUsd: Usd;
  /** What the fill loses against mark, USD. */
  readonly spreadUsd: Usd;
}

/** Bought at the ask, sold at the bid, either at mark where that side is not quoted. `sign` is that of the quantity. */
export function quotedFill(market: PreparedMarket, state: ContractState, sign: number): QuotedFill {
  const { bid, ask, mark } = quotedPrices(market, state);
  const quote = sign < 0 ? bid : ask;
  const price = quote ?? mark;
  const fill = quote === null ? 'mark' : sign < 0 ? 'bid' : 'ask';
  if (state.option === null) return { price, fill, premiumUsd: 0, spreadUsd: 0 };
  const toUsd = state.option.contract.settlement === 'coin' ? state.index : state.usdcPrice;
  return { price, fill, premiumUsd: price * toUsd, spreadUsd: Math.sign(sign) * (price - mark) * toUsd };
}
