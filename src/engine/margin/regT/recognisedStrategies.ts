import { RiskError } from '../../domain/failure.ts';
import type { OptionType } from '../../domain/instrument.ts';

export type StrategyKind =
  | 'long option'
  | 'short option'
  | 'long coins'
  | 'short coins'
  | 'short straddle'
  | 'short strangle'
  | 'vertical'
  | 'calendar'
  | 'diagonal'
  | 'offset'
  | 'butterfly'
  | 'condor'
  | 'iron butterfly'
  | 'iron condor'
  | 'long box'
  | 'short box'
  | 'two verticals'
  | 'covered call'
  | 'covered put'
  | 'protective put'
  | 'collar'
  | 'conversion'
  | 'reverse conversion';

/** What decides which strategies a leg may join: everything but its price. `coin` is the underlying itself, which has no strike. */
export interface PairingLeg {
  readonly type: OptionType | 'coin';
  readonly strike: number;
  /** Any clock that puts the legs in order. */
  readonly expiry: number;
  readonly long: boolean;
}

/** One unit of a strategy that the manual knows, made of legs of the book. */
export interface RecognisedStrategy {
  readonly kind: StrategyKind;
  /**
   * Legs by their index in the book; the underlying first. Of two: put and call of a straddle, bought and sold of a spread. Of four:
   * put bought, put sold, call sold, call bought; of wings in the order of their strikes.
   */
  readonly legs: readonly number[];
  /** Contracts of each leg per unit, above 0. */
  readonly amounts: readonly number[];
  /** Largest loss of the payoff at expiry, premiums aside, USD per unit; 0 where the rule does not go by it. */
  readonly loss: number;
}

/** More than these are too many to look through while one edits. */
const MOST_STRATEGIES = 400_000;

const ONE = [1];
const TWO = [1, 1];
const THREE = [1, 1, 1];
const FOUR = [1, 1, 1, 1];
const BUTTERFLY = [1, 2, 1];

/**
 * Every strategy that the legs of a book on one underlying can form and that may be worth forming, one unit each, first the legs
 * alone in their order: straddles and strangles sold, spreads of two legs of a type (the bought one living at least as long), of one
 * expiry the butterflies (1-2-1), condors and pairs of a put and a call vertical, among them iron condors and boxes; the underlying
 * held with calls sold, puts bought, or both of one expiry (collar, conversion), and owed with puts sold (reverse conversion).
 *
 * A set of four legs, or a butterfly, whose loss is that of its two verticals added is left out: the verticals never ask for more.
 *
 * @throws RiskError `too-large` for a book with too many combinations.
 */
export function recognisedStrategies(book: readonly PairingLeg[]): RecognisedStrategy[] {
  const strategies: RecognisedStrategy[] = [];
  const add = (kind: StrategyKind, legs: readonly number[], amounts: readonly number[], loss = 0) => {
    strategies.push({ kind, legs, amounts, loss });
    if (strategies.length > MOST_STRATEGIES)
      throw new RiskError(
        'too-large',
        `A book of ${book.length} legs can be paired in too many ways; margin it in parts`,
      );
  };
  book.forEach(({ type, long }, i) =>
    add(`${long ? 'long' : 'short'} ${type === 'coin' ? 'coins' : 'option'}`, [i], ONE),
  );

  const indices = (type: PairingLeg['type'], long: boolean) =>
    book.flatMap((leg, i) => (leg.type === type && leg.long === long ? [i] : []));
  const [longCalls, shortCalls] = [indices('C', true), indices('C', false)];
  const [longPuts, shortPuts] = [indices('P', true), indices('P', false)];

  for (const call of shortCalls)
    for (const put of shortPuts)
      add(sameSeries(book, call, put) ? 'short straddle' : 'short strangle', [put, call], TWO);

  const verticals = { C: [] as Vertical[], P: [] as Vertical[] };
  for (const [type, longs, shorts] of [
    ['C', longCalls, shortCalls],
    ['P', longPuts, shortPuts],
  ] as const) {
    for (const long of longs)
      for (const short of shorts) {
        const [bought, sold] = [book[long]!, book[short]!];
        if (bought.expiry < sold.expiry) continue;
        const loss = largestLoss(book, [long, short], TWO);
        add(spreadKind(bought, sold), [long, short], TWO, loss);
        if (bought.expiry === sold.expiry && bought.strike !== sold.strike) verticals[type].push({ long, short, loss });
      }
    for (const [kind, legs, amounts] of [...wings(book, longs, shorts), ...wings(book, shorts, longs)]) {
      const loss = largestLoss(book, legs, amounts);
      if (loss < lossOfVerticals(book, legs)) add(kind, legs, amounts, loss);
    }
  }
  for (const call of verticals.C)
    for (const put of verticals.P) {
      if (book[call.long]!.expiry !== book[put.long]!.expiry) continue;
      const legs = [put.long, put.short, call.short, call.long];
      const kind = fourLegKind(book, legs);
      const loss = largestLoss(book, legs, FOUR);
      if (kind === 'long box' || loss < put.loss + call.loss) add(kind, legs, FOUR, loss);
    }
  for (const coin of indices('coin', true)) {
    for (const call of shortCalls) add('covered call', [coin, call], TWO);
    for (const put of longPuts) {
      add('protective put', [coin, put], TWO);
      for (const call of shortCalls) {
        if (book[put]!.expiry !== book[call]!.expiry || book[put]!.strike > book[call]!.strike) continue;
        add(book[put]!.strike === book[call]!.strike ? 'conversion' : 'collar', [coin, put, call], THREE);
      }
    }
  }
  for (const coin of indices('coin', false))
    for (const put of shortPuts) {
      add('covered put', [coin, put], TWO);
      for (const call of longCalls)
        if (sameSeries(book, put, call)) add('reverse conversion', [coin, put, call], THREE);
    }
  return strategies;
}

