import type { MarketSummary, UnderlyingSummary } from '../engine/domain/marketSummary.ts';
import type { ChainReport, ChainSide } from '../engine/domain/riskReport.ts';

/** 9 June 2025 08:00 UTC, and two expiries after it. */
export const asOf = Date.UTC(2025, 5, 9, 8);
export const june = Date.UTC(2025, 5, 27, 8);
export const december = Date.UTC(2025, 11, 26, 8);

const strikes = [80_000, 88_000, 92_000, 96_000, 98_000, 100_000, 104_000, 108_000, 114_000, 122_000, 130_000];

function expiry(time: number, listed: readonly number[], forward: number) {
  return { expiry: time, forward, atmVol: 0.47, strikes: listed };
}

/** Made-up figures with the shape of a market: tests of the page ask what follows from them, not where they come from. */
export const bitcoin: UnderlyingSummary = {
  symbol: 'BTC',
  index: 104_000,
  perpetualMark: 104_010,
  settlement: 'coin',
  atmVol30d: 0.47,
  spotVolBeta: null,
  historyCloses: 365,
  expiries: [
    expiry(Date.UTC(2025, 5, 13, 8), strikes, 104_100),
    expiry(june, strikes, 104_400),
    expiry(december, [80_000, 95_000, 104_000, 120_000], 107_000),
  ],
};

const ether: UnderlyingSummary = {
  ...bitcoin,
  symbol: 'ETH',
  index: 3400,
  perpetualMark: 3401,
  expiries: [expiry(june, [2800, 3000, 3200, 3400, 3600], 3410)],
};

const solana: UnderlyingSummary = {
  ...bitcoin,
  symbol: 'SOL',
  index: 180,
  perpetualMark: 180.2,
  settlement: 'usdc',
  expiries: [expiry(june, [150, 172.5, 180, 200], 181)],
};

export const market: MarketSummary = {
  id: 'm1',
  asOf,
  source: { kind: 'simulated', name: 'test' },
  underlyings: [bitcoin, ether, solana],
  stablecoins: [{ asset: 'USDC', priceUsd: 1 }],
  notices: [],
};

/** Deltas fall with the strike along a straight line through one half at the forward: enough to choose strikes by. */
export function chainAt(
  time: number,
  change: (side: ChainSide, strike: number) => Partial<ChainSide> = () => ({}),
): ChainReport {
  const summary = bitcoin.expiries.find((candidate) => candidate.expiry === time)!;
  const code = time === june ? '27JUN25' : time === december ? '26DEC25' : '13JUN25';
  const side = (strike: number, type: 'C' | 'P'): ChainSide => {
    const call = Math.min(0.99, Math.max(0.01, 0.5 - (strike - summary.forward) / 50_000));
    const delta = type === 'C' ? call : call - 1;
    const mark = Math.round(Math.abs(delta) * 1000) / 10_000;
    const base: ChainSide = {
      instrument: `BTC-${code}-${strike}-${type}`,
      type,
      bid: mark - 0.0002,
      ask: mark + 0.0002,
      mark,
      markUsd: mark * bitcoin.index,
      markIv: 0.47,
      delta,
      openInterest: 10,
    };
    return { ...base, ...change(base, strike) };
  };
  return {
    marketId: market.id,
    underlying: 'BTC',
    expiry: time,
    forward: summary.forward,
    index: bitcoin.index,
    atmVol: 0.47,
    rows: summary.strikes.map((strike) => ({ strike, call: side(strike, 'C'), put: side(strike, 'P') })),
    smile: [],
    fitError: null,
  };
}
