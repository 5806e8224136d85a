import { describe, expect, it } from 'vitest';
import { crossedMarket } from './fixtures/crossedMarket.ts';
import { EXPIRIES } from './fixtures/smallMarket.ts';
import { repairedReport } from './repairedReport.ts';
import { surfaceReport } from './surfaceReport.ts';

const market = crossedMarket();
const request = { marketId: market.snapshot.id, underlying: 'BTC', mesh: 'moneyness', repair: true } as const;

describe('repairedReport', () => {
  it('has no arbitrage where the fits have some, and says from each fit what that cost', () => {
    const before = surfaceReport(market, request);
    const after = repairedReport(market, request);
    expect(before.expiries.some(({ faults }) => faults.some(({ kind }) => kind === 'calendar'))).toBe(true);
    expect([before.isRepaired, after.isRepaired]).toEqual([false, true]);
    expect(after.expiries.flatMap(({ faults }) => faults)).toEqual([]);
    const moved = after.expiries.filter(({ repair }) => repair !== null);
    expect(moved.length).toBeGreaterThan(0);
    after.expiries.forEach(({ repair, curve, rmse }, i) => {
      const fit = before.expiries[i]!;
      expect(fit.repair).toBeNull();
      if (repair === null) return;
      expect(repair.fittedCurve).toEqual(fit.curve);
      expect(repair.rmseBefore).toBe(fit.rmse);
      expect(rmse).toBeGreaterThan(fit.rmse!);
      const apart = curve.map(({ vol }, at) => Math.abs(vol - fit.curve[at]!.vol));
      // The drawn curve goes a little beyond the quotes, over which the cost is measured.
      expect(Math.max(...apart)).toBeGreaterThan(0.9 * repair.largestChange);
    });
  });

  it('has total variance that does not fall with time, in figures and in the mesh, where the fits’ falls', () => {
    const steps = ({ mesh }: ReturnType<typeof repairedReport>) =>
      mesh!.rows.slice(1).map((row, i) => {
        const at = (each: typeof row) => each.vols[14]! ** 2 * each.timeToExpiryYears;
        return at(row) - at(mesh!.rows[i]!);
      });
    expect(Math.min(...steps(surfaceReport(market, request)))).toBeLessThan(0);
    expect(surfaceReport(market, request).expiries.some(({ forwardVol }, i) => i > 0 && forwardVol === null)).toBe(
      true,
    );
    const after = repairedReport(market, request);
    const { expiries } = after;
    for (let i = 1; i < expiries.length; i += 1) {
      const variance = (at: number) => expiries[at]!.figures!.atm ** 2 * expiries[at]!.timeToExpiryYears;
      expect(variance(i)).toBeGreaterThanOrEqual(variance(i - 1) * (1 - 1e-12));
    }
  });

  it('leaves the market as it is, and is not mixed with edits', () => {
    const before = JSON.stringify([...market.surfaces]);
    repairedReport(market, request);
    expect(JSON.stringify([...market.surfaces])).toBe(before);
    const smileEdits = [{ underlying: 'BTC', expiry: EXPIRIES.week, level: 0.01, skew: 0, wings: 0 }];
    expect(() => repairedReport(market, { ...request, smileEdits })).toThrow('Reset them first');
    expect(() => repairedReport(market, { ...request, underlying: 'ETH', smileEdits })).not.toThrow();
  });
});
