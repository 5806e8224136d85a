import type { Failure, Result } from '../domain/failure.ts';
import { parseInstrument } from '../domain/instrument.ts';
import type { Notice } from '../domain/marketSummary.ts';
import { stablecoinPrice } from '../domain/marketSnapshot.ts';
import type { Leg, Portfolio } from '../domain/portfolio.ts';
import type { CollateralRisk } from '../domain/riskReport.ts';
import type { Usd } from '../domain/units.ts';
import { sum } from '../numerics/sum.ts';
import { type ContractState, contractState, unitValueUsd } from './contractState.ts';
import type { PreparedMarket } from './preparedMarket.ts';

/** A portfolio against a market: what can be valued, what cannot and why, and what backs it. */
export interface BookPositions {
  readonly legs: readonly LegPosition[];
  readonly unpriced: readonly { readonly leg: Leg; readonly failure: Failure }[];
  readonly coins: readonly CoinPosition[];
  readonly collateral: readonly CollateralRisk[];
  readonly collateralUsd: Usd;
  /** Collateral plus the value of the priced legs. */
  readonly equityUsd: Usd;
  readonly notices: readonly Notice[];
}

export interface LegPosition {
  readonly leg: Leg;
  readonly state: ContractState;
  readonly valueUsd: Usd;
  /**
   * Unrealised profit of an inverse future since entry, in coin: it is already earned, but it is coin, so its dollars move
   * with the index. Zero for everything else.
   */
  readonly unrealisedCoins: number;
}

/** Coin collateral: as good as a spot holding, and as exposed. Negative is a debt. */
export interface CoinPosition {
  /** `collateral:BTC` */
  readonly id: string;
  readonly symbol: string;
  readonly quantity: number;
  readonly index: Usd;
}

/** `stateOf` may know states of this market by a memory of its own. */
export function bookPositions(
  market: PreparedMarket,
  portfolio: Portfolio,
  stateOf: (instrument: string) => Result<ContractState> = (name) => namedState(market, name),
): BookPositions {
  const legs: LegPosition[] = [];
  const unpriced: { leg: Leg; failure: Failure }[] = [];
  const notices: Notice[] = [];
  for (const leg of portfolio.legs) {
    const state = stateOf(leg.instrument);
    if (!state.ok) {
      unpriced.push({ leg, failure: state.failure });
      notices.push({
        severity: 'warning',
        legId: leg.id,
        message: `${state.failure.message}. It is left out of every figure`,
      });
      continue;
    }
    legs.push(legPosition(leg, state.value));
    notices.push(...legNotices(leg, state.value));
  }

  const coins: CoinPosition[] = [];
  const collateral: CollateralRisk[] = [];
  for (const { asset, quantity } of portfolio.collateral) {
    const index = market.underlyings.get(asset)?.market.index;
    const price = stablecoinPrice(market.snapshot, asset) ?? index;
    if (price === undefined) {
      notices.push({
        severity: 'warning',
        message: `This market has no price of ${asset}; that collateral counts as nothing`,
      });
      collateral.push({ asset, quantity, valueUsd: null });
      continue;
    }
    collateral.push({ asset, quantity, valueUsd: quantity * price });
    if (index !== undefined) coins.push({ id: `collateral:${asset}`, symbol: asset, quantity, index });
  }

  // Added in the order in which a moved book is, so that the book that stands still agrees with it to the last bit.
  const collateralUsd = sum(collateral.map((holding) => holding.valueUsd ?? 0));
  const equityUsd = collateralUsd + sum(legs.map((position) => position.valueUsd));
  return { legs, unpriced, coins, collateral, collateralUsd, equityUsd, notices };
}

/** So many names of a market are remembered; a book has fewer. */
const MOST_NAMES = 4096;
const statesOf = new WeakMap<PreparedMarket, Map<string, Result<ContractState>>>();

/** The state of the contract of a name, or why it has none: found out once, since an edit asks for the same contracts again. */
export function namedState(market: PreparedMarket, name: string): Result<ContractState> {
  let known = statesOf.get(market);
  if (known === undefined || known.size >= MOST_NAMES) statesOf.set(market, (known = new Map()));
  let state = known.get(name);
  if (state === undefined) {
    const instrument = parseInstrument(name);
    known.set(name, (state = instrument.ok ? contractState(market, instrument.value) : instrument));
  }
  return state;
}

function legPosition(leg: Leg, state: ContractState): LegPosition {
  if (state.option !== null) return { leg, state, valueUsd: leg.quantity * unitValueUsd(state), unrealisedCoins: 0 };
  if (leg.entryPrice === undefined) return { leg, state, valueUsd: 0, unrealisedCoins: 0 };
  if (state.instrument.settlement === 'coin') {
    const unrealisedCoins = leg.quantity * (1 / leg.entryPrice - 1 / state.forward);
    return { leg, state, valueUsd: unrealisedCoins * state.index, unrealisedCoins };
  }
  return {
    leg,
    state,
    valueUsd: leg.quantity * (state.forward - leg.entryPrice * state.usdcPrice),
    unrealisedCoins: 0,
  };
}

function legNotices(leg: Leg, state: ContractState): Notice[] {
  const { option, instrument } = state;
  if (option === null) {
    return leg.entryPrice === undefined
      ? [
          {
            severity: 'info',
            legId: leg.id,
            message: `${instrument.name} has no entry price; its profit so far counts as zero`,
          },
        ]
      : [];
  }
  if (option.volatilitySource === 'mark') {
    if (option.fit?.svi) return [];
    const message = `${instrument.name}: its expiry has no fitted smile, so under sticky delta it keeps its strike's vol`;
    return [{ severity: 'info', legId: leg.id, message }];
  }
  const range = option.fit?.strikeRange;
  const outside = range && (option.contract.strike < range[0] || option.contract.strike > range[1]);
  return [
    {
      severity: outside ? 'warning' : 'info',
      legId: leg.id,
      message: outside
        ? `${instrument.name} has no quote; its vol is the fitted smile extended beyond the quoted strikes ${range[0]} to ${range[1]}`
        : `${instrument.name} has no quote; its vol is read from the fitted smile`,
    },
  ];
}
