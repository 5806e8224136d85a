/**
 * How the fields of a Deribit account hang together, checked against the examples of docs.deribit.com
 * (private/get_account_summary, private/simulate_portfolio, ticker). All amounts in the account's coin.
 */

export interface AccountFields {
  readonly balance: number;
  /** Unrealised and realised profit of futures since the last settlement. */
  readonly futuresSessionUpl: number;
  readonly futuresSessionRpl: number;
  readonly optionsValue: number;
  readonly initialMargin: number;
}

export interface AccountTotals {
  readonly equity: number;
  readonly marginBalance: number;
  readonly availableFunds: number;
}

/**
 * Totals of a segregated account on standard margin:
 * margin balance = balance + session profits of futures, equity = margin balance + value of options,
 * available funds = margin balance - initial margin.
 */
export function accountTotals(account: AccountFields): AccountTotals {
  const marginBalance = account.balance + account.futuresSessionUpl + account.futuresSessionRpl;
  return {
    equity: marginBalance + account.optionsValue,
    marginBalance,
    availableFunds: marginBalance - account.initialMargin,
  };
}

/** `delta_total`: the sum of `delta_total_map`, which holds Black deltas, less the value of the options. */
export function accountDeltaTotal(deltaTotalMapSum: number, optionsValue: number): number {
  return deltaTotalMapSum - optionsValue;
}

/**
 * Net transaction delta, in coin: Black delta less the mark price in coin. A call of strike zero has delta 1, costs 1 coin and carries
 * no coin risk: 0.
 */
export function netTransactionDelta(blackDelta: number, markCoin: number): number {
  return blackDelta - markCoin;
}
