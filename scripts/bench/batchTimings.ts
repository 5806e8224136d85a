import { evaluate } from '../../src/engine/evaluate.ts';
import { marginModels } from '../../src/engine/margin/marginModels.ts';
import { prepareMarket } from '../../src/engine/scenario/preparedMarket.ts';
import { rememberedRows, rowsBy } from '../../src/engine/scenario/unitPnlCache.ts';
import type { AccountText } from '../../src/cli/batch/AccountText.ts';
import type { BatchQuestion } from '../../src/cli/batch/accountRows.ts';
import { runBatch } from '../../src/cli/batch/runBatch.ts';
import { nodeKernels } from '../../src/cli/nodeKernels.ts';
import { parseMarketFile } from '../../src/formats/marketFile.ts';
import { parsePortfolioValue, portfolioFileValue } from '../../src/formats/portfolioFile.ts';
import { quotedOptions } from './benchBooks.ts';

export interface BatchFigures {
  readonly accounts: number;
  /** Accounts a second, reading and writing included, once threads are up; enough of them that what threads compile at first counts little. */
  readonly oneWorker: number;
  readonly twoWorkers: number;
  /** The same work by `evaluate` with a memory of its own for each account, in one thread. */
  readonly oneByOne: number;
  /** Of this process with its threads at the end, MB; the accounts themselves are made as they are asked for. */
  readonly peakMemoryMb: number;
}

/** `risk batch` under the portfolio rulebook: accounts of 10 to 40 legs over a whole chain. */
export async function batchTimings(marketText: string, accounts = 20_000): Promise<BatchFigures> {
  const parsed = parseMarketFile(marketText);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  const quoted = parsed.value.underlyings.reduce(
    (all, { expiries }) =>
      all + expiries.reduce((sum, { quotes }) => sum + quotes.filter(({ markIv }) => markIv !== undefined).length, 0),
    0,
  );
  const names = quotedOptions(parsed.value, quoted).map(({ name }) => name);
  const question = { marketText, models: ['portfolio'], parameters: {}, valueAtRisk: [] };
  const oneWorker = await rate(question, names, accounts, 1);
  const twoWorkers = await rate(question, names, accounts, 2);
  const few = Math.max(Math.round(accounts / 20), 1);
  return {
    accounts,
    oneWorker,
    twoWorkers,
    oneByOne: oneByOneRate(parsed.value, names, few),
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  };
}

/** From the first rows to the last, so that the start of threads does not count. */
async function rate(
  question: BatchQuestion,
  names: readonly string[],
  accounts: number,
  workers: number,
): Promise<number> {
  let first: { readonly at: number; readonly accounts: number } | null = null;
  let rows = 0;
  await runBatch({
    question,
    accounts: accountTexts(names, accounts),
    out: null,
    resume: false,
    workers,
    write: async () => true,
    onRows: (totals) => {
      first ??= { at: performance.now(), accounts: totals.accounts };
      rows = totals.accounts;
    },
  });
  const { at, accounts: before } = first!;
  return (1000 * (rows - before)) / (performance.now() - at);
}

function oneByOneRate(
  snapshot: Parameters<typeof prepareMarket>[0],
  names: readonly string[],
  accounts: number,
): number {
  const market = prepareMarket(snapshot, nodeKernels());
  const started = performance.now();
  for (let n = 0; n < accounts; n += 1) {
    const { account: _id, ...document } = JSON.parse(accountText(names, n)) as Record<string, unknown>;
    const book = parsePortfolioValue(document);
    if (!book.ok) throw new Error(book.failure.message);
    const request = {
      inputVersion: n,
      marketId: snapshot.id,
      book: book.value,
      proposed: null,
      models: ['portfolio'],
      parameters: {},
    };
    JSON.stringify(evaluate(market, request, rememberedRows(undefined, rowsBy(market.kernels)), () => 0, marginModels));
  }
  return (1000 * accounts) / (performance.now() - started);
}

async function* accountTexts(names: readonly string[], count: number): AsyncGenerator<AccountText> {
  for (let n = 0; n < count; n += 1) {
    const bytes = new TextEncoder().encode(accountText(names, n));
    yield { place: `line-${n + 1}`, kind: 'json', bytes, failure: null };
  }
}

/** The same account for the same number. */
function accountText(names: readonly string[], n: number): string {
  let state = (Math.imul(n + 1, 2_654_435_761) ^ 0x5bd1e995) >>> 0;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const legs = Array.from({ length: 10 + below(31) }, (_, i) => ({
    id: `p${i}`,
    instrument: names[below(names.length)]!,
    quantity: (below(2) === 0 ? 1 : -1) * (1 + below(50)) * 0.1,
  }));
  const collateral = [{ asset: 'USDC', quantity: 10_000 + below(500_000) }];
  return JSON.stringify({
    account: `account-${n}`,
    ...portfolioFileValue({ name: `Account ${n}`, legs, collateral }),
  });
}
