import type { ExpiryDelta, UnderlyingDelta } from '../domain/marketDelta.ts';
import type { PriceHistory, UnderlyingMarket } from '../domain/marketSnapshot.ts';
import { type Timestamp, type Usd, yearFraction } from '../domain/units.ts';
import type { CoinVerdict } from './CoinVerdict.ts';
import { steppedConfidence } from './confidence.ts';
import { GuardedExpiry } from './GuardedExpiry.ts';
import type { GuardLimits } from './GuardLimits.ts';
import { opinionOfIndex, opinionOnIndex, type PriceSource, priceOutliers } from './priceOpinions.ts';
import { TrustedPrice } from './TrustedPrice.ts';

/** What a kind of source is judged by. */
export interface SourceTraits {
  /** Its values age, and bear the time of the venue's clock. */
  readonly isLive: boolean;
  /** Its prices are set against each other and against their own past. A simulation is right by definition. */
  readonly isCompared: boolean;
}

type CoinConfidence = NonNullable<UnderlyingMarket['confidence']>;

/** What a guard knows of one coin. */
export class GuardedCoin {
  readonly index: TrustedPrice;
  perpetual: TrustedPrice | null = null;
  readonly expiries = new Map<Timestamp, GuardedExpiry>();
  /** Expiries taken off the list. */
  readonly delisted = new Set<Timestamp>();
  history: PriceHistory | null = null;
  readonly isLive: boolean;
  readonly isCompared: boolean;

  private perpetualBasis: number | null = null;
  private funding: number | undefined;
  private readonly expiriesGone = new Set<Timestamp>();
  private isHistoryNew = false;
  private told: {
    readonly index: Usd;
    readonly perpetual: Usd | null;
    readonly funding: number | undefined;
    readonly confidence: CoinConfidence;
  } | null = null;

  constructor(
    readonly symbol: string,
    readonly limits: GuardLimits,
    { isLive, isCompared }: SourceTraits,
  ) {
    this.isLive = isLive;
    this.isCompared = isCompared;
    this.index = new TrustedPrice(limits, isCompared);
  }

  /** A whole market's coin: what it does not list is gone, or missing where it ought to be there. */
  open(market: UnderlyingMarket, asOf: Timestamp, clock: Timestamp): void {
    this.offer(market, asOf, clock);
    const listed = new Map(market.expiries.map((expiry) => [expiry.expiry, expiry]));
    for (const [expiry, guarded] of this.expiries) {
      const market = listed.get(expiry);
      if (market !== undefined) {
        guarded.keepOnly(market.quotes);
        guarded.svi = market.svi;
      } else if (this.isLive && clock < expiry) guarded.isUnlisted = true;
      else this.delist(expiry);
    }
  }

  /** Takes of a move what may be taken. */
  offer(move: UnderlyingDelta, asOf: Timestamp, clock: Timestamp): void {
    const indexAt = move.indexTimestamp ?? asOf;
    if (move.index !== undefined) this.offerIndex(move.index, indexAt, move, clock);
    if (move.perpetual !== undefined) this.offerPerpetual(move.perpetual, asOf, clock);
    for (const expiry of move.expiries ?? []) this.offerExpiry(expiry, asOf, clock);
    for (const expiry of move.delisted ?? []) {
      if (this.expiries.has(expiry)) this.delisted.add(expiry);
      this.delist(expiry);
    }
    if (move.history !== undefined) {
      this.history = readableHistory(move.history);
      this.isHistoryNew = true;
    }
    this.learnBases();
  }

  /** All of it, told from now on; null while it has no index. */
  tellWhole(verdict: CoinVerdict): UnderlyingMarket | null {
    const index = this.index.value;
    if (index === null) return null;
    const confidence = this.tell(index, verdict);
    const expiries = [...this.expiries.values()]
      .sort((one, other) => one.expiry - other.expiry)
      .map((guarded) => guarded.tellWhole(expiryConfidence(verdict, guarded.expiry)))
      .filter((expiry) => expiry !== null);
    return {
      symbol: this.symbol,
      index,
      indexTimestamp: this.index.at,
      ...this.perpetualPart(),
      confidence,
      expiries,
      ...(this.history === null ? {} : { history: this.history }),
    };
  }

