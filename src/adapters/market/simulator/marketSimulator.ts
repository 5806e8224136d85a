import { type MarketDelta, movedMarket, type UnderlyingDelta } from '../../../engine/domain/marketDelta.ts';
import {
  type MarketSnapshot,
  movedMarketId,
  type PriceHistory,
  type UnderlyingMarket,
} from '../../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp, type Usd } from '../../../engine/domain/units.ts';
import { BatesDynamics, type CoinState } from '../../../engine/simulation/batesDynamics.ts';
import type { SurfaceState } from '../../../engine/simulation/simulatedSurface.ts';
import { cents, rounded } from '../simulatedQuotes.ts';
import { type MarketScript, trackValue } from './MarketScript.ts';
import { SimulatedOptions } from './SimulatedOptions.ts';
import {
  type SimulatedCoinParameters,
  type SimulationParameters,
  simulationParameters,
} from './simulationParameters.ts';

export interface SimulatorOptions {
  readonly seed: number;
  /** Where it starts: prices, listed options, history. Its own smiles give way to the simulator's with the first move. */
  readonly start: MarketSnapshot;
  readonly parameters?: SimulationParameters;
  readonly script?: MarketScript;
  /** When new quotes are told; `PROMPT_QUOTES` unless given. */
  readonly quoting?: Quoting;
}

/** Longest time without new quotes, and how far log spot, variance (as a share) and skew go before they are due. */
export interface Quoting {
  readonly afterMs: number;
  readonly spot: number;
  readonly variance: number;
  readonly skew: number;
}

/** A market that moves by itself. */
export interface MarketSimulator {
  /** As it stands. */
  market(): MarketSnapshot;
  /** Moves it on by so many seconds, to the millisecond. */
  step(seconds: number): MarketDelta;
}

const HOUR = 3_600_000;
const EXPIRY_HOUR = 8;
const PROMPT_QUOTES: Quoting = { afterMs: 10_000, spot: 2e-4, variance: 5e-3, skew: 5e-3 };
/** Of short smiles' departure from their mean skew, what reaches the long ones. */
const LASTING_SKEW = 0.4;
/** What a volatility index looks ahead. */
const INDEX_YEARS = 30 / 365;

/**
 * A whole market under Bates dynamics with a stochastic skew (`BatesDynamics`), its smiles free of arbitrage (`simulatedSlices`).
 * Prices walk in internal steps of fixed length, of which step n draws from the seed and n alone: the same seed gives the same
 * bits, and how the time is cut into calls changes when a price is told, not what it is. Forwards and quotes are told when spot,
 * variance or skew have gone far enough, and after some time at the latest (`Quoting`); expiries leave and join at 08:00 UTC; a daily close
 * joins the history at midnight.
 */
export function marketSimulator({
  seed,
  start,
  parameters = simulationParameters(start),
  script = {},
  quoting = PROMPT_QUOTES,
}: SimulatorOptions): MarketSimulator {
  const { coins, jumpsAYear, internalStepSeconds } = parameters;
  const stepYears = (internalStepSeconds * 1_000) / (365 * MILLISECONDS_PER_DAY);
  const dynamics = new BatesDynamics({ coins: coins.map(({ model }) => model), jumpsAYear }, seed, stepYears);
  const tellers = start.underlyings.map(
    (underlying, u) => new CoinTeller(underlying, coins[u]!, dynamics.states[u]!, { script, quoting }, start.asOf),
  );
  let market: MarketSnapshot = {
    ...start,
    source: { kind: 'simulated', name: `Headroom simulator, seed ${seed}` },
  };
  let elapsedMs = 0;
  let taken = 0;
  let moves = 0;
  return {
    market: () => market,
    step(seconds) {
      elapsedMs += Math.max(0, Math.round(seconds * 1_000));
      const due = Math.floor(elapsedMs / (internalStepSeconds * 1_000) + 1e-9);
      for (; taken < due; taken += 1) {
        const hours = (taken * internalStepSeconds) / 3_600;
        dynamics.advance(trackValue(script.vol, hours, 1) * trackValue(script.noise, hours, 1));
      }
      const before = market.asOf;
      const asOf = start.asOf + elapsedMs;
      const stablecoins = scriptedStablecoins(market.stablecoins, script, elapsedMs / HOUR);
      const delta: MarketDelta = {
        asOf,
        underlyings: tellers.map((teller) => teller.tell(before, asOf)),
        ...(stablecoins === null ? {} : { stablecoins }),
      };
      moves += 1;
      market = movedMarket(market, delta, movedMarketId(start.id, moves));
      return delta;
    },
  };
}

/** Their prices by the script where they have changed; null where none has. */
function scriptedStablecoins(
  stablecoins: MarketSnapshot['stablecoins'],
  script: MarketScript,
  hours: number,
): MarketSnapshot['stablecoins'] | null {
  const next = stablecoins.map(({ asset, priceUsd }) => ({
    asset,
    priceUsd: rounded(trackValue(script.stablecoins?.[asset], hours, priceUsd)),
  }));
  return next.some(({ priceUsd }, i) => priceUsd !== stablecoins[i]!.priceUsd) ? next : null;
}

