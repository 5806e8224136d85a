import type { SmileRule } from '../domain/scenario.ts';
import type { Timestamp } from '../domain/units.ts';
import { unitPnlRow } from '../scenario/unitPnl.ts';
import { type BookAlong, expiryOf, scenarioColumns } from './BookAlong.ts';
import { PathBlock, type PathDraws } from './PathBlock.ts';
import type { PathStep } from './pathSteps.ts';

/** Some paths with what the book has been settled for on each. */
export class BookWalk {
  readonly count: number;
  /** USD by path. */
  readonly cashUsd: Float64Array;
  /** Log-moves by coin and path. */
  readonly spot: readonly Float64Array[];
  readonly vol: readonly Float64Array[];
  /** The last expiry that has been settled; the market's time before any. */
  settledUntil: Timestamp;
  readonly #book: BookAlong;
  readonly #block: PathBlock;
  readonly #smile: SmileRule;

  constructor(book: BookAlong, draws: PathDraws, smile: SmileRule, first: number, count: number) {
    const { kernels, snapshot } = book.market;
    const coins = book.coins.length;
    this.count = count;
    this.#book = book;
    this.#smile = smile;
    this.#block = new PathBlock(draws, kernels, first, count);
    this.spot = this.#block.state.slice(0, coins);
    this.vol = this.#block.state.slice(coins);
    this.cashUsd = new Float64Array(count);
    this.settledUntil = snapshot.asOf;
  }

  /** Goes on to a step, and settles what expires there. */
  advance(step: PathStep): void {
    this.#block.advance(step);
    if (step.expiry === null) return;
    for (let u = 0; u < this.spot.length; u += 1) this.#settle(u, step.expiry);
    this.settledUntil = step.expiry;
  }

  #settle(coin: number, expiry: Timestamp): void {
    const legs = this.#book.living(coin, this.settledUntil).filter(({ state }) => expiryOf(state.instrument) <= expiry);
    if (legs.length === 0) return;
    const days = this.#book.daysTo(expiry);
    const set = scenarioColumns(this.#book.coins[coin]!, this.spot[coin]!, this.vol[coin]!, days, this.#smile);
    for (const { leg, state, valueUsd, unrealisedCoins } of legs) {
      const gain = unitPnlRow(state, set, this.#book.market.kernels);
      for (let i = 0; i < this.count; i += 1) {
        const coinGain = unrealisedCoins * state.index * set.spotMove[i]!;
        this.cashUsd[i] = this.cashUsd[i]! + valueUsd + leg.quantity * gain[i]! + coinGain;
      }
    }
  }
}
