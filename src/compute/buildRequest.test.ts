import { describe, expect, it } from 'vitest';
import { createAppStore } from '../state/store.ts';
import { bookRisk, riskReport, TEST_BOOK, TEST_MARKET, TEST_MODELS } from '../state/testState.ts';
import { CURVE_REACH } from '../engine/domain/curveMoves.ts';
import { evaluateRequest, exploreRequest, varRequest } from './buildRequest.ts';

function openStore() {
  const store = createAppStore();
  store.getState().setMarket(TEST_MARKET);
  store.getState().setModels(TEST_MODELS);
  store.getState().loadBook(TEST_BOOK, 'restored');
  return store;
}

describe('buildRequest', () => {
  it('asks nothing before there are a market and rulebooks', () => {
    const store = createAppStore();
    expect(evaluateRequest(store.getState())).toBeNull();
    expect(exploreRequest(store.getState())).toBeNull();
    expect(varRequest(store.getState(), 'historical')).toBeNull();
    store.getState().setMarket(TEST_MARKET);
    expect(evaluateRequest(store.getState())).toBeNull();
  });

  it('names the market, the version and every rulebook', () => {
    const store = openStore();
    const request = evaluateRequest(store.getState());
    expect(request).toMatchObject({
      marketId: 'market-1',
      inputVersion: store.getState().inputVersion,
      models: ['isolated', 'cross', 'portfolio'],
      proposed: null,
    });
    expect(request?.book).toBe(TEST_BOOK);
  });

  it('asks a venue’s rulebook beside the own ones once it is here, and draws no curves of one that is not', () => {
    const store = openStore();
    store.setState({ model: 'deribit-pm' });
    expect(evaluateRequest(store.getState())?.models).toEqual(['isolated', 'cross', 'portfolio']);
    expect(exploreRequest(store.getState())).toBeNull();
    const venue = { ...TEST_MODELS[0]!, id: 'deribit-pm', venue: 'Deribit' };
    store.getState().setModels([...TEST_MODELS, venue, { ...venue, id: 'deribit-sm' }]);
    expect(evaluateRequest(store.getState())?.models).toEqual(['isolated', 'cross', 'portfolio', 'deribit-pm']);
    expect(exploreRequest(store.getState())?.model).toBe('deribit-pm');
  });

  it('names the edits of smiles that are in force, and none when there are none', () => {
    const store = openStore();
    const requests = () => {
      const state = store.getState();
      return [evaluateRequest(state), exploreRequest(state), varRequest(state, 'historical')];
    };
    for (const request of requests()) expect(request).not.toHaveProperty('smileEdits');
    const edits = [{ underlying: 'BTC', expiry: 1, level: 0.01, skew: 0, wings: 0 }];
    store.getState().setSmileEdits(edits);
    for (const request of requests()) expect(request).toMatchObject({ smileEdits: edits });
    store.getState().setMarket({ ...TEST_MARKET, id: 'market-2' });
    for (const request of requests()) expect(request).not.toHaveProperty('smileEdits');
  });

  it('sends the proposed book beside the book', () => {
    const store = openStore();
    store.getState().propose('Sell', [{ instrument: 'BTC-26JUN26-80000-P', quantity: -1, price: 0.01 }]);
    const request = evaluateRequest(store.getState());
    expect(request?.proposed?.legs.map((leg) => leg.instrument)).toContain('BTC-26JUN26-80000-P');
    expect(request?.book.legs).toHaveLength(2);
    expect(varRequest(store.getState(), 'historical')?.portfolio).toBe(request?.proposed);
  });

  it('gives the curves an ascending axis through the spot and every strike of the coin', () => {
    const store = openStore();
    const spot = exploreRequest(store.getState())!.curve.spot;
    expect([...spot].sort((a, b) => a - b)).toEqual(spot);
    expect(new Set(spot).size).toBe(spot.length);
    expect(spot[0]).toBe(-CURVE_REACH);
    expect(spot.at(-1)).toBe(CURVE_REACH);
    expect(spot).toContain(0);
    expect(spot).toContain(90_000 / 100_000 - 1);
    store.getState().setUnderlying('ETH');
    expect(exploreRequest(store.getState())!.curve.underlying).toBe('ETH');
  });

  it('carries the chosen rulebook with its edited parameters, the pin and the scenario', () => {
    const store = openStore();
    store.getState().setModel('cross');
    store.getState().setParameter('cross', 'factor', 2);
    store.getState().setVolShock(0.25);
    store.getState().setSmile('sticky-delta');
    const pin = {
      spotMove: -0.08,
      volShock: 0.25,
      volUnit: 'relative',
      days: 0,
      smile: 'sticky-delta',
      movers: 'all',
    } as const;
    store.getState().setPin(pin);
    expect(exploreRequest(store.getState())).toMatchObject({
      model: 'cross',
      parameters: { factor: 2 },
      curve: { volShock: 0.25, smile: 'sticky-delta' },
      stress: { smile: 'sticky-delta' },
      pin,
    });
  });

  it('asks value at risk how often the margins of every rulebook are exceeded', () => {
    const store = openStore();
    store.getState().setReport(riskReport(store.getState().inputVersion, bookRisk(40_000, 150_000)), 0);
    const { lossLevelsUsd } = varRequest(store.getState(), 'historical')!;
    expect(lossLevelsUsd).toEqual(expect.arrayContaining([120_000, 80_000, 40_000, 32_000, 110_000]));
    expect(lossLevelsUsd.every((level) => level > 0)).toBe(true);
  });

  it('asks Monte Carlo for paths until its error will do, drawn and valued as set, and other methods for none of it', () => {
    const store = openStore();
    expect(varRequest(store.getState(), 'monte-carlo')).toMatchObject({
      paths: 1_000_000,
      targetStandardErrorShare: 0.0025,
      sampling: 'importance',
      revaluation: 'auto',
    });
    store.getState().setVarSettings({ targetStandardErrorShare: null, revaluation: 'proxy', sampling: 'sobol' });
    const asked = varRequest(store.getState(), 'monte-carlo')!;
    expect(asked).toMatchObject({ sampling: 'sobol', revaluation: 'proxy' });
    expect(asked).not.toHaveProperty('targetStandardErrorShare');
    // Distributions that have but one way of drawing go by it, and so does a tail that is fitted.
    store.getState().setVarSettings({ distribution: 'heston', tailOf: 'monte-carlo' });
    expect(varRequest(store.getState(), 'monte-carlo')).not.toHaveProperty('sampling');
    expect(varRequest(store.getState(), 'evt')).not.toHaveProperty('sampling');
    expect(varRequest(store.getState(), 'historical')!.revaluation).toBe('full');
    expect(varRequest(store.getState(), 'parametric')!.revaluation).toBe('delta-gamma');
  });

  it('asks for a surer figure when more paths are wanted', () => {
    const store = openStore();
    const before = store.getState().varVersion;
    store.getState().askMorePaths();
    expect(varRequest(store.getState(), 'monte-carlo')).toMatchObject({ paths: 2_000_000 });
    expect(store.getState().varVersion).toBeGreaterThan(before);
  });
});
