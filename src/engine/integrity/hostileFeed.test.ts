import { describe, expect, it } from 'vitest';
import { type MarketDelta, movedMarket, type UnderlyingDelta } from '../domain/marketDelta.ts';
import type { MarketQuality, ValueKind } from '../domain/marketQuality.ts';
import type { ExpiryMarket, MarketSnapshot, OptionQuote } from '../domain/marketSnapshot.ts';
import { listedOption } from '../domain/instrument.ts';
import { AS_OF, smallSnapshot } from '../fixtures/smallMarket.ts';
import { pcg32 } from '../numerics/pcg32.ts';
import { DEFAULT_LIMITS } from './GuardLimits.ts';
import { createMarketGuard } from './marketGuard.ts';

/**
 * A stream of good messages with bad ones among them, 20,000 and more: every number that the guard lets stand has to be one
 * that the clean stream said within its limit, or bear a doubt.
 */
const MESSAGES = 20_000;
/** What came ahead of its time by this looks younger by it. */
const AHEAD_MS = 2_000;
const SEED = 20_260_205n;

type Coin = MarketSnapshot['underlyings'][number];

/** When the clean stream said each value last. */
class CleanStream {
  coin: Coin;
  now = AS_OF;
  /** When each value was said last. Values are drawn, so that no two of different names are equal but those of call and put. */
  private said = new Map<number, number>();
  private saidBefore = new Map<number, number>();

  constructor(
    first: Coin,
    private readonly normal: () => number,
  ) {
    this.coin = first;
    this.remember();
  }

  tick(milliseconds: number): void {
    this.now += milliseconds;
    const move = Math.exp(2e-5 * this.normal());
    const { index, perpetual, expiries } = this.coin;
    this.coin = {
      ...this.coin,
      index: index * move,
      perpetual: { mark: perpetual!.mark * move },
      expiries: expiries.map((expiry) => ({
        ...expiry,
        forward: expiry.forward * move,
        quotes: expiry.quotes.map((quote) => {
          // Call and put move together: parity holds in the clean stream.
          const vol = quote.markIv! * (1 + 1e-7);
          return { ...quote, markIv: vol, bidIv: vol - 0.01, askIv: vol + 0.01 };
        }),
      })),
    };
    this.remember();
  }

  isTrue(value: number, kind: ValueKind): boolean {
    const at = this.said.get(value) ?? this.saidBefore.get(value);
    return at !== undefined && this.now - at <= DEFAULT_LIMITS.staleMs[kind] + AHEAD_MS;
  }

  private remember(): void {
    if (this.said.size > 50_000) [this.saidBefore, this.said] = [this.said, new Map()];
    const { index, perpetual, expiries } = this.coin;
    for (const value of [
      index,
      perpetual!.mark,
      ...expiries.flatMap(({ forward, quotes }) => [forward, ...quotes.flatMap(vols)]),
    ])
      this.said.set(value, this.now);
  }
}

/** Two expiries of eleven strikes: enough to see a vol that stands out. */
function smallCoin(coin: Coin): Coin {
  return {
    ...coin,
    expiries: coin.expiries.slice(1).map((expiry) => ({ ...expiry, quotes: expiry.quotes.slice(2, -2) })),
  };
}

function vols({ markIv, bidIv, askIv }: OptionQuote): readonly number[] {
  return [markIv, bidIv, askIv].filter((vol) => vol !== undefined);
}

type Fault = (good: UnderlyingDelta, now: number, pick: (n: number) => number) => UnderlyingDelta;

const onIndex =
  (times: number): Fault =>
  (good) => ({ ...good, index: good.index! * times });
const onPerpetual =
  (times: number): Fault =>
  (good) => ({ ...good, perpetual: { mark: good.perpetual!.mark * times } });
const onForward =
  (change: (forward: number) => number): Fault =>
  (good, _now, pick) => ({
    ...good,
    expiries: changedAt(good.expiries as ExpiryMarket[], pick, (expiry) => ({
      ...expiry,
      forward: change(expiry.forward),
    })),
  });