  /** What moved since it was last told; null when nothing did, or while it has no index. */
  tellMoves(verdict: CoinVerdict): UnderlyingDelta | null {
    const index = this.index.value;
    if (index === null) return null;
    const { told } = this;
    const expiries = [...this.expiries.values()]
      .map((guarded) => guarded.tellMoves(expiryConfidence(verdict, guarded.expiry)))
      .filter((delta) => delta !== null);
    const delisted = [...this.expiriesGone];
    const isHistoryNew = this.isHistoryNew && this.history !== null;
    const isPerpetualMoved =
      (this.perpetual?.value ?? null) !== (told?.perpetual ?? null) || this.funding !== told?.funding;
    const isIndexMoved = told?.index !== index;
    const confidence = this.tell(index, verdict);
    const isConfidenceMoved =
      told === null || told.confidence.index !== confidence.index || told.confidence.perpetual !== confidence.perpetual;
    const isMoved =
      isIndexMoved || isPerpetualMoved || isConfidenceMoved || isHistoryNew || expiries.length + delisted.length > 0;
    if (!isMoved) return null;
    return {
      symbol: this.symbol,
      ...(isIndexMoved ? { index, indexTimestamp: this.index.at } : {}),
      ...(isPerpetualMoved ? this.perpetualPart() : {}),
      ...(isConfidenceMoved ? { confidence } : {}),
      ...(isHistoryNew ? { history: this.history! } : {}),
      ...(expiries.length === 0 ? {} : { expiries }),
      ...(delisted.length === 0 ? {} : { delisted }),
    };
  }

  private tell(index: Usd, { confidence }: CoinVerdict): CoinConfidence {
    const stepped = {
      index: steppedConfidence(confidence.index),
      perpetual: steppedConfidence(confidence.perpetual),
    };
    this.told = { index, perpetual: this.perpetual?.value ?? null, funding: this.funding, confidence: stepped };
    this.expiriesGone.clear();
    this.isHistoryNew = false;
    return stepped;
  }

  private perpetualPart(): Pick<UnderlyingMarket, 'perpetual'> {
    const mark = this.perpetual?.value ?? null;
    if (mark === null) return {};
    const funding = this.funding === undefined ? {} : { fundingRate8h: this.funding };
    return { perpetual: { mark, ...funding, timestamp: this.perpetual!.at } };
  }

  /** A first index is set against what else came with it: nothing is known yet that could tell a jump. */
  private offerIndex(value: Usd, at: Timestamp, move: UnderlyingDelta, clock: Timestamp): void {
    if (this.index.value === null && this.isCompared) {
      const others = [move.perpetual?.mark, ...(move.expiries ?? []).slice(0, 2).map(({ forward }) => forward)].filter(
        (price) => price !== undefined && Number.isFinite(price) && price > 0,
      ) as Usd[];
      const tolerance = this.limits.firstShare;
      const isPrice = Number.isFinite(value) && value > 0;
      const prices = [value, ...others].map((price, source) => ({ source, price, tolerance }));
      const isAlone = !isPrice
        ? others.length > 0
        : priceOutliers(prices).some(({ source }) => source === 0) &&
          others.every((other) => Math.abs(Math.log(other / others[0]!)) <= tolerance);
      if (isAlone) {
        const sorted = others.toSorted((one, other) => one - other);
        this.index.standIn(sorted[sorted.length >> 1]!, at, value);
        return;
      }
    }
    this.index.offer(value, at, this.isLive ? clock : null, (jumped, jumpedAt) =>
      opinionOnIndex(jumped, jumpedAt, this.perpetualSource(), [...this.forwardSources(clock)], this.limits),
    );
  }

  private offerPerpetual(
    perpetual: NonNullable<UnderlyingDelta['perpetual']>,
    asOf: Timestamp,
    clock: Timestamp,
  ): void {
    this.perpetual ??= new TrustedPrice(this.limits, this.isCompared);
    const before = this.perpetual.at;
    this.offerAgainstIndex(this.perpetual, perpetual.mark, perpetual.timestamp ?? asOf, this.perpetualBasis, 0, clock);
    const { fundingRate8h } = perpetual;
    const isTaken = this.perpetual.isSettled && this.perpetual.at >= before && this.perpetual.value === perpetual.mark;
    if (isTaken && (fundingRate8h === undefined || Math.abs(fundingRate8h) <= 1)) this.funding = fundingRate8h;
  }

