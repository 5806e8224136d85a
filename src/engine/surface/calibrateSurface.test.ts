import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpiryMarket, OptionQuote, SviParameters, UnderlyingMarket } from '../domain/marketSnapshot.ts';
import { yearFraction } from '../domain/units.ts';
import { calibrateSurface } from './calibrateSurface.ts';
import { smileVol } from './smileVol.ts';
import { sviButterflyMinimum, sviMinimumVariance, sviTotalVariance, sviWingSlope } from './svi.ts';

const AS_OF = Date.UTC(2026, 0, 1, 8);
const JAN = Date.UTC(2026, 0, 31, 8);
const MAR = Date.UTC(2026, 2, 27, 8);
const FORWARD = 100_000;

/** Strikes every 0.3 standard deviations of a 60 % vol, out to `reach` of them on both sides. */
function strikes(expiry: number, reach = 3): number[] {
  const deviation = 0.6 * Math.sqrt(yearFraction(AS_OF, expiry));
  const found: number[] = [];
  for (let x = -reach; x <= reach + 1e-9; x += 0.3) found.push(Math.round(FORWARD * Math.exp(x * deviation)));
  return found;
}

/** Call and put at every strike, marked at the vol that `vol(strike)` gives. */
function quotes(list: readonly number[], vol: (strike: number) => number): OptionQuote[] {
  return list.flatMap((strike) => [
    { strike, type: 'C' as const, markIv: vol(strike) },
    { strike, type: 'P' as const, markIv: vol(strike) },
  ]);
}

function sviQuotes(svi: SviParameters, expiry: number, list = strikes(expiry)): OptionQuote[] {
  const time = yearFraction(AS_OF, expiry);
  return quotes(list, (strike) => Math.sqrt(sviTotalVariance(svi, Math.log(strike / FORWARD)) / time));
}

function market(...expiries: (Partial<ExpiryMarket> & { expiry: number })[]): UnderlyingMarket {
  return {
    symbol: 'BTC',
    index: FORWARD,
    expiries: expiries.map((expiry) => ({ forward: FORWARD, discount: 1, quotes: [], ...expiry })),
  };
}

function onlyFit(underlying: UnderlyingMarket) {
  const { fits } = calibrateSurface(underlying, AS_OF);
  expect(fits).toHaveLength(1);
  return fits[0]!;
}

/** A month's smile of a coin: at the money near 60 %, puts dearer than calls. */
const MONTH: SviParameters = { a: 0.008, b: 0.09, rho: -0.25, m: 0.03, sigma: 0.2 };

