import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPace } from './pace.ts';
import { createAppStore } from './store.ts';
import { bookRisk, riskReport, TEST_BOOK } from './testState.ts';

/** A store whose first book is answered and drawn, its panels, and the frames that are waited for. */
function openPanels() {
  const store = createAppStore();
  const frames: (() => void)[] = [];
  const pace = createPace(store, { patienceMs: 100, onceAnswered: (run) => frames.push(run) });
  const paint = () => {
    for (const run of frames.splice(0)) run();
  };
  const answer = () => store.getState().setReport(riskReport(store.getState().inputVersion, bookRisk(1000)), 0);
  store.getState().loadBook(TEST_BOOK, 'restored');
  answer();
  paint();
  const drawn = vi.fn();
  pace.subscribe(drawn);
  return { store, pace, paint, answer, drawn };
}

describe('createPace', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('brings an edit and its report together, after the frame with the verdict', () => {
    const { store, pace, paint, answer, drawn } = openPanels();
    store.getState().setLegQuantity('a', -11);
    answer();
    expect(drawn).not.toHaveBeenCalled();
    expect(pace.getState().book).toBe(TEST_BOOK);
    paint();
    expect(drawn).toHaveBeenCalledTimes(1);
    expect(pace.getState()).toBe(store.getState());
  });

  it('does not wait long for an answer: the panels must say that they are behind', () => {
    const { store, pace, drawn } = openPanels();
    store.getState().setLegQuantity('a', -11);
    vi.advanceTimersByTime(99);
    expect(drawn).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(drawn).toHaveBeenCalledTimes(1);
    expect(pace.getState().inputVersion).toBe(store.getState().inputVersion);
  });

  it('shows an edit that failed at once, with its reason', () => {
    const { store, pace, drawn } = openPanels();
    store.getState().setLegQuantity('a', -11);
    store.getState().setProblem('evaluate', { code: 'internal', message: 'The risk engine stopped.' });
    expect(drawn).toHaveBeenCalledTimes(1);
    expect(pace.getState()).toBe(store.getState());
  });

  it('lets through at once what is neither edit nor report', () => {
    const { store, pace, drawn } = openPanels();
    store.getState().setUnit('coin');
    expect(drawn).toHaveBeenCalledTimes(1);
    expect(pace.getState().unit).toBe('coin');
  });

  it('follows a drag without a queue: many edits, one redraw a frame, of the newest', () => {
    const { store, pace, paint, answer, drawn } = openPanels();
    for (let quantity = -11; quantity > -20; quantity -= 1) {
      store.getState().setLegQuantity('a', quantity);
      answer();
    }
    store.getState().setLegQuantity('a', -30);
    paint();
    expect(drawn).toHaveBeenCalledTimes(1);
    expect(pace.getState().book.legs[0]?.quantity).toBe(-30);
  });

  it('stops telling those who have left', () => {
    const { store, pace } = openPanels();
    const listener = vi.fn();
    pace.subscribe(listener)();
    store.getState().setUnit('coin');
    expect(listener).not.toHaveBeenCalled();
  });
});
