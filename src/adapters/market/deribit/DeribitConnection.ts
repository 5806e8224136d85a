import type { FeedStatus } from '../../../engine/domain/feedStatus.ts';
import { parseInstrument, usualSettlement } from '../../../engine/domain/instrument.ts';
import type { MarketSnapshot, PriceHistory } from '../../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY } from '../../../engine/domain/units.ts';
import type { FeedListener } from '../MarketFeed.ts';
import { CreditBuckets } from './CreditBuckets.ts';
import { CurrencyLoader } from './CurrencyLoader.ts';
import { DeribitMarket } from './DeribitMarket.ts';
import { DeltaPace } from './DeltaPace.ts';
import { FeedVitals } from './FeedVitals.ts';
import { dailyHistory, lockOf, platformLocks } from './marketLoad.ts';
import { RpcError } from './parseRpcMessage.ts';
import { RpcSession, type WebSocketClass } from './RpcSession.ts';
import { applyNotification } from './streamMessage.ts';
import { Subscriptions } from './Subscriptions.ts';
import { VenueCalls } from './VenueCalls.ts';
import { isPriceChannel, wantedChannels } from './wantedChannels.ts';

export interface DeribitConnectionOptions {
  readonly socketUrl: string;
  readonly httpUrl: string;
  readonly source: MarketSnapshot['source'];
  readonly WebSocket: WebSocketClass;
  /** Null where everything is to go over the socket. */
  readonly fetch: typeof fetch | null;
  readonly now: () => number;
  readonly random: () => number;
}

const BEAT_MS = 1_000;
/** One currency's summaries each time, so that each of the three is asked for every half minute. */
const SUMMARY_INTERVAL_MS = 10_000;
const RELOAD_AFTER_MS = 5_000;
/** What was loaded before the first connection stood is loaded again when that took longer. */
const FIRST_LOAD_HOLDS_MS = 30_000;
const HISTORY_RETRY_MS = 600_000;
/** How long after midnight UTC a day's bar is taken to be final. */
const DAY_SETTLES_MS = 60_000;
const CLOCK_SAMPLES_AT_OPEN = 3;
/** The first samples are taken while everything is loaded, and the way back is slow: a few more follow when it is quiet. */
const CLOCK_SETTLES_AFTER_SAMPLES = 8;
const CLOCK_SETTLING_INTERVAL_MS = 5_000;
const CLOCK_INTERVAL_MS = 300_000;
/** Messages from the future by more than this, or so late, say that a clock has been set. */
const CLOCK_DOUBT_MS = 2_000;
const LATENCY_DOUBT_MS = 30_000;
const CLOCK_RETRY_MS = 10_000;
/** A venue's clock that was set back by more than two clocks may differ leaves what is known in its future. */
const CLOCK_SET_BACK_MS = 5_000;
/** Heartbeats without prices for so long: the subscriptions are lost. */
const RECONNECT_AFTER_SILENCE_MS = 60_000;

/** One run of the feed, from its start to its end. */
export class DeribitConnection {
  readonly #options: DeribitConnectionOptions;
  readonly #listener: FeedListener;
  readonly #vitals: FeedVitals;
  readonly #session: RpcSession;
  readonly #calls: VenueCalls;
  readonly #loader: CurrencyLoader;
  readonly #subscriptions: Subscriptions;
  readonly #histories = new Map<string, PriceHistory>();
  readonly #pace: DeltaPace;
  readonly #beats: ReturnType<typeof setInterval>;
  #market: DeribitMarket | null = null;
  #watched: readonly string[] = [];
  #hasOpened = false;
  /** Counts loads: what an earlier one still brings is dropped. */
  #loads = 0;
  #loadedAt = 0;
  #reloadAt = Number.POSITIVE_INFINITY;
  #summaryAt = 0;
  #historyDay = 0;
  #historyNotBefore = 0;
  #clockAt = 0;
  #clockSamples = 0;
  #lastStatus: FeedStatus | null = null;