describe('calibrateSurface', () => {
  it('recovers the smile that made the quotes, parameter by parameter', () => {
    fc.assert(
      fc.property(
        fc.record({
          least: fc.double({ min: 0.01, max: 0.025, noNaN: true }),
          b: fc.double({ min: 0.05, max: 0.15, noNaN: true }),
          rho: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
          m: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
          sigma: fc.double({ min: 0.08, max: 0.3, noNaN: true }),
        }),
        ({ least, b, rho, m, sigma }) => {
          const svi = { a: least - b * sigma * Math.sqrt(1 - rho * rho), b, rho, m, sigma };
          const range = strikes(JAN);
          const [low, high] = [Math.log(range[0]! / FORWARD), Math.log(range.at(-1)! / FORWARD)];
          fc.pre(sviButterflyMinimum(svi, low, high).g > 0.05);
          const fit = onlyFit(market({ expiry: JAN, quotes: sviQuotes(svi, JAN) }));
          expect(fit.maxError).toBeLessThan(1e-4);
          expect(Math.abs(fit.svi!.a - svi.a)).toBeLessThan(2e-3);
          expect(Math.abs(fit.svi!.b / svi.b - 1)).toBeLessThan(0.05);
          expect(Math.abs(fit.svi!.rho - svi.rho)).toBeLessThan(0.03);
          expect(Math.abs(fit.svi!.m - svi.m)).toBeLessThan(0.01);
          expect(Math.abs(fit.svi!.sigma - svi.sigma)).toBeLessThan(0.02);
        },
      ),
    );
  });

  it('says what it used and how well it fits', () => {
    const fit = onlyFit(market({ expiry: JAN, quotes: sviQuotes(MONTH, JAN) }));
    const list = strikes(JAN);
    expect(fit.origin).toBe('quotes');
    expect(fit.failure).toBeNull();
    expect(fit.quotesUsed).toBe(list.length);
    expect(fit.strikeRange).toEqual([list[0], list.at(-1)]);
    expect(fit.leftOut).toHaveLength(list.length);
    expect(fit.leftOut[0]).toEqual({
      strike: list[0],
      type: 'C',
      reason: 'The out-of-the-money option of this strike is used',
    });
    expect(fit.atmVol).toBeCloseTo(Math.sqrt(sviTotalVariance(MONTH, 0) / fit.timeToExpiryYears), 5);
    expect(fit.timeToExpiryYears).toBe(30 / 365);
    expect(fit.butterflyArbitrage).toBe(false);
  });

  it('takes the out-of-the-money option, and the other one only in its absence', () => {
    const list = strikes(JAN);
    const smile = sviQuotes(MONTH, JAN);
    const spoilt = smile.map((quote) =>
      quote.strike >= FORWARD === (quote.type === 'C') ? quote : { ...quote, markIv: quote.markIv! + 0.2 },
    );
    expect(onlyFit(market({ expiry: JAN, quotes: spoilt })).maxError).toBeLessThan(1e-4);
    const callsOnly = smile.filter((quote) => quote.type === 'C');
    const fit = onlyFit(market({ expiry: JAN, quotes: callsOnly }));
    expect(fit.quotesUsed).toBe(list.length);
    expect(fit.leftOut).toHaveLength(0);
  });

  it('reads the mid of bid and ask where no mark is given, and leaves out what states no vol', () => {
    const smile = sviQuotes(MONTH, JAN).filter((quote) => quote.strike >= FORWARD === (quote.type === 'C'));
    const bidAsk: OptionQuote[] = smile.map(({ strike, type, markIv }) => ({
      strike,
      type,
      bidIv: markIv! - 0.01,
      askIv: markIv! + 0.01,
    }));
    expect(onlyFit(market({ expiry: JAN, quotes: bidAsk })).maxError).toBeLessThan(1e-4);
    const { strike, type } = bidAsk[3]!;
    const lacking = bidAsk.toSpliced(3, 2, { strike, type, bidIv: 0.5 }, { strike: bidAsk[4]!.strike, type });
    expect(onlyFit(market({ expiry: JAN, quotes: lacking })).leftOut).toEqual([
      { strike, type, reason: 'Only one side is quoted, and no mark vol' },
      { strike: bidAsk[4]!.strike, type, reason: 'No implied vol is quoted' },
    ]);
  });

  it('gives wide quotes less say', () => {
    const spread = (width: (strike: number) => number) => {
      const smile = sviQuotes(MONTH, JAN).filter((quote) => quote.strike >= FORWARD === (quote.type === 'C'));
      return smile.map(({ strike, type, markIv }, i) => {
        // Every second call is marked three vol points too high.
        const mark = markIv! + (type === 'C' && i % 2 === 0 ? 0.03 : 0);
        const half = (type === 'C' && i % 2 === 0 ? width(strike) : 0.01) / 2;
        return { strike, type, markIv: mark, bidIv: mark - half, askIv: mark + half };
      });
    };
    const strike = 115_000;
    const error = (list: OptionQuote[]) => {
      const fit = onlyFit(market({ expiry: JAN, quotes: list }));
      const k = Math.log(strike / FORWARD);
      return smileVol(fit, k) - Math.sqrt(sviTotalVariance(MONTH, k) / fit.timeToExpiryYears);
    };
    expect(error(spread(() => 0.01))).toBeGreaterThan(0.01);
    expect(Math.abs(error(spread(() => 0.1)))).toBeLessThan(0.005);
  });

  it('leaves out the plateau at which an exchange caps the marks of far strikes', () => {
    const expiry = AS_OF + 86_400_000;
    const svi: SviParameters = { a: 0.0006, b: 0.03, rho: -0.1, m: 0.005, sigma: 0.025 };
    const list = Array.from({ length: 45 }, (_, i) => 86_000 + 750 * i);
    const time = yearFraction(AS_OF, expiry);
    const vol = (strike: number) => Math.sqrt(sviTotalVariance(svi, Math.log(strike / FORWARD)) / time);
    const cap = vol(108_000);
    const fit = onlyFit(market({ expiry, quotes: quotes(list, (strike) => Math.min(vol(strike), cap)) }));
    const capped = fit.leftOut.filter(({ reason }) => reason.includes('a cap of the exchange'));
    expect(capped.length).toBeGreaterThan(5);
    expect(capped.every(({ strike }) => vol(strike) > cap * 0.97)).toBe(true);
    expect(fit.rmse).toBeLessThan(0.005);
    expect(Math.abs(smileVol(fit, Math.log(104_000 / FORWARD)) - vol(104_000))).toBeLessThan(0.005);
    // The fitted wing goes on instead of bending towards the cap.
    expect(smileVol(fit, Math.log(115_000 / FORWARD))).toBeGreaterThan(cap * 1.05);
  });

  it('does not take a flat smile, nor a smile’s flat foot, for a plateau', () => {
    const flat = onlyFit(market({ expiry: JAN, quotes: quotes(strikes(JAN), () => 0.6) }));
    expect(flat.quotesUsed).toBe(strikes(JAN).length);
    expect(flat.maxError).toBeLessThan(1e-4);
    const foot: SviParameters = { a: 0.02, b: 0.1, rho: -0.9, m: 0.3, sigma: 0.2 };
    const skewed = onlyFit(market({ expiry: JAN, quotes: sviQuotes(foot, JAN) }));
    expect(skewed.quotesUsed).toBe(strikes(JAN).length);
  });

  it('leaves out strikes whose price no longer depends on vol', () => {
    const list = [...strikes(JAN), 300_000, 400_000];
    const smile = quotes(list, (strike) => (strike > 250_000 ? 0.9 : 0.6));
    const fit = onlyFit(market({ expiry: JAN, quotes: smile }));
    expect(fit.strikeRange![1]).toBeLessThan(300_000);
    expect(
      fit.leftOut.filter(({ strike, type }) => strike >= 300_000 && type === 'C').map(({ reason }) => reason),
    ).toEqual([
      'Too far from the money: its price hardly depends on its vol',
      'Too far from the money: its price hardly depends on its vol',
    ]);
  });

  it('fits without butterfly arbitrage where the nearest smile would have it', () => {
    const year = Date.UTC(2027, 0, 1, 8);
    const list = Array.from({ length: 41 }, (_, i) => Math.round(FORWARD * Math.exp(-0.5 + i / 40)));
    const range = [Math.log(list[0]! / FORWARD), Math.log(list.at(-1)! / FORWARD)] as const;
    for (const [rho, m] of [
      [0.6, 0.06],
      [-0.6, 0],
    ] as const) {
      // A sharp vertex over low variance: its wings start too steeply for a density.
      const crooked: SviParameters = { a: 0.004, b: 0.3, rho, m, sigma: 0.02 };
      expect(sviButterflyMinimum(crooked, ...range).g).toBeLessThan(-1);
      const fit = onlyFit(market({ expiry: year, quotes: sviQuotes(crooked, year, list) }));
      expect(fit.butterflyArbitrage).toBe(false);
      expect(fit.strikeRange).toEqual([list[0], list.at(-1)]);
      expect(sviButterflyMinimum(fit.svi!, ...range).g).toBeGreaterThanOrEqual(0);
      expect(fit.rmse).toBeLessThan(0.03);
    }
  });

  it('keeps variance above zero and wings within Lee’s bound whatever the quotes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.05, max: 4, noNaN: true }), { minLength: 5, maxLength: 21 }),
        fc.constantFrom(AS_OF + 3_600_000, AS_OF + 86_400_000, JAN, MAR),
        (vols, expiry) => {
          const list = vols.map((_, i) => 60_000 + 4_000 * i);
          const noise = quotes(list, (strike) => vols[(strike - 60_000) / 4_000]!);
          const fit = onlyFit(market({ expiry, quotes: noise }));
          expect(fit.failure).toBeNull();
          expect(sviMinimumVariance(fit.svi!)).toBeGreaterThan(0);
          expect(sviWingSlope(fit.svi!)).toBeLessThan(2);
          for (const k of [-5, -1, -0.1, 0, 0.1, 1, 5]) {
            const vol = smileVol(fit, k);
            expect(vol).toBeGreaterThan(0);
            expect(vol).toBeLessThanOrEqual(5);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves out a quote that contradicts the strikes beside it, and says by how much', () => {
    const smile = sviQuotes(MONTH, JAN).filter((quote) => quote.strike >= FORWARD === (quote.type === 'C'));
    for (const at of [3, 10, 16]) {
      const spoilt = smile.with(at, { ...smile[at]!, markIv: smile[at]!.markIv! + 0.25 });
      const fit = onlyFit(market({ expiry: JAN, quotes: spoilt }));
      expect(fit.maxError).toBeLessThan(1e-4);
      const { strike, type } = smile[at]!;
      expect(fit.leftOut).toHaveLength(1);
      expect(fit.leftOut[0]).toMatchObject({ strike, type });
      expect(fit.leftOut[0]!.reason).toMatch(/^Its vol is 2[0-9]\.\d points above the smile of the strikes beside it$/);
    }
    // Its own bid and ask admit what the neighbours say: it stays, with little say.
    const wide = smile.with(10, { ...smile[10]!, markIv: smile[10]!.markIv! + 0.25, bidIv: 0.2, askIv: 1.5 });
    expect(onlyFit(market({ expiry: JAN, quotes: wide })).leftOut).toEqual([]);
  });

  it('blames no quote where the whole smile bends away from its fit', () => {
    const bent = quotes(strikes(JAN), (strike) => {
      const x = Math.log(strike / FORWARD) / (0.6 * Math.sqrt(30 / 365));
      return 0.6 + 0.15 * Math.exp(-((x - 1.2) ** 2)) + 0.02 * x * x;
    });
    const fit = onlyFit(market({ expiry: JAN, quotes: bent }));
    expect(fit.maxError).toBeGreaterThan(0.02);
    expect(fit.quotesUsed).toBe(strikes(JAN).length);
  });

  it('carries the points of the fit with their bid, ask, weight and error', () => {
    const smile = sviQuotes(MONTH, JAN).map((quote) => ({
      ...quote,
      bidIv: quote.markIv! - 0.01,
      askIv: quote.markIv! + 0.01,
    }));
    const fit = onlyFit(market({ expiry: JAN, quotes: smile }));
    expect(fit.points.map(({ strike }) => strike)).toEqual(strikes(JAN));
    for (const { strike, type, logMoneyness, vol, bidVol, askVol, weight, error } of fit.points) {
      expect(type).toBe(strike >= FORWARD ? 'C' : 'P');
      expect(logMoneyness).toBe(Math.log(strike / FORWARD));
      expect([bidVol, askVol]).toEqual([vol - 0.01, vol + 0.01]);
      expect(weight).toBeGreaterThan(0);
      expect(error).toBe(smileVol(fit, logMoneyness) - vol);
    }
    const at = (k: number) => fit.points.find(({ logMoneyness }) => logMoneyness >= k)!.weight;
    expect(at(0)).toBeGreaterThan(at(0.3));
  });

  it('says where a smile allows butterflies, and how much', () => {
    const vogt: SviParameters = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
    const { butterfly } = onlyFit(market({ expiry: JAN, svi: vogt }));
    expect(butterfly!.logMoneyness).toBeCloseTo(0.8792625, 5);
    expect(butterfly!.g).toBeCloseTo(-0.0328635735, 8);
    expect(butterfly!.strike).toBeCloseTo(FORWARD * Math.exp(0.8792625416), -1);
  });

  it('has no smile from fewer than five strikes, and says so', () => {
    const four = quotes([90_000, 95_000, 100_000, 105_000], () => 0.6);
    const fit = onlyFit(market({ expiry: JAN, quotes: four }));
    expect(fit.svi).toBeNull();
    expect(fit.failure).toEqual({
      code: 'missing-data',
      message:
        'BTC 31JAN26 has 4 strikes with a usable vol, and a smile needs 5. Add quotes or an svi to the market file',
    });
    expect(onlyFit(market({ expiry: JAN })).failure!.message).toContain('has 0 strikes');
    expect(onlyFit(market({ expiry: JAN, quotes: [...four, ...quotes([110_000], () => 0.6)] })).svi).not.toBeNull();
  });

  it('takes the smile that the market gives where there are no quotes, and the quotes where there are', () => {
    const given = onlyFit(market({ expiry: JAN, svi: MONTH }));
    expect(given.origin).toBe('market');
    expect(given.svi).toEqual(MONTH);
    expect(given.rmse).toBeNull();
    expect(given.atmVol).toBe(Math.sqrt(sviTotalVariance(MONTH, 0) / given.timeToExpiryYears));
    const beside = onlyFit(market({ expiry: JAN, svi: { ...MONTH, a: 0.5 }, quotes: sviQuotes(MONTH, JAN) }));
    expect(beside.origin).toBe('quotes');
    expect(beside.svi!.a).toBeCloseTo(MONTH.a, 3);
  });

  it('flags butterfly arbitrage of a given smile and refuses one that is no smile', () => {
    const vogt: SviParameters = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
    expect(onlyFit(market({ expiry: JAN, svi: vogt })).butterflyArbitrage).toBe(true);
    for (const bad of [{ a: -1 }, { b: 3 }, { rho: 1.2 }, { b: -0.1 }, { a: Number.NaN }]) {
      const fit = onlyFit(market({ expiry: JAN, svi: { ...MONTH, ...bad } }));
      expect(fit.svi).toBeNull();
      expect(fit.failure!.message).toContain('the svi given with it is no smile');
    }
  });

  it('leaves expired expiries out and puts the others in order', () => {
    const { fits } = calibrateSurface(
      market({ expiry: MAR, svi: MONTH }, { expiry: AS_OF }, { expiry: AS_OF - 1 }, { expiry: JAN, svi: MONTH }),
      AS_OF,
    );
    expect(fits.map(({ expiry }) => expiry)).toEqual([JAN, MAR]);
  });

  it('flags smiles that cross in time, and says whether quotes or only wings do', () => {
    const higher = { ...MONTH, a: MONTH.a + 0.01 };
    const surface = (near: SviParameters, far: SviParameters) =>
      calibrateSurface(
        market({ expiry: JAN, quotes: sviQuotes(near, JAN) }, { expiry: MAR, quotes: sviQuotes(far, MAR) }),
        AS_OF,
      ).calendarArbitrage;
    expect(surface(MONTH, higher)).toEqual([]);
    expect(surface(higher, MONTH)).toMatchObject([{ earlier: JAN, later: MAR, where: 'quotes' }]);
    // Crossing only beyond k = 0.6, where the month has no quotes.
    const flatter = { ...higher, a: higher.a + 0.02, b: MONTH.b * 0.6 };
    expect(sviTotalVariance(flatter, 1.5)).toBeLessThan(sviTotalVariance(MONTH, 1.5));
    expect(surface(MONTH, flatter)).toMatchObject([{ earlier: JAN, later: MAR, where: 'wings' }]);
  });

  it('gives the same fit every time', () => {
    const underlying = market({ expiry: JAN, quotes: sviQuotes(MONTH, JAN) });
    expect(calibrateSurface(underlying, AS_OF)).toEqual(calibrateSurface(underlying, AS_OF));
  });
});
