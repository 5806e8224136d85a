import { DAYS_PER_YEAR, MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import { inverseNormalCdf } from '../../engine/numerics/normal.ts';
import { philoxBlock, seedKey, uniformOf } from '../../engine/numerics/philox.ts';
import type { ExchangeMarket } from './ExchangeMarket.ts';

/** Moves the prices of a market over some time; their times are not its affair. */
export interface MarketMover {
  /** Whether it lists new expiries itself; otherwise the exchange does. */
  readonly listsExpiries: boolean;
  move(market: ExchangeMarket, elapsedMs: number): void;
}

/** Of a year, each. */
const INDEX_VOL = 0.55;
const VOL_OF_VOL = 0.9;
const EXPIRY_VOL_OF_VOL = 0.25;
const PREMIUM_VOL = 0.02;
/** Correlation of a coin's index with that of the first, and of its vols with its index. */
const COIN_CORRELATION = 0.8;
const VOL_CORRELATION = -0.5;
/** How fast levels return to where they began, in days. */
const REVERSION_DAYS = 2;

const STREAM = 17;

/**
 * A random walk of indices, of the perpetuals' premia and of the level of vols, for a coin and for each expiry. Simulated:
 * nothing in it was observed. The same seed and steps give the same prices.
 */
export function marketWalk(seed: number): MarketMover {
  const key = seedKey(seed);
  const words = new Uint32Array(4);
  let draws = 0;
  const normal = () => {
    philoxBlock(draws++, 0, STREAM, 0, ...key, words);
    return inverseNormalCdf(uniformOf(words[0]!, words[1]!));
  };
  const premia = new Map<string, number>();
  return {
    listsExpiries: false,
    move(market, elapsedMs) {
      if (elapsedMs <= 0) return;
      const root = Math.sqrt(elapsedMs / (DAYS_PER_YEAR * MILLISECONDS_PER_DAY));
      const kept = Math.exp(-elapsedMs / (REVERSION_DAYS * MILLISECONDS_PER_DAY));
      const common = normal();
      market.coins.forEach((coin, place) => {
        const own = place === 0 ? common : correlated(common, COIN_CORRELATION, normal());
        coin.indexUsd *= Math.exp(INDEX_VOL * root * own - 0.5 * INDEX_VOL ** 2 * root ** 2);
        coin.volLevel =
          coin.volLevel ** kept * Math.exp(VOL_OF_VOL * root * correlated(own, VOL_CORRELATION, normal()));
        const premium = premia.get(coin.symbol) ?? coin.perpetualRatio;
        premia.set(coin.symbol, premium);
        coin.perpetualRatio = premium + (coin.perpetualRatio - premium) * kept + PREMIUM_VOL * root * normal();
        for (const expiry of coin.expiries)
          expiry.volLevel = expiry.volLevel ** kept * Math.exp(EXPIRY_VOL_OF_VOL * root * normal());
      });
    },
  };
}

function correlated(common: number, correlation: number, own: number): number {
  return correlation * common + Math.sqrt(1 - correlation ** 2) * own;
}
