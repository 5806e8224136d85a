import {
  openWorkspaceStorage,
  type SavedWorkspace,
  type WorkspaceStorage,
} from '../adapters/storage/workspaceStorage.ts';
import type { SavedBook } from '../adapters/storage/savedRecords.ts';
import { type Failure, failureOf } from '../engine/domain/failure.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import { demoMarketQuery, demoMarketText } from '../queries/demoMarket.ts';
import { smileEditsInForce } from '../state/smileSlice.ts';
import type { NoticeAction } from '../state/AppState.ts';
import type { AppStore } from '../state/store.ts';
import { dateTime } from '../ui/format.ts';
import { whenSettled } from '../ui/whenSettled.ts';
import {
  addressCode,
  bookCode,
  isLinkFollowed,
  isOwnAddress,
  type LinkedBook,
  linkedBook,
  setAddressCode,
} from './bookLink.ts';
import type { EarlyStart } from './earlyStart.ts';
import { exportPortfolio } from './exported.ts';
import type { MarketControl } from './marketControl.ts';
import { followMarket, showSample } from './showSample.ts';
import { sampleBook } from './sampleBook.ts';
import { tellMissingParts } from './missingParts.ts';
import { type RiskEngine, startRiskEngine } from './startRiskEngine.ts';
import { restoredSettings } from './viewSettings.ts';
import { keepWorkspace, reportDamage, type Workspace } from './workspace.ts';

/** What the screen may ask of the app around it. */
export interface AppActions {
  readonly engine: RiskEngine;
  openFiles: (files: readonly File[]) => void;
  openDemoMarket: () => void;
  openSample: () => void;
  /** The saved book that an opened link has replaced; null when there is none. */
  previousBook: () => { readonly name: string; readonly open: () => void } | null;
  /** Which market moves; its code is loaded when it is first asked for. */
  market: () => Promise<MarketControl>;
  /** The link of the book as it is now; null when the book is too large for one. */
  shareLink: () => Promise<string | null>;
}

/** What waits for the storage to answer. */
interface Restored {
  readonly saved: SavedWorkspace | null;
  readonly workspace: Workspace;
}

