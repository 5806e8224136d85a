import { readTextFile } from '../adapters/files/readTextFile.ts';
import { isRecordedChain } from '../adapters/market/isRecordedChain.ts';
import { isRecording } from '../adapters/market/replay/isRecording.ts';
import type { Failure } from '../engine/domain/failure.ts';
import type { Notice } from '../state/AppState.ts';
import type { AppStore } from '../state/store.ts';
import { dateTime } from '../ui/format.ts';
import { followMarket } from './showSample.ts';
import type { RiskEngine } from './startRiskEngine.ts';
import type { Workspace } from './workspace.ts';

export interface OpenFilesOptions {
  readonly store: AppStore;
  readonly engine: RiskEngine;
  readonly workspace: Workspace;
  /** Follows a recording as the market that moves. */
  readonly play: (recording: File) => Promise<Failure | null>;
}

/**
 * Opens market files, portfolio files, CSV files, and recorded chains as an exchange gave them (several of one time make one
 * market, of several times a recording), and recordings; each whole or not at all. A refused file says why and loses nothing.
 */
export async function openFiles(files: readonly File[], options: OpenFilesOptions): Promise<void> {
  const chains: NamedText[] = [];
  const series: NamedText[] = [];
  for (const file of files) {
    options.store.getState().dismissNotice(noticeId(file.name));
    if (await isRecording(file)) {
      await playRecording(file, options);
      continue;
    }
    const text = await readTextFile(file);
    if (!text.ok) refuse(options.store, file.name, text.failure);
    else if (isRecordedChain(text.value)) chains.push({ name: file.name, text: text.value });
    else if (isDailySeries(text.value)) series.push({ name: file.name, text: text.value });
    else {
      const failure = await openText({ name: file.name, text: text.value }, options);
      if (failure !== null) refuse(options.store, file.name, failure);
    }
  }
  if (chains.length === 0) {
    for (const { name } of series) refuse(options.store, name, SERIES_ALONE);
    return;
  }
  const names = chains.map((chain) => chain.name).join(', ');
  const failure = await openChains({ name: names, chains, series }, options);
  if (failure !== null) refuse(options.store, names, failure);
}

const SERIES_ALONE: Failure = {
  code: 'missing-data',
  message:
    'It holds daily values of a coin, which belong to a market: open it together with the chains that it goes with.',
};

/** A table of days and values, as a history comes. */
function isDailySeries(text: string): boolean {
  return /^\uFEFF?\s*"?date"?\s*[,;]/i.test(text.slice(0, 100));
}

interface ChainFiles {
  readonly name: string;
  readonly chains: readonly NamedText[];
  /** Daily closes and volatility indices, by the names of their files. */
  readonly series: readonly NamedText[];
}

/** Chains of one time are a market; of several, a recording of it. */
async function openChains({ name, chains, series }: ChainFiles, options: OpenFilesOptions): Promise<Failure | null> {
  const [{ importChains }, { priceSeriesName }] = await Promise.all([
    import('../adapters/market/importChain.ts'),
    import('../adapters/market/priceSeriesName.ts'),
  ]);
  const named = series.map((file) => ({ ...file, ...priceSeriesName(file.name) }));
  const unnamed = named.find(({ symbol }) => symbol === undefined);
  if (unnamed !== undefined) {
    const message = `${unnamed.name} does not begin with a coin’s symbol: rename it like btc-usd-daily.csv.`;
    return { code: 'bad-value', message };
  }
  const of = (kind: string) => named.flatMap((file) => (file.kind === kind ? [{ ...file, symbol: file.symbol! }] : []));
  const markets = importChains({ chains, histories: of('closes'), volatilityIndices: of('volatility-index') });
  if (!markets.ok) return markets.failure;
  const [first, second] = markets.value;
  if (first !== undefined && second === undefined) {
    const { marketFileText } = await import('../formats/marketFile.ts');
    return openMarketText({ name, text: marketFileText(first) }, options);
  }
  const { marketsRecording } = await import('../adapters/market/replay/marketsRecording.ts');
  await playRecording(new File([marketsRecording(markets.value, 'headroom')], `${chains.length} chains`), options);
  return null;
}

/** Whoever plays it says of which file a failure is. */
async function playRecording(file: File, { store, play }: OpenFilesOptions): Promise<void> {
  const failure = await play(file);
  if (failure !== null) store.getState().showNotice({ ...noticeOf(file.name, failure), message: failure.message });
}

interface NamedText {
  readonly name: string;
  readonly text: string;
}

async function openText(file: NamedText, options: OpenFilesOptions): Promise<Failure | null> {
  const [{ fileKind }, { parseAnyFile }] = await Promise.all([
    import('../formats/fileKind.ts'),
    import('../formats/parseAnyFile.ts'),
  ]);
  const kind = fileKind(file.name, file.text);
  if (!kind.ok) return kind.failure;
  // A market is parsed by the workers alone: it may be large.
  if (kind.value === 'market') return openMarketText(file, options);
  const parsed = parseAnyFile(file.name, file.text);
  if (!parsed.ok) return parsed.failure;
  if (parsed.value.kind !== 'portfolio') return null;
  const { store } = options;
  const { portfolio } = parsed.value;
  store.getState().loadBook(portfolio, 'file');
  const legs = portfolio.legs.length === 1 ? '1 leg' : `${portfolio.legs.length} legs`;
  store.getState().showToast({
    message: `Opened “${portfolio.name}”, ${legs}.`,
    action: { label: 'Undo', run: store.getState().undo },
  });
  return null;
}

async function openMarketText(
  file: NamedText,
  { store, engine, workspace }: OpenFilesOptions,
): Promise<Failure | null> {
  const opened = await engine.openMarket(file.text, (market) => followMarket(store, market));
  if (!opened.ok) return opened.failure;
  void workspace.keepMarket(file);
  const { kind, name } = opened.value.source;
  store.getState().showToast({ message: `Opened ${kind} market ${name}, ${dateTime(opened.value.asOf, Date.now())}.` });
  return null;
}

function noticeId(name: string): string {
  return `file ${name}`;
}

function refuse(store: AppStore, name: string, failure: Failure): void {
  store.getState().showNotice(noticeOf(name, failure));
}

function noticeOf(name: string, failure: Failure): Notice {
  return {
    id: noticeId(name),
    severity: 'problem',
    message: `${name} was not opened. ${failure.message}`,
    ...(failure.path === undefined || failure.path === '' ? {} : { path: failure.path }),
  };
}
