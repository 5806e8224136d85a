/** A spread between two tiers (expiries) of one commodity, in the order in which the exchange forms them. */
export interface SpanSpread {
  readonly legs: readonly [string, string];
  /** Money per spread of one delta against one delta. */
  readonly chargePerSpread: number;
}

export interface SpanInterMonthCharge {
  readonly charge: number;
  /** Spreads formed, one count per entry of the priority list. */
  readonly spreads: readonly number[];
  /** Deltas left without a partner. */
  readonly outright: ReadonlyMap<string, number>;
}

/**
 * Intra-commodity spread charge. A scan moves every month by the same amount, so it takes long against short months for a full
 * hedge; the charge gives back what they may drift apart. In priority order, each spread takes as many deltas as stand opposite
 * each other in its two tiers: n = min(|d1|, |d2|), charge = sum n x rate.
 */
export function spanInterMonthCharge(
  netDeltas: ReadonlyMap<string, number>,
  spreads: readonly SpanSpread[],
): SpanInterMonthCharge {
  const outright = new Map(netDeltas);
  let charge = 0;
  const formed = spreads.map(({ legs: [first, second], chargePerSpread }) => {
    const a = outright.get(first) ?? 0;
    const b = outright.get(second) ?? 0;
    if (first === second || a * b >= 0) return 0;
    const count = Math.min(Math.abs(a), Math.abs(b));
    outright.set(first, a - Math.sign(a) * count);
    outright.set(second, b - Math.sign(b) * count);
    charge += count * chargePerSpread;
    return count;
  });
  return { charge, spreads: formed, outright };
}
