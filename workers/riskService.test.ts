import { MessageChannel } from 'node:worker_threads';
import { type Endpoint, expose, proxy, type Remote, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BacktestProgress, BacktestRequest } from '../src/engine/domain/backtestReport.ts';
import type { FrontierRequest } from '../src/engine/domain/liquidationFrontier.ts';
import type { EvaluateRequest, VarProgress, VarRequest, VarTold } from '../src/engine/domain/riskReport.ts';
import { CODES, EXPIRIES, smallBook, smallSnapshot } from '../src/engine/fixtures/smallMarket.ts';
import { marginCaseOutcome } from '../src/engine/marginCase.ts';
import { marginModels } from '../src/engine/margin/marginModels.ts';
import { parseMarginCase } from '../src/formats/marginCaseFile.ts';
import { marketFileText } from '../src/formats/marketFile.ts';
import type { RiskApi } from './RiskApi.ts';
import { riskService } from './riskService.ts';

const DAY = 86_400_000;
const adapter = nodeEndpoint as unknown as (port: unknown) => Endpoint;

/** The small market with a year of alternating history, as a file. */
function marketText(): string {
  const snapshot = smallSnapshot();
  const closes = Array.from({ length: 366 }, (_, day): [number, number] => [
    snapshot.asOf - (366 - day) * DAY,
    90_000 * Math.exp(0.02 * Math.sin(day * day)),
  ]);
  return marketFileText({
    ...snapshot,
    underlyings: snapshot.underlyings.map((underlying) => ({
      ...underlying,
      history: { intervalDays: 1, closes, volatilityIndex: [] },
    })),
  });
}

let channel: MessageChannel;
let api: Remote<RiskApi>;
let marketId: string;

beforeEach(async () => {
  channel = new MessageChannel();
  expose(riskService(), adapter(channel.port1));
  api = wrap<RiskApi>(adapter(channel.port2));
  const opened = await api.openMarket(marketText());
  if (!opened.ok) throw new Error(opened.failure.message);
  marketId = opened.value.id;
});

afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

const SOLD = [
  [`BTC-${CODES.month}-75000-P`, -5],
  ['BTC-PERPETUAL', -30_000],
] as const;
const book = smallBook(SOLD);

function evaluateRequest(overrides: Partial<EvaluateRequest> = {}): EvaluateRequest {
  return {
    inputVersion: 7,
    marketId,
    book,
    proposed: null,
    models: ['isolated', 'cross', 'portfolio'],
    parameters: {},
    ...overrides,
  };
}

describe('the margin explained', () => {
  it('starts and ends at what evaluate says, and its origin has the same digits as the verdict and as a rerun', async () => {
    const proposed = smallBook([...SOLD, [`BTC-${CODES.month}-70000-P`, 5]]);
    const smileEdits = [{ underlying: 'BTC', expiry: EXPIRIES.month, level: 0.02, skew: 0, wings: 0 }];
    for (const model of ['portfolio', 'var']) {
      const report = await api.evaluate(evaluateRequest({ proposed, smileEdits, models: [model] }));
      const about = { marketId, smileEdits, model, parameters: {} };
      const explained = await api.explainMargin({ ...about, book, proposed });
      const origin = await api.marginProvenance({ ...about, portfolio: proposed });
      if (!report.ok || !explained.ok || !origin.ok) throw new Error('an answer is missing');
      const [before, after] = [report.value.before.margins[0]!, report.value.after!.margins[0]!];
      expect(before).toMatchObject({ initialMarginUsd: explained.value.fromUsd });
      expect(after).toMatchObject({ initialMarginUsd: explained.value.toUsd });
      expect(origin.value.outcome).toEqual(after);
      const written = parseMarginCase(origin.value.caseText);
      if (!written.ok) throw new Error(written.failure.message);
      expect(marginCaseOutcome(written.value.marginCase, marginModels)).toEqual(after);
    }
  });

  it('answers what cannot be explained with the reason', async () => {
    const about = { marketId, model: 'nobody', parameters: {} };
    const failures = [
      await api.explainMargin({ ...about, book, proposed: null }),
      await api.marginProvenance({ ...about, portfolio: book }),
    ];
    for (const answer of failures) expect(answer).toMatchObject({ ok: false, failure: { code: 'unsupported' } });
  });
});

