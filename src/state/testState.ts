import type { MarketSummary, UnderlyingSummary } from '../engine/domain/marketSummary.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { MarginModelDescription } from '../engine/domain/riskParameters.ts';
import type {
  BookRisk,
  ExploreReport,
  MarginOutcome,
  PricedPosition,
  RiskReport,
} from '../engine/domain/riskReport.ts';

/** Small worlds for tests of the page: consistent shapes with round numbers, not prices. */

const AS_OF = Date.UTC(2026, 5, 9, 8);
const JUN = Date.UTC(2026, 5, 26, 8);
const JUL = Date.UTC(2026, 6, 31, 8);

function coin(symbol: string, index: number, strikes: readonly number[]): UnderlyingSummary {
  return {
    symbol,
    index,
    perpetualMark: index,
    settlement: 'coin',
    atmVol30d: 0.5,
    spotVolBeta: null,
    historyCloses: 365,
    expiries: [JUN, JUL].map((expiry) => ({ expiry, forward: index, atmVol: 0.5, strikes })),
  };
}

export const TEST_MARKET: MarketSummary = {
  id: 'market-1',
  asOf: AS_OF,
  source: { kind: 'simulated', name: 'test' },
  underlyings: [
    coin('BTC', 100_000, [70_000, 80_000, 88_000, 90_000, 100_000, 110_000, 117_000, 120_000]),
    coin('ETH', 4_000, [3_200, 4_000, 4_400, 5_000]),
  ],
  stablecoins: [{ asset: 'USDC', priceUsd: 1 }],
  notices: [],
};

export const TEST_MODELS: readonly MarginModelDescription[] = ['isolated', 'cross', 'portfolio'].map((id) => ({
  id,
  title: id.charAt(0).toUpperCase() + id.slice(1),
  venue: 'Headroom',
  source: 'Test',
  parametersDate: '2026-01-01',
  parameters: [],
}));

export const TEST_BOOK: Portfolio = {
  name: 'Test book',
  legs: [
    { id: 'a', instrument: 'BTC-26JUN26-90000-P', quantity: -10 },
    { id: 'b', instrument: 'BTC-PERPETUAL', quantity: -80_000, entryPrice: 100_000 },
  ],
  collateral: [{ asset: 'USDC', quantity: 100_000 }],
};

export function priced(id: string, instrument: string, quantity: number, markPrice: number): PricedPosition {
  const zero = { delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0, vanna: 0, volga: 0 };
  return {
    ...zero,
    id,
    instrument,
    quantity,
    valueUsd: 0,
    markPrice,
    impliedVolatility: null,
    volatilitySource: null,
  };
}

export function margin(id: string, initialMarginUsd: number, equityUsd: number): MarginOutcome {
  return {
    id,
    title: id.charAt(0).toUpperCase() + id.slice(1),
    initialMarginUsd,
    maintenanceMarginUsd: 0.8 * initialMarginUsd,
    equityUsd,
    availableUsd: equityUsd - initialMarginUsd,
    marginRatio: equityUsd > 0 ? (0.8 * initialMarginUsd) / equityUsd : null,
    worstScenario: {
      label: '−16 %, IV ×1.50',
      spotMove: -0.16,
      volShock: 0.5,
      lossUsd: initialMarginUsd,
      byUnderlying: [],
    },
    components: [],
    positions: [],
    approximations: [],
  };
}

export function bookRisk(initialMarginUsd: number, equityUsd = 150_000): BookRisk {
  return {
    collateralUsd: 100_000,
    equityUsd,
    positions: [priced('a', 'BTC-26JUN26-90000-P', -10, 0.02), priced('b', 'BTC-PERPETUAL', -80_000, 101_000)],
    collateral: [],
    byUnderlying: [],
    byExpiry: [],
    margins: [
      margin('isolated', 3 * initialMarginUsd, equityUsd),
      margin('cross', 2 * initialMarginUsd, equityUsd),
      margin('portfolio', initialMarginUsd, equityUsd),
    ],
    notices: [],
  };
}

export function riskReport(inputVersion: number, before: BookRisk, after: BookRisk | null = null): RiskReport {
  return { inputVersion, marketId: TEST_MARKET.id, elapsedMs: 1, before, after };
}

export function exploreReport(
  inputVersion: number,
  liquidation: { below: number | null; above: number | null },
): ExploreReport {
  const curve = [1, 1, 1];
  return {
    inputVersion,
    marketId: TEST_MARKET.id,
    elapsedMs: 1,
    stress: {
      before: {
        spot: [],
        vol: [],
        pnlUsd: [],
        initialMarginUsd: [],
        maintenanceMarginUsd: [],
        equityUsd: [],
        unsupported: null,
      },
      after: null,
    },
    curves: {
      before: {
        spotUsd: new Float64Array([40_000, 100_000, 160_000]),
        legsValueUsd: 0,
        pnl: [],
        equityUsd: curve,
        initialMarginUsd: curve,
        maintenanceMarginUsd: curve,
        liquidation: { ...liquidation, examined: { from: -0.6, to: 0.6 } },
        unsupported: null,
      },
      after: null,
    },
    pinned: null,
    leftOut: [],
  };
}
