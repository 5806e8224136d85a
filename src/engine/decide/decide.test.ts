import { describe, expect, it } from 'vitest';
import { bookRisk } from '../bookRisk.ts';
import type { Portfolio } from '../domain/portfolio.ts';
import { afterTrades, type Trade } from '../domain/trade.ts';
import { optionChain } from '../optionChain.ts';
import { CODES, EXPIRIES, smallBook, smallMarket } from '../fixtures/smallMarket.ts';
import { headroomModels } from '../margin/headroomModels.ts';
import { type MarketRule, marketRule } from '../margin/marketRule.ts';
import { rememberedRows } from '../scenario/unitPnlCache.ts';
import { requirementOf } from '../explore.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { shiftedBook } from '../scenario/shiftedBook.ts';
import { cheapestCut } from './cheapestCut.ts';
import { expiryCliff } from './expiryCliff.ts';
import { fillOrder } from './fillOrder.ts';
import { marginalMargin } from './marginalMargin.ts';

const market = smallMarket();
const marketId = market.snapshot.id;

function ruleOf(id: string): MarketRule {
  return marketRule(market, { model: id, parameters: {} }, headroomModels, rememberedRows());
}

/** As the verdict has it. */
function verdict(book: Portfolio, id: string) {
  const [outcome] = bookRisk(market, book, { models: [id] }).margins;
  if (outcome === undefined || 'unsupported' in outcome) throw new Error('no margin');
  return outcome;
}

const strangle = smallBook([
  [`BTC-${CODES.month}-75000-P`, -5],
  [`BTC-${CODES.month}-105000-C`, -5],
  [`BTC-${CODES.week}-70000-P`, 5],
  ['BTC-PERPETUAL', -30_000, 90_000],
  [`ETH-${CODES.year}-3000-C`, 20],
]);
const models = ['isolated', 'cross', 'portfolio'] as const;

describe('marginalMargin', () => {
  it.each(models)('%s: is what the verdict says when one contract is clicked in the chain', async (id) => {
    const request = { marketId, model: id, parameters: {}, book: strangle, underlying: 'BTC', expiry: EXPIRIES.month };
    const report = (await marginalMargin(ruleOf(id), request))!;
    const chain = optionChain(market, { marketId, underlying: 'BTC', expiry: EXPIRIES.month });
    const before = verdict(strangle, id);
    expect(report.initialMarginUsd).toBe(before.initialMarginUsd);
    expect(Object.keys(report.contracts)).toHaveLength(2 * chain.rows.length);
    for (const side of chain.rows.flatMap(({ call, put }) => [call, put])) {
      for (const [way, quantity, price] of [
        ['bought', 1, side.ask],
        ['sold', -1, side.bid],
      ] as const) {
        const after = verdict(afterTrades(strangle, [{ instrument: side.instrument, quantity, price }]), id);
        const marginal = report.contracts[side.instrument]![way];
        if ('unsupported' in marginal) throw new Error(marginal.unsupported.message);
        expect(marginal.initialMarginUsd).toBe(after.initialMarginUsd - before.initialMarginUsd);
        expect(marginal.availableUsd).toBe(after.availableUsd - before.availableUsd);
      }
    }
  });

  it('gives up when it is cancelled, and names an expiry that is not listed', async () => {
    const request = {
      marketId,
      model: 'cross',
      parameters: {},
      book: strangle,
      underlying: 'BTC',
      expiry: EXPIRIES.week,
    };
    expect(await marginalMargin(ruleOf('cross'), request, { cancelled: () => true })).toBeNull();
    await expect(marginalMargin(ruleOf('cross'), { ...request, expiry: EXPIRIES.week + 1 })).rejects.toThrow(
      /does not list/,
    );
  });
});

