import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openWorkspaceStorage, type WorkspaceStorage } from '../adapters/storage/workspaceStorage.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import { createAppStore } from '../state/store.ts';
import { TEST_BOOK, TEST_MARKET } from '../state/testState.ts';
import { keepWorkspace, type Workspace } from './workspace.ts';

const storages: WorkspaceStorage[] = [];
const workspaces: Workspace[] = [];

/** A tab: a store, the storage that all tabs share, and what its address bar shows. */
async function tab() {
  const store = createAppStore();
  const storage = await openWorkspaceStorage();
  storages.push(storage);
  const saved = await storage.read();
  if (saved.book !== null)
    store.getState().loadBook(saved.book.book, 'restored', saved.book.parameters, saved.book.editedSmiles ?? null);
  else store.getState().loadBook(TEST_BOOK, 'restored');
  const address: { code: string | null; own: boolean }[] = [];
  const workspace = keepWorkspace(store, storage, saved, {
    bookCode: async (book: Portfolio) => `code of ${book.name}`,
    setAddress: (code, own) => address.push({ code, own }),
    exportBook: () => undefined,
  });
  workspaces.push(workspace);
  return { store, storage, saved, workspace, address };
}

const notice = (store: ReturnType<typeof createAppStore>, id: string) =>
  store.getState().notices.find((each) => each.id === id);

const act = (store: ReturnType<typeof createAppStore>, id: string, label: string) =>
  notice(store, id)!
    .actions!.find((action) => action.label === label)!
    .run();

beforeEach(async () => {
  await deleteDB('headroom');
});
afterEach(() => {
  for (const workspace of workspaces.splice(0)) workspace.end();
  for (const storage of storages.splice(0)) storage.close();
  vi.restoreAllMocks();
});

describe('the workspace', () => {
  it('keeps a unit that was changed a moment before leaving', async () => {
    const first = await tab();
    first.store.getState().setUnit('coin');
    await first.workspace.flush();
    const second = await tab();
    expect(second.saved.view?.settings).toMatchObject({ unit: 'coin' });
  });

  it('brings back the book and its parameters on the next visit, bit for bit', async () => {
    const first = await tab();
    first.store.getState().setLegQuantity('a', -0.1 - 0.2);
    first.store.getState().setParameter('cross', 'factor', 0.1 + 0.2);
    await first.workspace.flush();
    expect(first.store.getState().saved).toBe('saved');
    expect(first.address.at(-1)).toEqual({ code: 'code of Test book', own: true });

    const second = await tab();
    expect(second.store.getState().book).toEqual(first.store.getState().book);
    expect(second.store.getState().parameters).toEqual(first.store.getState().parameters);
    expect(second.saved.book?.link).toBe('code of Test book');
    expect(second.store.getState().canUndo).toBe(false);
  });

  it('brings back edited smiles, and saves when nothing else has changed', async () => {
    const first = await tab();
    await first.workspace.flush();
    first.store.getState().setMarket(TEST_MARKET);
    const edits = [{ underlying: 'BTC', expiry: 1, level: 0.01, skew: 0, wings: 0 }];
    first.store.getState().setSmileEdits(edits);
    expect(first.store.getState().saved).toBe('saving');
    await first.workspace.flush();
    const second = await tab();
    expect(second.saved.book?.editedSmiles).toEqual({ marketId: TEST_MARKET.id, edits });
    second.store.getState().setMarket(TEST_MARKET);
    second.store.getState().resetSmiles('BTC', null);
    await second.workspace.flush();
    expect((await tab()).saved.book?.editedSmiles).toBeUndefined();
  });

  it('says that it saves before it has saved', async () => {
    const { store, workspace } = await tab();
    store.getState().renameBook('Other');
    expect(store.getState().saved).toBe('saving');
    await workspace.flush();
    expect(store.getState().saved).toBe('saved');
  });

  it('writes nothing while a drag is under way', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const storage = { ...(await openWorkspaceStorage()), saveBook: vi.fn() };
    vi.useRealTimers();
    const store = createAppStore();
    store.getState().loadBook(TEST_BOOK, 'restored');
    const workspace = keepWorkspace(store, storage, null, {
      bookCode: async () => null,
      setAddress: () => undefined,
      exportBook: () => undefined,
    });
    store.getState().beginGesture();
    store.getState().setLegQuantity('a', -11);
    expect(store.getState().saved).toBe('saved');
    store.getState().endGesture();
    expect(store.getState().saved).toBe('saving');
    workspace.end();
  });

  it('refuses to overwrite what another tab has saved, and keeps either on demand', async () => {
    const first = await tab();
    first.store.getState().renameBook('Common');
    await first.workspace.flush();
    const second = await tab();
    first.store.getState().renameBook('Mine');
    await first.workspace.flush();
    second.store.getState().renameBook('Theirs, but late');
    await second.workspace.flush();

    expect(second.store.getState().saved).toBe('not-saved');
    expect(notice(second.store, 'tab-conflict')?.message).toContain('another tab');
    expect((await second.storage.readBook())?.book.name).toBe('Mine');

    act(second.store, 'tab-conflict', 'Keep mine');
    await second.workspace.flush();
    expect((await second.storage.readBook())?.book.name).toBe('Theirs, but late');
    expect((await second.storage.read()).previousBook?.book.name).toBe('Mine');
    expect(notice(second.store, 'tab-conflict')).toBeUndefined();
    expect(second.store.getState().saved).toBe('saved');
  });

  it('takes over the other tab’s book as one undoable step', async () => {
    const first = await tab();
    first.store.getState().renameBook('Common');
    await first.workspace.flush();
    const second = await tab();
    first.store.getState().renameBook('Theirs');
    await first.workspace.flush();
    second.store.getState().renameBook('Mine');
    await second.workspace.flush();
    act(second.store, 'tab-conflict', 'Reload theirs');
    await second.workspace.flush();
    expect(second.store.getState().book.name).toBe('Theirs');
    expect((await second.storage.readBook())?.book.name).toBe('Theirs');
    second.store.getState().undo();
    expect(second.store.getState().book.name).toBe('Mine');
  });

  it('tells the other tab at once', async () => {
    const first = await tab();
    first.store.getState().renameBook('Common');
    await first.workspace.flush();
    const second = await tab();
    const told = new Promise<void>((resolve) =>
      second.store.subscribe((state) => {
        if (state.notices.some((each) => each.id === 'tab-conflict')) resolve();
      }),
    );
    first.store.getState().renameBook('Newer');
    await first.workspace.flush();
    await told;
    expect(second.store.getState().book.name).toBe('Common');
  });

  it('keeps the saved book until a link’s book is edited, and readable after that', async () => {
    const first = await tab();
    first.store.getState().renameBook('Saved');
    await first.workspace.flush();

    const second = await tab();
    const linked = { ...TEST_BOOK, name: 'From the link' };
    second.store.getState().loadBook(linked, 'link');
    second.workspace.holdLink(linked, 'link-code');
    await second.workspace.flush();
    expect((await second.storage.readBook())?.book.name).toBe('Saved');
    expect(second.address.at(-1)).toEqual({ code: 'link-code', own: false });

    second.store.getState().undo();
    await second.workspace.flush();
    expect(second.address.at(-1)).toEqual({ code: 'code of Saved', own: true });

    second.store.getState().redo();
    second.store.getState().renameBook('Edited');
    await second.workspace.flush();
    expect((await second.storage.readBook())?.book.name).toBe('Edited');
    expect((await second.storage.read()).previousBook?.book.name).toBe('Saved');
  });

  it('says “not saved” when the browser refuses, offers the export, and saves when there is room again', async () => {
    const { store, storage, workspace } = await tab();
    const refusal = vi.spyOn(storage, 'saveBook').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
    store.getState().renameBook('Too much');
    await workspace.flush();
    expect(store.getState().saved).toBe('not-saved');
    expect(notice(store, 'not-saved')?.actions?.map((action) => action.label)).toEqual(['Export', 'Retry']);
    expect(store.getState().book.name).toBe('Too much');
    refusal.mockRestore();
    await workspace.flush();
    expect(store.getState().saved).toBe('saved');
    expect(notice(store, 'not-saved')).toBeUndefined();
  });

  it('works in memory without storage', async () => {
    const store = createAppStore();
    const workspace = keepWorkspace(store, null, null, {
      bookCode: async () => 'code',
      setAddress: () => undefined,
      exportBook: () => undefined,
    });
    store.getState().renameBook('In memory');
    await workspace.flush();
    expect(store.getState().saved).toBe('not-saved');
    workspace.end();
  });
});

