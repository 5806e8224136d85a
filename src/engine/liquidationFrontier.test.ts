import { describe, expect, it } from 'vitest';
import { RiskError } from './domain/failure.ts';
import type { Frontier, FrontierPoint, FrontierReport, FrontierRequest } from './domain/liquidationFrontier.ts';
import type { Portfolio } from './domain/portfolio.ts';
import { explore, stressGrid } from './explore.ts';
import { dailyHistory, randomMoves, withHistory } from './fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from './fixtures/smallMarket.ts';
import { liquidationFrontier } from './liquidationFrontier.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { headroomModels } from './margin/headroomModels.ts';
import { marketRule } from './margin/marketRule.ts';
import { bookPositions } from './scenario/bookPositions.ts';
import { prepareMarket } from './scenario/preparedMarket.ts';
import { distanceOf } from './scenario/spotVolDistance.ts';
import { computedRows } from './scenario/unitPnlCache.ts';

const moves = randomMoves(400);
const market = prepareMarket(withHistory(smallSnapshot(), { BTC: dailyHistory(AS_OF, moves.btc, moves.btcVol) }));
const CASH = (quantity: number) => [{ asset: 'USDC', quantity }];

/** Five percent of every contract's notional, and nothing else: a rule whose liquidation price is known in closed form. */
const notionalRule: MarginModel = {
  id: 'notional',
  title: 'Notional',
  venue: 'test',
  source: '',
  parametersDate: '2026-01-01',
  parameters: [],
  requirement(book) {
    let usd = 0;
    for (const { contract, quantity } of book.positions) {
      if (contract === null) continue;
      if (contract.instrument.product === 'option' && contract.forward < 50_000)
        throw new RiskError('unsupported', `${contract.instrument.name} is too far from its strike`);
      const isInverse = contract.option === null && contract.instrument.settlement === 'coin';
      usd += 0.05 * Math.abs(quantity) * (isInverse ? 1 : contract.forward);
    }
    return {
      initialMarginUsd: usd,
      maintenanceMarginUsd: usd,
      worstScenario: null,
      components: [],
      positions: [],
      approximations: [],
    };
  },
};
const library = [...headroomModels, notionalRule];

function request(book: Portfolio, overrides: Partial<FrontierRequest> = {}): FrontierRequest {
  return {
    marketId: market.snapshot.id,
    book,
    proposed: null,
    model: 'notional',
    parameters: {},
    underlying: 'BTC',
    movers: 'all',
    smile: 'sticky-strike',
    days: 0,
    horizonDays: 30,
    ...overrides,
  };
}

async function reportOf(book: Portfolio, overrides: Partial<FrontierRequest> = {}, on = market) {
  const report = await liquidationFrontier(on, request(book, overrides), { now: () => 0 }, library);
  return report!;
}

const logPoint = ({ spotMove, volShock }: FrontierPoint) => [Math.log1p(spotMove), Math.log1p(volShock)] as const;

/** The margin path of the stress grid, cell by cell. */
function headroomAt(book: Portfolio, model: string, days: number, { spotMove, volShock }: FrontierPoint): number {
  const axes = {
    spot: [spotMove],
    vol: [volShock],
    volUnit: 'relative',
    days,
    smile: 'sticky-strike',
    movers: 'all',
  } as const;
  const rule = marketRule(market, { model, parameters: {} }, library, computedRows);
  const grid = stressGrid(bookPositions(market, book), axes, rule);
  return grid.equityUsd[0]![0]! - grid.maintenanceMarginUsd[0]![0]!;
}

