import { RiskError } from '../../domain/failure.ts';
import { limitedRiskRequirement, type RegTLeg } from './limitedRisk.ts';
import { REG_T_RATES, type RegTRates } from './regTRates.ts';
import { type RegTUnderlying, shortOptionPerUnit, shortStranglePerUnit } from './shortOption.ts';

export type StrategyKind =
  | 'long option'
  | 'short option'
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
  | 'box'
  | 'two verticals';

/** One unit of a strategy that the manual knows, made of legs of the book. */
export interface RecognisedStrategy {
  readonly kind: StrategyKind;
  /** Legs by their index in the book, and contracts of each per unit, above 0. */
  readonly legs: readonly number[];
  readonly amounts: readonly number[];
  /** Requirement less the premium of what is sold, USD per unit. */
  readonly netCall: number;
}

/** More than these are too many to look through while one edits. */
const MOST_STRATEGIES = 400_000;

/**
 * Every strategy that the legs of a book on one underlying can form, one unit each, first the legs alone in their order: straddles
 * and strangles sold, spreads of two legs of a type (the bought one living at least as long), and of one expiry the butterflies
 * (1-2-1), condors and pairs of a put and a call vertical, among them iron condors and boxes.
 *
 * @throws RiskError `too-large` for a book with too many combinations.
 */
export function recognisedStrategies(
  book: readonly RegTLeg[],
  underlying: RegTUnderlying,
  rates: RegTRates = REG_T_RATES,
): RecognisedStrategy[] {
  const strategies = book.map((leg, i) => alone(leg, i, underlying, rates));
  const add = (kind: StrategyKind, legs: readonly number[], amounts: readonly number[]) => {
    const members = legs.map((index, k) => ({
      ...book[index]!,
      quantity: Math.sign(book[index]!.quantity) * amounts[k]!,
    }));
    strategies.push({ kind, legs, amounts, netCall: limitedRiskRequirement(members, underlying, rates).netCall });
    if (strategies.length > MOST_STRATEGIES)
      throw new RiskError(
        'too-large',
        `A book of ${book.length} legs can be paired in too many ways; margin it in parts`,
      );
  };

  const indices = (type: 'C' | 'P', side: 1 | -1) =>
    book.flatMap((leg, i) => (leg.type === type && Math.sign(leg.quantity) === side ? [i] : []));
  const [longCalls, shortCalls] = [indices('C', 1), indices('C', -1)];
  const [longPuts, shortPuts] = [indices('P', 1), indices('P', -1)];

  for (const call of shortCalls)
    for (const put of shortPuts) strategies.push(soldTogether(book, call, put, underlying, rates));

  const verticals = { C: [] as (readonly [number, number])[], P: [] as (readonly [number, number])[] };
  for (const [type, longs, shorts] of [
    ['C', longCalls, shortCalls],
    ['P', longPuts, shortPuts],
  ] as const) {
    for (const long of longs)
      for (const short of shorts) {
        const [bought, sold] = [book[long]!, book[short]!];
        if (expiry(bought) < expiry(sold)) continue;
        add(spreadKind(bought, sold), [long, short], [1, 1]);
        if (expiry(bought) === expiry(sold) && bought.strike !== sold.strike) verticals[type].push([long, short]);
      }
    for (const [kind, legs, amounts] of wings(book, longs, shorts)) add(kind, legs, amounts);
    for (const [kind, legs, amounts] of wings(book, shorts, longs)) add(kind, legs, amounts);
  }
  for (const [longCall, shortCall] of verticals.C)
    for (const [longPut, shortPut] of verticals.P) {
      if (expiry(book[longCall]!) !== expiry(book[longPut]!)) continue;
      const legs = [longPut, shortPut, shortCall, longCall];
      add(fourLegKind(legs.map((index) => book[index]!.strike)), legs, [1, 1, 1, 1]);
    }
  return strategies;
}

function expiry(leg: RegTLeg): number {
  return leg.expiry ?? 0;
}

function alone(leg: RegTLeg, index: number, underlying: RegTUnderlying, rates: RegTRates): RecognisedStrategy {
  const position = { legs: [index], amounts: [1] };
  return leg.quantity < 0
    ? { ...position, kind: 'short option', netCall: shortOptionPerUnit(leg, underlying, rates) - leg.premium }
    : { ...position, kind: 'long option', netCall: leg.premium };
}

function soldTogether(
  book: readonly RegTLeg[],
  call: number,
  put: number,
  underlying: RegTUnderlying,
  rates: RegTRates,
): RecognisedStrategy {
  const [soldCall, soldPut] = [book[call]!, book[put]!];
  const gross = shortStranglePerUnit(soldCall, soldPut, underlying, rates);
  const straddle = soldCall.strike === soldPut.strike && expiry(soldCall) === expiry(soldPut);
  return {
    kind: straddle ? 'short straddle' : 'short strangle',
    legs: [put, call],
    amounts: [1, 1],
    netCall: gross - soldCall.premium - soldPut.premium,
  };
}

function spreadKind(bought: RegTLeg, sold: RegTLeg): StrategyKind {
  const sameStrike = bought.strike === sold.strike;
  if (expiry(bought) === expiry(sold)) return sameStrike ? 'offset' : 'vertical';
  return sameStrike ? 'calendar' : 'diagonal';
}

type Shape = readonly [StrategyKind, readonly number[], readonly number[]];

/** Butterflies and condors of one type and expiry, the outer strikes on one side of the book, the inner on the other. */
function* wings(book: readonly RegTLeg[], outer: readonly number[], inner: readonly number[]): Generator<Shape> {
  for (const low of outer)
    for (const high of outer) {
      const [from, to] = [book[low]!, book[high]!];
      if (from.strike >= to.strike || expiry(from) !== expiry(to)) continue;
      const between = inner.filter((index) => {
        const { strike } = book[index]!;
        return strike > from.strike && strike < to.strike && expiry(book[index]!) === expiry(from);
      });
      for (const [i, first] of between.entries()) {
        yield ['butterfly', [low, first, high], [1, 2, 1]];
        for (const second of between.slice(i + 1)) {
          if (book[first]!.strike === book[second]!.strike) continue;
          yield ['condor', [low, first, second, high], [1, 1, 1, 1]];
        }
      }
    }
}

/** The name of a put and a call vertical of one expiry by their strikes: put bought, put sold, call sold, call bought. */
function fourLegKind(strikes: readonly number[]): StrategyKind {
  const [longPut, shortPut, shortCall, longCall] = strikes as [number, number, number, number];
  if (longPut === shortCall && shortPut === longCall) return 'box';
  const sold = longPut < shortPut && shortPut <= shortCall && shortCall < longCall;
  const bought = shortPut < longPut && longPut <= longCall && longCall < shortCall;
  if (!sold && !bought) return 'two verticals';
  return (sold ? shortPut === shortCall : longPut === longCall) ? 'iron butterfly' : 'iron condor';
}