describe('cheapestCut', () => {
  const request = {
    marketId,
    model: 'portfolio',
    parameters: {},
    book: strangle,
    withFutures: true,
    evaluations: 800,
  } as const;

  it.each(models)('%s: each point frees what the verdict says, and none is beaten by another', async (id) => {
    for (const objective of ['premium', 'delta'] as const) {
      const report = (await cheapestCut(ruleOf(id), { ...request, model: id, objective, targetUsd: 5_000 }))!;
      const before = verdict(strangle, id);
      expect(report.initialMarginUsd).toBe(before.initialMarginUsd);
      expect(report.frontier.length).toBeGreaterThan(3);
      for (const [at, point] of report.frontier.entries()) {
        const after = verdict(afterTrades(strangle, point.trades), id);
        expect(point.freedUsd).toBeCloseTo(before.initialMarginUsd - after.initialMarginUsd, 6);
        expect(point.availableChangeUsd).toBeCloseTo(after.availableUsd - before.availableUsd, 6);
        expect(point.freedUsd).toBeGreaterThan(report.frontier[at - 1]?.freedUsd ?? 0);
        expect(point.trades.length).toBeLessThanOrEqual(report.searched.mostTrades);
        expect(point.spreadUsd).toBeGreaterThanOrEqual(0);
      }
      const chosen = report.frontier[report.chosen!]!;
      expect(chosen.freedUsd).toBeGreaterThanOrEqual(5_000 - 0.01);
      expect(report.chosen === 0 || report.frontier[report.chosen! - 1]!.freedUsd < 5_000).toBe(true);
    }
  });

  it('buys at the ask, sells at the bid, and closes no more than is held', async () => {
    const report = (await cheapestCut(ruleOf('portfolio'), { ...request, objective: 'premium', targetUsd: null }))!;
    const sides = Object.values(EXPIRIES)
      .flatMap((expiry) => ['BTC', 'ETH'].map((underlying) => optionChain(market, { marketId, underlying, expiry })))
      .flatMap(({ rows }) => rows.flatMap(({ call, put }) => [call, put]));
    for (const { trades } of report.frontier) {
      const sold = new Map<string, number>();
      for (const { instrument, quantity, price, fill } of trades) {
        const side = sides.find((candidate) => candidate.instrument === instrument);
        if (side === undefined) expect(instrument).toMatch(/PERPETUAL$/);
        else expect([fill, price]).toEqual(quantity > 0 ? ['ask', side.ask] : ['bid', side.bid]);
        const key = instrument.slice(0, 3) + instrument.slice(-1);
        if (side !== undefined) sold.set(key, (sold.get(key) ?? 0) + quantity);
      }
      // Of no coin and type are more options sold than are held or bought back.
      for (const [key, quantity] of sold) {
        const longs = strangle.legs
          .filter((leg) => leg.quantity > 0 && leg.instrument.slice(0, 3) + leg.instrument.slice(-1) === key)
          .reduce((sum, leg) => sum + leg.quantity, 0);
        expect(quantity).toBeGreaterThanOrEqual(-longs);
      }
    }
    expect(report.chosen).toBeNull();
  });

  it('without futures trades options alone', async () => {
    const report = (await cheapestCut(ruleOf('portfolio'), {
      ...request,
      objective: 'premium',
      targetUsd: null,
      withFutures: false,
    }))!;
    for (const { trades } of report.frontier) for (const { instrument } of trades) expect(instrument).toMatch(/-[CP]$/);
  });

  it('is the same when asked again, and null when cancelled', async () => {
    const ask = () =>
      cheapestCut(ruleOf('cross'), { ...request, model: 'cross', objective: 'premium', targetUsd: 1_000 });
    expect(await ask()).toEqual(await ask());
    const cancelled = await cheapestCut(
      ruleOf('cross'),
      { ...request, model: 'cross', objective: 'premium', targetUsd: null },
      { cancelled: () => true },
    );
    expect(cancelled).toBeNull();
  });
});

describe('fillOrder', () => {
  const condor: Trade[] = [
    { instrument: `BTC-${CODES.month}-75000-P`, quantity: -5, price: 0.01 },
    { instrument: `BTC-${CODES.month}-105000-C`, quantity: -5, price: 0.01 },
    { instrument: `BTC-${CODES.month}-65000-P`, quantity: 5, price: 0.004 },
    { instrument: `BTC-${CODES.month}-115000-C`, quantity: 5, price: 0.004 },
  ];
  const empty = smallBook([]);

  it('buys the wings before it sells the body, and says what the other way would ask', async () => {
    const report = (await fillOrder(ruleOf('portfolio'), {
      marketId,
      model: 'portfolio',
      parameters: {},
      book: empty,
      trades: condor,
    }))!;
    expect(report).toMatchObject({ kind: 'entry', isExact: true });
    expect([...report.best.order].slice(0, 2).sort()).toEqual([2, 3]);
    expect([...report.worst.order].slice(0, 2).sort()).toEqual([0, 1]);
    expect(report.worst.peakUsd).toBeGreaterThan(report.best.peakUsd);
    const after = (order: readonly number[]) =>
      afterTrades(
        empty,
        order.map((at) => condor[at]!),
      );
    for (const { order, steps, peakAt, peakUsd } of [report.best, report.worst]) {
      expect(steps.at(-1)!.initialMarginUsd).toBeCloseTo(verdict(after([0, 1, 2, 3]), 'portfolio').initialMarginUsd, 6);
      const peak = verdict(after(order.slice(0, peakAt)), 'portfolio').initialMarginUsd;
      expect(peak).toBeCloseTo(peakUsd, 6);
    }
  });

  it.each(models)('%s: no order has a lower peak than the best, none a higher one than the worst', async (id) => {
    const report = (await fillOrder(ruleOf(id), {
      marketId,
      model: id,
      parameters: {},
      book: strangle,
      trades: null,
    }))!;
    expect(report.kind).toBe('exit');
    const orders = [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [2, 0, 1, 4, 3],
      [1, 4, 0, 3, 2],
      [3, 1, 2, 0, 4],
      [2, 4, 3, 0, 1],
    ];
    for (const order of orders) {
      const peak = Math.max(
        ...[0, 1, 2, 3, 4, 5].map(
          (count) =>
            verdict(
              afterTrades(
                strangle,
                order.slice(0, count).map((at) => report.trades[at]!),
              ),
              id,
            ).initialMarginUsd,
        ),
      );
      expect(report.best.peakUsd).toBeLessThanOrEqual(peak + 1e-6);
      expect(report.worst.peakUsd).toBeGreaterThanOrEqual(peak - 1e-6);
    }
    expect(report.best.leastAvailableUsd).toBe(
      Math.min(report.start.availableUsd, ...report.best.steps.map(({ availableUsd }) => availableUsd)),
    );
  });

  it('has nothing to fill without a trade, and gives up when it is cancelled', async () => {
    const request = { marketId, model: 'cross', parameters: {}, book: empty, trades: [] };
    await expect(fillOrder(ruleOf('cross'), request)).rejects.toThrow(/Nothing is proposed/);
    await expect(fillOrder(ruleOf('cross'), { ...request, trades: null })).rejects.toThrow(/no leg to close/);
    expect(await fillOrder(ruleOf('cross'), { ...request, trades: condor }, { cancelled: () => true })).toBeNull();
  });
});

