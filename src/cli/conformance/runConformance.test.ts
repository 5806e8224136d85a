import { describe, expect, it } from 'vitest';
import { RiskError } from '../../engine/domain/failure.ts';
import { runConformance } from './runConformance.ts';

const file = (family: string, cases: unknown[]) => JSON.stringify({ schema: 'refvec/1', family, cases });

describe('runConformance', () => {
  it('judges, skips and counts, one line a case in order', async () => {
    const haug = { type: 'put', S: 100, K: 95, q: 0.05, r: 0.1, T: 0.5, sigma: 0.2 };
    const report = await runConformance([
      file('european_bsm_published', [
        { id: 'a', fn: 'bsm.price', inputs: haug, expected: 2.4648, tol: { abs: 5.0005e-5 } },
        { id: 'b', fn: 'bsm.price', inputs: haug, expected: 2.5, tol: { abs: 5.0005e-5 } },
        { id: 'c', fn: 'bsm.unheard_of', inputs: haug, expected: 1 },
        { id: 'd', fn: 'bsm.price', inputs: haug, expected: 1, tol: { rule: 'converges' } },
      ]),
      file('another_family', [{ id: 'e', fn: 'toString', inputs: {}, expected: 1 }]),
    ]);
    expect(report).toMatchObject({ passed: 1, failed: 1, skipped: 3 });
    expect(report.lines.map((line) => line.id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(report.lines[0]).toEqual({
      family: 'european_bsm_published',
      id: 'a',
      fn: 'bsm.price',
      actual: expect.closeTo(2.4647876467558214, 12),
      ok: true,
    });
    expect(report.lines[1]).toMatchObject({ ok: false });
    expect(report.lines[2]).toMatchObject({ skipped: 'no adapter for bsm.unheard_of' });
    expect(report.lines[3]).toMatchObject({ skipped: 'judged by its own rule: converges' });
    expect(report.lines[4]).toMatchObject({ skipped: 'no adapter for the family another_family' });
  });

  it('a refusal carries its reason and passes where one is asked for', async () => {
    const inputs = { type: 'call', F: 110, K: 100, T: 0.5, price: 9.99 };
    const report = await runConformance([
      file('black76_implied_vol', [
        { id: 'a', fn: 'black76.implied_vol', inputs, expected: null, accept: ['a typed error'] },
        { id: 'b', fn: 'black76.implied_vol', inputs: { ...inputs, price: 'Infinity' }, expected: null, accept: [''] },
        { id: 'c', fn: 'black76.implied_vol', inputs: { type: 'call' }, expected: 0.2, tol: { rel: 1 } },
      ]),
    ]);
    expect(report).toMatchObject({ passed: 2, failed: 1 });
    expect(report.lines[0]).toMatchObject({ actual: { refused: expect.stringContaining('intrinsic value') } });
    expect(report.lines[2]).toMatchObject({ actual: { refused: expect.stringContaining('"F"') }, ok: false });
  });

  it('cases share what their file names once', async () => {
    const threshold = 0.4;
    const set = {
      perp: { mm: 0.05, im: 0.065 },
      option: {
        maxSpotReq: 0.15,
        minSpotReq: 0.1,
        mmCallSpotReq: 0.075,
        mmPutSpotReq: 0.075,
        MMPutMtMReq: 0.075,
        unpairedIMScale: 1.2,
        unpairedMMScale: 1.1,
        mmOffsetScale: 1.05,
      },
      base: { marginFactor: 0.8, IMScale: 1 },
      confidence: { perpThreshold: threshold, optionThreshold: threshold, baseThreshold: threshold, OCFactor: 0.4 },
      depeg: { threshold: 0.98, factor: 1.2 },
    };
    const perp = { position: -1, price: 2001, confidence: 1, unsettledCash: -1 };
    const market = { name: 'ETH', spot: 2000, spotConfidence: 1, perp, base: 0, expiries: [] };
    const inputs = { portfolio: { cash: 0, stablePrice: 1, markets: [market] }, params: 'set' };
    const expected = { im: -131.065, mm: -101.05 };
    const family = (paramSets: unknown) =>
      JSON.stringify({
        schema: 'refvec/1',
        family: 'derive-srm',
        paramSets,
        cases: [{ id: 'a', fn: 'derive.standard', inputs, expected, tol: { abs: 1e-9 } }],
      });
    const report = await runConformance([family({ set }), family({ another: set })]);
    expect(report.lines[0]).toMatchObject({ ok: true });
    expect(report.lines[1]).toMatchObject({ actual: { refused: expect.stringContaining('"set"') }, ok: false });
  });

  it('takes numbers written as text and option types in either spelling', async () => {
    const report = await runConformance([
      file('black76_inverse', [
        // py_vollib's doctest of the normalised formula.
        {
          id: 'a',
          fn: 'black76.normalised',
          inputs: { type: 'put', x: '0.1', s: '0.23232323888' },
          expected: 0.0509710222785,
          tol: { rel: 2e-12 },
        },
      ]),
      file('cex-deribit-marks', [
        {
          id: 'b',
          fn: 'deribit.blackMark',
          inputs: { underlying: 29153.69, strike: 28000, type: 'C', iv: 0.872, T: 0.04163080771182141 },
          expected: { markPriceCoin: 0.09096156 },
          tol: { abs: 1e-4 },
        },
      ]),
    ]);
    expect(report).toMatchObject({ passed: 2, failed: 0 });
  });

  it('lines survive JSON with every digit', async () => {
    const inputs = { type: 'call', F: 100, K: 100, T: 0.5, sigma: 0.2 };
    const { lines } = await runConformance([
      file('black76_inverse', [{ id: 'a', fn: 'black76.price_undiscounted', inputs, expected: 5, tol: { abs: 1 } }]),
    ]);
    expect(JSON.parse(JSON.stringify(lines[0])).actual).toBeCloseTo(5.6371977797016624, 14);
  });

  it.each([
    ['{"schema":"refvec/1"', 'bad-json'],
    ['{"schema":"other/1","family":"x","cases":[]}', 'bad-format'],
    ['{"schema":"refvec/1","family":"x"}', 'bad-format'],
    ['{"schema":"refvec/1","family":"x","cases":[{"id":"a"}]}', 'bad-format'],
  ])('refuses %s', async (text, code) => {
    const error: unknown = await runConformance([text]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RiskError);
    expect((error as RiskError).failure.code).toBe(code);
  });
});
