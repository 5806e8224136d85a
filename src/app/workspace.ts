import { downloadText, fileName } from '../adapters/files/downloadText.ts';
import type { SavedBook } from '../adapters/storage/savedRecords.ts';
import type { SavedWorkspace, WorkspaceStorage } from '../adapters/storage/workspaceStorage.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { AppStore } from '../state/store.ts';
import { areSameSettings, viewSettings } from './viewSettings.ts';

/** Edits are written so long after the last one. */
const SAVE_PAUSE_MS = 300;
const CHANNEL = 'headroom-workspace';

/** What the workspace needs of the page, so that tests can stand in for it. */
export interface WorkspacePage {
  /** The link of a book, null when the book is too large for one. */
  bookCode: (book: Portfolio) => Promise<string | null>;
  setAddress: (code: string | null, own: boolean) => void;
  exportBook: () => void;
}

export interface Workspace {
  /** Saves what waits, and resolves when it is written or known not to be. */
  flush: () => Promise<void>;
  /** A book from a link is on screen: nothing is saved over the kept book until the user edits it. */
  holdLink: (book: Portfolio, code: string) => void;
  /** The market file to open on the next visit; null for the demo market. */
  keepMarket: (market: { name: string; text: string } | null) => void;
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
  let kept: { book: Portfolio; parameters: SavedBook['parameters'] } | null =
    saved?.book === undefined || saved.book === null ? null : saved.book;
  /** A book that is on screen and in the address bar but deliberately not saved: the link's, or the first sample. */
  let held: { book: Portfolio; code: string } | null = null;
  let keepPrevious = false;
  let conflict = false;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let viewTimer: ReturnType<typeof setTimeout> | undefined;
  let working: Promise<void> = Promise.resolve();
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);

  async function write(): Promise<void> {
    const { book, parameters } = store.getState();
    if (held?.book === book) {
      page.setAddress(held.code, false);
      return;
    }
    const code = await page.bookCode(book).catch(() => null);
    if (ended || store.getState().book !== book) return;
    if (kept?.book === book && kept.parameters === parameters) {
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
      const outcome = await storage.saveBook({ book, parameters, link: code }, revision, keepPrevious);
      if (outcome.kind === 'conflict') {
        meetConflict(outcome.theirs);
        page.setAddress(code, false);
        return;
      }
      revision = outcome.revision;
      kept = { book, parameters };
      keepPrevious = false;
      channel?.postMessage({ revision });
      page.setAddress(code, true);
      const state = store.getState();
      state.dismissNotice('not-saved');
      if (state.book === book && state.parameters === parameters) state.setSaved('saved');
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
            state.loadBook(theirs.book, 'file', theirs.parameters);
            kept = { book: store.getState().book, parameters: store.getState().parameters };
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

  function flush(): Promise<void> {
    clearTimeout(timer);
    working = working.then(write, write);
    return working;
  }

  const stopBook = store.subscribe(
    (state) => [state.book, state.parameters, state.gesture] as const,
    ([book, parameters, gesture]) => {
      clearTimeout(timer);
      if (gesture !== null) return;
      const unchanged = kept?.book === book && kept.parameters === parameters;
      if (!unchanged && held?.book !== book && !conflict && storage !== null) store.getState().setSaved('saving');
      timer = setTimeout(() => void flush(), SAVE_PAUSE_MS);
    },
    { equalityFn: (a, b) => a[0] === b[0] && a[1] === b[1] && a[2] === b[2] },
  );

  const stopView = store.subscribe(
    viewSettings,
    (settings) => {
      clearTimeout(viewTimer);
      // Lost settings are no lost work: a refusal here is not worth a message.
      viewTimer = setTimeout(() => void storage?.saveView({ ...settings }).catch(() => undefined), SAVE_PAUSE_MS);
    },
    { equalityFn: areSameSettings },
  );

  if (channel !== null)
    channel.onmessage = (event: MessageEvent<unknown>) => {
      const message = event.data as { revision?: unknown } | null;
      if (typeof message?.revision !== 'number' || message.revision <= revision || storage === null) return;
      void storage.readBook().then((theirs) => {
        if (ended || theirs === null || theirs.revision <= revision) return;
        const mine = store.getState().book;
        if (JSON.stringify(theirs.book) === JSON.stringify(mine)) {
          revision = theirs.revision;
          kept = { book: mine, parameters: store.getState().parameters };
        } else meetConflict(theirs);
      });
    };

  return {
    flush,
    holdLink: (book, code) => {
      held = { book, code };
      keepPrevious = true;
      void flush();
    },
    keepMarket: (market) => {
      void storage?.saveMarket(market).catch(() =>
        store.getState().showNotice({
          id: 'market-not-saved',
          severity: 'warning',
          message: 'The market is open but could not be kept for the next visit: the browser has no room for it.',
        }),
      );
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