describe('expiryCliff', () => {
  const request = { marketId, model: 'portfolio', parameters: {}, pin: null } as const;

  it('names the hedge that dies and what it protects', () => {
    const book = smallBook([
      [`BTC-${CODES.month}-85000-P`, -5],
      [`BTC-${CODES.week}-85000-P`, 5],
    ]);
    const { expiries, now } = expiryCliff(ruleOf('portfolio'), { ...request, book });
    expect(now.initialMarginUsd).toBeCloseTo(verdict(book, 'portfolio').initialMarginUsd, 6);
    expect(expiries.map(({ expiry }) => expiry)).toEqual([EXPIRIES.week, EXPIRIES.month]);
    const [first, last] = expiries;
    expect(first!.after.initialMarginUsd).toBeGreaterThan(first!.before.initialMarginUsd);
    expect(first!.lostHedges).toHaveLength(1);
    expect(first!.lostHedges[0]).toMatchObject({ hedge: { id: 'b' }, protects: { id: 'a' } });
    expect(first!.expired).toEqual([
      { id: 'b', instrument: `BTC-${CODES.week}-85000-P`, quantity: 5, settlementUsd: 0 },
    ]);
    expect(last!.after.initialMarginUsd).toBe(0);
    expect(last!.lostHedges).toEqual([]);
  });

  it('settles at the intrinsic value of a pinned spot, and equity does not jump', () => {
    const book = smallBook([
      [`BTC-${CODES.week}-95000-P`, 2],
      [`BTC-${CODES.month}-75000-P`, -1],
    ]);
    const pin = {
      spotMove: -0.1,
      volShock: 0.2,
      volUnit: 'relative',
      days: 0,
      smile: 'sticky-strike',
      movers: 'all',
    } as const;
    const { expiries } = expiryCliff(ruleOf('portfolio'), { ...request, book, pin });
    const { before, after, expired } = expiries[0]!;
    expect(expired[0]!.settlementUsd).toBeCloseTo(2 * (95_000 - 81_000), 6);
    expect(after.equityUsd).toBeCloseTo(before.equityUsd, -1);
  });

  it.each(models)('%s: is what the stress grid would ask on that day', (id) => {
    const report = expiryCliff(ruleOf(id), { ...request, model: id, book: strangle });
    const rule = ruleOf(id);
    for (const { expiry, after } of report.expiries) {
      const days = (expiry + 60_000 - market.snapshot.asOf) / 86_400_000;
      const scenario = { spotMove: 0, volShock: 0, volUnit: 'relative', days, smile: 'sticky-strike' } as const;
      const shifted = shiftedBook(bookPositions(market, strangle), scenario, 'all');
      const asked = requirementOf(shifted, rule);
      expect(after.initialMarginUsd).toBeCloseTo(asked.initialMarginUsd!, 4);
      expect(after.maintenanceMarginUsd).toBeCloseTo(asked.maintenanceMarginUsd!, 4);
      expect(after.equityUsd).toBeCloseTo(asked.equityUsd!, 4);
    }
  });
});