  constructor(options: DeribitConnectionOptions, listener: FeedListener) {
    this.#options = options;
    this.#listener = listener;
    this.#vitals = new FeedVitals(options.source.name);
    const { socketUrl: url, httpUrl, WebSocket, fetch: fetchText, now, random } = options;
    const credits = new CreditBuckets();
    this.#session = new RpcSession(
      { url, WebSocket, credits, now, random },
      {
        onOpen: () => this.#opened(),
        onClosed: (why, nextAttemptAt) => this.#closed(why, nextAttemptAt),
        onArrival: () => {
          this.#vitals.lastMessageAt = now();
        },
        onNotification: (channel, data) => this.#notified(channel, data),
        onRefused: () => {
          this.#vitals.refusedMessages++;
        },
      },
    );
    this.#calls = new VenueCalls({ httpUrl, fetch: fetchText, credits, now }, this.#session);
    this.#loader = new CurrencyLoader(this.#calls, now);
    this.#subscriptions = new Subscriptions(
      async (method, channels) => (await this.#session.request(method, { channels })).result,
      now,
    );
    this.#pace = new DeltaPace(now, () => this.#tellDelta());
    this.#beats = setInterval(() => this.#beat(), BEAT_MS);
    this.#tellStatus();
    void this.#load();
  }

  end(): void {
    this.#loads++;
    this.#market = null;
    clearInterval(this.#beats);
    this.#pace.cancel();
    this.#session.end();
    this.#calls.end();
  }

  /** Options that are streamed one by one, in place of those named before. */
  watch(instruments: readonly string[]): void {
    this.#watched = instruments.flatMap((name) => {
      const parsed = parseInstrument(name);
      return parsed.ok ? [parsed.value.name] : [];
    });
    this.#subscribe();
  }

  #opened(): void {
    const isFirst = !this.#hasOpened;
    this.#hasOpened = true;
    this.#vitals.isOpen = true;
    this.#vitals.nextAttemptAt = null;
    this.#subscriptions.reset();
    this.#calls.opened();
    this.#clockSamples = 0;
    void this.#sampleClock(CLOCK_SAMPLES_AT_OPEN);
    const isLoading = isFirst && this.#market === null && this.#reloadAt === Number.POSITIVE_INFINITY;
    const isLoaded = isFirst && this.#market !== null && this.#options.now() - this.#loadedAt <= FIRST_LOAD_HOLDS_MS;
    // A first load that is under way subscribes when it is done.
    if (isLoaded) this.#subscribe();
    else if (!isLoading) void this.#load();
    this.#tellStatus();
  }

  #closed(why: string, nextAttemptAt: number): void {
    this.#vitals.isOpen = false;
    this.#vitals.lostBecause = why;
    this.#vitals.attempts++;
    this.#vitals.nextAttemptAt = nextAttemptAt;
    if (this.#hasOpened) {
      // What is pending belongs to a market that will be replaced as a whole.
      this.#loads++;
      this.#market = null;
      this.#vitals.hasMarket = false;
      this.#reloadAt = Number.POSITIVE_INFINITY;
      this.#pace.cancel();
    }
    this.#tellStatus();
  }

  /** The whole market anew, told as such. */
  async #load(): Promise<void> {
    const load = ++this.#loads;
    this.#reloadAt = Number.POSITIVE_INFINITY;
    const market = new DeribitMarket(this.#options.source);
    await this.#loader.loadAll(market);
    if (load !== this.#loads) return;
    for (const [symbol, history] of this.#histories) market.applyHistory(symbol, history);
    const whole = market.whole();
    this.#vitals.loadProblem = this.#loader.problem;
    if (whole === null) {
      this.#vitals.loadProblem ??= 'it lists no options';
      this.#reloadAt = this.#options.now() + RELOAD_AFTER_MS;
      this.#tellStatus();
      return;
    }
    const now = this.#options.now();
    this.#market = market;
    this.#loadedAt = now;
    this.#summaryAt = now;
    this.#vitals.hasMarket = true;
    this.#vitals.lastPriceAt = now;
    this.#vitals.recovered();
    // The offset of the clocks first: who judges the market's ages needs it.
    this.#tellStatus();
    this.#listener.onMarket(whole);
    this.#subscribe();
    void this.#askLocks(load);
    void this.#loadHistories(load);
  }

  async #refresh(market: DeribitMarket): Promise<void> {
    const load = this.#loads;
    this.#summaryAt = this.#options.now();
    await this.#loader.refreshNext(market, () => load === this.#loads);
    if (load !== this.#loads) return;
    this.#vitals.loadProblem = this.#loader.problem;
    this.#tellDelta();
    this.#subscribe();
  }

  async #askLocks(load: number): Promise<void> {
    try {
      const locked = await platformLocks(this.#calls.call);
      if (load !== this.#loads) return;
      this.#vitals.locked = locked;
      this.#tellStatus();
    } catch (error) {
      // The channel of the platform's state tells the next change.
      if (!(error instanceof RpcError)) throw error;
    }
  }

  /** Closes and volatility indices, once a day and coin. */
  async #loadHistories(load: number): Promise<void> {
    const { call, venueNow } = this.#calls;
    this.#historyNotBefore = this.#options.now() + HISTORY_RETRY_MS;
    const day = settledDay(venueNow);
    let areAllRead = true;
    for (const { symbol, futures } of this.#market?.coins ?? []) {
      if (this.#historyDay === day && this.#histories.has(symbol)) continue;
      const perpetual = futures.find((name) => name.endsWith('-PERPETUAL'));
      if (perpetual === undefined) continue;
      try {
        const indexCurrency = usualSettlement(symbol) === 'coin' ? symbol : null;
        const history = await dailyHistory(call, perpetual, indexCurrency, venueNow);
        if (load !== this.#loads) return;
        this.#histories.set(symbol, history);
        this.#market?.applyHistory(symbol, history);
        this.#pace.came();
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        areAllRead = false;
      }
    }
    if (areAllRead && load === this.#loads) this.#historyDay = day;
  }

  #subscribe(): void {
    if (this.#market === null || !this.#session.isOpen) return;
    this.#subscriptions.want(wantedChannels(this.#market, this.#watched, this.#loader.hasUsdcIndex));
    void this.#subscriptions.sync().then(() => {
      this.#vitals.refusedChannels = this.#subscriptions.refused.filter(isPriceChannel);
    });
  }

  #notified(channel: string, data: unknown): void {
    const market = this.#market;
    if (!this.#subscriptions.holds(channel)) {
      // The last messages of what was just unsubscribed are no fault, but nothing is read from them either.
      this.#vitals.refusedMessages++;
      return;
    }
    if (market === null) return;
    if (channel === 'platform_state') {
      this.#vitals.locked = lockOf(data, this.#vitals.locked);
      this.#tellStatus();
      return;
    }
    const { venueNow } = this.#calls;
    const effect = applyNotification(market, channel, data, venueNow);
    if (effect.isRefused) this.#vitals.refusedMessages++;
    if (effect.hasUnknown) this.#loader.listingIsOld();
    if (effect.isListingMoved) this.#subscribe();
    if (effect.pricesAt !== null) this.#pricesCame(venueNow - effect.pricesAt);
    this.#pace.came();
  }

  #pricesCame(latencyMs: number): void {
    const now = this.#options.now();
    this.#vitals.lastPriceAt = now;
    this.#vitals.recovered();
    this.#vitals.latencyMs = this.#calls.clockOffsetMs === null ? null : Math.max(0, latencyMs);
    const isClockDoubtful = latencyMs < -CLOCK_DOUBT_MS || latencyMs > LATENCY_DOUBT_MS;
    if (isClockDoubtful && Math.abs(now - this.#clockAt) > CLOCK_RETRY_MS) void this.#sampleClock(1);
  }

  async #sampleClock(count: number): Promise<void> {
    this.#clockAt = this.#options.now();
    this.#clockSamples += count;
    const before = this.#calls.clockOffsetMs;
    await this.#calls.sampleClock(count);
    const after = this.#calls.clockOffsetMs;
    const isSetBack = before !== null && after !== null && after < before - CLOCK_SET_BACK_MS;
    // Every price of now is older than those that are known, and would be passed over: they are all asked for anew.
    if (isSetBack && this.#market !== null && this.#session.isOpen) void this.#load();
  }

  #tellDelta(): void {
    this.#pace.told();
    const delta = this.#market?.takeDelta() ?? null;
    if (delta === null) return;
    this.#listener.onDelta(delta);
    if (this.#lastStatus?.state !== 'live') this.#tellStatus();
  }

  /** What the clock brings about rather than a message. */
  #beat(): void {
    const now = this.#options.now();
    this.#session.checkAlive();
    if (now >= this.#reloadAt) void this.#load();
    const market = this.#market;
    if (market !== null && this.#session.isOpen) {
      if (this.#vitals.silenceMs(now) > RECONNECT_AFTER_SILENCE_MS) this.#session.reconnect('no prices came any more');
      else if (Math.abs(now - this.#summaryAt) >= SUMMARY_INTERVAL_MS) void this.#refresh(market);
      const isClockSettled = this.#clockSamples >= CLOCK_SETTLES_AFTER_SAMPLES;
      const clockInterval = isClockSettled ? CLOCK_INTERVAL_MS : CLOCK_SETTLING_INTERVAL_MS;
      if (Math.abs(now - this.#clockAt) >= clockInterval) void this.#sampleClock(1);
      if (settledDay(this.#calls.venueNow) !== this.#historyDay && now >= this.#historyNotBefore)
        void this.#loadHistories(this.#loads);
      this.#subscribe();
    }
    this.#tellStatus();
  }

  #tellStatus(): void {
    this.#vitals.clockOffsetMs = this.#calls.clockOffsetMs;
    const status = this.#vitals.status(this.#options.now());
    const last = this.#lastStatus;
    if (last !== null && JSON.stringify(last) === JSON.stringify(status)) return;
    this.#lastStatus = status;
    this.#listener.onStatus(status);
  }
}

/** The last day that has ended, and whose bar is final. */
function settledDay(venueNow: number): number {
  return Math.floor((venueNow - DAY_SETTLES_MS) / MILLISECONDS_PER_DAY);
}
