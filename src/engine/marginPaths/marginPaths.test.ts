import { describe, expect, it } from 'vitest';
import type { MarginPathsReport, MarginPathsRequest } from '../domain/marginPaths.ts';
import type { Portfolio } from '../domain/portfolio.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, EXPIRIES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { headroomModels } from '../margin/headroomModels.ts';
import type { MarginModel } from '../margin/MarginModel.ts';
import { portfolioMargin } from '../margin/models/portfolioMargin.ts';
import { normalCdf } from '../numerics/normal.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { type MarginPathsControl, marginPaths } from './marginPaths.ts';

/** Asks for nothing until equity is gone, so that a touch is a level of spot. */
const untilNothing: MarginModel = {
  id: 'until-nothing',
  title: 'Until nothing is left',
  venue: 'test',
  source: 'test',
  parametersDate: '2026-11-20',
  parameters: [],
  requirement: () => ({
    initialMarginUsd: 1,
    maintenanceMarginUsd: 0,
    components: [],
    positions: [],
    worstScenario: null,
    approximations: [],
  }),
};

const { acrossCoins: _own, ...withoutOwnWay } = portfolioMargin;
const unknownOffset: MarginModel = { ...withoutOwnWay, id: 'unknown-offset' };

/** BTC moves by 3 % each day, up and down in turns; its vol by 4 %, in another rhythm. */
const DEVIATION = 0.03;
const alternating = (size: number, period: number) =>
  Array.from({ length: 400 }, (_, t) => (t % period < period / 2 ? size : -size));
const calm = prepareMarket(
  withHistory(smallSnapshot(), { BTC: dailyHistory(AS_OF, alternating(DEVIATION, 2), alternating(0.04, 4)) }),
);
const moves = randomMoves(400);
const wild = prepareMarket(
  withHistory(smallSnapshot(), {
    BTC: dailyHistory(AS_OF, moves.btc, moves.btcVol),
    ETH: dailyHistory(AS_OF, moves.eth, moves.ethVol),
  }),
);

const usdc = (quantity: number): Portfolio['collateral'] => [{ asset: 'USDC', quantity }];

async function walked(
  book: Portfolio,
  choices: Partial<MarginPathsRequest> = {},
  control: MarginPathsControl = {},
  market = calm,
): Promise<MarginPathsReport> {
  const request: MarginPathsRequest = {
    marketId: market.snapshot.id,
    book,
    model: 'portfolio',
    parameters: {},
    days: 10,
    stepsPerDay: 4,
    paths: 1000,
    seed: 1,
    distribution: 'normal',
    degreesOfFreedom: 4,
    smile: 'sticky-strike',
    ...choices,
  };
  const report = await marginPaths(market, request, [...headroomModels, untilNothing, unknownOffset], control);
  expect(report).not.toBeNull();
  return report!;
}

const last = (report: MarginPathsReport) => report.touchByDay.at(-1)!;

