import { describe, expect, it } from 'vitest';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, smallSnapshot } from '../fixtures/smallMarket.ts';
import { type FilteredRequest, filteredScenarios } from './filteredScenarios.ts';
import { garchForecast, garchVariances } from './garch.ts';
import { historicalScenarios } from './historicalScenarios.ts';
import { jointMoves } from './jointMoves.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(500);
const moves = jointMoves(
  withHistory(smallSnapshot(), { BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol) }),
  ['BTC'],
  'x',
);
const request: FilteredRequest = {
  marketId: 'm',
  horizonDays: 1,
  smile: 'sticky-strike',
  filter: 'garch',
  fallback: null,
  estimates: {},
};
const byId = (asked: FilteredRequest) => {
  const { estimates } = filteredScenarios(moves, asked);
  return new Map(estimates.values.map((each) => [each.id, each]));
};

describe('filtered historical scenarios', () => {
  it('by RiskMetrics are those of the fixed decay, to the bit', () => {
    for (const horizonDays of [1, 10]) {
      const plain = historicalScenarios(moves, { ...request, horizonDays, filtered: true });
      const { set } = filteredScenarios(moves, { ...request, horizonDays, filter: 'riskmetrics' });
      expect(set.spotMove).toEqual(plain.set.spotMove);
      expect(set.volShock).toEqual(plain.set.volShock);
    }
    const fitted = filteredScenarios(moves, {
      ...request,
      filter: 'ewma',
      estimates: { 'BTC.spot.decay': 0.94, 'BTC.vol.decay': 0.94 },
    });
    expect(fitted.set.spotMove).toEqual(historicalScenarios(moves, { ...request, filtered: true }).set.spotMove);
    expect(fitted.set.id).not.toBe(filteredScenarios(moves, { ...request, filter: 'ewma' }).set.id);
  });

  it('by GARCH are the residuals of each day times the next day’s volatility', () => {
    const by = byId(request);
    const [alpha, beta] = [by.get('BTC.spot.alpha')!.value, by.get('BTC.spot.beta')!.value];
    const longRun = (by.get('BTC.spot.long-run')!.value / 100) ** 2 / 365;
    const parameters = { alpha, beta, omega: longRun * (1 - alpha - beta) };
    const variances = garchVariances(moves.spot, parameters);
    const next = Math.sqrt(variances[500]!);
    expect(by.get('BTC.spot.now')!.value).toBeCloseTo(next * Math.sqrt(365) * 100, 6);
    const { set } = filteredScenarios(moves, request);
    for (const t of [0, 250, 499])
      expect(Math.log1p(set.spotMove[t]!)).toBeCloseTo((moves.spot[t]! / Math.sqrt(variances[t]!)) * next, 9);
  });

  it('by GARCH send a window of residuals through the recursion, and single ones through the forecast', () => {
    const estimates = {
      'BTC.spot.alpha': 0.1,
      'BTC.spot.beta': 0.85,
      'BTC.spot.long-run': 50,
      'BTC.spot.now': 80,
    };
    const asked = { ...request, estimates };
    const parameters = { alpha: 0.1, beta: 0.85, omega: (0.25 / 365) * 0.05 };
    const variances = garchVariances(moves.spot, parameters);
    const z = moves.spot.map((move, t) => move / Math.sqrt(variances[t]!));
    const windows = filteredScenarios(moves, { ...asked, horizonDays: 3 }).set;
    let [variance, sum] = [0.64 / 365, 0];
    for (let t = 40; t < 43; t += 1) {
      const move = Math.sqrt(variance) * z[t]!;
      sum += move;
      variance = parameters.omega + 0.1 * move ** 2 + 0.85 * variance;
    }
    expect(Math.log1p(windows.spotMove[40]!)).toBeCloseTo(sum, 10);
    expect(windows.count).toBe(498);

    // Of 450 days fewer than a hundred windows fit: single residuals, scaled to the variance of all 450.
    const far = filteredScenarios(moves, { ...asked, horizonDays: 450 });
    const scale = Math.sqrt(garchForecast(parameters, 0.64 / 365, 450));
    expect(Math.log1p(far.set.spotMove[7]!)).toBeCloseTo(z[7]! * scale, 9);
    expect(far.notices[0]!.message).toBe('Single moves are scaled to the variance that GARCH forecasts for 450 days');
  });

  it('refuse what cannot be fitted unless a stand-in was asked for, which is then named', () => {
    const short = {
      ...moves,
      count: 60,
      spot: moves.spot.slice(0, 60),
      vol: moves.vol.slice(0, 60),
      runs: [{ from: 0, to: 60 }],
      ends: moves.ends.slice(0, 60),
    };
    expect(() => filteredScenarios(short, request)).toThrow('GARCH(1,1) needs at least 100 moves; BTC spot has 60');
    const { set, notices } = filteredScenarios(short, { ...request, fallback: 'riskmetrics' });
    expect(notices.filter(({ severity }) => severity === 'warning').map(({ message }) => message)).toEqual(
      ['BTC spot', 'BTC vol'].map(
        (name) =>
          `GARCH(1,1) needs at least 100 moves; ${name} has 60. Choose the filter riskmetrics (decay 0.94) or set its numbers by hand. As asked, EWMA 0.94 is used for it instead`,
      ),
    );
    expect(set.spotMove).toEqual(historicalScenarios(short, { ...request, filtered: true }).set.spotMove);
  });

  it('refuse numbers by hand that have no long run, by name and even with a stand-in', () => {
    const estimates = { 'BTC.spot.alpha': 0.3, 'BTC.spot.beta': 0.8 };
    expect(() => filteredScenarios(moves, { ...request, fallback: 'riskmetrics', estimates })).toThrow(
      'BTC spot: α + β must stay below 1, so that variance has a long run; got 0.3 + 0.8',
    );
  });
});