const onQuote =
  (change: (quote: OptionQuote) => object): Fault =>
  (good, _now, pick) => ({
    ...good,
    expiries: changedAt(good.expiries as ExpiryMarket[], pick, (expiry) => ({
      ...expiry,
      quotes: changedAt(expiry.quotes, pick, (quote) => ({ ...quote, ...change(quote) }) as OptionQuote),
    })),
  });

function changedAt<T>(items: readonly T[], pick: (n: number) => number, change: (item: T) => T): T[] {
  const chosen = pick(items.length);
  return items.map((item, i) => (i === chosen ? change(item) : item));
}

/** Everything of a message under another time. */
const timed =
  (shiftMs: number): Fault =>
  (good, now) => ({
    ...good,
    indexTimestamp: now + shiftMs,
    perpetual: { ...good.perpetual!, timestamp: now + shiftMs },
    expiries: good.expiries!.map((expiry) => ({
      ...expiry,
      timestamp: now + shiftMs,
      quotes: expiry.quotes!.map((quote) => ({ ...quote, timestamp: now + shiftMs })),
    })),
  });
/** A wrong price that bears an old time. */
const oldAndWrong: Fault = (good, now, pick) => timed(-10_000)(onIndex(1.05)(good, now, pick), now, pick);

const FAULTS: Readonly<Record<string, Fault>> = {
  'older by 1 s': timed(-1_000),
  'older by a day': timed(-86_400_000),
  'old and wrong': oldAndWrong,
  'ahead by 2 s': timed(AHEAD_MS),
  'ahead by an hour': timed(3_600_000),
  'ahead by a year': timed(31_536_000_000),
  'no time': timed(Number.NaN),
  crossed: onQuote(({ markIv }) => ({ bidIv: markIv! + 0.05, askIv: markIv! - 0.05 })),
  locked: onQuote(({ markIv }) => ({ bidIv: markIv! + 0.001, askIv: markIv! + 0.001 })),
  'crossed without mark': onQuote(() => ({ markIv: undefined, bidIv: 0.7, askIv: 0.3 })),
  'zero side': onQuote(() => ({ bidIv: 0 })),
  'no side': onQuote(() => ({ askIv: undefined })),
  wide: onQuote(() => ({ bidIv: 0.1, askIv: 2 })),
  'iv null': onQuote(() => ({ markIv: null })),
  'iv none': onQuote(() => ({ markIv: undefined })),
  'iv 0': onQuote(() => ({ markIv: 0 })),
  'iv NaN': onQuote(() => ({ markIv: Number.NaN })),
  'iv negative': onQuote(({ markIv }) => ({ markIv: -markIv! })),
  'iv over 500 %': onQuote(() => ({ markIv: 7 })),
  'iv in percent': onQuote(({ markIv }) => ({ markIv: markIv! * 100, bidIv: undefined, askIv: undefined })),
  'iv a hundredth': onQuote(({ markIv }) => ({ markIv: markIv! / 100 })),
  'iv doubled': onQuote(({ markIv }) => ({ markIv: markIv! * 2 })),
  'index x 10': onIndex(10),
  'index x 1000': onIndex(1000),
  'index 0': onIndex(0),
  'index NaN': onIndex(Number.NaN),
  'index - 30 %': onIndex(0.7),
  'index + 5 %': onIndex(1.05),
  'index + 50 %': onIndex(1.5),
  'perpetual + 5 %': onPerpetual(1.05),
  'perpetual - 50 %': onPerpetual(0.5),
  'perpetual 0': onPerpetual(0),
  'forward in coin': onForward((forward) => forward / 90_000),
  'forward negative': onForward((forward) => -forward),
  'forward - 20 %': onForward((forward) => forward * 0.8),
};