describe('in closed form', () => {
  it('is an upright line at the liquidation price of a linear future', async () => {
    // Entered at the mark: C + q F m = 5 % q F (1 + m).
    const { before } = await reportOf(smallBook([[`BTC_USDC-${CODES.month}`, 2]], CASH(60_000)));
    const forward = 90_000 * Math.exp((0.05 * 35) / 365);
    const level = (0.05 * 2 * forward - 60_000) / (0.95 * 2 * forward);
    expect(before.lines).toHaveLength(1);
    for (const { spotMove } of before.lines[0]!) expect(spotMove).toBeCloseTo(level, 5);
    const vols = before.lines[0]!.map(({ volShock }) => volShock);
    expect([Math.min(...vols), Math.max(...vols)]).toEqual([expect.closeTo(-0.5, 9), expect.closeTo(1.5, 9)]);
    expect(before.nearest!.spotMove).toBeCloseTo(level, 5);
    expect(before.regions).toHaveLength(1);
  });

  it('is an upright line at the liquidation price of an inverse perpetual held in coin', async () => {
    // A short of N dollars entered at the mark, C coins behind it: C (1 + m) I + N ((1 + m) - 1) I / M ... in coins:
    // C + N (1 / ((1 + m) M) - 1 / M) = 5 % N / ((1 + m) I), all at index I and mark M = 1.0004 I.
    const [notional, coins, index, mark] = [200_000, 1, 90_000, 90_000 * 1.0004];
    const book = smallBook([['BTC-PERPETUAL', -notional]], [{ asset: 'BTC', quantity: coins }]);
    const { before } = await reportOf(book);
    // Losing coins as spot rises: short N dollars gains N (1/F' - 1/F)(-1).
    const level = (-0.05 * notional) / index + notional / mark;
    const factor = level / (notional / mark - coins);
    expect(before.lines).toHaveLength(1);
    for (const { spotMove } of before.lines[0]!) expect(1 + spotMove).toBeCloseTo(factor, 4);
  });

  it('measures an upright line where the metric says, vol going along with spot', async () => {
    const report = await reportOf(smallBook([[`BTC_USDC-${CODES.month}`, 2]], CASH(60_000)));
    const { spotDeviation, volDeviation, correlation } = report.distance;
    const nearest = report.before.nearest!;
    // The nearest point of x = const lies at y = rho (sy / sx) x, as far as x alone.
    const [x, y] = logPoint(nearest);
    expect(nearest.sigmas).toBeCloseTo(Math.abs(x) / spotDeviation!, 4);
    expect(y).toBeCloseTo((correlation! * volDeviation! * x) / spotDeviation!, 2);
  });
});

