import type { ExpiryDelta } from '../domain/marketDelta.ts';
import type { ExpiryMarket, OptionQuote, SviParameters } from '../domain/marketSnapshot.ts';
import type { Timestamp, Usd, Vol, YearFraction } from '../domain/units.ts';
import type { GuardLimits } from './GuardLimits.ts';
import { parityForward, type ParityRange } from './parityForward.ts';
import { type QuoteFault, screenedQuote } from './quoteScreen.ts';
import { smileOutliers } from './smileOutliers.ts';
import { TrustedPrice } from './TrustedPrice.ts';

/** The option of a quote within its expiry: puts below zero. A number, for thousands are looked up in a frame. */
export type OptionKey = number;

export interface GuardedQuote {
  /** As accepted. */
  readonly quote: OptionQuote;
  /** By the venue's clock. */
  readonly at: Timestamp;
  /** The option's last own vol; null when it never had one. */
  readonly knownVol: Vol | null;
  readonly faults: readonly QuoteFault[];
  /** Milliseconds by which a newer quote, refused, was ahead of the clock; null when none was. */
  readonly refusedAheadMs: number | null;
}

/** What its quotes are looked through for, as they stand. */
interface Looked {
  readonly outliers: ReadonlyMap<OptionQuote, Vol>;
  /** When the oldest of them was so. */
  readonly oldestAt: Timestamp;
  /** Those with something to say of, whatever their age. */
  readonly suspects: readonly GuardedQuote[];
}

type Confidence = NonNullable<ExpiryMarket['confidence']>;

/** What a guard knows of one expiry: its forward, its options as they were accepted, and what has been told of them. */
export class GuardedExpiry {
  readonly forward: TrustedPrice;
  /** ln(forward / index) when both were last trusted. */
  basis: number | null = null;
  readonly quotes = new Map<OptionKey, GuardedQuote>();
  /** When the newest of its quotes was so. */
  newestQuoteAt: Timestamp = Number.NEGATIVE_INFINITY;
  /** The forward that the venue's own marks imply, where that was told apart from its forward. */
  implied: { readonly forward: Usd; readonly at: Timestamp } | null = null;
  /** Whether the last whole market left it out although it has not expired. */
  isUnlisted = false;

  /** The smile that a whole market gave with its quotes, until one of them moves. */
  svi: SviParameters | undefined;

  private discount = 1;
  /** Told of already: null until the expiry has joined the market. */
  private told: { readonly forward: number; readonly discount: number; readonly confidence: Confidence } | null = null;
  private readonly moved = new Set<OptionKey>();
  private readonly removed = new Map<OptionKey, Pick<OptionQuote, 'strike' | 'type'>>();
  private outlying: Map<OptionQuote, Vol> | null = null;
  private traded: { readonly forward: Usd; readonly range: ParityRange | null } | null = null;
  private byStrike: readonly OptionQuote[] | null = null;
  private looked: Looked | null = null;

  constructor(
    readonly expiry: Timestamp,
    private readonly limits: GuardLimits,
    hasBreaker: boolean,
  ) {
    this.forward = new TrustedPrice(limits, hasBreaker);
  }

  /** Undiscounted where nothing is said; what is no discount factor is passed over. */
  setDiscount(discount: number | undefined): void {
    if (discount !== undefined && discount > 0 && discount <= 10) this.discount = discount;
  }

  /** @param clock the venue's time, or null where quotes may have any time. */
  offerQuote(quote: OptionQuote, asOf: Timestamp, clock: Timestamp | null, mustHaveMark: boolean): void {
    const { strike, type } = quote;
    if (!(strike > 0 && Number.isFinite(strike)) || (type !== 'C' && type !== 'P')) return;
    const key = optionKey(strike, type);
    const before = this.quotes.get(key);
    const at = quote.timestamp ?? asOf;
    const latest = clock === null ? Number.POSITIVE_INFINITY : clock + this.limits.aheadMs;
    // What is known may be ahead itself, of a clock that was set back.
    this.looked = null;
    if (!Number.isFinite(at) || (before !== undefined && at < before.at && before.at <= latest)) return;
    if (clock !== null && at > latest) {
      if (before !== undefined) this.quotes.set(key, { ...before, refusedAheadMs: at - clock });
      return;
    }
    const knownVol = before?.knownVol ?? null;
    const { quote: accepted, faults } = screenedQuote(quote, knownVol, mustHaveMark, this.limits);
    const isMoved = before === undefined || isOther(before.quote, accepted);
    this.quotes.set(key, {
      quote: isMoved ? accepted : before.quote,
      at,
      knownVol: accepted.markIv ?? knownVol,
      faults,
      refusedAheadMs: null,
    });
    this.newestQuoteAt = this.newestQuoteAt > latest ? at : Math.max(this.newestQuoteAt, at);
    if (isMoved) {
      this.moved.add(key);
      this.removed.delete(key);
      this.forgetSmile();
    }
  }