interface Vertical {
  readonly long: number;
  readonly short: number;
  readonly loss: number;
}

function sameSeries(book: readonly PairingLeg[], one: number, other: number): boolean {
  return book[one]!.strike === book[other]!.strike && book[one]!.expiry === book[other]!.expiry;
}

function spreadKind(bought: PairingLeg, sold: PairingLeg): StrategyKind {
  const sameStrike = bought.strike === sold.strike;
  if (bought.expiry === sold.expiry) return sameStrike ? 'offset' : 'vertical';
  return sameStrike ? 'calendar' : 'diagonal';
}

/** Of legs with as many calls bought as sold: the payoff is linear between strikes and level beyond, so its lowest is at 0 or a strike. */
function largestLoss(book: readonly PairingLeg[], legs: readonly number[], amounts: readonly number[]): number {
  let loss = 0;
  for (let at = -1; at < legs.length; at += 1) {
    const price = at < 0 ? 0 : book[legs[at]!]!.strike;
    let payoff = 0;
    for (let k = 0; k < legs.length; k += 1) {
      const { type, strike, long } = book[legs[k]!]!;
      const gain = type === 'C' ? price - strike : strike - price;
      if (gain > 0) payoff += (long ? amounts[k]! : -amounts[k]!) * gain;
    }
    if (-payoff > loss) loss = -payoff;
  }
  return loss;
}

/** The least loss of wings taken apart into two verticals. */
function lossOfVerticals(book: readonly PairingLeg[], legs: readonly number[]): number {
  const [low, first, last, high] = legs.length === 3 ? [legs[0]!, legs[1]!, legs[1]!, legs[2]!] : (legs as FourLegs);
  const apart = (one: number, other: number) => largestLoss(book, [one, other], TWO);
  return Math.min(apart(low, first) + apart(last, high), apart(low, last) + apart(first, high));
}

type FourLegs = readonly [number, number, number, number];
type Shape = readonly [StrategyKind, readonly number[], readonly number[]];

/** Butterflies and condors of one type and expiry, the outer strikes on one side of the book, the inner on the other. */
function* wings(book: readonly PairingLeg[], outer: readonly number[], inner: readonly number[]): Generator<Shape> {
  for (const low of outer)
    for (const high of outer) {
      const [from, to] = [book[low]!, book[high]!];
      if (from.strike >= to.strike || from.expiry !== to.expiry) continue;
      const between = inner
        .filter((index) => {
          const { strike, expiry } = book[index]!;
          return strike > from.strike && strike < to.strike && expiry === from.expiry;
        })
        .sort((one, other) => book[one]!.strike - book[other]!.strike);
      for (const [i, first] of between.entries()) {
        yield ['butterfly', [low, first, high], BUTTERFLY];
        for (const second of between.slice(i + 1))
          yield [
            book[first]!.strike === book[second]!.strike ? 'butterfly' : 'condor',
            [low, first, second, high],
            FOUR,
          ];
      }
    }
}

/** The name of a put and a call vertical of one expiry by their strikes: put bought, put sold, call sold, call bought. */
function fourLegKind(book: readonly PairingLeg[], legs: readonly number[]): StrategyKind {
  const [longPut, shortPut, shortCall, longCall] = legs.map((index) => book[index]!.strike) as unknown as FourLegs;
  if (longPut === shortCall && shortPut === longCall) return longPut > shortPut ? 'long box' : 'short box';
  const sold = longPut < shortPut && shortPut <= shortCall && shortCall < longCall;
  const bought = shortPut < longPut && longPut <= longCall && longCall < shortCall;
  if (!sold && !bought) return 'two verticals';
  return (sold ? shortPut === shortCall : longPut === longCall) ? 'iron butterfly' : 'iron condor';
}
