import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { identified, parseMarketFile } from '../formats/marketFile.ts';
import { marginCaseDifference, marginCaseText, parseMarginCase } from '../formats/marginCaseFile.ts';
import type { MarginCase } from './domain/marginCase.ts';
import type { Portfolio } from './domain/portfolio.ts';
import type { SmileEdit } from './domain/smileEdit.ts';
import { expiryCode } from './domain/instrument.ts';
import { ENGINE_VERSION } from './engineVersion.ts';
import { fullMarginCase, marginCaseOutcome, smallestMarginCase } from './marginCase.ts';
import { marginModels } from './margin/marginModels.ts';

const parsed = parseMarketFile(readFileSync('public/demo/market.json', 'utf8'));
if (!parsed.ok) throw new Error(parsed.failure.message);
const demo = parsed.value;
const [btc, eth] = ['BTC', 'ETH'].map((symbol) => demo.underlyings.find((coin) => coin.symbol === symbol)!);
const near = btc!.expiries.find(({ expiry, quotes }) => expiry > demo.asOf && quotes.length > 10)!;
const strikes = [...new Set(near.quotes.map(({ strike }) => strike))];
const at = (share: number) => strikes[Math.floor(share * (strikes.length - 1))]!;
const code = expiryCode(near.expiry);

const BOOK: Portfolio = {
  name: 'Strangle, a wing without a quote, a hedge',
  legs: [
    { id: 'a', instrument: `BTC-${code}-${at(0.3)}-P`, quantity: -10 },
    { id: 'b', instrument: `BTC-${code}-${at(0.7)}-C`, quantity: -10 },
    { id: 'c', instrument: 'BTC-PERPETUAL', quantity: -80_000, entryPrice: btc!.index * 1.01 },
  ],
  collateral: [
    { asset: 'USDC', quantity: 300_000 },
    { asset: 'BTC', quantity: 0.5 },
  ],
};
/** Its vol is read from the smile, which the other quotes make. */
const UNQUOTED: Portfolio = {
  ...BOOK,
  legs: [...BOOK.legs, { id: 'd', instrument: `BTC-${code}-${at(0.5) + 137}-P`, quantity: 3 }],
};

function written(book: Portfolio, model: string, smileEdits: readonly SmileEdit[] = []) {
  const request = { marketId: demo.id, portfolio: book, model, parameters: {}, smileEdits };
  const whole = fullMarginCase(demo, request, marginModels);
  const { marginCase, outcome } = smallestMarginCase(whole, marginModels, identified);
  return { whole, marginCase, outcome, text: marginCaseText(marginCase, outcome, ENGINE_VERSION) };
}

function rerun(text: string) {
  const document = parseMarginCase(text);
  if (!document.ok) throw new Error(document.failure.message);
  return { ...document.value, outcome: marginCaseOutcome(document.value.marginCase, marginModels) };
}

describe('smallestMarginCase', () => {
  for (const { id } of marginModels) {
    it(`reruns to the same digits under ${id}, from no more of the market than it needs`, () => {
      const { whole, outcome, text } = written(BOOK, id);
      // Of the rules of some venues only BTC and ETH are known, and one refuses hedges in coin: a refusal reruns as well.
      const again = rerun(text);
      expect(JSON.stringify(again.outcome)).toBe(JSON.stringify(outcome));
      expect(JSON.stringify(outcome)).toBe(JSON.stringify(marginCaseOutcome(whole, marginModels)));
      expect(marginCaseDifference(again.result, again.outcome)).toBeNull();
      expect(again.marginCase.market.underlyings.map(({ symbol }) => symbol)).not.toContain('SOL');
      expect(text.length).toBeLessThan(JSON.stringify(demo).length);
    });
  }

  it('takes two quotes for a book of two quoted options, and a whole smile where an option has no quote', () => {
    const quotesOf = ({ market }: MarginCase) =>
      market.underlyings.flatMap(({ expiries }) => expiries.flatMap(({ quotes }) => quotes));
    const small = written(BOOK, 'portfolio').marginCase;
    expect(quotesOf(small)).toHaveLength(2);
    expect(small.market.underlyings.every(({ history }) => history === undefined)).toBe(true);
    const fitted = written(UNQUOTED, 'portfolio').marginCase;
    expect(quotesOf(fitted).length).toBe(near.quotes.length);
    expect(written(BOOK, 'var').marginCase.market.underlyings[0]!.history).toBeDefined();
  });

  it('keeps the edits of smiles that the figure rests on', () => {
    const edit = { underlying: 'BTC', expiry: near.expiry, level: 0.02, skew: 0, wings: 0 };
    const other = { underlying: 'ETH', expiry: eth!.expiries.at(-1)!.expiry, level: 0.02, skew: 0, wings: 0 };
    const { text, outcome, marginCase } = written(BOOK, 'portfolio', [edit, other]);
    expect(marginCase.smileEdits).toEqual([edit]);
    expect(JSON.stringify(rerun(text).outcome)).toBe(JSON.stringify(outcome));
    expect(JSON.stringify(outcome)).not.toBe(JSON.stringify(written(BOOK, 'portfolio').outcome));
  });

  it('says where a result is another', () => {
    const { text, outcome } = written(BOOK, 'cross');
    if (!('initialMarginUsd' in outcome)) throw new Error('cross margin takes every book');
    const forged = text.replace(`"initialMarginUsd": ${outcome.initialMarginUsd}`, '"initialMarginUsd": 1');
    const again = rerun(forged);
    expect(marginCaseDifference(again.result, again.outcome)).toEqual({
      path: '/initialMarginUsd',
      written: '1',
      found: String(outcome.initialMarginUsd),
    });
    const longer = rerun(text.replace('"approximations": []', '"approximations": ["none"]'));
    expect(marginCaseDifference(longer.result, longer.outcome)).toMatchObject({
      path: '/approximations/0',
      found: 'nothing',
    });
  });
});
