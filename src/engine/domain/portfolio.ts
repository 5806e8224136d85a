/** One instrument with a signed quantity; short is negative. */
export interface Leg {
  /** Unique in its portfolio. */
  readonly id: string;
  /** Canonical instrument name. */
  readonly instrument: string;
  /** Coin for options and linear contracts, USD notional for inverse futures and perpetuals. */
  readonly quantity: number;
  /** In the instrument's own quote unit: coin for inverse options, USD (USDC) otherwise. */
  readonly entryPrice?: number;
}

export interface CollateralHolding {
  /** `USDC`, `BTC`, ... */
  readonly asset: string;
  /** In units of the asset; negative is a debt. */
  readonly quantity: number;
}

export interface Portfolio {
  readonly name: string;
  readonly legs: readonly Leg[];
  readonly collateral: readonly CollateralHolding[];
}
