import { useQueryClient } from '@tanstack/react-query';
import { useContext } from 'react';
import { RiskEngineContext } from '../../compute/RiskEngineContext.ts';
import { type Failure, failed, failureOf, type Result, RiskError, success } from '../../engine/domain/failure.ts';
import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { BookRisk, ChainReport } from '../../engine/domain/riskReport.ts';
import type { Trade } from '../../engine/domain/trade.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { tradePrice, withTrade } from '../../state/quotedTrades.ts';
import { currentRisk, isStale } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { calendarExpiry, rowAtTheMoney, type StrategyId, strategyProposal } from '../../state/strategyTemplates.ts';
import { deltaHedge } from './deltaHedge.ts';

/** How long a hedge waits for the figures of the book it is to hedge. */
const PATIENCE_MS = 5000;

/** What can be traded from here, each as a proposal. Every method answers whether it worked; failures are also toasted. */
export interface TradeDesk {
  /** Adds to what is proposed. Without a price of its own, a trade takes the bid or ask, else the mark. */
  trade(trades: readonly UnpricedTrade[], label?: string): Promise<boolean>;
  /** Replaces what is proposed. */
  structure(strategy: StrategyId, underlying: string, expiry: Timestamp, size: number): Promise<boolean>;
  /** Adds the perpetual, or a future where there is none, that brings the coin's delta to zero. */
  hedgeDelta(underlying: string): Promise<boolean>;
}

export interface UnpricedTrade {
  readonly instrument: string;
  readonly quantity: number;
  readonly price?: number;
}

export function useTradeDesk(): TradeDesk {
  const client = useContext(RiskEngineContext);
  const queries = useQueryClient();

  const chain = async (underlying: string, expiry: Timestamp): Promise<ChainReport> => {
    const marketId = useStore.getState().market?.id;
    if (client === null || marketId === undefined) throw new RiskError('missing-data', 'No market is open yet');
    return queries.fetchQuery({
      queryKey: ['chain', marketId, underlying, expiry],
      // Equal market ids mean equal quotes.
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: async () => {
        const result = await client.chain({ marketId, underlying, expiry });
        if (!result.ok) throw new RiskError(result.failure.code, result.failure.message);
        return result.value;
      },
    });
  };

  const priced = async (trade: UnpricedTrade): Promise<{ trade: Trade; isAtMark: boolean }> => {
    const parsed = parseInstrument(trade.instrument);
    if (!parsed.ok) throw new RiskError(parsed.failure.code, parsed.failure.message);
    const { product, underlying } = parsed.value;
    const { instrument, quantity } = trade;
    if (trade.price !== undefined) return { trade: { instrument, quantity, price: trade.price }, isAtMark: false };
    const coin = useStore.getState().market?.underlyings.find(({ symbol }) => symbol === underlying);
    if (coin === undefined) throw new RiskError('unknown-instrument', `${underlying} is not in this market`);
    if (product === 'perpetual') return { trade: { instrument, quantity, price: coin.perpetualMark }, isAtMark: false };
    const { expiry } = parsed.value;
    const listed = coin.expiries.find((candidate) => candidate.expiry === expiry);
    if (listed === undefined) throw new RiskError('unknown-instrument', `${instrument} is not listed in this market`);
    if (product === 'future') return { trade: { instrument, quantity, price: listed.forward }, isAtMark: false };
    const { strike, optionType } = parsed.value;
    const row = (await chain(underlying, expiry)).rows.find((candidate) => candidate.strike === strike);
    const side = optionType === 'C' ? row?.call : row?.put;
    if (side === undefined) throw new RiskError('unknown-instrument', `${instrument} is not listed in this market`);
    const fill = tradePrice(side, quantity);
    if (fill === null)
      throw new RiskError(
        'missing-data',
        `${instrument} has no ${quantity < 0 ? 'bid' : 'ask'} and no mark, so it cannot be proposed`,
      );
    return { trade: { instrument, quantity, price: fill.price }, isAtMark: fill.kind === 'mark' };
  };

  return {
    trade: (trades, label = 'Proposed') =>
      orToast(async () => {
        const fills = await Promise.all(trades.map(priced));
        const { proposal, propose } = useStore.getState();
        const atMark = fills.filter(({ isAtMark }) => isAtMark).length;
        const note =
          atMark === 0 ? '' : fills.length === 1 ? ' at mark' : `, ${atMark} of ${fills.length} legs at mark`;
        const all = fills.reduce((sum, fill) => withTrade(sum, fill.trade), proposal?.trades ?? []);
        propose(proposal === null || proposal.trades.length === 0 ? label + note : `Proposed${note}`, all);
      }),
    structure: (strategy, underlying, expiry, size) =>
      orToast(async () => {
        const near = await chain(underlying, expiry);
        let laterChain: ChainReport | null = null;
        if (strategy === 'calendar') {
          const strike = rowAtTheMoney(near)?.strike;
          const coin = useStore.getState().market?.underlyings.find(({ symbol }) => symbol === underlying);
          const later = strike === undefined ? null : calendarExpiry(coin?.expiries ?? [], expiry, strike);
          if (later !== null) laterChain = await chain(underlying, later);
        }
        const { label, trades } = valueOf(strategyProposal(strategy, { chain: near, laterChain, size }));
        useStore.getState().propose(label, trades);
      }),
    hedgeDelta: (underlying) =>
      orToast(async () => {
        const risk = valueOf(await answeredRisk());
        const { market, proposal, propose } = useStore.getState();
        const coin = market?.underlyings.find(({ symbol }) => symbol === underlying);
        if (coin === undefined) throw new RiskError('missing-data', `${underlying} is not in this market`);
        const hedge = valueOf(deltaHedge(risk, coin, market?.asOf ?? 0));
        const label = proposal === null ? 'Delta hedge' : `${proposal.label}, delta hedged`;
        propose(label, withTrade(proposal?.trades ?? [], hedge));
      }),
  };
}

async function orToast(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    const failure: Failure = failureOf(error);
    useStore.getState().showToast({ message: /[.?]$/.test(failure.message) ? failure.message : `${failure.message}.` });
    return false;
  }
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new RiskError(result.failure.code, result.failure.message);
  return result.value;
}

/** The risk of the book as it is now, once the engine has answered for it. */
async function answeredRisk(): Promise<Result<BookRisk>> {
  const state = useStore.getState();
  if (!isStale(state)) return riskOf(state);
  return new Promise((resolve) => {
    const finish = (result: Result<BookRisk>) => {
      stop();
      clearTimeout(timer);
      resolve(result);
    };
    const stop = useStore.subscribe((next) => {
      if (!isStale(next)) finish(riskOf(next));
    });
    const timer = setTimeout(
      () => finish(failed('missing-data', 'The figures of this book are not ready yet. Try again')),
      PATIENCE_MS,
    );
  });
}

function riskOf(state: ReturnType<typeof useStore.getState>): Result<BookRisk> {
  const risk = currentRisk(state);
  return risk === null
    ? failed('missing-data', 'The figures of this book are not ready yet. Try again')
    : success(risk);
}