describe('marginPaths', () => {
  describe('of a future alone, against the first passage of a Brownian motion', () => {
    // A linear perpetual bought at its mark: equity is gone when the mark has fallen by collateral / mark.
    const mark = 90_000 * 1.0004;
    const level = -0.12;
    const collateralUsd = -mark * Math.expm1(level);
    const book = smallBook([['BTC_USDC-PERPETUAL', 1, mark]], usdc(collateralUsd));
    const days = 10;

    /** P(min of a driftless Brownian motion <= level), level < 0. */
    const passage = (barrier: number) => 2 * normalCdf(barrier / (DEVIATION * Math.sqrt(days)));
    /** Broadie, Glasserman and Kou (1997): a barrier watched every dt is one moved away by 0.5826 sigma sqrt(dt), -zeta(1/2) / sqrt(2 pi). */
    const watched = (perDay: number) => passage(level - 0.5826 * DEVIATION * Math.sqrt(1 / perDay));

    it('meets the closed form for each frequency of looking, and without pause', async () => {
      const report = await walked(book, { model: 'until-nothing', days, stepsPerDay: 24, paths: 20_000 });
      const { watched: looks, continuous } = report.discretisation;
      expect(looks.map(({ stepsPerDay }) => stepsPerDay)).toEqual([1, 4, 6, 24]);
      for (const { stepsPerDay, probability, standardError } of looks)
        expect(Math.abs(probability - watched(stepsPerDay))).toBeLessThan(3 * standardError);
      expect(Math.abs(continuous!.probability - passage(level))).toBeLessThan(3 * continuous!.standardError);
      // Looking once a day misses far more than the error of the count: the test above can tell them apart.
      expect(passage(level) - watched(1)).toBeGreaterThan(6 * looks[0]!.standardError);
    }, 60_000);

    it('gives a day its variance whatever the distribution and the number of steps', async () => {
      const spread = async (choices: Partial<MarginPathsRequest>) => {
        const { fan } = await walked(book, { model: 'until-nothing', days: 1, paths: 20_000, ...choices });
        const quarters = [2, 4].map((row) => mark + fan.equityUsd[row]!.at(-1)! - collateralUsd);
        return Math.log(quarters[1]! / quarters[0]!);
      };
      const normal = 2 * 0.674_49 * DEVIATION;
      expect(await spread({ stepsPerDay: 1 })).toBeCloseTo(normal, 3);
      expect(await spread({ stepsPerDay: 24 })).toBeCloseTo(normal, 3);
      // Quartiles of Student-t with 4 degrees of freedom are at 0.740697; of unit variance, at that over root 2.
      const student = (2 * 0.740_697 * DEVIATION) / Math.SQRT2;
      expect(await spread({ stepsPerDay: 24, distribution: 'student-t' })).toBeCloseTo(student, 3);
    }, 60_000);
  });

  it('never touches with an option bought and paid for', async () => {
    const book = smallBook([[`BTC_USDC-${CODES.month}-90000-C`, 2]], usdc(20_000));
    const report = await walked(book, { distribution: 'student-t' });
    expect(last(report).probability).toBe(0);
    expect(report.atTouch).toBeNull();
  });

  it('touches seldomer with more collateral, path by path', async () => {
    const probability = async (usd: number) =>
      last(await walked(smallBook([[`BTC-${CODES.month}-90000-C`, -2]], usdc(usd)), { days: 20 })).probability;
    const rising = await Promise.all([30_000, 40_000, 60_000].map(probability));
    expect(rising[0]).toBeGreaterThan(rising[1]!);
    expect(rising[1]).toBeGreaterThan(rising[2]!);
    expect(rising[2]).toBeGreaterThan(0);
  }, 60_000);

  it('touches at once where there is too little now', async () => {
    const report = await walked(smallBook([[`BTC-${CODES.month}-90000-C`, -2]], usdc(5000)));
    expect(report.touchByDay.map(({ probability }) => probability)).toEqual(report.touchByDay.map(() => 1));
    expect(report.atTouch!.timeQuantilesDays).toEqual([0, 0, 0, 0, 0]);
    expect(report.atTouch!.equityLostUsd.mean).toBe(0);
    const { equityUsd, maintenanceMarginUsd } = report.now;
    expect(report.atTouch!.belowMaintenanceUsd.mean).toBeCloseTo(maintenanceMarginUsd - equityUsd, 6);
  });

  it('has the same bits however the paths are cut into blocks, and paths do not depend on how many there are', async () => {
    const book = smallBook([
      [`BTC-${CODES.week}-90000-C`, -2],
      [`ETH-${CODES.month}-3000-P`, -5],
    ]);
    const choices = { paths: 2000, days: 8, distribution: 'student-t' } as const;
    const whole = await walked(book, choices, {}, wild);
    expect(await walked(book, choices, { blockPaths: 137 }, wild)).toEqual(whole);
    const shown: MarginPathsReport[] = [];
    const first = await walked(book, { ...choices, paths: 1000 }, {}, wild);
    await walked(
      book,
      choices,
      { onProgress: ({ soFar }) => soFar !== null && soFar.paths === 1000 && shown.push(soFar) },
      wild,
    );
    expect(shown[0]!.touchByDay).toEqual(first.touchByDay);
    expect(shown[0]!.fan).toEqual(first.fan);
  }, 60_000);

  describe('through an expiry', () => {
    it('settles an option at its intrinsic value at the index of that moment, and holds the dollars', async () => {
      // Bought calls so deep that they are worth S - K to the cent at expiry: equity after is theirs, and moves no more.
      const book = smallBook([[`BTC_USDC-${CODES.week}-60000-C`, 1]], usdc(1000));
      const { fan, settlements } = await walked(book, { days: 9, stepsPerDay: 4 });
      expect(settlements).toEqual([{ expiry: EXPIRIES.week, days: 7, legs: ['a'] }]);
      const at = (day: number) => fan.days.indexOf(day);
      fan.equityUsd.forEach((row) => expect(row[at(9)]).toBeCloseTo(row[at(7)]!, 6));
      fan.maintenanceMarginUsd.forEach((row) => expect(row[at(7)]).toBeCloseTo(0, 6));
      expect(fan.equityUsd[0]![at(7)]).toBeLessThan(fan.equityUsd[6]![at(7)]! - 10_000);
      // The median path is where it started: spot has no drift in its logarithm.
      const spread = DEVIATION * Math.sqrt(7) * 90_000;
      expect(Math.abs(fan.equityUsd[3]![at(7)]! - 31_000)).toBeLessThan((3 * 1.2533 * spread) / Math.sqrt(1000));
    });

    it('lies on the same path wherever an even step puts its neighbours', async () => {
      // The market stands at 08:00 and so do expiries; half an hour earlier the expiry lies between two even steps.
      const early = prepareMarket({ ...calm.snapshot, asOf: AS_OF - 1_800_000, id: 'early' });
      const book = smallBook([[`BTC_USDC-${CODES.week}-60000-C`, 1]], usdc(1000));
      const { fan, settlements } = await walked(book, { days: 9, stepsPerDay: 1 }, {}, early);
      expect(settlements[0]!.days).toBeCloseTo(7 + 1 / 48, 9);
      const at = (day: number) => fan.days.indexOf(day);
      fan.equityUsd.forEach((row) => expect(row[at(9)]).toBeCloseTo(row[at(8)]!, 6));
      expect(fan.equityUsd[0]![at(7)]).not.toBeCloseTo(fan.equityUsd[0]![at(8)]!, 0);
    });
  });

  describe('interpolation', () => {
    const legs = smallBook(
      [
        [`BTC-${CODES.week}-95000-C`, -3],
        [`BTC-${CODES.week}-80000-P`, -2],
        [`BTC-${CODES.month}-90000-C`, 4],
        [`BTC-${CODES.year}-110000-C`, -2],
        ['BTC-PERPETUAL', -40_000, 90_000],
      ],
      [...usdc(90_000), { asset: 'BTC', quantity: 0.5 }],
    );

    it.each(['portfolio', 'cross', 'isolated'])(
      'meets the %s rule within half a per cent of its margin',
      async (model) => {
        const report = await walked(legs, { model, days: 12, distribution: 'student-t' });
        const { interpolation, now } = report;
        expect(interpolation.toleranceUsd).toBeCloseTo(0.005 * now.initialMarginUsd, 6);
        expect(interpolation.states).toBeGreaterThanOrEqual(75);
        expect(interpolation.boundUsd).toBeLessThan(interpolation.toleranceUsd);
        expect(interpolation.isMet).toBe(true);
      },
    );

    const twoCoins = smallBook(
      [
        [`BTC-${CODES.month}-90000-C`, -2],
        [`ETH-${CODES.month}-3000-P`, -40],
      ],
      usdc(120_000),
    );

    it('meets a rule that offsets coins, by its own way of putting them together', async () => {
      const { interpolation } = await walked(twoCoins, { days: 12, distribution: 'student-t' }, {}, wild);
      expect(interpolation.isMet).toBe(true);
      expect(interpolation.misjudged).toBeLessThanOrEqual(2);
    }, 60_000);

    it('says how far it is off where a rule offsets coins in a way of which nothing is known', async () => {
      const { interpolation, now } = await walked(
        twoCoins,
        { model: 'unknown-offset', days: 12, distribution: 'student-t' },
        {},
        wild,
      );
      expect(interpolation.isMet).toBe(interpolation.boundUsd <= interpolation.toleranceUsd);
      expect(interpolation.rootMeanSquareUsd).toBeLessThan(0.02 * now.initialMarginUsd);
    }, 60_000);
  });

  it('starts the fan at what stands now', async () => {
    const { fan, now } = await walked(smallBook([[`BTC-${CODES.month}-90000-C`, -1]]));
    fan.equityUsd.forEach((row) => expect(row[0]).toBe(now.equityUsd));
    fan.maintenanceMarginUsd.forEach((row) => expect(row[0]).toBe(now.maintenanceMarginUsd));
  });

  it('is as it was for a book without anything that moves', async () => {
    const report = await walked(smallBook([], usdc(500)));
    expect(last(report).probability).toBe(0);
    expect(report.estimates).toBeNull();
    expect(report.fan.equityUsd.flat().every((usd) => usd === 500)).toBe(true);
  });

  it('answers null once it is cancelled', async () => {
    const request = { book: smallBook([[`BTC-${CODES.month}-90000-C`, -1]]), model: 'portfolio' };
    let asked = 0;
    const report = await marginPaths(
      calm,
      {
        ...request,
        marketId: 'x',
        parameters: {},
        days: 5,
        stepsPerDay: 4,
        paths: 1000,
        seed: 1,
        distribution: 'normal',
        degreesOfFreedom: 4,
        smile: 'sticky-strike',
      },
      headroomModels,
      { cancelled: () => (asked += 1) > 40 },
    );
    expect(report).toBeNull();
    expect(asked).toBe(41);
  });

  it.each([
    [{ days: 0 }, 'Days must be a whole number between 1 and 90, not 0'],
    [{ stepsPerDay: 2.5 }, 'Steps per day must be a whole number between 1 and 48, not 2.5'],
    [{ paths: 10 }, 'Paths must be a whole number between 1,000 and 200,000, not 10'],
    [{ distribution: 'student-t', degreesOfFreedom: 2 }, 'Degrees of freedom of Student-t days must be above 2'],
  ] as const)('refuses %o', async (choices, message) => {
    await expect(walked(smallBook([]), choices)).rejects.toThrow(message);
  });

  it('needs a history', async () => {
    const book = smallBook([[`ETH-${CODES.month}-3000-C`, -1]]);
    await expect(walked(book)).rejects.toThrow('ETH has no price history');
  });
});