function varRequest(overrides: Partial<VarRequest> = {}): VarRequest {
  return {
    inputVersion: 7,
    marketId,
    portfolio: book,
    method: 'monte-carlo',
    confidence: 0.99,
    horizonDays: 1,
    paths: 20_000,
    seed: 1,
    distribution: 'student-t',
    degreesOfFreedom: 4,
    revaluation: 'full',
    smile: 'sticky-strike',
    lossLevelsUsd: [10_000],
    ...overrides,
  };
}

describe('the worker boundary', () => {
  it('answers a keystroke with a report of the same version and market', async () => {
    const answer = await api.evaluate(evaluateRequest());
    if (!answer.ok) throw new Error(answer.failure.message);
    expect(answer.value).toMatchObject({ inputVersion: 7, marketId });
    expect(answer.value.before.margins.map(({ id }) => id)).toEqual(['isolated', 'cross', 'portfolio']);
    expect(answer.value.before.positions).toHaveLength(2);
  });

  it('previews a proposed book with the same digits as the book itself', async () => {
    const bigger = { ...book, legs: book.legs.map((leg) => ({ ...leg, quantity: leg.quantity * 2 })) };
    const previewed = await api.evaluate(evaluateRequest({ proposed: bigger }));
    const kept = await api.evaluate(evaluateRequest({ book: bigger }));
    if (!previewed.ok || !kept.ok) throw new Error('no report');
    expect(previewed.value.after).toEqual(kept.value.before);
  });

  it('sends curves as typed arrays and a chain with a row a strike', async () => {
    const explored = await api.explore({
      inputVersion: 1,
      marketId,
      book,
      proposed: null,
      model: 'portfolio',
      parameters: {},
      stress: { spot: [-0.1, 0, 0.1], vol: [0], volUnit: 'relative', days: 0, smile: 'sticky-strike', movers: 'all' },
      curve: {
        underlying: 'BTC',
        spot: [-0.1, 0, 0.1],
        movers: 'all',
        volShock: 0,
        volUnit: 'relative',
        smile: 'sticky-strike',
        days: [0],
        runwayDays: 0,
      },
      pin: null,
    });
    if (!explored.ok) throw new Error(explored.failure.message);
    expect(explored.value.curves.before.spotUsd).toBeInstanceOf(Float64Array);
    const chain = await api.chain({ marketId, underlying: 'BTC', expiry: EXPIRIES.month });
    if (!chain.ok) throw new Error(chain.failure.message);
    expect(chain.value.rows).toHaveLength(13);
    expect(chain.value.rows[6]!.call.bid!).toBeLessThan(chain.value.rows[6]!.call.ask!);
  });

  it('answers where liquidation begins, and a newer question overtakes an older one', async () => {
    const request: FrontierRequest = {
      marketId,
      book,
      proposed: null,
      model: 'portfolio',
      parameters: {},
      underlying: 'BTC',
      movers: 'all',
      smile: 'sticky-strike',
      days: 0,
      horizonDays: 30,
    };
    const [overtaken, newest] = [api.frontier(request), api.frontier({ ...request, days: 1 })];
    expect(await overtaken).toEqual({ ok: true, value: null });
    const answered = await newest;
    if (!answered.ok || answered.value === null) throw new Error('no answer');
    expect(answered.value.before.now).toBe('safe');
    expect(answered.value.distance.source).toContain('BTC has no volatility index');
    expect(await api.frontier({ ...request, underlying: 'DOGE' })).toMatchObject({
      ok: false,
      failure: { message: 'This market has no DOGE; it has BTC, ETH' },
    });
  });

  it('answers for every rulebook as the verdict does for its own, and edits of smiles count', async () => {
    const ask = { inputVersion: 3, marketId, book, proposed: book, parameters: { portfolio: { priceRange: 0.3 } } };
    const answer = await api.rulebooks(ask);
    const own = await api.evaluate(evaluateRequest({ parameters: ask.parameters }));
    if (!answer.ok || !own.ok) throw new Error('no answer');
    expect(answer.value.before.length).toBeGreaterThan(own.value.before.margins.length);
    expect(answer.value.before.map(({ id }) => id)).toEqual((await api.allModels()).map(({ id }) => id));
    for (const outcome of own.value.before.margins)
      expect(answer.value.before.find(({ id }) => id === outcome.id)).toEqual(outcome);
    expect(answer.value.after).toEqual(answer.value.before);
    const bent = await api.rulebooks({
      ...ask,
      smileEdits: [{ underlying: 'BTC', expiry: EXPIRIES.month, level: 0.05, skew: 0, wings: 0 }],
    });
    if (!bent.ok) throw new Error(bent.failure.message);
    expect(bent.value.before).not.toEqual(answer.value.before);
    expect(await api.rulebooks({ ...ask, marketId: 'another' })).toMatchObject({ ok: false });
  });

  it('finds the largest size of a leg, and a newer question overtakes an older one', async () => {
    const ask = {
      inputVersion: 3,
      marketId,
      parameters: {},
      book,
      heldSize: 5,
      unit: [{ instrument: book.legs[0]!.instrument, quantity: -1, price: 0.01 }],
      presentSize: 5,
      step: 0.1,
      curves: ['portfolio'],
    };
    const [older, newer] = await Promise.all([api.sizing(ask), api.sizing({ ...ask, presentSize: 4 })]);
    expect(older).toEqual({ ok: true, value: null });
    if (!newer.ok || newer.value === null) throw new Error('no answer');
    expect(newer.value.presentSize).toBe(4);
    expect(newer.value.fits.find(({ id }) => id === 'portfolio')).toMatchObject({ kind: 'largest', least: 0 });
  });

  it('turns a broken file, another market and an unknown model into failures with words', async () => {
    expect(await api.openMarket('{"schema":')).toMatchObject({ ok: false, failure: { code: 'bad-json' } });
    // The refused file has not displaced the open market.
    expect((await api.evaluate(evaluateRequest())).ok).toBe(true);
    expect(await api.evaluate(evaluateRequest({ marketId: 'other' }))).toMatchObject({
      ok: false,
      failure: { code: 'missing-data' },
    });
    // An unknown rulebook does not take the others with it.
    expect(await api.evaluate(evaluateRequest({ models: ['cross', 'moonshot'] }))).toMatchObject({
      ok: true,
      value: {
        before: {
          margins: [
            { id: 'cross', initialMarginUsd: expect.any(Number) },
            { id: 'moonshot', unsupported: { code: 'unsupported', message: 'There is no margin model "moonshot"' } },
          ],
        },
      },
    });
  });

  /** The reports of these questions; what was told on the way, in its order; and whether all were told. */
  async function valuesAtRisk(...requests: VarRequest[]) {
    const told: VarTold[] = [];
    const end = await api.valuesAtRisk(
      requests,
      proxy((word: VarTold) => void told.push(word)),
    );
    const answers = told.flatMap((word) => ('answer' in word ? [word.answer] : []));
    return { end, told, answers, reports: answers.map((answer) => answer.ok && { ...answer.value, elapsedMs: 0 }) };
  }

  it('reports progress of a Monte Carlo run and ends with a standard error', async () => {
    const { end, told, answers } = await valuesAtRisk(varRequest());
    expect(end).toEqual({ ok: true, value: 'told' });
    const [answer] = answers;
    if (!answer?.ok) throw new Error('no report');
    expect(answer.value.standardError!.valueAtRiskUsd).toBeGreaterThan(0);
    expect(answer.value.expectedShortfallUsd).toBeGreaterThanOrEqual(answer.value.valueAtRiskUsd);
    expect(told.some((word) => 'progress' in word && word.progress.soFar !== null)).toBe(true);
    expect(told.at(-1)).toHaveProperty('answer');
  });

  it('answers several methods, each once the one before has a figure; one that fails keeps none from being answered', async () => {
    const methods = ['monte-carlo', 'parametric', 'historical', 'cornish-fisher'] as const;
    const requests = methods.map((method) => varRequest({ method, ...(method === 'historical' && { confidence: 2 }) }));
    const { end, told } = await valuesAtRisk(...requests);
    expect(end).toEqual({ ok: true, value: 'told' });
    const found = methods.map((_, place) =>
      told.flatMap((word) => (word.place === place && 'answer' in word ? [word.answer] : [])),
    );
    expect(found.map(([answer]) => (answer?.ok ? answer.value.method : answer?.failure.code))).toEqual([
      'monte-carlo',
      'parametric',
      'bad-value',
      'cornish-fisher',
    ]);
    const firstFigure = told.findIndex((word) => 'progress' in word && word.progress.soFar !== null);
    expect(told.slice(0, firstFigure).every(({ place }) => place === 0)).toBe(true);
    const [monteCarlo] = await valuesAtRisk(requests[0]!).then(({ reports }) => reports);
    expect(monteCarlo).toEqual(found[0]![0]!.ok && { ...found[0]![0]!.value, elapsedMs: 0 });
  });

  it('lets newer runs overtake older ones, and gives the same bits when asked again', async () => {
    const overtaken = valuesAtRisk(varRequest({ method: 'parametric' }), varRequest({ paths: 200_000 }));
    const first = await valuesAtRisk(varRequest({ seed: 2 }));
    const old = await overtaken;
    expect(old.end).toEqual({ ok: true, value: null });
    expect(old.answers.length).toBeLessThan(2);
    const again = await valuesAtRisk(varRequest({ seed: 2 }));
    expect(first.reports).toHaveLength(1);
    expect(first.reports).toEqual(again.reports);
  });

  it('abandons value at risk that nobody waits for any more', async () => {
    const given = valuesAtRisk(varRequest({ paths: 5_000_000 }));
    await api.cancelValueAtRisk();
    expect((await given).end).toEqual({ ok: true, value: null });
  });

  it('gives up what runs on a market when another is opened', async () => {
    const given = valuesAtRisk(varRequest({ paths: 5_000_000 }));
    const opened = await api.openMarket(marketFileText(smallSnapshot()));
    expect(opened.ok).toBe(true);
    expect((await given).end).toEqual({ ok: true, value: null });
  });

  it('tests VaR over the history, and a newer test overtakes an older one', async () => {
    const request: BacktestRequest = {
      marketId,
      portfolio: book,
      methods: ['historical', 'parametric'],
      confidence: 0.95,
      window: 250,
      smile: 'sticky-strike',
    };
    const steps: number[] = [];
    const overtaken = api.backtest(request);
    const newest = api.backtest(
      { ...request, methods: ['historical'] },
      proxy(({ daysDone, daysAsked }: BacktestProgress) => void steps.push(daysDone / daysAsked)),
    );
    expect(await overtaken).toEqual({ ok: true, value: null });
    const answered = await newest;
    if (!answered.ok || answered.value === null) throw new Error('no answer');
    expect(answered.value.methods.map(({ method }) => method)).toEqual(['historical']);
    expect(answered.value.dates).toHaveLength(115);
    expect(steps.at(-1)).toBe(1);

    const cancelled = api.backtest(request);
    await api.cancelBacktest();
    expect(await cancelled).toEqual({ ok: true, value: null });
    const refused = await api.backtest({ ...request, window: 360 });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'missing-data' } });
  });

  it('verifies a proxy beside full revaluation, and a newer verification overtakes an older one', async () => {
    const request = varRequest({ revaluation: 'proxy', paths: 5_000 });
    const steps: number[] = [];
    const overtaken = api.verifyProxy(request);
    const newest = api.verifyProxy(
      request,
      proxy(({ pathsDone, pathsAsked }: VarProgress) => void steps.push(pathsDone / pathsAsked)),
    );
    expect(await overtaken).toEqual({ ok: true, value: null });
    const answered = await newest;
    if (!answered.ok || answered.value === null) throw new Error('no answer');
    const { report, largestDifferenceUsd, paths } = answered.value;
    expect(paths).toBe(5_000);
    expect(largestDifferenceUsd).toBeLessThanOrEqual(report.proxyError!.maxUsd);
    expect(report.proxyError!.buildMs).toBeGreaterThan(0);
    expect(steps.at(-1)).toBe(1);

    const cancelled = api.verifyProxy(request);
    await api.cancelVerifyProxy();
    expect(await cancelled).toEqual({ ok: true, value: null });
  });

  it('values everything on edited smiles, and on the market’s own again to the digit', async () => {
    const edits = [{ underlying: 'BTC', expiry: EXPIRIES.month, level: 0.05, skew: 0, wings: 0 }];
    const ask = async (smileEdits?: typeof edits) => {
      const answer = await api.evaluate(evaluateRequest(smileEdits === undefined ? {} : { smileEdits }));
      if (!answer.ok) throw new Error(answer.failure.message);
      const { elapsedMs: _, ...report } = answer.value;
      return report;
    };
    const own = await ask();
    const bent = await ask(edits);
    const [before, after] = [own, bent].map(({ before: { positions } }) => positions[0]!);
    if (!('impliedVolatility' in before!) || !('impliedVolatility' in after!)) throw new Error('not priced');
    // A quote moves by what the fit moves at its strike: here, by about the level.
    expect(after.impliedVolatility! - before.impliedVolatility!).toBeCloseTo(0.05, 2);
    expect(after.valueUsd).toBeLessThan(before.valueUsd);
    // The perpetual is not touched.
    expect(bent.before.positions[1]).toEqual(own.before.positions[1]);
    expect(bent.before.margins).not.toEqual(own.before.margins);
    expect(await ask()).toEqual(own);
    expect(await ask([])).toEqual(own);
    expect(await ask(edits)).toEqual(bent);
    // Another expiry's edit leaves this book as it is.
    expect(await ask([{ ...edits[0]!, expiry: EXPIRIES.year }])).toEqual(own);
  });

  it('stops an edit before arbitrage, and shows the surface that comes of it', async () => {
    const asked = [{ underlying: 'BTC', expiry: EXPIRIES.week, level: 9, skew: 0, wings: 0 }];
    const answer = await api.editSmiles({ marketId, underlying: 'BTC', standing: [], asked });
    if (!answer.ok) throw new Error(answer.failure.message);
    expect(answer.value.stop?.kind).toBe('calendar');
    const { edits } = answer.value;
    const shown = await api.surface({ marketId, underlying: 'BTC', smileEdits: edits, mesh: 'delta' });
    if (!shown.ok) throw new Error(shown.failure.message);
    expect(shown.value.edits).toEqual(edits);
    expect(shown.value.mesh!.rows.length).toBeGreaterThan(3);
    const repaired = await api.surface({ marketId, underlying: 'BTC', mesh: null, repair: true });
    expect(repaired.ok && repaired.value.isRepaired).toBe(true);
    expect(await api.surface({ marketId, underlying: 'DOGE', mesh: null })).toMatchObject({
      ok: false,
      failure: { message: 'This market has no DOGE; it has BTC, ETH' },
    });
  });
});

