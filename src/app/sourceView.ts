import { isTestExchange } from '../adapters/market/marketEndpoint.ts';
import type { FeedStatus } from '../engine/domain/feedStatus.ts';
import type { MarketQuality, ValueKind } from '../engine/domain/marketQuality.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import type { MarketChoice } from '../state/marketChoice.ts';
import { age, clock, dateTime, decimal } from '../ui/format.ts';
import { choiceName } from './choiceName.ts';

/** What a market can be, each with a shape and a word of its own. */
export type SourceState =
  | 'live'
  | 'stale'
  | 'limited'
  | 'silent'
  | 'connecting'
  | 'reconnecting'
  | 'failed'
  | 'snapshot'
  | 'recorded'
  | 'simulated'
  | 'replay'
  | 'paused'
  | 'ended';

export interface SourceView {
  readonly state: SourceState;
  /** No exchange ever quoted these prices. */
  readonly isSimulated: boolean;
  /** The prices are those of a test exchange, which makes or repeats them. */
  readonly isTest: boolean;
  /** Capitals, for the badge. */
  readonly word: string;
  /** A few characters that may change every second. */
  readonly detail: string;
  /** What follows them where there is room; empty for nothing. */
  readonly more: string;
  /** The whole of it, with its numbers. */
  readonly sentence: string;
  /** The same without numbers that count: it is spoken when it changes. */
  readonly announcement: string;
}

export interface SourceInputs {
  readonly market: MarketSummary;
  readonly choice: MarketChoice;
  readonly feed: FeedStatus | null;
  readonly quality: MarketQuality | null;
  /** Whose prices matter: the coins of the book and the one in sight. */
  readonly coins: ReadonlySet<string>;
  readonly now: Timestamp;
}

/** What the figures rest on from second to second; quotes and history have their own pace. */
const PRESSING: ReadonlySet<ValueKind> = new Set(['index', 'perpetual', 'forward']);

/** How the market's source is to be shown at one moment. */
export function sourceView(inputs: SourceInputs): SourceView {
  const { market, feed } = inputs;
  const isSimulated = market.source.kind === 'simulated';
  const isTest = isTestExchange(market.source.name);
  const still = stillView(market, inputs.now);
  const name = choiceName(inputs.choice) ?? market.source.name;
  const view = feed === null ? still : movingView(inputs, feed, name, still);
  const test = isTest ? ` ${TEST_EXCHANGE}` : '';
  return {
    isSimulated,
    isTest,
    ...view,
    sentence: `${withReason(view.sentence, feed?.message ?? null)}${test}`,
  };
}

/** What cannot be known is whether such an exchange simulates its prices or repeats recorded ones; what is known is that nobody trades at them. */
export const TEST_EXCHANGE = 'A test exchange: its prices are simulated or recorded, not those of a market.';

function stillView({ source, asOf }: MarketSummary, now: Timestamp): MovingView {
  const when = dateTime(asOf, now);
  const ago = age(now - asOf);
  switch (source.kind) {
    case 'live':
      return {
        state: 'snapshot',
        word: 'SNAPSHOT',
        detail: ago,
        more: 'old',
        sentence: `SNAPSHOT, live prices of ${source.name} ${ago} ago, ${when}. They do not move.`,
        announcement: `Snapshot of ${source.name}, ${when}. Prices do not move.`,
      };
    case 'recorded':
      return {
        state: 'recorded',
        word: 'RECORDED',
        detail: when,
        more: `${ago} old`,
        sentence: `Prices recorded at ${source.name}, ${when}. They do not move.`,
        announcement: `Recorded prices of ${source.name}, ${when}.`,
      };
    case 'simulated':
      return {
        state: 'simulated',
        word: 'SIMULATED',
        detail: when,
        more: '',
        sentence: `Simulated market “${source.name}”, ${when}. No exchange ever quoted these prices.`,
        announcement: `Simulated market ${source.name}.`,
      };
  }
}

type MovingView = Omit<SourceView, 'isSimulated' | 'isTest'>;

function movingView(inputs: SourceInputs, feed: FeedStatus, name: string, still: MovingView): MovingView {
  const { market, now } = inputs;
  const behind = feed.lastMessageAt === null ? null : age(now - feed.lastMessageAt);
  switch (feed.state) {
    case 'live':
      return feed.position === null
        ? runningView(inputs, feed, name)
        : replayView('replay', market, feed.position, 'plays');
    case 'paused':
      return feed.position === null
        ? {
            state: 'paused',
            word: 'PAUSED',
            detail: clock(market.asOf),
            more: '',
            sentence: `${name} is paused. Prices stand still.`,
            announcement: `${name} is paused.`,
          }
        : replayView('paused', market, feed.position, 'is paused');
    case 'ended':
      return {
        state: 'ended',
        word: 'ENDED',
        detail: clock(market.asOf),
        more: '',
        sentence: `${name} has ended. Prices stand still.`,
        announcement: `${name} has ended.`,
      };
    case 'connecting':
      return {
        state: 'connecting',
        word: 'CONNECTING',
        detail: still.word.toLowerCase(),
        more: '',
        sentence: `Connecting to ${name}. Until it answers: ${still.sentence}`,
        announcement: `Connecting to ${name}.`,
      };
    case 'silent':
      return {
        state: 'silent',
        word: 'SILENT',
        detail: behind ?? '',
        more: '',
        sentence:
          behind === null
            ? `${name} is connected and sends nothing.`
            : `${name} is connected and has sent nothing for ${behind}. Prices stand still.`,
        announcement: `${name} is silent. Prices stand still.`,
      };
    case 'reconnecting': {
      const wait = feed.nextAttemptAt === null ? null : Math.ceil((feed.nextAttemptAt - now) / 1000);
      const due = wait === null || wait <= 0 ? 'under way' : `in ${wait}\u00a0s`;
      return {
        state: 'reconnecting',
        word: 'RECONNECTING',
        detail: feed.attempts === 0 ? '' : String(feed.attempts),
        more: due,
        sentence: `The connection to ${name} is lost. Attempt ${Math.max(1, feed.attempts)} is ${wait === null || wait <= 0 ? due : `due ${due}`}. ${
          behind === null ? still.sentence : `Prices are ${behind} old and stand still.`
        }`,
        announcement: `The connection to ${name} is lost. Prices stand still.`,
      };
    }
    case 'failed':
      return {
        state: 'failed',
        word: 'DISCONNECTED',
        detail: behind ?? '',
        more: behind === null ? '' : 'old',
        sentence: `${name} is disconnected. ${behind === null ? still.sentence : `Prices are ${behind} old and stand still.`}`,
        announcement: `${name} is disconnected.`,
      };
  }
}

