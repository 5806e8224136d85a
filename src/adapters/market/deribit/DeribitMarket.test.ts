import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { movedMarket } from '../../../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../../../engine/domain/marketSnapshot.ts';
import { type ContractReading, parseTicker } from './contractReading.ts';
import { DeribitMarket } from './DeribitMarket.ts';
import { type ListedContract, parseListedContract } from './parseListing.ts';

const NOW = Date.UTC(2026, 10, 20, 9);
const OPTIONS = [90_000, 92_000, 94_000].flatMap((strike) => [`BTC-27NOV26-${strike}-C`, `BTC-27NOV26-${strike}-P`]);

function listed(name: string, kind = 'option'): ListedContract {
  return parseListedContract({ kind, instrument_name: name, price_index: 'btc_usd', state: 'open' })!;
}

function ticker(name: string, at: number, fields: Record<string, unknown>): ContractReading {
  return parseTicker({ instrument_name: name, timestamp: at, ...fields })!;
}

function smallMarket(): DeribitMarket {
  const market = new DeribitMarket({ kind: 'live', name: 'test' });
  market.list(
    'BTC',
    OPTIONS.map((name) => listed(name)),
  );
  market.join(listed('BTC-PERPETUAL', 'future'));
  market.applyIndex('btc_usd', 92_000, NOW, NOW);
  for (const name of OPTIONS) market.applyReading(ticker(name, NOW, { mark_iv: 50, underlying_price: 92_300 }), NOW);
  return market;
}

