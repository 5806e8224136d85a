import { failed, riskError } from '../../src/engine/domain/failure.ts';
import type { MarketSnapshot } from '../../src/engine/domain/marketSnapshot.ts';
import type { Kernels } from '../../src/engine/kernels/Kernels.ts';
import { marketSummary } from '../../src/engine/marketSummary.ts';
import { type PreparedMarket, prepareMarket, preparedMarket } from '../../src/engine/scenario/preparedMarket.ts';
import { parseMarketFile } from '../../src/formats/marketFile.ts';
import { answered } from '../answering.ts';
import { instantiatedKernels } from '../instantiatedKernels.ts';
import type { OpenMarkets } from '../OpenMarkets.ts';
import type { Overtaking } from '../overtaking.ts';
import type { MarketApi } from '../RiskApi.ts';

/** Opens markets, lets the open one move, and hands it from worker to worker. */
export function marketAnswers(markets: OpenMarkets, runs: Overtaking): MarketApi {
  return {
    async openMarket(market, compiled) {
      return answered(() => {
        const atHand = instantiatedKernels(compiled ?? null);
        const opened = marketOf(market, atHand.kernels);
        markets.takeKernels(atHand);
        // Nobody waits for answers about the market before.
        runs.overtakeAll();
        return markets.follow(opened);
      });
    },
    async takeMarket(port, compiled) {
      const { handedOver, isAnotherMarket } = await import('../handover.ts');
      const fitted = await handedOver(port);
      if (fitted === null) return failed('missing-data', 'The market was not handed over');
      return answered(() => {
        if (compiled !== null) markets.takeKernels(instantiatedKernels(compiled));
        if (isAnotherMarket(fitted, markets.open)) runs.overtakeAll();
        const { kernels } = markets.atHand;
        return markets.follow('surfaces' in fitted ? preparedMarket(fitted, kernels) : prepareMarket(fitted, kernels));
      });
    },
    async moveMarket({ from, id, deltas }) {
      const [{ movedMarket }, { movedSummary }, { laterMarket }] = await Promise.all([
        import('../../src/engine/domain/marketDelta.ts'),
        import('../../src/engine/movedSummary.ts'),
        import('../../src/engine/scenario/laterMarket.ts'),
      ]);
      return answered(() => {
        const { market, summary } = markets.asked(from);
        const snapshot = deltas.reduce((moved, delta) => movedMarket(moved, delta, id), market.snapshot);
        return markets.follow(laterMarket(snapshot, market.kernels), movedSummary(summary, snapshot), false);
      });
    },
    holdMarket: (id) => markets.hold(id),
    async handMarket(id, port) {
      const kept = markets.kept(id);
      const { handed } = await import('../handover.ts');
      port.postMessage(kept === null ? null : handed(kept.market, kept.isWhole));
      port.close();
    },
    async openFromMarket(text) {
      return answered(() => {
        const from = marketOf(text, markets.atHand.kernels);
        markets.explainFrom(from);
        return marketSummary(from);
      });
    },
  };
}

/** @throws RiskError when a text is no market. */
function marketOf(market: string | MarketSnapshot, kernels: Kernels): PreparedMarket {
  if (typeof market !== 'string') return prepareMarket(market, kernels);
  const snapshot = parseMarketFile(market);
  if (!snapshot.ok) throw riskError(snapshot.failure);
  return prepareMarket(snapshot.value, kernels);
}
