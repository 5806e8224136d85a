import { expiryCode } from '../../domain/instrument.ts';
import { type MarketSnapshot, underlyingMarket } from '../../domain/marketSnapshot.ts';
import type { Timestamp } from '../../domain/units.ts';

/**
 * How far the feeds of a coin are trusted: what the market says of each, or the model's own number where that is lower. The
 * market says nothing of rates.
 */
export interface CoinConfidence {
  readonly spot: number;
  readonly perpetual: number;
  expiry(expiry: Timestamp): { readonly forward: number; readonly vol: number; readonly rate: number };
}

export function coinConfidence(market: MarketSnapshot, underlying: string, atMost: number): CoinConfidence {
  const coin = underlyingMarket(market, underlying);
  return {
    spot: Math.min(atMost, coin?.confidence?.index ?? 1),
    perpetual: Math.min(atMost, coin?.confidence?.perpetual ?? 1),
    expiry: (expiry) => {
      const told = coin?.expiries.find((listed) => listed.expiry === expiry)?.confidence;
      return { forward: Math.min(atMost, told?.forward ?? 1), vol: Math.min(atMost, told?.vol ?? 1), rate: atMost };
    },
  };
}

/** A sentence on the confidence that was used, naming what the market trusts less than the model's own number. */
export function confidenceNote(
  market: MarketSnapshot,
  coins: readonly { readonly underlying: string; readonly expiries: readonly Timestamp[] }[],
  atMost: number,
): string[] {
  const isTold = coins.some(({ underlying }) => underlyingMarket(market, underlying)?.confidence !== undefined);
  const lower = coins.flatMap(({ underlying, expiries }) => {
    const { spot, perpetual, expiry } = coinConfidence(market, underlying, atMost);
    return [
      [`${underlying} index`, spot] as const,
      [`${underlying} perpetual`, perpetual] as const,
      ...expiries.flatMap((at) => {
        const { forward, vol } = expiry(at);
        const name = `${underlying} ${expiryCode(at)}`;
        return [[`${name} forward`, forward] as const, [`${name} vols`, vol] as const];
      }),
    ].filter(([, confidence]) => confidence < atMost);
  });
  if (lower.length > 0) {
    const named = lower.map(([name, confidence]) => `${name} ${confidence}`).join(', ');
    return [
      `The market's own confidence in its prices counts where it is lower than the feed confidence set: ${named}.`,
    ];
  }
  if (isTold || atMost < 1) return [];
  return ['Feeds are taken at full confidence: this market carries none.'];
}