  private offerExpiry(move: ExpiryDelta, asOf: Timestamp, clock: Timestamp): void {
    if (!Number.isFinite(move.expiry)) return;
    let guarded = this.expiries.get(move.expiry);
    if (guarded === undefined) {
      guarded = new GuardedExpiry(move.expiry, this.limits, this.isCompared);
      this.expiries.set(move.expiry, guarded);
    }
    this.delisted.delete(move.expiry);
    this.expiriesGone.delete(move.expiry);
    guarded.isUnlisted = false;
    guarded.setDiscount(move.discount);
    if (move.forward !== undefined) {
      const carry = this.limits.carryShareYearly * Math.max(0, yearFraction(clock, move.expiry));
      this.offerAgainstIndex(guarded.forward, move.forward, move.timestamp ?? asOf, guarded.basis, carry, clock);
    }
    const quoteClock = this.isLive ? clock : null;
    for (const quote of move.quotes ?? []) guarded.offerQuote(quote, asOf, quoteClock, this.isLive);
    if (move.impliedForward !== undefined) guarded.offerImplied(move.impliedForward);
    for (const option of move.delisted ?? []) guarded.delist(option);
  }

  private offerAgainstIndex(
    price: TrustedPrice,
    value: Usd,
    at: Timestamp,
    basis: number | null,
    carry: number,
    clock: Timestamp,
  ): void {
    price.offer(
      value,
      at,
      this.isLive ? clock : null,
      (jumped, jumpedAt) => opinionOfIndex(jumped, jumpedAt, basis, this.index, this.limits),
      (first) => {
        const index = this.index.value;
        const isFar = this.isCompared && index !== null && Math.abs(first / index - 1) > this.limits.firstShare + carry;
        return isFar ? index : null;
      },
    );
  }

  private delist(expiry: Timestamp): void {
    if (this.expiries.delete(expiry)) this.expiriesGone.add(expiry);
  }

  private perpetualSource(): PriceSource | null {
    return this.perpetual === null ? null : { price: this.perpetual, basis: this.perpetualBasis };
  }

  private *forwardSources(clock: Timestamp): Generator<PriceSource> {
    for (const { expiry, forward, basis } of this.expiries.values())
      if (expiry > clock) yield { price: forward, basis };
  }

  /**
   * What each source usually differs from the index by, learnt while neither is in doubt; a source that has not followed the
   * index's move yet teaches nothing.
   */
  private learnBases(): void {
    const index = this.index.value;
    if (index === null || !this.index.isSettled) return;
    const { opinionMs, agreementShare } = this.limits;
    const basis = (price: TrustedPrice, before: number | null): number | null => {
      if (!price.isSettled || Math.abs(price.at - this.index.at) > opinionMs) return before;
      const now = Math.log(price.value! / index);
      return before === null || Math.abs(now - before) <= agreementShare ? now : before;
    };
    if (this.perpetual !== null) this.perpetualBasis = basis(this.perpetual, this.perpetualBasis);
    for (const guarded of this.expiries.values()) guarded.basis = basis(guarded.forward, guarded.basis);
  }
}

function expiryConfidence({ expiries }: CoinVerdict, expiry: Timestamp): { forward: number; vol: number } {
  const { forward, vol } = expiries.get(expiry) ?? { forward: 1, vol: 1 };
  return { forward: steppedConfidence(forward), vol: steppedConfidence(vol) };
}

/** Without closes and vols that are none. */
function readableHistory(history: PriceHistory): PriceHistory {
  const isReadable = ([at, value]: readonly [number, number]): boolean =>
    Number.isFinite(at) && Number.isFinite(value) && value > 0;
  if (history.closes.every(isReadable) && history.volatilityIndex.every(isReadable)) return history;
  return {
    ...history,
    closes: history.closes.filter(isReadable),
    volatilityIndex: history.volatilityIndex.filter(isReadable),
  };
}
