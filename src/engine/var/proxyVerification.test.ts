import { describe, expect, it } from 'vitest';
import type { VarDistribution, VarProgress, VarRequest } from '../domain/riskReport.ts';
import type { SmileRule } from '../domain/scenario.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { proxyVerification } from './proxyVerification.ts';
import { valueAtRisk } from './valueAtRisk.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(400);
const market = prepareMarket(
  withHistory(smallSnapshot(), {
    BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol),
    ETH: dailyHistory(MIDNIGHT, random.eth, random.ethVol),
  }),
);
const book = smallBook(
  [
    [`BTC-${CODES.month}-100000-C`, -30],
    [`BTC-${CODES.week}-90000-P`, 12],
    [`BTC_USDC-${CODES.year}-90000-C`, 10],
    [`ETH-${CODES.week}-3000-P`, -200],
    ['BTC-PERPETUAL', 300_000],
  ],
  [{ asset: 'ETH', quantity: 20 }],
);
const request: VarRequest = {
  inputVersion: 3,
  marketId: 'small',
  portfolio: book,
  method: 'monte-carlo',
  confidence: 0.99,
  horizonDays: 1,
  paths: 12_000,
  seed: 1,
  distribution: 'student-t',
  degreesOfFreedom: 4,
  revaluation: 'proxy',
  smile: 'sticky-strike',
  lossLevelsUsd: [],
};

describe('value at risk by proxy', () => {
  it.each<[VarDistribution, SmileRule]>([
    ['student-t', 'sticky-strike'],
    ['normal', 'spot-vol-beta'],
    ['jump-diffusion', 'sticky-delta'],
    ['t-copula', 'sticky-strike'],
    ['heston', 'sticky-delta'],
  ])('is that of full revaluation within the stated error: %s moves, %s', async (distribution, smile) => {
    const found = (await proxyVerification(market, { ...request, distribution, smile }))!;
    const { report, full, paths, largestDifferenceUsd, path, shareOfGrossPremium } = found;
    const { maxUsd, grossPremiumUsd } = report.proxyError!;
    expect(paths).toBe(12_000);
    expect(path).toBeGreaterThanOrEqual(0);
    expect(largestDifferenceUsd).toBeGreaterThan(0);
    expect(largestDifferenceUsd).toBeLessThanOrEqual(maxUsd);
    expect(maxUsd).toBeLessThanOrEqual(1e-6 * grossPremiumUsd);
    expect(shareOfGrossPremium).toBe(largestDifferenceUsd / grossPremiumUsd);
    // An outcome of a rank moves by no more than the outcomes do, and a mean of the worst neither.
    expect(Math.abs(report.valueAtRiskUsd - full.valueAtRiskUsd)).toBeLessThanOrEqual(maxUsd);
    expect(Math.abs(report.expectedShortfallUsd - full.expectedShortfallUsd)).toBeLessThanOrEqual(maxUsd);
  });

  it('stands beside the same full figures as asked for alone', async () => {
    const found = (await proxyVerification(market, request))!;
    const alone = (await valueAtRisk(market, { ...request, revaluation: 'full' }))!;
    expect(found.full).toEqual({
      valueAtRiskUsd: alone.valueAtRiskUsd,
      expectedShortfallUsd: alone.expectedShortfallUsd,
      standardError: alone.standardError,
      elapsedMs: 0,
    });
    expect(alone.proxyError).toBeNull();
    const proxy = (await valueAtRisk(market, request))!;
    expect(proxy.valueAtRiskUsd).toBe(found.report.valueAtRiskUsd);
    expect(proxy.byPosition).toHaveLength(6);
  });

  it('tells its progress over both runs, and what it has by proxy', async () => {
    const heard: VarProgress[] = [];
    await proxyVerification(market, request, { onProgress: (progress) => heard.push(progress) });
    expect(heard.map(({ pathsDone }) => pathsDone)).toEqual(
      heard.map(({ pathsDone }) => pathsDone).sort((a, b) => a - b),
    );
    expect(heard.at(-1)).toMatchObject({ pathsDone: 24_000, pathsAsked: 24_000, inputVersion: 3 });
    expect(heard.at(-1)!.soFar?.proxyError).not.toBeNull();
  });

  it('answers null when given up', async () => {
    expect(await proxyVerification(market, request, { cancelled: () => true })).toBeNull();
  });

  it('refuses a book without exposure, and a method without drawn paths', async () => {
    await expect(proxyVerification(market, { ...request, portfolio: smallBook([]) })).rejects.toThrow('no exposure');
    await expect(proxyVerification(market, { ...request, method: 'historical' })).rejects.toThrow(
      'Proxy revaluation is for the many paths of Monte Carlo',
    );
  });

  it('holds its error for a lone option far out of the money, worth little beside what it may come to', async () => {
    const portfolio = smallBook([[`BTC-${CODES.week}-120000-C`, -1_000]]);
    const found = (await proxyVerification(market, { ...request, portfolio }))!;
    expect(found.largestDifferenceUsd).toBeLessThanOrEqual(found.report.proxyError!.maxUsd);
    expect(found.report.proxyError!.maxUsd).toBeLessThanOrEqual(1e-6 * found.report.proxyError!.grossPremiumUsd);
  });
});
