import { demoMarketSource } from '../adapters/market/marketSources.ts';
import { readKeptMarketFlag } from '../adapters/storage/keptMarketFlag.ts';
import { createRiskClient, type RiskClient } from '../compute/riskClient.ts';
import { compiledKernels } from '../compute/compiledKernels.ts';
import type { Result } from '../engine/domain/failure.ts';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { MarginModelDescription } from '../engine/domain/riskParameters.ts';
import { isLinkFollowed } from './bookLink.ts';

/** What is under way before the screen's own code is here. */
export interface EarlyStart {
  readonly client: RiskClient;
  readonly models: Promise<Result<readonly MarginModelDescription[]>>;
  /** The demo market's text; null on a device that keeps another market, which is opened instead. */
  readonly demoText: Promise<Result<string>> | null;
}

/**
 * Starts the worker that answers the first verdict, and opens the demo market in it, which is what most visits need: while the
 * page loads React and reads its storage, the worker reads quotes and fits smiles.
 */
export function earlyStart(): EarlyStart {
  const client = openingOnce(
    createRiskClient(
      () => new Worker(new URL('../../workers/risk.worker.ts', import.meta.url), { type: 'module' }),
      compiledKernels,
      isLinkFollowed(),
    ),
  );
  const demoText = readKeptMarketFlag() ? null : demoMarketSource.text();
  void demoText?.then((text) => text.ok && void client.openMarket(text.value));
  return { client, models: client.models(), demoText };
}

/** The market that is open or being opened is not opened again: whoever asks for it has the same answer. */
function openingOnce(client: RiskClient): RiskClient {
  let last: { readonly content: string | MarketSnapshot; readonly answer: Promise<Result<MarketSummary>> } | null =
    null;
  const opened = async (content: string | MarketSnapshot) => {
    const answer = await client.openMarket(content);
    if (!answer.ok && last?.content === content) last = null;
    return answer;
  };
  return {
    ...client,
    openMarket(content) {
      if (last?.content !== content) last = { content, answer: opened(content) };
      return last.answer;
    },
  };
}