function runningView(inputs: SourceInputs, feed: FeedStatus, name: string): MovingView {
  const { market } = inputs;
  if (market.source.kind === 'simulated')
    return {
      state: 'simulated',
      word: 'SIMULATED',
      detail: clock(market.asOf),
      more: '',
      sentence: `${name} moves. No exchange ever quoted these prices.`,
      announcement: `Simulated prices of ${name} move.`,
    };
  const oldest = oldestValue(inputs, feed);
  if (oldest !== null && oldest.ageMs > oldest.limitMs)
    return {
      state: 'stale',
      word: 'STALE',
      detail: age(oldest.ageMs),
      more: 'old',
      sentence: `Prices of ${name} come, but the ${oldest.underlying} ${oldest.kind} is ${age(oldest.ageMs)} old; ${age(oldest.limitMs)} is its limit.`,
      announcement: `The ${oldest.underlying} ${oldest.kind} of ${name} is stale.`,
    };
  const latency = feed.latencyMs === null ? '' : `${decimal(Math.max(0, feed.latencyMs), 0)}\u00a0ms`;
  if (feed.message !== null)
    return {
      state: 'limited',
      word: 'LIMITED',
      detail: latency,
      more: '',
      sentence: `Prices of ${name} come, but not as they should.`,
      announcement: withReason('', feed.message).trim(),
    };
  const old = oldest === null ? '' : age(oldest.ageMs);
  return {
    state: 'live',
    word: 'LIVE',
    detail: latency === '' ? old : latency,
    more: old === '' ? '' : latency === '' ? 'old' : `· ${old} old`,
    sentence: `Live prices of ${name}${latency === '' ? '' : `, ${latency} after the exchange's clock`}.${
      old === '' ? '' : ` The oldest that the book rests on is ${old} old.`
    }`,
    announcement: `Live prices of ${name}.`,
  };
}

function replayView(
  state: 'replay' | 'paused',
  { source, asOf }: MarketSummary,
  { at, speed }: NonNullable<FeedStatus['position']>,
  what: 'plays' | 'is paused',
): MovingView {
  const isSimulated = source.kind === 'simulated';
  const pace = speed >= 1e6 ? 'at full speed' : `at ×${decimal(speed, speed % 1 === 0 ? 0 : 1)}`;
  return {
    state,
    word: state === 'paused' ? 'PAUSED' : isSimulated ? 'SIMULATED' : 'REPLAY',
    detail: state === 'replay' && isSimulated ? `REPLAY ${clock(at)}` : clock(at),
    more: speed >= 1e6 ? '' : `×${decimal(speed, speed % 1 === 0 ? 0 : 1)}`,
    sentence: `A ${isSimulated ? 'simulated ' : ''}recording of ${source.name} ${what}${state === 'replay' ? ` ${pace}` : ''}: ${dateTime(at, asOf)}.${
      isSimulated ? ' No exchange ever quoted these prices.' : ''
    }`,
    announcement: `A ${isSimulated ? 'simulated ' : ''}recording of ${source.name} ${what}.`,
  };
}

export interface AgedValue {
  readonly underlying: string;
  readonly kind: ValueKind;
  readonly ageMs: number;
  readonly limitMs: number;
}

/** Ages as they are now: what was counted when the market was last checked, and the time since, by the venue's clock. */
export function agesNow(
  quality: MarketQuality,
  feed: FeedStatus | null,
  now: Timestamp,
): readonly (Omit<AgedValue, 'ageMs'> & { readonly ageMs: number | null })[] {
  // A replay's clock is not this device's.
  const isCounted = feed !== null && feed.position === null && feed.state !== 'paused' && feed.state !== 'ended';
  const since = isCounted ? Math.max(0, now + (feed.clockOffsetMs ?? 0) - quality.checkedAt) : 0;
  return quality.ages.map((each) => ({ ...each, ageMs: each.ageMs === null ? null : each.ageMs + since }));
}

/** Of what matters: the one that is furthest beyond its limit, else the oldest. */
function oldestValue({ quality, coins, now }: SourceInputs, feed: FeedStatus): AgedValue | null {
  if (quality === null) return null;
  let oldest: AgedValue | null = null;
  for (const { ageMs, ...value } of agesNow(quality, feed, now)) {
    if (ageMs === null || !coins.has(value.underlying) || !PRESSING.has(value.kind)) continue;
    const candidate = { ...value, ageMs };
    if (oldest === null || rank(candidate) > rank(oldest)) oldest = candidate;
  }
  return oldest;
}

function rank({ ageMs, limitMs }: AgedValue): number {
  return ageMs > limitMs ? 1e15 + ageMs - limitMs : ageMs;
}

function withReason(sentence: string, reason: string | null): string {
  if (reason === null || reason.trim() === '' || sentence.includes(reason)) return sentence;
  return `${sentence} ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`;
}