/** Tells what has moved of one coin. */
class CoinTeller {
  private readonly symbol: string;
  private readonly script: MarketScript;
  private readonly quoting: Quoting;
  private readonly startIndex: Usd;
  private readonly options: SimulatedOptions | null;
  private history: PriceHistory | undefined;
  private quoted: { at: Timestamp; logIndex: number; surface: SurfaceState } | null = null;

  constructor(
    underlying: UnderlyingMarket,
    private readonly coin: SimulatedCoinParameters,
    private readonly state: CoinState,
    { script, quoting }: { readonly script: MarketScript; readonly quoting: Quoting },
    private readonly startAt: Timestamp,
  ) {
    this.symbol = underlying.symbol;
    this.script = script;
    this.quoting = quoting;
    this.startIndex = underlying.index;
    this.history = underlying.history;
    this.options = underlying.expiries.length === 0 ? null : new SimulatedOptions(coin.traits, underlying, startAt);
  }

  tell(before: Timestamp, asOf: Timestamp): UnderlyingDelta {
    const { script, state } = this;
    const hours = (asOf - this.startAt) / HOUR;
    const moved = 1 + trackValue(script.spotOf?.[this.symbol] ?? script.spot, hours, 0);
    const price = this.startIndex * moved * Math.exp(state.logMove);
    // The day's close is of before the new day.
    const history = dayNumber(asOf) === dayNumber(before) ? undefined : this.closedDay(asOf, price);
    const premium = state.premium + trackValue(script.premium, hours, 0);
    const delisted = this.options?.delist(asOf) ?? [];
    const isListingDay = dayNumber(asOf - EXPIRY_HOUR * HOUR) !== dayNumber(before - EXPIRY_HOUR * HOUR);
    if (isListingDay) this.options?.list(asOf);
    const surface = this.surface(hours);
    const isDue = isListingDay || this.isQuoteDue(asOf, Math.log(price), surface);
    if (isDue) this.quoted = { at: asOf, logIndex: Math.log(price), surface };
    return {
      symbol: this.symbol,
      index: cents(price),
      indexTimestamp: asOf,
      perpetual: {
        mark: cents(price * (1 + premium)),
        fundingRate8h: Math.round((state.funding + trackValue(script.premium, hours, 0)) * 1e6) / 1e6,
        timestamp: asOf,
      },
      ...(history === undefined ? {} : { history }),
      ...(isDue && this.options !== null
        ? { expiries: this.options.quote(price, surface, this.spreadFactor(hours), asOf) }
        : {}),
      ...(delisted.length === 0 ? {} : { delisted }),
    };
  }

  private surface(hours: number): SurfaceState {
    const { smile } = this.coin.traits;
    const { longRunVariance, meanReversion } = this.coin.model.variance;
    const departure = this.state.skew + trackValue(this.script.skew, hours, 0);
    return {
      variance: this.state.variance * trackValue(this.script.vol, hours, 1) ** 2,
      longRunVariance,
      meanReversion,
      shortSkew: smile.shortSkew + departure,
      longSkew: smile.longSkew + LASTING_SKEW * departure,
      skewYears: smile.skewYears,
      curvature: smile.curvature,
    };
  }

  private isQuoteDue(asOf: Timestamp, logIndex: number, surface: SurfaceState): boolean {
    const { quoted: last, quoting } = this;
    return (
      last === null ||
      asOf - last.at >= quoting.afterMs ||
      Math.abs(logIndex - last.logIndex) >= quoting.spot ||
      Math.abs(surface.variance - last.surface.variance) >= quoting.variance * last.surface.variance ||
      Math.abs(surface.shortSkew - last.surface.shortSkew) >= quoting.skew
    );
  }

  /** Spreads are as wide as vol is high. */
  private spreadFactor(hours: number): number {
    const { now } = this.coin.model.variance;
    const level = (this.state.variance * trackValue(this.script.vol, hours, 1) ** 2) / now;
    return Math.max(0.5, Math.sqrt(level)) * trackValue(this.script.spread, hours, 1);
  }

  private closedDay(asOf: Timestamp, price: Usd): PriceHistory | undefined {
    const { history } = this;
    const day = (dayNumber(asOf) - 1) * MILLISECONDS_PER_DAY;
    const last = history?.closes.at(-1)?.[0] ?? day;
    if (history === undefined || history.intervalDays !== 1 || last >= day) return undefined;
    const { variance, longRunVariance, meanReversion } = this.surface((asOf - this.startAt) / HOUR);
    const x = meanReversion * INDEX_YEARS;
    const expected = longRunVariance + ((variance - longRunVariance) * -Math.expm1(-x)) / x;
    this.history = {
      intervalDays: 1,
      closes: [...history.closes.slice(1), [day, cents(price)]],
      volatilityIndex:
        history.volatilityIndex.length === 0
          ? []
          : [...history.volatilityIndex.slice(1), [day, rounded(Math.sqrt(expected))]],
    };
    return this.history;
  }
}

function dayNumber(at: Timestamp): number {
  return Math.floor(at / MILLISECONDS_PER_DAY);
}
