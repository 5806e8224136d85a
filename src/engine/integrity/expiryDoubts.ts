import { listedOption } from '../domain/instrument.ts';
import type { ValueDoubt } from '../domain/marketQuality.ts';
import { type Timestamp, type Usd, yearFraction } from '../domain/units.ts';
import { ageConfidence, disagreementConfidence, PAST_LIMIT, smileConfidence } from './confidence.ts';
import { durationText, expiryText, percentText, priceText } from './doubtWords.ts';
import type { GuardedExpiry, GuardedQuote } from './GuardedExpiry.ts';
import type { GuardLimits } from './GuardLimits.ts';
import { priceDoubts } from './priceDoubts.ts';

/** What an expiry is looked at with. */
export interface ExpiryView {
  readonly underlying: string;
  readonly clock: Timestamp;
  readonly isLive: boolean;
  readonly isCompared: boolean;
  readonly index: Usd | null;
  /** When the newest quote of the coin's other expiries was so. */
  readonly newestElsewhere: Timestamp;
  readonly limits: GuardLimits;
}

export interface ExpiryVerdict {
  readonly doubts: readonly ValueDoubt[];
  readonly forward: number;
  readonly vol: number;
  /** The oldest of its quotes, milliseconds; null without quotes. */
  readonly oldestQuoteMs: number | null;
}

/** A mark that stands apart is used as it came. */
const OUTLYING = 0.4;
/** Sides were left out, and the mark stands. */
const ON_ITS_MARK = 0.8;

/** A disagreement beyond this is one of units, and its share says nothing. */
const MOST_TOLD_SHARE = 10;

/** What is wrong with an expiry now, and how far it is to be trusted. */
export function expiryVerdict(guarded: GuardedExpiry, view: ExpiryView): ExpiryVerdict {
  const { clock } = view;
  // What has expired has no price to come.
  if (clock >= guarded.expiry) return { doubts: [], forward: 1, vol: 1, oldestQuoteMs: null };
  const onForward = forwardDoubts(guarded, view);
  const { doubts: onQuotes, ...quotes } = quoteDoubts(guarded, view);
  return {
    doubts: [...onForward, ...onQuotes],
    forward: Math.min(1, ...onForward.map(({ confidence }) => confidence)),
    ...quotes,
  };
}

function forwardDoubts(guarded: GuardedExpiry, view: ExpiryView): ValueDoubt[] {
  const { underlying, clock, isLive, isCompared, index, limits } = view;
  const { expiry, forward } = guarded;
  const about = { kind: 'forward', underlying, expiry } as const;
  const subject = {
    ...about,
    // Written when there is something to say.
    get label() {
      return `The ${expiryText(underlying, expiry)} forward`;
    },
    without: 'the expiry is left out until a forward comes',
  };
  const doubts = priceDoubts(subject, forward, clock, isLive, index);
  const { value } = forward;
  const isDisputable = isCompared && value !== null && !doubts.some(({ reason }) => reason === 'disputed');
  if (!isDisputable) return doubts;

  const years = yearFraction(clock, expiry);
  const carryLimit = limits.agreementShare + limits.carryShareYearly * years;
  const share = index === null ? 0 : value / index - 1;
  const range = guarded.parity(years);
  const beyond =
    range === null ? 0 : value < range.low ? range.low / value - 1 : value > range.high ? 1 - range.high / value : 0;
  const { implied } = guarded;
  const apart =
    implied === null || Math.abs(forward.at - implied.at) > limits.impliedMs ? 0 : value / implied.forward - 1;
  if (Math.abs(share) > carryLimit) {
    doubts.push({
      ...about,
      reason: 'disputed',
      message: `${subject.label}, ${priceText(value)}, is ${percentText(share)} off the index, ${priceText(index)}; it is used as it came`,
      confidence: disagreementConfidence(share, carryLimit),
      treatment: 'kept',
    });
  } else if (beyond > limits.parityShare) {
    doubts.push({
      ...about,
      reason: 'disputed',
      message: `${subject.label}, ${priceText(value)}, is ${percentText(beyond)} outside what the call and put at ${range!.strike} can be traded at by put-call parity; it is used as it came`,
      confidence: disagreementConfidence(beyond, limits.parityShare),
      treatment: 'kept',
    });
  } else if (Math.abs(apart) > limits.parityShare) {
    doubts.push({
      ...about,
      reason: 'disputed',
      message: `${subject.label}, ${priceText(value)}, is ${Math.abs(apart) < MOST_TOLD_SHARE ? `${percentText(apart)} ` : ''}off ${priceText(guarded.implied!.forward)}, at which its calls and puts are marked; it is used as it came`,
      confidence: disagreementConfidence(apart, limits.parityShare),
      treatment: 'kept',
    });
  }
  return doubts;
}

