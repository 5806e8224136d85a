import { failed, type Result, success } from '../../engine/domain/failure.ts';
import { instrumentName } from '../../engine/domain/instrument.ts';
import type { UnderlyingSummary } from '../../engine/domain/marketSummary.ts';
import type { BookRisk } from '../../engine/domain/riskReport.ts';
import type { Trade } from '../../engine/domain/trade.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../../engine/domain/units.ts';

/** Smallest size of a trade in an inverse contract, USD, and in a linear one, coin. */
const INVERSE_LOT = 10;
const LINEAR_LOT = 0.001;

/** Shorter futures would expire before the hedge is of use. */
const FUTURE_FROM_DAYS = 20;

/**
 * The trade that brings the coin's delta to zero, as near as its lot allows: in the perpetual, or, where the market has none, in
 * the first future at least twenty days out (else the last one). Delta is that of the legs, as the book totals it; coin
 * collateral is not counted. An inverse contract's quantity is USD notional, so that one unit at mark m has delta 1/m; a linear
 * one's is coin, and its delta m / index.
 */
export function deltaHedge(risk: BookRisk, coin: UnderlyingSummary, asOf: Timestamp): Result<Trade> {
  const delta = risk.byUnderlying.find((row) => row.underlying === coin.symbol)?.delta ?? 0;
  const { symbol: underlying, settlement } = coin;
  const future =
    coin.expiries.find(({ expiry }) => expiry >= asOf + FUTURE_FROM_DAYS * MILLISECONDS_PER_DAY) ??
    coin.expiries.at(-1);
  const hedge =
    coin.perpetualMark !== null
      ? { mark: coin.perpetualMark, instrument: instrumentName({ product: 'perpetual', underlying, settlement }) }
      : future !== undefined
        ? {
            mark: future.forward,
            instrument: instrumentName({ product: 'future', underlying, settlement, expiry: future.expiry }),
          }
        : null;
  if (hedge === null || !(hedge.mark > 0))
    return failed(
      'missing-data',
      `${underlying} has no perpetual and no future in this market to hedge its delta with`,
    );
  const isInverse = settlement === 'coin';
  const lot = isInverse ? INVERSE_LOT : LINEAR_LOT;
  const perUnit = isInverse ? 1 / hedge.mark : hedge.mark / coin.index;
  const quantity = Number((Math.round(-delta / perUnit / lot) * lot).toPrecision(12));
  if (quantity === 0)
    return failed('bad-value', `The ${underlying} delta of the legs is already within one contract of zero`);
  return success({ instrument: hedge.instrument, quantity, price: hedge.mark });
}