describe('a guard on a hostile feed', () => {
  it(`lets no wrong number stand without a doubt in ${MESSAGES} messages`, () => {
    const words = pcg32(SEED, 1n);
    const uniform = (): number => words.next().value / 2 ** 32;
    const pick = (n: number): number => Math.floor(uniform() * n);
    const normal = (): number => Array.from({ length: 12 }, uniform).reduce((sum, next) => sum + next, -6);
    const market = { ...smallSnapshot(), source: { kind: 'live', name: 'Deribit' } as const };
    const clean = new CleanStream(smallCoin(market.underlyings[0]!), normal);
    const guard = createMarketGuard();
    let accepted: MarketSnapshot = {
      id: '',
      ...guard.open({ ...market, underlyings: [clean.coin] }, clean.now).market,
    };

    const counts = new Map<string, number>();
    const wrong: string[] = [];
    const names = Object.keys(FAULTS);
    const send = (move: UnderlyingDelta, isDelta: boolean): MarketQuality => {
      const delta: MarketDelta = { asOf: clean.now, underlyings: isDelta ? [move] : [] };
      const answer = guard.move(delta, clean.now);
      if (answer.delta !== null) accepted = movedMarket(accepted, answer.delta, '');
      return answer.quality;
    };
    let persisting: { readonly name: string; left: number } | null = null;
    for (let n = 0; n < MESSAGES; n += 1) {
      // Mostly a beat a second; now and then a burst, and now and then a silence.
      const pace = uniform();
      clean.tick(pace < 0.02 ? 1_000 * (2 + pick(150)) : pace < 0.3 ? 5 : 1_000);
      const good: UnderlyingDelta = { ...clean.coin };
      persisting ??= uniform() < 0.5 ? { name: names[pick(names.length)]!, left: 1 + pick(6) } : null;
      const name: string = persisting?.name ?? 'good';
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const isSilent = pace < 0.02 && uniform() < 0.5;
      const quality = send(persisting === null ? good : FAULTS[name]!(good, clean.now, pick), !isSilent);
      if (persisting !== null && (persisting.left -= 1) === 0) persisting = null;
      for (const fault of unflagged(accepted, quality, clean)) wrong.push(`${n} ${name}: ${fault}`);
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    expect([...counts.keys()].sort()).toEqual([...names, 'good'].sort());

    for (let second = 0; second <= 31; second += 1) {
      clean.tick(1_000);
      send({ ...clean.coin }, true);
    }
    guard.move({ asOf: clean.now, underlyings: [], stablecoins: market.stablecoins }, clean.now);
    expect(guard.move({ asOf: clean.now, underlyings: [] }, clean.now).quality.doubts).toEqual([]);
    expect(accepted.underlyings[0]).toMatchObject({
      index: clean.coin.index,
      perpetual: { mark: clean.coin.perpetual!.mark },
      expiries: clean.coin.expiries.map(({ forward, quotes }) => ({ forward, quotes })),
      confidence: { index: 1, perpetual: 1 },
    });
  });
});

/** Numbers that the market states, the clean stream does not, and no doubt covers. */
function* unflagged(market: MarketSnapshot, { doubts }: MarketQuality, clean: CleanStream): Generator<string> {
  const coin = market.underlyings[0]!;
  const isDoubted = (kind: ValueKind, expiry?: number): boolean =>
    doubts.some((doubt) => doubt.kind === kind && doubt.expiry === expiry);
  if (!clean.isTrue(coin.index, 'index') && !isDoubted('index')) yield `index ${coin.index}`;
  const { mark } = coin.perpetual!;
  if (!clean.isTrue(mark, 'perpetual') && !isDoubted('perpetual')) yield `perpetual ${mark}`;
  for (const { expiry, forward, quotes } of coin.expiries) {
    if (!clean.isTrue(forward, 'forward') && !isDoubted('forward', expiry)) yield `forward ${forward}`;
    for (const quote of quotes) {
      if (vols(quote).every((vol) => clean.isTrue(vol, 'quote'))) continue;
      const { name } = listedOption({ underlying: coin.symbol, expiry }, quote.strike, quote.type);
      const isCovered = doubts.some(
        (doubt) =>
          doubt.kind === 'quote' &&
          doubt.expiry === expiry &&
          (doubt.instrument === undefined || doubt.instrument === name),
      );
      if (!isCovered) yield `${name} ${vols(quote)}`;
    }
  }
}
