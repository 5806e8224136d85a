import { isSameMarket } from '../engine/domain/marketSnapshot.ts';
import type { MarketSummary, UnderlyingSummary } from '../engine/domain/marketSummary.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../engine/domain/units.ts';
import type { GetState, MarketSlice, SetState } from './AppState.ts';
import { isModelLoaded } from './selectors.ts';
import { answeredExplore, answeredReport } from './resultsSlice.ts';
import { explorationChanged, inputsChanged, varChanged } from './versions.ts';

/** The open market as the page knows it, and which part of it is looked at. */
export function marketSlice(set: SetState, get: GetState): MarketSlice {
  return {
    market: null,
    newest: null,
    marketProblem: null,
    models: [],
    underlying: 'BTC',
    chainExpiry: null,
    fromMarket: null,
    marketChoice: { kind: 'still' },
    feed: null,
    replay: null,
    quality: null,

    setMarket: (market) =>
      set((state) => {
        const coin =
          market.underlyings.find((underlying) => underlying.symbol === state.underlying) ?? market.underlyings[0];
        const isMoved = state.market === null || isSameMarket(state.market.id, market.id);
        return {
          market,
          newest: market,
          marketProblem: null,
          underlying: coin?.symbol ?? state.underlying,
          chainExpiry: listedExpiry(coin, market.asOf, state.chainExpiry),
          // A proposal was priced in the market that has just been replaced.
          proposal: isMoved ? state.proposal : null,
          pin: isMoved ? state.pin : null,
          // Its distributions say nothing about this one, and may never be replaced: not every market has a history.
          varReports: state.market !== null && isMoved ? state.varReports : {},
          ...inputsChanged(state),
        };
      }),
    followMarket: (newest, report, at) =>
      set((state) => ({ newest, ...(report === null ? {} : answeredReport(state, report, at)) })),
    viewMarket: (market, explore, at, withValueAtRisk) =>
      set((state) => ({
        market,
        chainExpiry: listedExpiry(coinOf(market, state.underlying), market.asOf, state.chainExpiry),
        ...(explore?.inputVersion === state.exploreVersion
          ? answeredExplore(state, explore, at)
          : explorationChanged(state)),
        ...(withValueAtRisk ? varChanged(state) : {}),
      })),
    setFromMarket: (fromMarket) => set({ fromMarket, explained: 'market' }),
    setMarketProblem: (marketProblem) => set({ marketProblem }),
    // A venue's rulebook that was chosen on an earlier visit has its first figures with the list.
    setModels: (models) =>
      set((state) => ({
        models,
        ...(state.models.length > 0 && !isModelLoaded(state) && isModelLoaded({ ...state, models })
          ? inputsChanged(state)
          : {}),
      })),
    setUnderlying: (symbol) => {
      const { market, underlying } = get();
      if (symbol === underlying) return;
      set((state) => ({
        underlying: symbol,
        chainExpiry: market === null ? null : listedExpiry(coinOf(market, symbol), market.asOf, state.chainExpiry),
        movers: state.movers === 'all' ? 'all' : symbol,
        ...explorationChanged(state),
      }));
    },
    setChainExpiry: (chainExpiry) => set({ chainExpiry }),
  };
}

function coinOf(market: MarketSummary, symbol: string): UnderlyingSummary | undefined {
  return market.underlyings.find((underlying) => underlying.symbol === symbol);
}

/** The expiry that was looked at if it is listed, else the first at least twenty days away, else the last. */
function listedExpiry(
  coin: UnderlyingSummary | undefined,
  asOf: Timestamp,
  wanted: Timestamp | null,
): Timestamp | null {
  const expiries = coin?.expiries ?? [];
  if (expiries.some((candidate) => candidate.expiry === wanted)) return wanted;
  const usual = expiries.find((candidate) => candidate.expiry >= asOf + 20 * MILLISECONDS_PER_DAY);
  return (usual ?? expiries.at(-1))?.expiry ?? null;
}