function quoteDoubts(
  guarded: GuardedExpiry,
  { underlying, clock, isLive, newestElsewhere, limits }: ExpiryView,
): Omit<ExpiryVerdict, 'forward'> {
  const { expiry, quotes } = guarded;
  if (quotes.size === 0) return { doubts: [], vol: 1, oldestQuoteMs: null };
  const about = { kind: 'quote', underlying, expiry } as const;
  const doubts: ValueDoubt[] = [];
  const limitMs = limits.staleMs.quote;
  const age = clock - guarded.newestQuoteAt;
  const isMissing =
    isLive && (guarded.isUnlisted || (age > limits.missingMs && clock - newestElsewhere <= limits.missingMs / 2));
  const isStale = isLive && age > limitMs;
  const freshness = isLive ? Math.min(ageConfidence(age, limitMs), isMissing ? PAST_LIMIT : 1) : 1;
  if (isMissing || isStale) {
    const label = `${expiryText(underlying, expiry)} options`;
    doubts.push({
      ...about,
      reason: isMissing ? 'missing' : 'stale',
      message: isMissing
        ? `${label} have had no quotes for ${durationText(age)} while other expiries have; the last vols are used`
        : `${label} have quotes ${durationText(age)} old and older, the limit is ${durationText(limitMs)}; the last vols are used`,
      confidence: freshness,
      treatment: guarded.isUnlisted ? 'held' : 'kept',
    });
  }

  const { outliers, oldestAt, suspects } = guarded.suspects();
  const isOneStale = isLive && !isStale && clock - oldestAt > limitMs;
  let doubtful = 0;
  for (const known of isOneStale ? quotes.values() : suspects) {
    const off = outliers.get(known.quote);
    const isQuoteStale = isLive && !isStale && clock - known.at > limitMs;
    if (known.faults.length === 0 && known.refusedAheadMs === null && off === undefined && !isQuoteStale) continue;
    const { name } = listedOption({ underlying, expiry }, known.quote.strike, known.quote.type);
    const ofQuote = { ...about, instrument: name };
    const found = ownDoubts(ofQuote, known);
    if (off !== undefined)
      found.push({
        ...ofQuote,
        reason: 'disputed',
        message: `${name} has a vol of ${percentText(known.quote.markIv)}, ${Math.abs(off * 100).toFixed(1)} points ${off > 0 ? 'above' : 'below'} the smile of the strikes beside it; it is used as it came`,
        confidence: OUTLYING,
        treatment: 'kept',
      });
    if (isQuoteStale)
      found.push({
        ...ofQuote,
        reason: 'stale',
        message: `${name} is ${durationText(clock - known.at)} old, the limit is ${durationText(limitMs)}; its last quote is used`,
        confidence: ageConfidence(clock - known.at, limitMs),
        treatment: 'kept',
      });
    if (found.some(({ confidence }) => confidence <= PAST_LIMIT)) doubtful += 1;
    doubts.push(...found);
  }
  return { doubts, vol: smileConfidence(freshness, quotes.size, doubtful), oldestQuoteMs: clock - oldestAt };
}

function ownDoubts(
  about: Pick<ValueDoubt, 'kind' | 'underlying' | 'expiry'> & { readonly instrument: string },
  { faults, refusedAheadMs }: GuardedQuote,
): ValueDoubt[] {
  const doubts = faults.map(
    ({ reason, words, isVolLost }): ValueDoubt => ({
      ...about,
      reason,
      message: `${about.instrument} ${words}`,
      confidence: isVolLost ? PAST_LIMIT : ON_ITS_MARK,
      treatment: 'left-out',
    }),
  );
  if (refusedAheadMs !== null)
    doubts.push({
      ...about,
      reason: 'future',
      message: `${about.instrument} came with a time ${durationText(refusedAheadMs)} ahead of the venue's clock; its last quote is used`,
      confidence: PAST_LIMIT,
      treatment: 'held',
    });
  return doubts;
}
