import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpiryMarket, SviParameters } from '../domain/marketSnapshot.ts';
import type { SmileEdit } from '../domain/smileEdit.ts';
import { undiscountedBlack } from '../pricing/black76.ts';
import { calibrateSurface } from './calibrateSurface.ts';
import { adjustedSmile, editedSurface } from './smileAdjustment.ts';
import { smileQuotes } from './smileQuotes.ts';
import { sviTotalVariance, sviWingSlope } from './svi.ts';
import type { VolSurface } from './VolSurface.ts';

const AS_OF = Date.UTC(2026, 0, 1, 8);
const JAN = Date.UTC(2026, 0, 31, 8);
const FEB = Date.UTC(2026, 1, 28, 8);
const JUN = Date.UTC(2026, 5, 26, 8);
const FORWARD = 100_000;
const YEAR = 365 * 86_400_000;

/** A smile of skewed shape whose vol at the money is `vol`. */
function shaped(vol: number, time: number): SviParameters {
  const sd = vol * Math.sqrt(time);
  return { a: sd * sd * 0.72, b: 0.22 * sd, rho: -0.3, m: 0.1 * sd, sigma: 1.2 * sd };
}

function expiry(at: number, vol: number): ExpiryMarket {
  const time = (at - AS_OF) / YEAR;
  const svi = shaped(vol, time);
  const sd = vol * Math.sqrt(time);
  const quotes = Array.from({ length: 21 }, (_, i) => {
    const k = (i - 10) * 0.25 * sd;
    const markIv = Math.sqrt(sviTotalVariance(svi, k) / time);
    return { strike: FORWARD * Math.exp(k), type: k < 0 ? ('P' as const) : ('C' as const), markIv };
  });
  return { expiry: at, forward: FORWARD, discount: 1, quotes };
}

const surface: VolSurface = calibrateSurface(
  { symbol: 'BTC', index: FORWARD, expiries: [expiry(JAN, 0.55), expiry(FEB, 0.54), expiry(JUN, 0.53)] },
  AS_OF,
);

const edit = (at: number, shift: Partial<SmileEdit>): SmileEdit => ({
  underlying: 'BTC',
  expiry: at,
  level: 0,
  skew: 0,
  wings: 0,
  ...shift,
});

const shifts = fc.record({
  level: fc.double({ min: -0.1, max: 0.5, noNaN: true }),
  skew: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
  wings: fc.double({ min: -0.01, max: 0.03, noNaN: true }),
});

describe('adjustedSmile', () => {
  const time = 0.2;
  const base = shaped(0.6, time);
  const quotesOf = (p: SviParameters) => smileQuotes((k) => Math.sqrt(sviTotalVariance(p, k) / time), time)!;

  it('moves the vol at the money, the risk reversal and the butterfly by what was asked, exactly', () => {
    const before = quotesOf(base);
    fc.assert(
      fc.property(shifts, ({ level, skew, wings }) => {
        const adjusted = adjustedSmile(base, time, { level, skew, wings });
        fc.pre(adjusted !== null);
        const after = quotesOf(adjusted!);
        expect(after.atm - before.atm).toBeCloseTo(level, 10);
        expect(after.riskReversal25 - before.riskReversal25).toBeCloseTo(skew, 10);
        expect(after.butterfly25 - before.butterfly25).toBeCloseTo(wings, 10);
      }),
    );
  });

  it('is the smile itself where nothing is moved, and comes back when the move is undone', () => {
    expect(adjustedSmile(base, time, { level: 0, skew: 0, wings: 0 })).toBe(base);
    const there = adjustedSmile(base, time, { level: 0.04, skew: -0.02, wings: 0.01 })!;
    const back = adjustedSmile(there, time, { level: -0.04, skew: 0.02, wings: -0.01 })!;
    for (const name of ['a', 'b', 'rho', 'm', 'sigma'] as const) expect(back[name]).toBeCloseTo(base[name], 10);
  });

  it('is null where no smile has these vols', () => {
    expect(adjustedSmile(base, time, { level: -0.7, skew: 0, wings: 0 })).toBeNull();
    expect(adjustedSmile(base, time, { level: 0, skew: 0, wings: -0.2 })).toBeNull();
    expect(adjustedSmile(base, time, { level: 0, skew: 0.4, wings: 0 })).toBeNull();
  });
});

/** Butterflies and calendars from prices alone, on a grid of strikes that the guard does not know. */
function priceFaults({ fits }: VolSurface): string[] {
  const faults: string[] = [];
  const price = (fit: VolSurface['fits'][number], k: number) =>
    undiscountedBlack(1, 1, Math.exp(k), Math.sqrt(sviTotalVariance(fit.svi!, k)));
  for (const [i, fit] of fits.entries()) {
    const [low, high] = fit.strikeRange!.map((strike) => Math.log(strike / fit.forward)) as [number, number];
    const step = (high - low) / 157;
    for (let k = low + step; k < high - step; k += step) {
      const [left, middle, right] = [k - step, k, k + step].map((at) => Math.exp(at)) as [number, number, number];
      const weight = (right - middle) / (right - left);
      const fly = weight * price(fit, k - step) + (1 - weight) * price(fit, k + step) - price(fit, k);
      if (fly < -1e-12) faults.push(`butterfly ${i} ${k}`);
      const earlier = fits[i - 1];
      if (earlier && price(fit, k) < price(earlier, k) * (1 - 1e-3) && k > low / 2 && k < high / 2)
        faults.push(`calendar ${i} ${k}`);
    }
  }
  return faults;
}

