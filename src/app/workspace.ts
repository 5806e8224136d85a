import { saveKeptMarketFlag } from '../adapters/storage/keptMarketFlag.ts';
import { downloadText, fileName } from '../adapters/files/downloadText.ts';
import type { SavedBook } from '../adapters/storage/savedRecords.ts';
import type { SavedWorkspace, WorkspaceStorage } from '../adapters/storage/workspaceStorage.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { AppStore } from '../state/store.ts';
import type { AppState, EditedSmiles } from '../state/AppState.ts';
import { areSameSettings, viewSettings } from './viewSettings.ts';

/** Edits are written so long after the last one. */
const SAVE_PAUSE_MS = 300;
const CHANNEL = 'headroom-workspace';

/** What the workspace needs of the page, so that tests can stand in for it. */
export interface WorkspacePage {
  /** The link of a book, null when the book is too large for one. */
  bookCode: (book: Portfolio, editedSmiles: EditedSmiles | null) => Promise<string | null>;
  setAddress: (code: string | null, own: boolean) => void;
  exportBook: () => void;
}

export interface Workspace {
  /** Saves what waits, and resolves when it is written or known not to be. */
  flush: () => Promise<void>;
  /** A book from a link is on screen: nothing is saved over the kept book until the user edits it. */
  holdLink: (book: Portfolio, code: string) => void;
  /** The market file to open on the next visit; null for the demo market. Resolves to false when the browser did not keep it. */
  keepMarket: (market: { name: string; text: string } | null) => Promise<boolean>;
  end: () => void;
}

/**
 * Keeps the store's book, parameters and settings on this device, and the address bar in step with the book. A record that
 * another tab has written since is never overwritten without a choice; what cannot be saved says so and can be exported.
 */