describe('a frontier', () => {
  const strangle = smallBook(
    [
      [`BTC-${CODES.month}-75000-P`, -6],
      [`BTC-${CODES.month}-105000-C`, -6],
      [`BTC-${CODES.week}-85000-P`, 2],
    ],
    CASH(110_000),
  );

  it.each([
    ['portfolio', 0],
    ['cross', 0],
    ['portfolio', 10],
  ] as const)('lies where the margin path says, under %s after %i days', async (model, days) => {
    const { before } = await reportOf(strangle, { model, days });
    expect(before.lines.flat().length).toBeGreaterThan(20);
    for (const line of before.lines) {
      for (const vertex of line) {
        const [x, y] = logPoint(vertex);
        const around = [-1, 1].flatMap((s) => [
          [x + 2e-5 * s, y],
          [x, y + 2e-5 * s],
        ]);
        const values = [
          vertex,
          ...around.map(([u, v]) => ({ spotMove: Math.expm1(u!), volShock: Math.expm1(v!) })),
        ].map((point) => headroomAt(strangle, model, days, point));
        expect(Math.min(...values)).toBeLessThanOrEqual(0);
        expect(Math.max(...values)).toBeGreaterThanOrEqual(0);
        expect(Math.abs(values[0]!)).toBeLessThan(20);
      }
    }
  });

  it('has no nearer liquidation than the shortest way, wherever one looks', async () => {
    const { before, distance } = await reportOf(strangle, { model: 'portfolio' });
    const { sigmas } = before.nearest!;
    expect(sigmas).toBeGreaterThan(0.3);
    for (const vertex of before.lines.flat())
      expect(distanceOf(distance, logPoint(vertex))).toBeGreaterThanOrEqual(sigmas! - 1e-9);
    expect(distanceOf(distance, logPoint(before.nearest!))).toBeCloseTo(sigmas!, 9);
    expect(Math.abs(headroomAt(strangle, 'portfolio', 0, before.nearest!))).toBeLessThan(20);
    // Around now, in every direction, a little nearer than that: all safe.
    const { spotDeviation, volDeviation } = distance;
    for (let degrees = 0; degrees < 360; degrees += 5) {
      const ray = [
        spotDeviation! * Math.cos((degrees * Math.PI) / 180),
        volDeviation! * Math.sin((degrees * Math.PI) / 180),
      ] as const;
      const scale = (0.999 * sigmas!) / distanceOf(distance, ray)!;
      const point = { spotMove: Math.expm1(scale * ray[0]), volShock: Math.expm1(scale * ray[1]) };
      expect(headroomAt(strangle, 'portfolio', 0, point)).toBeGreaterThan(0);
    }
  });

  it('meets an unmoved vol where the runway says liquidation is', async () => {
    const { before } = await reportOf(strangle, { model: 'portfolio' });
    const spot = Array.from({ length: 33 }, (_, n) => -0.8 + n * 0.05 + (n === 16 ? -0.8 + 0.8 : 0));
    const rule = { volUnit: 'relative', smile: 'sticky-strike', movers: 'all' } as const;
    const { curves } = explore(
      market,
      {
        inputVersion: 1,
        marketId: '',
        book: strangle,
        proposed: null,
        model: 'portfolio',
        parameters: {},
        stress: { spot: [], vol: [], days: 0, ...rule },
        curve: {
          underlying: 'BTC',
          spot: spot.map((move) => Math.round(move * 100) / 100),
          volShock: 0,
          days: [0],
          runwayDays: 0,
          ...rule,
        },
        pin: null,
      },
      computedRows,
      () => 0,
      library,
    );
    const crossings = before.lines
      .flat()
      .filter(({ volShock }) => volShock === 0)
      .map(({ spotMove }) => spotMove);
    const { below, above } = curves.before.liquidation;
    expect(Math.max(...crossings.filter((move) => move < 0))).toBeCloseTo(below!, 4);
    expect(Math.min(...crossings.filter((move) => move > 0))).toBeCloseTo(above!, 4);
  });

  it('is there for the proposal as it would be once kept', async () => {
    const bigger = { ...strangle, legs: strangle.legs.map((leg) => ({ ...leg, quantity: 1.2 * leg.quantity })) };
    const { after } = await reportOf(strangle, { model: 'portfolio', proposed: bigger });
    expect(after).toEqual((await reportOf(bigger, { model: 'portfolio' })).before);
    expect(after!.nearest!.sigmas).toBeLessThan(
      (await reportOf(strangle, { model: 'portfolio' })).before.nearest!.sigmas!,
    );
  });

  it('is nowhere for cash, and says nothing of a book that is bust', async () => {
    const cash = await reportOf(smallBook([], CASH(1000)));
    expect(cash.before).toMatchObject({ now: 'safe', lines: [], regions: [], nearest: null, headroomNowUsd: 1000 });
    const bust = await reportOf(smallBook([[`BTC_USDC-${CODES.month}`, 2]], CASH(1000)));
    expect(bust.before).toMatchObject({ now: 'liquidation', nearest: null });
    expect(bust.before.regions.length).toBeGreaterThan(0);
  });

  it('is along spot alone where vol has no history', async () => {
    const bare = prepareMarket(smallSnapshot());
    const { before, distance } = await reportOf(strangle, { model: 'portfolio' }, bare);
    expect(distance.volDeviation).toBeNull();
    expect(before.nearest).toMatchObject({ volShock: 0 });
    expect(before.nearest!.sigmas).toBeCloseTo(
      Math.abs(Math.log1p(before.nearest!.spotMove)) / distance.spotDeviation!,
      9,
    );
  });

  it('ends where the rule takes no book, with its reason', async () => {
    const book = smallBook([[`BTC-${CODES.month}-105000-C`, -6]], CASH(250_000));
    const { before } = await reportOf(book);
    expect(before.now).toBe('safe');
    expect(before.unsupported?.message).toContain('too far from its strike');
    expect(before.headroomUsd[0]![0]).toBeNull();
    expect(before.headroomUsd.flat().every((usd) => usd === null || Number.isFinite(usd))).toBe(true);
  });
});

describe('a long run', () => {
  const book = smallBook([[`BTC_USDC-${CODES.month}`, 2]], CASH(60_000));

  it('shows the coarse picture first, when it takes long', async () => {
    let clock = 0;
    const seen: FrontierReport[] = [];
    const whole = await liquidationFrontier(
      market,
      request(book),
      { now: () => (clock += 1), pause: () => Promise.resolve(), onCoarse: (report) => seen.push(report) },
      library,
    );
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ isCoarse: true, before: { nearest: null } });
    const xs = (frontier: Frontier) => frontier.lines[0]!.map(({ spotMove }) => spotMove);
    expect(xs(seen[0]!.before)[0]).toBeCloseTo(xs(whole!.before)[0]!, 2);
  });

  it('is given up when it is overtaken', async () => {
    let clock = 0;
    let paused = 0;
    const answer = await liquidationFrontier(
      market,
      request(book),
      {
        now: () => (clock += 1),
        pause: async () => {
          paused += 1;
        },
        cancelled: () => paused > 3,
      },
      library,
    );
    expect(answer).toBeNull();
    expect(paused).toBe(4);
  });
});
