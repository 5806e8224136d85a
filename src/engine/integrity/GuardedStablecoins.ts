import type { MarketQuality, ValueDoubt } from '../domain/marketQuality.ts';
import type { MarketSnapshot } from '../domain/marketSnapshot.ts';
import type { Timestamp } from '../domain/units.ts';
import type { SourceTraits } from './GuardedCoin.ts';
import type { GuardLimits } from './GuardLimits.ts';
import { priceDoubts } from './priceDoubts.ts';
import { TrustedPrice } from './TrustedPrice.ts';

/** A first price of a stablecoin lies between: beyond, it is a mistake rather than a peg that broke. */
const LOWEST_FIRST = 0.2;
const HIGHEST_FIRST = 2;

/** What a guard knows of the stablecoins. Nothing else speaks of their prices: a jump is confirmed by its lasting. */
export class GuardedStablecoins {
  private readonly prices = new Map<string, TrustedPrice>();

  constructor(
    private readonly limits: GuardLimits,
    private readonly traits: SourceTraits,
  ) {}

  /** @returns whether a price is another. */
  offer(stablecoins: MarketSnapshot['stablecoins'], asOf: Timestamp, clock: Timestamp): boolean {
    let isMoved = false;
    for (const { asset, priceUsd } of stablecoins) {
      const price = this.prices.get(asset) ?? new TrustedPrice(this.limits, this.traits.isCompared);
      this.prices.set(asset, price);
      const isTaken = price.offer(
        priceUsd,
        asOf,
        this.traits.isLive ? clock : null,
        () => 'alone',
        (first) => (first < LOWEST_FIRST || first > HIGHEST_FIRST ? 1 : null),
      );
      isMoved = isTaken || isMoved;
    }
    return isMoved;
  }

  /** Feeds tell a stablecoin's price when it moves: while other prices come, what is not told is as it was. */
  stay(asOf: Timestamp): void {
    for (const price of this.prices.values())
      if (price.isSettled && price.refusal === null) price.at = Math.max(price.at, asOf);
  }

  tell(): MarketSnapshot['stablecoins'] {
    return [...this.prices].flatMap(([asset, { value }]) => (value === null ? [] : [{ asset, priceUsd: value }]));
  }

  doubts(clock: Timestamp): readonly ValueDoubt[] {
    return [...this.prices].flatMap(([asset, price]) =>
      priceDoubts(
        {
          kind: 'stablecoin',
          underlying: asset,
          label: `The price of ${asset}`,
          without: `what is paid in ${asset} has no value until one comes`,
        },
        price,
        clock,
        this.traits.isLive,
        null,
      ),
    );
  }

  ages(clock: Timestamp): MarketQuality['ages'] {
    return [...this.prices].map(([underlying, { at }]) => ({
      underlying,
      kind: 'stablecoin',
      ageMs: Number.isFinite(at) ? Math.max(0, clock - at) : null,
      limitMs: this.limits.staleMs.stablecoin,
    }));
  }
}
