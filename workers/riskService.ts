import { marketAnswers } from './answers/marketAnswers.ts';
import { quickAnswers } from './answers/quickAnswers.ts';
import { answering } from './answering.ts';
import { lateQuestions } from './lateQuestions.ts';
import { OpenMarkets } from './OpenMarkets.ts';
import { overtaking } from './overtaking.ts';
import { pathPoolAtHand, type PathPools } from './pathPools.ts';
import type { LateApi, RiskApi } from './RiskApi.ts';
import { rulebookLibrary } from './rulebookLibrary.ts';

/**
 * The engine behind the worker's door: holds the open market, remembers unit P&L, and answers with values, never with a
 * rejection. Without pools this thread computes all paths itself.
 */
export function riskService(pools: PathPools | null = null): RiskApi {
  const paths = pathPoolAtHand(pools);
  const markets = new OpenMarkets(() => paths.end());
  const runs = overtaking();
  const library = rulebookLibrary();
  const answers = answering(markets, runs);
  let late: LateApi | null = null;
  const loadLate = async () => {
    const { lateAnswers } = await import('./answers/lateAnswers.ts');
    late ??= lateAnswers({ markets, runs, answers, library, paths });
    return late;
  };
  const market = marketAnswers(markets, runs);
  return {
    ...market,
    async takeMarket(port, compiled) {
      // Who is handed a market is about to be asked: what answers loads meanwhile, or the question says why it does not.
      const loading = loadLate().catch(() => null);
      const taken = await market.takeMarket(port, compiled);
      await loading;
      return taken;
    },
    ...quickAnswers(markets, answers, library, pools?.workers ?? 0),
    ...lateQuestions(loadLate),
  };
}
