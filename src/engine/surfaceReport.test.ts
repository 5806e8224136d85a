import { describe, expect, it } from 'vitest';
import type { SmileEdit } from './domain/smileEdit.ts';
import type { SurfaceRequest } from './domain/surfaceReport.ts';
import { EXPIRIES, smallMarket } from './fixtures/smallMarket.ts';
import { normalCdf } from './numerics/normal.ts';
import { editedMarket } from './scenario/editedMarket.ts';
import { smileEditAnswer, surfaceReport } from './surfaceReport.ts';

const market = smallMarket();
const request: SurfaceRequest = { marketId: market.snapshot.id, underlying: 'BTC', mesh: null };
const edit = (expiry: number, level: number): SmileEdit => ({ underlying: 'BTC', expiry, level, skew: 0, wings: 0 });

describe('surfaceReport', () => {
  it('shows each expiry with its quotes, its figures and how well it is fitted', () => {
    const report = surfaceReport(market, request);
    expect(report.expiries.map(({ expiry }) => expiry)).toEqual(Object.values(EXPIRIES));
    for (const smile of report.expiries) {
      expect(smile.failure).toBeNull();
      const used = smile.quotes.filter(({ reason }) => reason === null);
      expect(used).toHaveLength(smile.quotesUsed);
      // One a strike, the out-of-the-money one, with its whiskers a point to either side.
      for (const { strike, type, vol, bidVol, askVol } of used) {
        expect(type).toBe(strike >= smile.forward ? 'C' : 'P');
        expect([bidVol, askVol].map((side) => Math.round((side! - vol!) * 1e6))).toEqual([-10_000, 10_000]);
      }
      const worst = Math.max(...used.map(({ error }) => Math.abs(error!)));
      expect(worst).toBeCloseTo(smile.maxError!, 12);
      const { atm, riskReversal25, butterfly25, put25, call25 } = smile.figures!;
      expect(riskReversal25).toBe(call25.vol - put25.vol);
      expect(butterfly25).toBe((call25.vol + put25.vol) / 2 - atm);
      expect(put25.strike).toBeLessThan(smile.forward);
      expect(smile.edit).toBeNull();
    }
  });

  it('has forward vols whose variances add up to those of the expiries', () => {
    const { expiries } = surfaceReport(market, request);
    let variance = 0;
    let time = 0;
    for (const { figures, forwardVol, timeToExpiryYears } of expiries) {
      variance += (forwardVol ?? figures!.atm) ** 2 * (timeToExpiryYears - time);
      time = timeToExpiryYears;
      expect(variance).toBeCloseTo(figures!.atm ** 2 * time, 12);
    }
  });

  it('keeps the market’s own curve and figures beside an edited one', () => {
    const before = surfaceReport(market, request);
    const edits = [edit(EXPIRIES.month, 0.03)];
    const after = surfaceReport(editedMarket(market, edits).market, { ...request, smileEdits: edits });
    expect(after.edits).toEqual(edits);
    const [week, month, year] = after.expiries;
    expect(week).toEqual(before.expiries[0]);
    expect(month!.edit).toEqual({ level: 0.03, skew: 0, wings: 0 });
    expect(month!.marketFigures).toEqual(before.expiries[1]!.figures);
    expect(month!.marketCurve).toEqual(before.expiries[1]!.curve);
    expect(month!.figures!.atm).toBeCloseTo(month!.marketFigures!.atm + 0.03, 12);
    expect(month!.quotes).toEqual(before.expiries[1]!.quotes);
    // The next forward vol starts from the edited expiry.
    expect(year!.forwardVol).toBeLessThan(before.expiries[2]!.forwardVol!);
    expect(year!.edit).toBeNull();
  });

  it('has a mesh of deltas that agrees with the figures, and one of moneyness within the quotes', () => {
    const { mesh, expiries } = surfaceReport(market, { ...request, mesh: 'delta' });
    expect(mesh!.rows.filter(({ expiry }) => expiry !== null)).toHaveLength(3);
    expect(mesh!.rows.length).toBeGreaterThan(15);
    for (const { across } of mesh!.rows)
      expect([normalCdf(across[0]!), normalCdf(across.at(-1)!)].map((delta) => delta.toFixed(4))).toEqual([
        '0.9500',
        '0.0500',
      ]);
    const times = mesh!.rows.map(({ timeToExpiryYears }) => timeToExpiryYears);
    expect(times).toEqual(times.toSorted((one, two) => one - two));
    for (const { expiry, vols } of mesh!.rows) {
      expect(vols.every((vol) => vol !== null && vol > 0)).toBe(true);
      const smile = expiries.find((each) => each.expiry === expiry);
      // The vertex of this smile lies to the right: vols fall from puts to the money.
      if (smile) expect(vols[0]).toBeGreaterThan(smile.figures!.put25.vol);
    }
    const moneyness = surfaceReport(market, { ...request, mesh: 'moneyness' }).mesh!;
    for (const { expiry, across, vols } of moneyness.rows) {
      expect(across).toEqual(across.toSorted((one, two) => one - two));
      expect(vols.every((vol) => vol !== null)).toBe(true);
      const smile = expiries.find((each) => each.expiry === expiry);
      if (smile === undefined) continue;
      const used = smile.quotes.filter(({ reason }) => reason === null).map(({ strike }) => strike);
      expect(across[0]).toBeCloseTo(Math.log(Math.min(...used) / smile.forward), 12);
      expect(across.at(-1)).toBeCloseTo(Math.log(Math.max(...used) / smile.forward), 12);
    }
  });

  it('names the expiry that has no smile, and goes on', () => {
    const without = smallMarket({ smile: (k) => (k < -0.3 ? 0.6 : Number.NaN) });
    for (const smile of surfaceReport(without, { ...request, mesh: 'delta' }).expiries) {
      expect(smile.failure).toMatch(/a smile needs 5/);
      expect(smile.figures).toBeNull();
      expect(smile.curve).toEqual([]);
    }
  });
});

describe('smileEditAnswer', () => {
  it('goes as far as it may, and leaves other coins’ edits alone', () => {
    const other: SmileEdit = { ...edit(EXPIRIES.week, 0.01), underlying: 'ETH' };
    const asked = { marketId: market.snapshot.id, underlying: 'BTC', standing: [other] };
    const fine = smileEditAnswer(market, { ...asked, asked: [edit(EXPIRIES.week, 0.02)] });
    expect(fine).toEqual({ edits: [edit(EXPIRIES.week, 0.02), other], stop: null });
    const far = smileEditAnswer(market, { ...asked, asked: [edit(EXPIRIES.week, 5)] });
    expect(far.stop?.kind).toBe('calendar');
    expect(far.edits[0]!.level).toBeGreaterThan(0.1);
    expect(far.edits[1]).toEqual(other);
    const back = smileEditAnswer(market, { ...asked, standing: far.edits, asked: [edit(EXPIRIES.week, 0)] });
    expect(back).toEqual({ edits: [other], stop: null });
  });
});
