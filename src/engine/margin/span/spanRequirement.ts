/** The parts of the requirement of one combined commodity, in money. */
export interface SpanParts {
  readonly scanRisk: number;
  readonly intraCommodityCharge: number;
  /** Charge on contracts in delivery. */
  readonly deliveryCharge: number;
  readonly interCommodityCredit: number;
  readonly shortOptionMinimum: number;
  /** Long less short value of premium-style options; negative for a net seller. */
  readonly netOptionValue: number;
}

export interface SpanRequirement {
  readonly riskRequirement: number;
  readonly totalRequirement: number;
  /** Long option value beyond the risk, which may serve elsewhere. */
  readonly excessLongOptionValue: number;
}

/**
 * From scan risk to requirement:
 *
 *   risk  = max( scan + intra-commodity + delivery - inter-commodity credit, short option minimum )
 *   total = max( risk - net option value, 0 )
 *
 * The order (minimum after the credit) is CME's as remembered; the Polish clearing house takes the minimum before the credit.
 */
export function spanRequirement(parts: SpanParts): SpanRequirement {
  const riskRequirement = Math.max(
    parts.scanRisk + parts.intraCommodityCharge + parts.deliveryCharge - parts.interCommodityCredit,
    parts.shortOptionMinimum,
  );
  return {
    riskRequirement,
    totalRequirement: Math.max(riskRequirement - parts.netOptionValue, 0),
    excessLongOptionValue: Math.max(parts.netOptionValue - riskRequirement, 0),
  };
}

/**
 * Short option minimum: rate per contract x the larger side, calls or puts sold; some products count both sides.
 * Quantities are signed; each contract's own net.
 */
export function spanShortOptionMinimum(
  ratePerContract: number,
  options: readonly { readonly type: 'C' | 'P'; readonly quantity: number }[],
  bothSides = false,
): number {
  const sold = { C: 0, P: 0 };
  for (const { type, quantity } of options) sold[type] += Math.max(-quantity, 0);
  return ratePerContract * (bothSides ? sold.C + sold.P : Math.max(sold.C, sold.P));
}