/** Some messages of a second, each with the venue's time and a value that no other has. */
const messages = fc
  .array(
    fc.record({ kind: fc.constantFrom('index', 'perpetual', 'mark', 'ticker'), option: fc.nat(5), at: fc.nat(1_000) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((list) => list.map((message, i) => ({ ...message, at: NOW + 1 + message.at, place: i })));

type Message = { kind: string; option: number; at: number; place: number };

function apply(market: DeribitMarket, { kind, option, at, place }: Message): void {
  const name = OPTIONS[option]!;
  if (kind === 'index') market.applyIndex('btc_usd', 92_000 + place, at, NOW);
  else if (kind === 'perpetual') market.applyReading(ticker('BTC-PERPETUAL', at, { mark_price: 93_000 + place }), NOW);
  else if (kind === 'mark')
    market.applyMarks(
      [{ timestamp: at, instrument_name: name, mark_price: 0.01, iv: 0.5 + place / 1_000 }],
      'btc_usd',
      NOW,
    );
  else market.applyReading(ticker(name, at, { mark_iv: 50 + place / 10, open_interest: place }), NOW);
}

/** What must stand of a kind: of the latest time the one that came last. */
function latest(list: readonly Message[], isOf: (message: Message) => boolean): Message | undefined {
  return list
    .filter(isOf)
    .reduce<Message | undefined>((best, next) => (best && best.at > next.at ? best : next), undefined);
}

/** Whether a message brings the vol of an option. */
function isOf({ kind, option }: Message, wanted: number): boolean {
  return option === wanted && (kind === 'mark' || kind === 'ticker');
}

function snapshot(market: Omit<MarketSnapshot, 'id'> | null): MarketSnapshot {
  return { id: 'x', ...market! };
}

describe('DeribitMarket', () => {
  test.prop([messages, fc.array(fc.nat(), { maxLength: 30 }), fc.array(fc.boolean(), { maxLength: 100 })])(
    'holds of each value the latest by the venue, whatever the order and however often it comes',
    (ordered, repeats, tells) => {
      // Repeats of earlier messages, each with the values that it had.
      const list = [...ordered];
      for (const [i, n] of repeats.entries()) list.splice((n * 7 + i) % (list.length + 1), 0, list[n % list.length]!);
      const market = smallMarket();
      let heard = snapshot(market.whole());
      for (const [i, message] of list.entries()) {
        apply(market, message);
        const delta = tells[i] === true ? market.takeDelta() : null;
        if (delta !== null) heard = movedMarket(heard, delta, 'x');
      }
      const last = market.takeDelta();
      if (last !== null) heard = movedMarket(heard, last, 'x');

      const coin = heard.underlyings[0]!;
      const index = latest(list, ({ kind }) => kind === 'index');
      expect([coin.index, coin.indexTimestamp]).toEqual(index ? [92_000 + index.place, index.at] : [92_000, NOW]);
      const perpetual = latest(list, ({ kind }) => kind === 'perpetual');
      expect(coin.perpetual?.mark).toBe(perpetual && 93_000 + perpetual.place);
      for (const [option, name] of OPTIONS.entries()) {
        const [, , strike, type] = name.split('-');
        const quote = coin.expiries[0]!.quotes.find((other) => other.strike === Number(strike) && other.type === type)!;
        const mark = latest(list, (message) => isOf(message, option));
        expect(quote.timestamp).toBe(mark?.at ?? NOW);
        expect(quote.markIv).toBeCloseTo(mark === undefined ? 0.5 : 0.5 + mark.place / 1_000, 9);
      }
      // What was heard in pieces is what is there as a whole.
      expect(heard).toEqual(snapshot(market.whole()));
      // And what is there already moves nothing, nor does what is older.
      const standing = [
        index,
        perpetual,
        ...OPTIONS.map((_, option) => latest(list, (message) => isOf(message, option))),
      ];
      const older = list.filter(({ kind, at }) => kind === 'index' && at < index!.at);
      for (const message of [...older, ...standing]) if (message !== undefined) apply(market, message);
      expect(market.takeDelta()).toBeNull();
    },
  );

  it('tells what marks imply beside the forward of a future, and takes it for the forward where there is none', () => {
    // Calls and puts of an inverse expiry whose forward is 93,000: c - p = 1 - K/F.
    const marks = OPTIONS.map((name) => {
      const [, , strike, type] = name.split('-');
      const parity = 1 - Number(strike) / 93_000;
      return { timestamp: NOW + 1_000, instrument_name: name, mark_price: 0.05 + (type === 'C' ? parity : 0), iv: 0.5 };
    });
    const expiry = (market: DeribitMarket) => market.takeDelta()!.underlyings[0]!.expiries![0]!;
    const plain = smallMarket();
    plain.whole();
    plain.applyMarks(marks, 'btc_usd', NOW + 1_000);
    const implied = expiry(plain);
    expect(implied.forward).toBeCloseTo(93_000, 6);
    expect(implied.impliedForward).toBeUndefined();

    const future = smallMarket();
    future.join(listed('BTC-27NOV26', 'future'));
    future.whole();
    future.applyReading(ticker('BTC-27NOV26', NOW + 900, { mark_price: 97_000 }), NOW + 1_000);
    future.applyMarks(marks, 'btc_usd', NOW + 1_000);
    const stated = expiry(future);
    expect(stated.forward).toBe(97_000);
    expect(stated.impliedForward).toBeCloseTo(93_000, 6);
  });

  it('gives a quote without its vol when the vol comes as none, and leaves the others alone', () => {
    const market = smallMarket();
    const before = snapshot(market.whole());
    for (const [i, iv] of [null, -0.1, 0, 'NaN', 1e9].entries()) {
      market.applyMarks(
        [{ timestamp: NOW + i + 1, instrument_name: OPTIONS[0], mark_price: 0.01, iv }],
        'btc_usd',
        NOW,
      );
      const delta = market.takeDelta();
      const moved = movedMarket(before, delta!, 'x').underlyings[0]!.expiries[0]!.quotes;
      expect(moved.find(({ strike, type }) => strike === 90_000 && type === 'C')).toEqual({
        strike: 90_000,
        type: 'C',
        timestamp: NOW + i + 1,
      });
      expect(moved.filter(({ markIv }) => markIv === 0.5).length).toBe(5);
      market.applyMarks(
        [{ timestamp: NOW + i + 1, instrument_name: OPTIONS[0], mark_price: 0.01, iv: 0.5 }],
        'btc_usd',
        NOW,
      );
      market.takeDelta();
    }
  });

  it('passes a crossed quote and a jump on as they came', () => {
    const market = smallMarket();
    market.whole();
    market.applyReading(
      ticker(OPTIONS[2]!, NOW + 1, {
        mark_iv: 50,
        underlying_price: 92_300,
        best_bid_price: 0.06,
        best_ask_price: 0.03,
      }),
      NOW,
    );
    market.applyIndex('btc_usd', 920_000, NOW + 1, NOW);
    const { index, expiries } = market.takeDelta()!.underlyings[0]!;
    expect(index).toBe(920_000);
    const [quote] = expiries![0]!.quotes!;
    expect(quote!.bidIv).toBeGreaterThan(quote!.askIv!);
  });

  it('leaves bids and asks out that have not been refreshed for two minutes while the mark went on', () => {
    const market = smallMarket();
    market.applyReading(
      ticker(OPTIONS[2]!, NOW + 1, {
        mark_iv: 50,
        underlying_price: 92_300,
        best_bid_price: 0.02,
        best_ask_price: 0.03,
      }),
      NOW,
    );
    market.whole();
    for (const [later, isQuoted] of [
      [119_000, true],
      [121_000, false],
    ] as const) {
      const at = NOW + 1 + later;
      market.applyMarks([{ timestamp: at, instrument_name: OPTIONS[2], mark_price: 0.02, iv: 0.51 }], 'btc_usd', at);
      const [quote] = market.takeDelta()!.underlyings[0]!.expiries![0]!.quotes!;
      expect(quote!.bidIv !== undefined).toBe(isQuoted);
    }
  });

  it('refuses marks of options that belong elsewhere, and says how many it does not know', () => {
    const market = smallMarket();
    const rows = [
      { timestamp: NOW + 1, instrument_name: 'BTC-27NOV26-1000-C', mark_price: 0.9, iv: 2 },
      { timestamp: NOW + 1, instrument_name: 'SOL_USDC-27NOV26-100-C', mark_price: 1, iv: 2 },
      { timestamp: NOW + 1, instrument_name: 'BTC-PERPETUAL', mark_price: 1, iv: 2 },
      { timestamp: NOW + 1, instrument_name: OPTIONS[0], mark_price: 0.01, iv: 0.4 },
      'nonsense',
    ];
    expect(market.applyMarks(rows, 'btc_usd', NOW)).toEqual({ refused: 4, unknown: 1, latest: NOW + 1 });
    expect(market.applyMarks(rows, 'eth_usd', NOW).latest).toBeNull();
  });
});