describe('editedSurface', () => {
  it('puts an admissible edit on as it is, on its expiry alone', () => {
    const asked = [edit(FEB, { level: 0.02, skew: -0.01, wings: 0.002 })];
    const edited = editedSurface(surface, asked);
    expect(edited.stop).toBeNull();
    expect(edited.edits).toEqual(asked);
    expect(edited.surface.fits[1]!.atmVol).toBeCloseTo(surface.fits[1]!.atmVol! + 0.02, 10);
    expect(edited.surface.fits[0]).toBe(surface.fits[0]);
    expect(edited.surface.fits[2]).toBe(surface.fits[2]);
  });

  it('stops a level before total variance would fall to the next expiry, and says where', () => {
    const edited = editedSurface(surface, [edit(JAN, { level: 0.5 })]);
    expect(edited.stop).toMatchObject({ kind: 'calendar', expiry: JAN, other: FEB });
    expect(edited.stop!.message).toMatch(
      /^31JAN26: beyond this total variance at \d+ would fall from 31JAN26 to 28FEB26/,
    );
    const [reached] = edited.edits;
    expect(reached!.level).toBeGreaterThan(0.05);
    expect(reached!.level).toBeLessThan(0.5);
    // The last admissible value: a thousandth of a point more is refused.
    expect(editedSurface(surface, [reached!]).stop).toBeNull();
    expect(editedSurface(surface, [{ ...reached!, level: reached!.level + 1e-5 }]).stop?.kind).toBe('calendar');
  });

  it('stops wings and skew before a butterfly would be worth less than nothing', () => {
    const stops = [
      edit(JUN, { wings: 0.4 }),
      edit(JUN, { wings: -0.2 }),
      edit(JUN, { skew: 0.8 }),
      edit(JUN, { level: -0.5 }),
    ].map((asked) => editedSurface(surface, [asked]));
    for (const edited of stops) {
      expect(edited.stop).not.toBeNull();
      expect(edited.stop!.expiry).toBe(JUN);
      expect(priceFaults(edited.surface)).toEqual([]);
    }
    expect(stops[0]!.stop!.kind).toBe('butterfly');
  });

  it('leaves no arbitrage in prices whatever is asked', () => {
    expect(priceFaults(surface)).toEqual([]);
    const any = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom([JAN], [FEB], [JUN], [JAN, JUN], [JAN, FEB, JUN]),
        any,
        any,
        any,
        (expiries, level, skew, wings) => {
          const edited = editedSurface(
            surface,
            expiries.map((at) => edit(at, { level, skew, wings })),
          );
          expect(priceFaults(edited.surface)).toEqual([]);
          for (const fit of edited.surface.fits) expect(sviWingSlope(fit.svi!)).toBeLessThanOrEqual(2);
          // What is in force is admissible, and so survives being asked for again.
          expect(editedSurface(surface, edited.edits)).toMatchObject({ edits: edited.edits, stop: null });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('moves on from what stands: the other parts of an edit keep their values', () => {
    const standing = [edit(JAN, { level: 0.03, skew: 0.01 }), edit(JUN, { level: 0.01 })];
    const asked = [edit(JAN, { level: 0.9, skew: 0.01 }), edit(JUN, { level: 0.01 })];
    const edited = editedSurface(surface, asked, standing);
    expect(edited.stop?.kind).toBe('calendar');
    expect(edited.edits[0]!.skew).toBe(0.01);
    expect(edited.edits[0]!.level).toBeGreaterThan(0.03);
    expect(edited.edits[1]).toEqual(standing[1]);
  });

  it('takes all expiries together farther than one alone', () => {
    const up = (at: number) => edit(at, { level: 0.5 });
    const alone = editedSurface(surface, [up(JAN)]).edits[0]!.level;
    const together = editedSurface(surface, [up(JAN), up(FEB), up(JUN)]);
    expect(together.stop).toBeNull();
    expect(alone).toBeLessThan(0.5);
  });

  it('drops edits of another coin, of expiries that are not listed, and those that change nothing', () => {
    const edited = editedSurface(surface, [
      { ...edit(JAN, { level: 0.02 }), underlying: 'ETH' },
      edit(JAN + 1, { level: 0.02 }),
      edit(FEB, {}),
    ]);
    expect(edited.edits).toEqual([]);
    expect(edited.surface.fits).toEqual(surface.fits);
  });
});
