import type { ValueDoubt, ValueKind } from '../domain/marketQuality.ts';
import type { Timestamp, Usd } from '../domain/units.ts';
import { ageConfidence, disagreementConfidence, PAST_LIMIT } from './confidence.ts';
import { durationText, percentText, priceText } from './doubtWords.ts';
import type { TrustedPrice } from './TrustedPrice.ts';
import { priceUnitFault } from './unitFault.ts';

/** Which price is spoken of. */
export interface PriceSubject {
  readonly kind: ValueKind;
  readonly underlying: string;
  readonly expiry?: Timestamp;
  /** `The BTC index`: begins its sentences. */
  readonly label: string;
  /** What happens to whoever needs it while there is none at all. */
  readonly without: string;
}

/** A jump that has been accepted is told, not doubted. */
const TOLD = 0.9;

/**
 * What is wrong with one price by its own memory: refused, held back, stale, or just moved by a jump that was accepted.
 *
 * @param clock the venue's time now.
 * @param index USD per coin, to tell a wrong unit; null where unknown.
 */
export function priceDoubts(
  subject: PriceSubject,
  price: TrustedPrice,
  clock: Timestamp,
  isLive: boolean,
  index: Usd | null,
): ValueDoubt[] {
  const { kind } = subject;
  const { limits, value, at, pending, refusal, accepted } = price;
  const age = clock - at;
  const byAge = isLive && value !== null ? ageConfidence(age, limits.staleMs[kind]) : 1;
  // Nearly always; words cost more than all that is asked here.
  if (pending === null && refusal === null && accepted === null && byAge === 1) return [];
  const { underlying, expiry, label, without } = subject;
  const about = { kind, underlying, ...(expiry === undefined ? {} : { expiry }) };
  const treatment = value === null ? ('left-out' as const) : ('held' as const);
  const instead =
    value === null
      ? without
      : `the last trusted value, ${priceText(value)}${age > 0 ? ` of ${durationText(age)} ago` : ''}, is used`;
  const doubts: ValueDoubt[] = [];

  if (pending !== null && value !== null) {
    const share = pending.value / value - 1;
    const unit = index === null ? null : priceUnitFault(pending.value, value, index);
    doubts.push({
      ...about,
      reason: 'jump',
      message: `${label} jumped by ${percentText(share)} to ${priceText(pending.value)}${unit === null ? '' : ` (${unit})`}; ${instead} until others confirm the jump`,
      confidence: Math.min(byAge, disagreementConfidence(Math.log1p(share), limits.jump.share)),
      treatment: 'held',
    });
  }
  if (refusal !== null) {
    const what =
      refusal.reason === 'future'
        ? `came with a time ${durationText(refusal.at - clock)} ahead of the venue's clock`
        : refusal.reason === 'absurd'
          ? `came as ${priceText(refusal.value)}, which is no price`
          : `came as ${priceText(refusal.value)}, ${percentText((refusal.value as number) / refusal.against! - 1)} off ${priceText(refusal.against)} that others say`;
    doubts.push({
      ...about,
      reason: refusal.reason,
      message: `${label} ${what}; ${instead}`,
      confidence: value === null ? 0 : Math.min(byAge, PAST_LIMIT),
      treatment,
    });
  }
  if (accepted !== null && pending === null && clock - accepted.at <= limits.jump.toldMs) {
    doubts.push({
      ...about,
      reason: 'jump',
      message: `${label} has moved by ${percentText(accepted.to / accepted.from - 1)} to ${priceText(accepted.to)}; the move was confirmed and is used`,
      confidence: TOLD,
      treatment: 'kept',
    });
  }
  if (isLive && value !== null && byAge < 1 && pending === null) {
    doubts.push({
      ...about,
      reason: 'stale',
      message: `${label} is ${durationText(age)} old, its limit is ${durationText(limits.staleMs[kind])}; the last value, ${priceText(value)}, is used`,
      confidence: byAge,
      treatment: 'kept',
    });
  }
  return doubts;
}
