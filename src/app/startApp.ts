import {
  openWorkspaceStorage,
  type SavedWorkspace,
  type WorkspaceStorage,
} from '../adapters/storage/workspaceStorage.ts';
import { type Failure, failureOf } from '../engine/domain/failure.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import { demoMarketQuery } from '../queries/demoMarket.ts';
import type { Theme } from '../state/AppState.ts';
import type { AppStore } from '../state/store.ts';
import { dateTime } from '../ui/format.ts';
import { addressCode, bookCode, isOwnAddress, linkedBook, setAddressCode } from './bookLink.ts';
import { exportPortfolio } from './exportFiles.ts';
import { openFiles, showSample } from './openFiles.ts';
import { sampleBook } from './sampleBook.ts';
import { type RiskEngine, startRiskEngine } from './startRiskEngine.ts';
import { restoredSettings } from './viewSettings.ts';
import { keepWorkspace, reportDamage, type Workspace } from './workspace.ts';

/** What the screen may ask of the app around it. */
export interface AppActions {
  readonly engine: RiskEngine;
  openFiles: (files: readonly File[]) => void;
  openDemoMarket: () => void;
  openSample: () => void;
  /** The saved book that an opened link has replaced, by name; null when there is none. */
  readonly previousBook: { readonly name: string; readonly open: () => void } | null;
  /** The link of the book as it is now; null when the book is too large for one. */
  shareLink: () => Promise<string | null>;
  /** Tries again to open a market after none could be opened. */
  retryMarket: () => void;
}

/** Starts the engine, restores what was kept, follows a link, and goes on keeping. Resolves when the settings are known. */
export async function startApp(store: AppStore, systemTheme: Theme): Promise<AppActions> {
  const engine = startRiskEngine(store);
  // Most visits need it, and it need not wait for the storage to say so.
  void engine.queryClient.prefetchQuery(demoMarketQuery);
  const { storage, saved } = await openedStorage(store);
  if (saved?.view) store.setState(restoredSettings(saved.view.settings, systemTheme));
  if (saved?.book) {
    store.getState().loadParameters(saved.book.parameters);
    store.getState().loadBook(saved.book.book, 'restored');
  }
  const workspace = keepWorkspace(store, storage, saved, {
    systemTheme,
    bookCode: (book) => bookCode(book, store.getState().market),
    setAddress: setAddressCode,
    exportBook: () => void exportPortfolio(store),
  });
  if (saved) reportDamage(store, saved.damaged);

  const openDemo = async (): Promise<MarketSummary | null> => {
    const opened = await engine.queryClient
      .fetchQuery(demoMarketQuery)
      .then(engine.openMarket)
      .catch((error: unknown) => ({ ok: false as const, failure: failureOf(error) }));
    if (opened.ok) return opened.value;
    if (store.getState().market === null) store.getState().setMarketProblem(opened.failure);
    else reportFailure(store, 'demo-market', opened.failure);
    return null;
  };

  void startUp();
  async function startUp(): Promise<void> {
    const market = (await openSavedMarket(store, engine, saved)) ?? (await openDemo());
    await openBook(market);
  }

  async function openBook(market: MarketSummary | null): Promise<void> {
    const code = addressCode();
    if (code !== null && !(saved?.book && (isOwnAddress() || saved.book.link === code)))
      await followLink(store, workspace, code, saved?.book != null);
    if (!saved?.book && store.getState().book.legs.length === 0 && market !== null && !store.getState().canUndo)
      showSample(store, market);
    await workspace.flush();
  }

  window.addEventListener('hashchange', () => {
    const code = addressCode();
    if (code !== null) void followLink(store, workspace, code, true).then(workspace.flush);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void workspace.flush();
  });

  const previous = saved?.previousBook?.book ?? null;
  return {
    engine,
    previousBook: previous && {
      name: previous.name,
      open: () => {
        store.getState().loadBook(previous, 'file');
        store.getState().showToast({
          message: `Opened “${previous.name}” again.`,
          action: { label: 'Undo', run: store.getState().undo },
        });
      },
    },
    openFiles: (files) => void openFiles(files, { store, engine, workspace }),
    openDemoMarket: () =>
      void openDemo().then((market) => {
        if (market === null) return;
        workspace.keepMarket(null);
        store.getState().showToast({ message: `Opened simulated market ${market.source.name}.` });
      }),
    openSample: () => {
      const { market } = store.getState();
      if (market === null) return;
      store.getState().loadBook(sampleBook(market), 'sample');
      store.getState().showToast({
        message: 'Opened the sample book.',
        action: { label: 'Undo', run: store.getState().undo },
      });
    },
    shareLink: async () => {
      await workspace.flush();
      const { book, market } = store.getState();
      const code = await bookCode(book, market);
      return code === null ? null : `${location.origin}${location.pathname}${location.search}#b=${code}`;
    },
    retryMarket: () => void startUp(),
  };
}

/** The storage and what it holds; without storage the app works in memory and says so. */
async function openedStorage(
  store: AppStore,
): Promise<{ storage: WorkspaceStorage | null; saved: SavedWorkspace | null }> {
  try {
    const storage = await openWorkspaceStorage();
    return { storage, saved: await storage.read() };
  } catch {
    store.getState().setSaved('not-saved');
    store.getState().showNotice({
      id: 'no-storage',
      severity: 'warning',
      message: 'This browser does not let the app keep work. Export the book, or keep its link.',
      actions: [{ label: 'Export', run: () => void exportPortfolio(store) }],
    });
    return { storage: null, saved: null };
  }
}

async function openSavedMarket(
  store: AppStore,
  engine: RiskEngine,
  saved: SavedWorkspace | null,
): Promise<MarketSummary | null> {
  if (!saved?.market) return null;
  const opened = await engine.openMarket(saved.market.text);
  if (opened.ok) return opened.value;
  reportFailure(store, 'saved-market', {
    ...opened.failure,
    message: `${saved.market.name} could not be opened again. ${opened.failure.message}`,
  });
  return null;
}

/** Puts the linked book on the screen as one undoable step over the kept one. */
async function followLink(store: AppStore, workspace: Workspace, code: string, overKept: boolean): Promise<void> {
  const linked = await linkedBook(code);
  if (!('book' in linked)) {
    reportFailure(store, 'link', {
      ...linked,
      message: `${linked.message}. ${overKept ? 'Your own book is open instead.' : ''}`.trim(),
    });
    return;
  }
  const state = store.getState();
  if (overKept && JSON.stringify(state.book) === JSON.stringify(linked.book)) return;
  state.loadBook(linked.book, overKept ? 'link' : 'restored');
  if (overKept) {
    workspace.holdLink(linked.book, code);
    state.showToast({ message: 'Opened the book in the link.', action: { label: 'Undo', run: state.undo } });
  }
  if (linked.market !== null && state.market !== null && linked.market.id !== state.market.id)
    state.showNotice({
      id: 'link-market',
      severity: 'info',
      message: `The link was made on ${linked.market.name}, ${dateTime(linked.market.asOf, Date.now())}. The figures here are of ${state.market.source.name}, ${dateTime(state.market.asOf, Date.now())}.`,
    });
}

function reportFailure(store: AppStore, id: string, failure: Failure): void {
  store.getState().showNotice({
    id,
    severity: 'problem',
    message: failure.message,
    ...(failure.path === undefined || failure.path === '' ? {} : { path: failure.path }),
  });
}
