import { outOfTheMoneyAmount } from '../optionMoneyness.ts';
import { REG_T_RATES, type RegTPhase, type RegTRates } from './regTRates.ts';

/*
 * Requirements of stock held with options, USD per share. Initial, stock takes 50 % of its price whatever stands beside it, and
 * options bought are paid for apart; in maintenance the options bound the loss and lower the figure. Cboe Margin Manual
 * (Nov 2021), pp. 47 to 61, as quoted by gendev1/marvelous-monkey and tastyware/margin-estimator.
 */

/** Stock held: 50 % of its price; later 25 %. */
export function longStockPerShare(phase: RegTPhase, stockPrice: number, rates: RegTRates = REG_T_RATES): number {
  return (phase === 'initial' ? rates.stockInitialRate : rates.stockMaintenanceRate) * stockPrice;
}

/** Stock sold short: the proceeds and 50 %; later its value and the greater of 5 USD and 30 %. */
export function shortStockPerShare(phase: RegTPhase, stockPrice: number, rates: RegTRates = REG_T_RATES): number {
  if (phase === 'initial') return stockPrice * (1 + rates.stockInitialRate);
  return stockPrice + Math.max(rates.shortStockMinimum, rates.shortStockRate * stockPrice);
}

/** Long stock, call sold: 50 % of the stock; later 25 % of the lower of stock and strike, as the call caps what it is worth. */
export function coveredCallPerShare(
  phase: RegTPhase,
  stockPrice: number,
  strike: number,
  rates: RegTRates = REG_T_RATES,
): number {
  return phase === 'initial'
    ? rates.stockInitialRate * stockPrice
    : rates.stockMaintenanceRate * Math.min(stockPrice, strike);
}

/**
 * Stock sold short, put sold: the proceeds and 50 % of the stock; later its value, the greater of 5 USD and 30 %, and what the put
 * is in the money.
 */
export function shortPutShortStockPerShare(
  phase: RegTPhase,
  stockPrice: number,
  strike: number,
  rates: RegTRates = REG_T_RATES,
): number {
  const stock = shortStockPerShare(phase, stockPrice, rates);
  return phase === 'initial' ? stock : stock + Math.max(strike - stockPrice, 0);
}

/** Long stock, put bought: 50 % of the stock; later min( 10 % of the strike + the put's out-of-the-money amount, 25 % of the stock ). */
export function protectivePutPerShare(
  phase: RegTPhase,
  stockPrice: number,
  strike: number,
  rates: RegTRates = REG_T_RATES,
): number {
  if (phase === 'initial') return rates.stockInitialRate * stockPrice;
  return Math.min(
    rates.protectedStockRate * strike + outOfTheMoneyAmount('P', stockPrice, strike),
    rates.stockMaintenanceRate * stockPrice,
  );
}

/**
 * Long stock, put bought, call sold above it: 50 % of the stock; later
 * min( 10 % of the put strike + the put's out-of-the-money amount, 25 % of the call strike ).
 */
export function collarPerShare(
  phase: RegTPhase,
  stockPrice: number,
  putStrike: number,
  callStrike: number,
  rates: RegTRates = REG_T_RATES,
): number {
  if (phase === 'initial') return rates.stockInitialRate * stockPrice;
  return Math.min(
    rates.protectedStockRate * putStrike + outOfTheMoneyAmount('P', stockPrice, putStrike),
    rates.stockMaintenanceRate * callStrike,
  );
}

/** Long stock, put bought and call sold at one strike: 50 % of the stock; later 10 % of the strike. */
export function conversionPerShare(
  phase: RegTPhase,
  stockPrice: number,
  strike: number,
  rates: RegTRates = REG_T_RATES,
): number {
  return phase === 'initial' ? rates.stockInitialRate * stockPrice : rates.protectedStockRate * strike;
}

/**
 * Stock sold short, call bought and put sold at one strike: the proceeds and 50 % of the stock; later 110 % of the strike and what
 * the put is in the money.
 */
export function reverseConversionPerShare(
  phase: RegTPhase,
  stockPrice: number,
  strike: number,
  rates: RegTRates = REG_T_RATES,
): number {
  if (phase === 'initial') return stockPrice * (1 + rates.stockInitialRate);
  return rates.reverseConversionRate * strike + Math.max(strike - stockPrice, 0);
}