describe('the storage', () => {
  it('sets a damaged record aside and opens the others', async () => {
    const first = await tab();
    first.store.getState().renameBook('Good');
    await first.workspace.flush();
    await first.storage.saveMarket({ name: 'm.json', text: '{}' });
    const raw = await openDB('headroom', 1);
    await raw.put('records', { version: 1, revision: 3, book: { name: 'x', legs: 'none' }, parameters: {} }, 'book');
    raw.close();
    const again = await openWorkspaceStorage();
    storages.push(again);
    const read = await again.read();
    expect(read.book).toBeNull();
    expect(read.market).toEqual({ version: 1, name: 'm.json', text: '{}' });
    expect(read.damaged.map(({ key }) => key)).toEqual(['book']);
    expect((await again.read()).damaged).toEqual([]);
  });

  it('refuses records of a newer version and numbers that are none', async () => {
    const raw = await openDB('headroom', 1, { upgrade: (database) => void database.createObjectStore('records') });
    const book = { version: 1, revision: 1, parameters: {}, link: null, book: TEST_BOOK };
    for (const bad of [
      { ...book, version: 2 },
      { ...book, revision: 'x' },
      { ...book, book: { ...TEST_BOOK, legs: [{ ...TEST_BOOK.legs[0]!, quantity: Number.NaN }] } },
      { ...book, book: { ...TEST_BOOK, legs: [TEST_BOOK.legs[0]!, TEST_BOOK.legs[0]!] } },
      { ...book, parameters: { cross: { factor: Number.POSITIVE_INFINITY } } },
    ]) {
      await raw.put('records', bad, 'book');
      const storage = await openWorkspaceStorage();
      storages.push(storage);
      expect((await storage.read()).book).toBeNull();
    }
    raw.close();
  });

  it('finds out when the browser reports success and keeps nothing', async () => {
    const storage = await openWorkspaceStorage();
    storages.push(storage);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore) {
      return this.count() as IDBRequest;
    });
    await expect(storage.saveMarket({ name: 'm', text: 't' })).rejects.toThrow('did not keep');
    await expect(storage.saveBook({ book: TEST_BOOK, parameters: {}, link: null }, 0, false)).rejects.toThrow(
      'did not keep',
    );
    put.mockRestore();
  });
});