  /** What the marks that have just been offered imply. */
  offerImplied(forward: Usd): void {
    if (Number.isFinite(forward) && forward > 0) this.implied = { forward, at: this.newestQuoteAt };
  }

  /** Takes an option off the list. */
  delist({ strike, type }: Pick<OptionQuote, 'strike' | 'type'>): void {
    const key = optionKey(strike, type);
    if (!this.quotes.delete(key)) return;
    this.moved.delete(key);
    this.removed.set(key, { strike, type });
    this.forgetSmile();
  }

  /** Takes every option off the list that is not among these. */
  keepOnly(quotes: readonly OptionQuote[]): void {
    const kept = new Set(quotes.map(({ strike, type }) => optionKey(strike, type)));
    for (const [key, { quote }] of this.quotes) if (!kept.has(key)) this.delist(quote);
  }

  /** By strike, calls before puts. */
  sortedQuotes(): readonly OptionQuote[] {
    this.byStrike ??= [...this.quotes.values()]
      .map(({ quote }) => quote)
      .sort((one, other) => one.strike - other.strike || (one.type < other.type ? -1 : 1));
    return this.byStrike;
  }

  /** Marks that contradict the strikes beside them. */
  private outliers(): ReadonlyMap<OptionQuote, Vol> {
    if (this.forward.value === null) return new Map();
    this.outlying ??= smileOutliers(this.sortedQuotes(), this.forward.value);
    return this.outlying;
  }

  /** Its quotes looked through, once until one of them comes anew: most expiries are quiet at most messages. */
  suspects(): Looked {
    const outliers = this.outliers();
    if (this.looked?.outliers !== outliers) {
      let oldestAt = Number.POSITIVE_INFINITY;
      const suspects: GuardedQuote[] = [];
      for (const known of this.quotes.values()) {
        oldestAt = Math.min(oldestAt, known.at);
        if (known.faults.length > 0 || known.refusedAheadMs !== null || outliers.has(known.quote)) suspects.push(known);
      }
      this.looked = { outliers, oldestAt, suspects };
    }
    return this.looked;
  }

  /** Between which put-call parity lets the forward be traded; read again when the forward or a quote has moved. */
  parity(timeToExpiryYears: YearFraction): ParityRange | null {
    const forward = this.forward.value;
    if (forward === null) return null;
    if (this.traded?.forward !== forward)
      this.traded = { forward, range: parityForward(this.sortedQuotes(), forward, timeToExpiryYears) };
    return this.traded.range;
  }

  /** All of it, told from now on; null while it has no forward. */
  tellWhole(confidence: Confidence): ExpiryMarket | null {
    const forward = this.forward.value;
    if (forward === null) return null;
    this.tell(forward, confidence);
    return {
      expiry: this.expiry,
      forward,
      timestamp: this.forward.at,
      confidence,
      discount: this.discount,
      quotes: this.sortedQuotes(),
      ...(this.svi === undefined ? {} : { svi: this.svi }),
    };
  }

  /** What moved since it was last told; null when nothing did, or while it has no forward. */
  tellMoves(confidence: Confidence): ExpiryDelta | null {
    const forward = this.forward.value;
    if (forward === null) return null;
    const { told } = this;
    const isSame =
      told !== null &&
      told.forward === forward &&
      told.discount === this.discount &&
      isSameConfidence(told.confidence, confidence) &&
      this.moved.size === 0 &&
      this.removed.size === 0;
    if (isSame) return null;
    const keys = told === null ? this.quotes.keys() : this.moved.keys();
    const quotes = [...keys].map((key) => this.quotes.get(key)!.quote);
    const delisted = [...this.removed.values()];
    const delta = {
      expiry: this.expiry,
      ...(told?.forward === forward ? {} : { forward, timestamp: this.forward.at }),
      ...(told?.discount === this.discount ? {} : { discount: this.discount }),
      ...(told !== null && isSameConfidence(told.confidence, confidence) ? {} : { confidence }),
      ...(quotes.length === 0 ? {} : { quotes }),
      ...(delisted.length === 0 || told === null ? {} : { delisted }),
    };
    this.tell(forward, confidence);
    return delta;
  }

  private tell(forward: number, confidence: Confidence): void {
    this.told = { forward, discount: this.discount, confidence };
    this.moved.clear();
    this.removed.clear();
  }

  private forgetSmile(): void {
    this.svi = undefined;
    this.outlying = null;
    this.looked = null;
    this.traded = null;
    this.byStrike = null;
  }
}

function optionKey(strike: number, type: OptionQuote['type']): OptionKey {
  return type === 'C' ? strike : -strike;
}

/** Whether more than the time differs. */
function isOther(one: OptionQuote, other: OptionQuote): boolean {
  return (
    one.markIv !== other.markIv ||
    one.bidIv !== other.bidIv ||
    one.askIv !== other.askIv ||
    one.openInterest !== other.openInterest
  );
}

function isSameConfidence(one: Confidence, other: Confidence): boolean {
  return one.forward === other.forward && one.vol === other.vol;
}
