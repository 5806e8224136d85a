import { readTextFile } from '../adapters/files/readTextFile.ts';
import { isRecordedChain } from '../adapters/market/isRecordedChain.ts';
import type { Failure } from '../engine/domain/failure.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { AppStore } from '../state/store.ts';
import { dateTime } from '../ui/format.ts';
import { sampleBook } from './sampleBook.ts';
import type { RiskEngine } from './startRiskEngine.ts';
import type { Workspace } from './workspace.ts';

export interface OpenFilesOptions {
  readonly store: AppStore;
  readonly engine: RiskEngine;
  readonly workspace: Workspace;
}

/**
 * Opens market files, portfolio files, CSV files, and recorded chains as an exchange gave them (several together make one
 * market); each whole or not at all. A refused file says why and loses nothing.
 */
export async function openFiles(files: readonly File[], options: OpenFilesOptions): Promise<void> {
  const chains: NamedText[] = [];
  for (const file of files) {
    options.store.getState().dismissNotice(noticeId(file.name));
    const text = await readTextFile(file);
    if (!text.ok) refuse(options.store, file.name, text.failure);
    else if (isRecordedChain(text.value)) chains.push({ name: file.name, text: text.value });
    else {
      const failure = await openText({ name: file.name, text: text.value }, options);
      if (failure !== null) refuse(options.store, file.name, failure);
    }
  }
  if (chains.length === 0) return;
  const names = chains.map((chain) => chain.name).join(', ');
  const [{ importChain }, { marketFileText }] = await Promise.all([
    import('../adapters/market/importChain.ts'),
    import('../formats/marketFile.ts'),
  ]);
  const imported = importChain({ chains });
  const failure = imported.ok
    ? await openMarketText({ name: names, text: marketFileText(imported.value) }, options)
    : imported.failure;
  if (failure !== null) refuse(options.store, names, failure);
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
  workspace.keepMarket(file);
  const { kind, name } = opened.value.source;
  store.getState().showToast({ message: `Opened ${kind} market ${name}, ${dateTime(opened.value.asOf, Date.now())}.` });
  return null;
}

function noticeId(name: string): string {
  return `file ${name}`;
}

function refuse(store: AppStore, name: string, failure: Failure): void {
  store.getState().showNotice({
    id: noticeId(name),
    severity: 'problem',
    message: `${name} was not opened. ${failure.message}`,
    ...(failure.path === undefined || failure.path === '' ? {} : { path: failure.path }),
  });
}

/** A sample book that nobody has touched follows the market; any other book stays as it is. */
export function followMarket(store: AppStore, market: MarketSummary): void {
  if (untouchedSamples.has(store.getState().book)) showSample(store, market);
}

/** Sample books as they were made: an edit makes another object. */
const untouchedSamples = new WeakSet<Portfolio>();

/** Puts the sample book for this market on the screen, with a fresh history. */
export function showSample(store: AppStore, market: MarketSummary): void {
  const sample = sampleBook(market);
  untouchedSamples.add(sample);
  store.getState().loadBook(sample, 'restored');
}