describe('a second market', () => {
  const scenario = { spotMove: -0.1, volShock: 0.25, volUnit: 'relative', days: 1, smile: 'sticky-strike' } as const;

  it('is explained from, beside the open one, which stays', async () => {
    const later = { ...smallSnapshot(), asOf: smallSnapshot().asOf + DAY };
    const from = await api.openFromMarket(marketText());
    if (!from.ok) throw new Error(from.failure.message);
    const opened = await api.openMarket(marketFileText(later));
    if (!opened.ok) throw new Error(opened.failure.message);
    const request = { marketId: opened.value.id, portfolio: book };
    const answer = await api.explain({ ...request, move: { kind: 'market', fromMarketId: from.value.id } });
    if (!answer.ok) throw new Error(answer.failure.message);
    expect(answer.value).toMatchObject({ days: 1, marketId: opened.value.id });
    expect(answer.value.legs).toHaveLength(2);
    // Sold options earn the passing of time.
    expect(answer.value.legs[0]!.theta).toBeGreaterThan(0);
    const inScenario = await api.explain({ ...request, move: { kind: 'scenario', scenario, movers: 'all' } });
    expect(inScenario.ok && inScenario.value.to.source).toBeNull();
  });

  it('is refused with its reason, and the former one stays', async () => {
    const move = { kind: 'market', fromMarketId: marketId } as const;
    const before = await api.explain({ marketId, portfolio: book, move });
    expect(before).toMatchObject({
      ok: false,
      failure: { code: 'missing-data', message: expect.stringMatching(/not open/) },
    });
    expect((await api.openFromMarket(marketText())).ok).toBe(true);
    expect(await api.openFromMarket('{"schema":"headroom/portfolio@1"}')).toMatchObject({ ok: false });
    const after = await api.explain({ marketId, portfolio: book, move });
    expect(after.ok && after.value.total.pnlUsd).toBe(0);
  });
});
