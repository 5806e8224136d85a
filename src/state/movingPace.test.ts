import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inTurn, seldomTicks } from './movingPace.ts';
import { createAppStore } from './store.ts';
import { bookRisk, exploreReport, riskReport, TEST_BOOK, TEST_MARKET as market } from './testState.ts';

const PAUSE_MS = 500;

/** A store that follows a market, with a verdict of it. */
function openStore() {
  const store = createAppStore();
  store.getState().setMarket(market);
  store.getState().loadBook(TEST_BOOK, 'restored');
  store.getState().setReport(riskReport(store.getState().inputVersion, bookRisk(1_000)), 0);
  let moment = 0;
  const moved = () => {
    moment += 1;
    return { ...market, id: `${market.id}~${moment}`, asOf: market.asOf + moment };
  };
  const report = (initialMarginUsd: number) => riskReport(store.getState().inputVersion, bookRisk(initialMarginUsd));
  const tick = (initialMarginUsd: number) => store.getState().followMarket(moved(), report(initialMarginUsd), moment);
  const view = () =>
    store
      .getState()
      .viewMarket(moved(), exploreReport(store.getState().exploreVersion, { below: null, above: null }), moment, false);
  return { store, tick, view, report };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('seldomTicks', () => {
  it('shows the newest of many ticks once in its pause', () => {
    const { store, tick } = openStore();
    const pace = seldomTicks(store, PAUSE_MS);
    const told = vi.fn();
    pace.subscribe(told);
    for (let i = 1; i <= 24; i += 1) {
      tick(1_000 + i);
      vi.advanceTimersByTime(20);
    }
    expect(told).not.toHaveBeenCalled();
    vi.advanceTimersByTime(20);
    expect(told).toHaveBeenCalledTimes(1);
    expect(pace.getState()).toBe(store.getState());
  });

  it('shows what a person does at once, beside the figures that are shown', () => {
    const { store, tick } = openStore();
    const pace = seldomTicks(store, PAUSE_MS);
    const before = pace.getState();
    tick(2_000);
    store.getState().setUnit('coin');
    expect(pace.getState().unit).toBe('coin');
    expect(pace.getState().report).toBe(before.report);
    expect(pace.getState().newest).toBe(before.newest);
    vi.advanceTimersByTime(PAUSE_MS);
    expect(pace.getState()).toBe(store.getState());
  });

  it('holds up neither an edit nor its answer', () => {
    const { store, tick, report } = openStore();
    const pace = seldomTicks(store, PAUSE_MS);
    tick(2_000);
    store.getState().setLegQuantity('a', -11);
    expect(pace.getState()).toBe(store.getState());
    store.getState().setReport(report(3_000), 1);
    expect(pace.getState()).toBe(store.getState());
  });

  it('does not hold up a tick that answers an edit', () => {
    const { store, tick } = openStore();
    const pace = seldomTicks(store, PAUSE_MS);
    store.getState().setLegQuantity('a', -11);
    tick(3_000);
    expect(pace.getState()).toBe(store.getState());
  });

  it('shows a new view at once, with the tick that waited', () => {
    const { store, tick, view } = openStore();
    const pace = seldomTicks(store, PAUSE_MS);
    tick(2_000);
    view();
    expect(pace.getState()).toBe(store.getState());
    const told = vi.fn();
    pace.subscribe(told);
    vi.advanceTimersByTime(PAUSE_MS);
    expect(told).not.toHaveBeenCalled();
  });
});

describe('inTurn', () => {
  /** Two panels on one pace, and whose turns are waited for. */
  function openPanels() {
    const opened = openStore();
    const turns: { paint(): void }[] = [];
    const answers: (() => void)[] = [];
    const panels = [0, 1].map(() => {
      const pace = inTurn(opened.store, {
        ofMove: (turn) => turns.push(turn),
        ofAnswer: (turn) => answers.push(turn),
      });
      const drawn = vi.fn();
      pace.subscribe(drawn);
      return { pace, drawn };
    });
    return { ...opened, turns, answers, panels };
  }

  it('lets each panel follow a move in its own turn', () => {
    const { store, tick, turns, panels } = openPanels();
    tick(2_000);
    expect(turns).toHaveLength(2);
    turns[0]!.paint();
    expect(panels.map(({ drawn }) => drawn.mock.calls.length)).toEqual([1, 0]);
    turns[1]!.paint();
    expect(panels.map(({ pace }) => pace.getState())).toEqual([store.getState(), store.getState()]);
  });

  it('lets each panel follow the answer to an edit in its own turn, with the newest that there is by then', () => {
    const { store, report, turns, answers, panels } = openPanels();
    store.getState().setLegQuantity('a', -11);
    store.getState().setReport(report(3_000), 1);
    expect([turns.length, answers.length]).toEqual([0, 2]);
    const [one, other] = panels.map(({ pace }) => pace);
    expect(one!.getState().report).not.toBe(store.getState().report);
    answers[0]!();
    expect([one!.getState(), other!.getState() === store.getState()]).toEqual([store.getState(), false]);
    store.getState().setUnit('coin');
    expect(other!.getState()).toBe(store.getState());
    const times = panels[1]!.drawn.mock.calls.length;
    answers[1]!();
    expect(panels[1]!.drawn.mock.calls.length).toBe(times);
  });

  it('shows an edit in all of them at once, and what waited with it', () => {
    const { store, view, turns, panels } = openPanels();
    view();
    store.getState().setLegQuantity('a', -11);
    for (const { pace } of panels) expect(pace.getState()).toBe(store.getState());
    const drawnTimes = () => panels.map(({ drawn }) => drawn.mock.calls.length);
    const times = drawnTimes();
    for (const turn of turns) turn.paint();
    expect(drawnTimes()).toEqual(times);
  });

  it('does not hurry those who wait for what is told of the market every second', () => {
    const { store, view, turns, panels } = openPanels();
    view();
    store.setState({ quality: { checkedAt: 1, doubts: [], confidence: [], ages: [] } });
    expect(panels.map(({ drawn }) => drawn.mock.calls.length)).toEqual([0, 0]);
    for (const turn of turns) turn.paint();
    for (const { pace } of panels) expect(pace.getState()).toBe(store.getState());
  });

  it('queues nothing for a panel that is not on the screen, and keeps it at what is', () => {
    const { store, tick, report } = openStore();
    const waiting = vi.fn();
    const pace = inTurn(store, { ofMove: waiting, ofAnswer: waiting });
    tick(2_000);
    store.getState().setLegQuantity('a', -11);
    store.getState().setReport(report(3_000), 1);
    expect(waiting).not.toHaveBeenCalled();
    expect(pace.getState()).toBe(store.getState());
  });
});