/** Takes over the engine, restores what was kept, follows a link, and goes on keeping. Nothing of it holds up the first paint. */
export function startApp(store: AppStore, early: EarlyStart): AppActions {
  // What the engine was started for.
  store.setState({ showsLink: isLinkFollowed() });
  const engine = startRiskEngine(store, early);
  const { demoText } = early;
  if (demoText !== null)
    void engine.queryClient.prefetchQuery({ ...demoMarketQuery, queryFn: () => demoMarketText(demoText) });

  const restore = async (): Promise<Restored> => {
    const { storage, saved } = await openedStorage(store);
    if (saved?.view) store.setState(restoredSettings(saved.view.settings));
    if (saved?.book) restoreBook(store, saved.book);
    if (saved) reportDamage(store, saved.damaged);
    const workspace = keepWorkspace(store, storage, saved, {
      bookCode: (book, editedSmiles) => {
        const { market } = store.getState();
        return bookCode(book, market, smileEditsInForce({ market, editedSmiles }));
      },
      setAddress: setAddressCode,
      exportBook: () => void exportPortfolio(store),
    });
    return { saved, workspace };
  };
  const restored = restore();
  tellMissingParts(store, async () => (await restored).workspace.flush());

  const openDemo = async (before: (market: MarketSummary) => void | Promise<void>): Promise<MarketSummary | null> => {
    const opened = await engine.queryClient
      .fetchQuery(demoMarketQuery)
      .then((text) => engine.openMarket(text, before))
      .catch((error: unknown) => ({ ok: false as const, failure: failureOf(error) }));
    if (opened.ok) return opened.value;
    if (store.getState().market === null) store.getState().setMarketProblem(opened.failure);
    reportFailure(store, 'demo-market', opened.failure, { label: 'Retry', run: () => void startUp() });
    return null;
  };

  /** Opens the market with the book that belongs on the screen: the link's, else the kept one, else the sample. */
  const startUp = async (): Promise<Workspace> => {
    store.getState().setMarketProblem(null);
    store.getState().dismissNotice('demo-market');
    const { saved, workspace } = await restored;
    const code = addressCode();
    const isNews = code !== null && !(saved?.book && (isOwnAddress() || saved.book.link === code));
    store.setState({ showsLink: isNews });
    const followed = isNews ? followLink(store, workspace, code, Boolean(saved?.book)) : Promise.resolve();
    const bookReady = async (market: MarketSummary) => {
      await followed;
      const { book, canUndo } = store.getState();
      if (!saved?.book && book.legs.length === 0 && book.collateral.length === 0 && !canUndo) showSample(store, market);
    };
    const market = (await openSavedMarket(store, engine, saved, bookReady)) ?? (await openDemo(bookReady));
    // What writes links loads after the verdict.
    if (market !== null) await whenSettled(workspace.flush);
    return workspace;
  };
  const opened = startUp();

  let control: Promise<MarketControl> | null = null;
  let previous: Portfolio | null = null;
  void restored.then(({ saved, workspace }) => {
    previous = saved?.previousBook?.book ?? null;
    window.addEventListener('hashchange', () => {
      const code = addressCode();
      if (code === null) return;
      store.setState({ showsLink: true });
      void followLink(store, workspace, code, true).then(workspace.flush);
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void workspace.flush();
    });
  });

  /** Opens another market while the one that moves, if one does, waits. */
  const held = async (open: () => Promise<void>) => {
    const moving = await control?.catch(() => null);
    moving?.hold(true);
    await open();
    moving?.hold(false);
  };
  const openWhole = (book: Portfolio, origin: 'sample' | 'file', message: string) => {
    store.getState().loadBook(book, origin);
    store.getState().showToast({ message, action: { label: 'Undo', run: store.getState().undo } });
  };
  const market = () =>
    (control ??= import('./laterStart.ts')
      .then(({ laterStart }) => laterStart({ store, engine, opened }))
      .catch((error: unknown) => {
        // Whoever asks next is answered anew, and a file is opened without it.
        control = null;
        throw error;
      }));
  return {
    engine,
    market,
    previousBook: () => {
      const book = previous;
      return book && { name: book.name, open: () => openWhole(book, 'file', `Opened “${book.name}” again.`) };
    },
    openFiles: (files) =>
      void held(async () => {
        const [{ openFiles }, { workspace }] = await Promise.all([import('./openFiles.ts'), restored]);
        const play = async (recording: File) => (await market()).playRecording(recording);
        await openFiles(files, { store, engine, workspace, play });
      }),
    openDemoMarket: () =>
      void held(async () => {
        const market = await openDemo((demo) => followMarket(store, demo));
        if (market === null) return;
        void (await restored).workspace.keepMarket(null);
        store.getState().showToast({ message: `Opened simulated market ${market.source.name}.` });
      }),
    openSample: () => {
      const { market } = store.getState();
      if (market !== null) openWhole(sampleBook(market), 'sample', 'Opened the sample book.');
    },
    shareLink: async () => {
      await (await restored).workspace.flush();
      const { book, market, editedSmiles } = store.getState();
      const code = await bookCode(book, market, smileEditsInForce({ market, editedSmiles }));
      return code === null ? null : `${location.origin}${location.pathname}${location.search}#b=${code}`;
    },
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
  before: (market: MarketSummary) => void | Promise<void>,
): Promise<MarketSummary | null> {
  if (!saved?.market) return null;
  const opened = await engine.openMarket(saved.market.text, before);
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
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  if (overKept && isSame(state.book, linked.book) && isSame(state.editedSmiles, linked.editedSmiles)) return;
  state.loadBook(linked.book, overKept ? 'link' : 'restored', undefined, linked.editedSmiles);
  if (overKept) {
    workspace.holdLink(linked.book, code);
    state.showToast({ message: 'Opened the book in the link.', action: { label: 'Undo', run: state.undo } });
  }
  if (linked.market !== null) sayWhoseMarket(store, linked);
}

/** Says so when the figures here are not those that the sender of the link saw, once a market is open. */
function sayWhoseMarket(store: AppStore, linked: LinkedBook): void {
  const { market } = store.getState();
  if (market === null) {
    const stop = store.subscribe(
      (state) => state.market,
      () => {
        stop();
        sayWhoseMarket(store, linked);
      },
    );
    return;
  }
  const theirs = linked.market;
  if (theirs === null || market.id === theirs.id) return;
  const now = Date.now();
  store.getState().showNotice({
    id: 'link-market',
    severity: 'info',
    message: `The link was made on ${theirs.name}, ${dateTime(theirs.asOf, now)}. The figures here are of ${market.source.name}, ${dateTime(market.asOf, now)}.${linked.editedSmiles === null ? '' : ' Its edits of smiles are of that market and are not applied.'}`,
  });
}

function restoreBook(store: AppStore, { book, parameters, editedSmiles }: SavedBook): void {
  store.getState().loadBook(book, 'restored', parameters, editedSmiles ?? null);
}

function reportFailure(store: AppStore, id: string, failure: Failure, action?: NoticeAction): void {
  store.getState().showNotice({
    id,
    severity: 'problem',
    message: failure.message,
    ...(action === undefined ? {} : { actions: [action] }),
    ...(failure.path === undefined || failure.path === '' ? {} : { path: failure.path }),
  });
}
