import { failed, type Result, success } from '../../engine/domain/failure.ts';
import { instrumentName } from '../../engine/domain/instrument.ts';
import type { UnderlyingSummary } from '../../engine/domain/marketSummary.ts';
import type { BookRisk } from '../../engine/domain/riskReport.ts';
import type { Trade } from '../../engine/domain/trade.ts';

/** Smallest size of a trade in an inverse perpetual, USD, and in a linear one, coin. */
const INVERSE_LOT = 10;
const LINEAR_LOT = 0.001;

/**
 * The perpetual trade that brings the coin's delta to zero, as near as its lot allows. Delta is that of the legs, as the
 * book totals it; coin collateral is not counted. An inverse perpetual's quantity is USD notional, so that one unit at mark m
 * has delta 1/m; a linear one's is coin, and its delta m / index.
 */
export function deltaHedge(risk: BookRisk, coin: UnderlyingSummary): Result<Trade> {
  const mark = coin.perpetualMark;
  if (mark === null || !(mark > 0))
    return failed(
      'missing-data',
      `${coin.symbol} has no perpetual in this market, so its delta cannot be hedged with one`,
    );
  const delta = risk.byUnderlying.find((row) => row.underlying === coin.symbol)?.delta ?? 0;
  const isInverse = coin.settlement === 'coin';
  const contract = { product: 'perpetual', underlying: coin.symbol, settlement: coin.settlement } as const;
  const instrument = instrumentName(contract);
  const lot = isInverse ? INVERSE_LOT : LINEAR_LOT;
  const perUnit = isInverse ? 1 / mark : mark / coin.index;
  const quantity = Number((Math.round(-delta / perUnit / lot) * lot).toPrecision(12));
  if (quantity === 0)
    return failed('bad-value', `The ${coin.symbol} delta of the legs is already within one contract of zero`);
  return success({ instrument, quantity, price: mark });
}