export function keepWorkspace(
  store: AppStore,
  storage: WorkspaceStorage | null,
  saved: SavedWorkspace | null,
  page: WorkspacePage,
): Workspace {
  let revision = saved?.book?.revision ?? 0;
  let kept: Work | null = saved?.book ? { editedSmiles: null, ...saved.book } : null;
  /** A book that is on screen and in the address bar but deliberately not saved: the link's, or the first sample. */
  let held: { book: Portfolio; editedSmiles: EditedSmiles | null; code: string } | null = null;
  let keepPrevious = false;
  let conflict = false;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let viewTimer: ReturnType<typeof setTimeout> | undefined;
  let working: Promise<void> = Promise.resolve();
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);

  const isKept = (work: Work) => kept !== null && isSameWork(kept, work);

  async function write(): Promise<void> {
    const { book, parameters, editedSmiles } = store.getState();
    if (held?.book === book && held.editedSmiles === editedSmiles) {
      page.setAddress(held.code, false);
      return;
    }
    const code = await page.bookCode(book, editedSmiles).catch(() => null);
    if (ended || store.getState().book !== book) return;
    if (isKept({ book, parameters, editedSmiles })) {
      page.setAddress(code, true);
      if (!conflict) store.getState().setSaved('saved');
      return;
    }
    if (storage === null || conflict) {
      page.setAddress(code, false);
      store.getState().setSaved('not-saved');
      return;
    }
    try {
      const outcome = await storage.saveBook(
        { book, parameters, ...(editedSmiles === null ? {} : { editedSmiles }), link: code },
        revision,
        keepPrevious,
      );
      if (outcome.kind === 'conflict') {
        meetConflict(outcome.theirs);
        page.setAddress(code, false);
        return;
      }
      revision = outcome.revision;
      kept = { book, parameters, editedSmiles };
      keepPrevious = false;
      channel?.postMessage({ revision });
      page.setAddress(code, true);
      const state = store.getState();
      state.dismissNotice('not-saved');
      if (isKept(state)) state.setSaved('saved');
    } catch {
      page.setAddress(code, false);
      store.getState().setSaved('not-saved');
      store.getState().showNotice({
        id: 'not-saved',
        severity: 'warning',
        message: 'Not saved: the browser has no room or does not allow it. Export the book to keep it.',
        actions: [
          { label: 'Export', run: page.exportBook },
          { label: 'Retry', run: () => void flush() },
        ],
      });
    }
  }

  function meetConflict(theirs: SavedBook): void {
    conflict = true;
    const settle = () => {
      conflict = false;
      revision = theirs.revision;
      store.getState().dismissNotice('tab-conflict');
    };
    store.getState().setSaved('not-saved');
    store.getState().showNotice({
      id: 'tab-conflict',
      severity: 'warning',
      message: 'The saved book was changed in another tab. Your version here is not saved.',
      actions: [
        {
          label: 'Reload theirs',
          run: () => {
            settle();
            const state = store.getState();
            state.loadBook(theirs.book, 'file', theirs.parameters, theirs.editedSmiles ?? null);
            kept = workOf(store.getState());
            void flush();
          },
        },
        {
          label: 'Keep mine',
          run: () => {
            settle();
            keepPrevious = true;
            kept = null;
            void flush();
          },
        },
      ],
    });
  }

  let unsavedSettings: ReturnType<typeof viewSettings> | null = null;
  async function saveSettings(): Promise<void> {
    clearTimeout(viewTimer);
    const settings = unsavedSettings;
    unsavedSettings = null;
    // Lost settings are no lost work: a refusal here is not worth a message.
    if (settings !== null) await storage?.saveView({ ...settings }).catch(() => undefined);
  }

  function flush(): Promise<void> {
    const settings = saveSettings();
    clearTimeout(timer);
    working = working.then(write, write).then(() => settings);
    return working;
  }

  const stopBook = store.subscribe(
    (state) => ({ ...workOf(state), isDragged: state.gesture !== null || state.smileGesture !== null }),
    ({ isDragged, ...work }) => {
      clearTimeout(timer);
      if (isDragged) return;
      const isHeld = held?.book === work.book && held.editedSmiles === work.editedSmiles;
      if (!isKept(work) && !isHeld && !conflict && storage !== null) store.getState().setSaved('saving');
      timer = setTimeout(() => void flush(), SAVE_PAUSE_MS);
    },
    { equalityFn: (a, b) => isSameWork(a, b) && a.isDragged === b.isDragged },
  );

  const stopView = store.subscribe(
    viewSettings,
    (settings) => {
      unsavedSettings = settings;
      clearTimeout(viewTimer);
      viewTimer = setTimeout(() => void saveSettings(), SAVE_PAUSE_MS);
    },
    { equalityFn: areSameSettings },
  );

  if (channel !== null)
    channel.onmessage = (event: MessageEvent<unknown>) => {
      const message = event.data as { revision?: unknown } | null;
      if (typeof message?.revision !== 'number' || message.revision <= revision || storage === null) return;
      void storage.readBook().then((theirs) => {
        if (ended || theirs === null || theirs.revision <= revision) return;
        const mine = workOf(store.getState());
        const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
        if (isSame(theirs.book, mine.book) && isSame(theirs.editedSmiles ?? null, mine.editedSmiles)) {
          revision = theirs.revision;
          kept = mine;
        } else meetConflict(theirs);
      });
    };

  return {
    flush,
    holdLink: (book, code) => {
      held = { book, editedSmiles: store.getState().editedSmiles, code };
      keepPrevious = true;
      void flush();
    },
    keepMarket: async (market) => {
      saveKeptMarketFlag(market !== null);
      try {
        await storage?.saveMarket(market);
        return storage !== null;
      } catch {
        store.getState().showNotice({
          id: 'market-not-saved',
          severity: 'warning',
          message: 'The market is open but could not be kept for the next visit: the browser has no room for it.',
        });
        return false;
      }
    },
    end: () => {
      ended = true;
      clearTimeout(timer);
      clearTimeout(viewTimer);
      stopBook();
      stopView();
      channel?.close();
      storage?.close();
    },
  };
}

/** What is kept of the user's work. */
type Work = Pick<AppState, 'book' | 'parameters' | 'editedSmiles'>;

function workOf({ book, parameters, editedSmiles }: Work): Work {
  return { book, parameters, editedSmiles };
}

function isSameWork(one: Work, other: Work): boolean {
  return one.book === other.book && one.parameters === other.parameters && one.editedSmiles === other.editedSmiles;
}

/** Says which kept records could not be read, and hands them out. */
export function reportDamage(store: AppStore, damaged: SavedWorkspace['damaged']): void {
  for (const { key, text } of damaged)
    store.getState().showNotice({
      id: `damaged-${key}`,
      severity: 'warning',
      message: `The saved ${key.replace('-', ' ')} could not be read and was set aside.`,
      actions: [
        { label: 'Download it', run: () => downloadText(fileName(`damaged-${key}`, 'json'), text, 'application/json') },
      ],
    });
}
