import { beforeEach, describe, expect, it } from 'vitest';
import type { SmileEdit } from '../engine/domain/smileEdit.ts';
import { changedEdits, smileEditsInForce } from './smileSlice.ts';
import { type AppStore, createAppStore } from './store.ts';
import { TEST_BOOK, TEST_MARKET } from './testState.ts';

const [JUN, JUL] = TEST_MARKET.underlyings[0]!.expiries.map(({ expiry }) => expiry) as [number, number];
const edit = (expiry: number, level: number, underlying = 'BTC'): SmileEdit => {
  return { underlying, expiry, level, skew: 0, wings: 0 };
};

let store: AppStore;
beforeEach(() => {
  store = createAppStore();
  store.getState().setMarket(TEST_MARKET);
  store.getState().loadBook(TEST_BOOK, 'restored');
});

describe('edits of smiles', () => {
  it('ask everything anew, are in force for their market alone, and come back with it', () => {
    const { inputVersion, varVersion, exploreVersion } = store.getState();
    store.getState().setSmileEdits([edit(JUL, 0.02), edit(JUN, 0.01)]);
    const after = store.getState();
    expect([after.inputVersion, after.varVersion, after.exploreVersion]).toEqual([
      inputVersion + 1,
      varVersion + 1,
      exploreVersion + 1,
    ]);
    expect(smileEditsInForce(after)).toEqual([edit(JUN, 0.01), edit(JUL, 0.02)]);
    after.setMarket({ ...TEST_MARKET, id: 'market-2' });
    expect(smileEditsInForce(store.getState())).toEqual([]);
    store.getState().setMarket(TEST_MARKET);
    expect(smileEditsInForce(store.getState())).toHaveLength(2);
  });

  it('ask nothing when nothing changes, and leave no trace when all are zero', () => {
    const { inputVersion } = store.getState();
    store.getState().setSmileEdits([edit(JUN, 0)]);
    expect(store.getState().editedSmiles).toBeNull();
    expect(store.getState().inputVersion).toBe(inputVersion);
    store.getState().setSmileEdits([edit(JUN, 0.01)]);
    store.getState().setSmileEdits([edit(JUN, 0.01), edit(JUL, 0)]);
    expect(store.getState().inputVersion).toBe(inputVersion + 1);
  });

  it('are taken back by expiry, by coin, and by undo', () => {
    const all = [edit(JUN, 0.01), edit(JUL, 0.02), edit(JUN, 0.03, 'ETH')];
    store.getState().setSmileEdits(all);
    store.getState().resetSmiles('BTC', JUN);
    expect(smileEditsInForce(store.getState())).toEqual([edit(JUL, 0.02), edit(JUN, 0.03, 'ETH')]);
    store.getState().undo();
    expect(smileEditsInForce(store.getState())).toEqual(all);
    store.getState().resetSmiles('BTC', null);
    expect(smileEditsInForce(store.getState())).toEqual([edit(JUN, 0.03, 'ETH')]);
    store.getState().undo();
    store.getState().undo();
    expect(store.getState().editedSmiles).toBeNull();
    store.getState().redo();
    expect(smileEditsInForce(store.getState())).toEqual(all);
    expect(store.getState().book).toBe(TEST_BOOK);
  });

  it('are one undo step for a whole drag', () => {
    store.getState().beginSmileGesture();
    for (const level of [0.01, 0.02, 0.03]) store.getState().setSmileEdits([edit(JUN, level)]);
    store.getState().endSmileGesture();
    expect(store.getState().canUndo).toBe(true);
    store.getState().undo();
    expect(store.getState().editedSmiles).toBeNull();
    expect(store.getState().canUndo).toBe(false);
  });

  it('a drag that comes back leaves no step', () => {
    store.getState().beginSmileGesture();
    store.getState().setSmileEdits([edit(JUN, 0.01)]);
    store.getState().setSmileEdits([]);
    store.getState().endSmileGesture();
    expect(store.getState().canUndo).toBe(false);
  });

  it('of one expiry or of all: each keeps what it has', () => {
    store.getState().setSmileEdits([edit(JUN, 0.01)]);
    const raised = (shift: { level: number; skew: number; wings: number }) => ({ ...shift, level: shift.level + 0.01 });
    expect(changedEdits(store.getState(), 'BTC', JUN, [], raised)).toEqual([edit(JUN, 0.02)]);
    expect(changedEdits(store.getState(), 'BTC', null, [], raised)).toEqual([edit(JUN, 0.02), edit(JUL, 0.01)]);
    expect(changedEdits(store.getState(), 'DOGE', null, [], raised)).toEqual([]);
    expect(changedEdits(store.getState(), 'BTC', JUN, [edit(JUN, 0.04)], raised)).toEqual([edit(JUN, 0.05)]);
  });
});
