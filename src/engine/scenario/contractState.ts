import { failureOf, RiskError, type Result, success } from '../domain/failure.ts';
import { expiryCode, type Instrument, type OptionContract } from '../domain/instrument.ts';
import { stablecoinPrice } from '../domain/marketSnapshot.ts';
import { DAYS_PER_YEAR, type Usd, type Vol, type YearFraction, yearFraction } from '../domain/units.ts';
import { undiscountedBlack } from '../pricing/black76.ts';
import type { SmileFit } from '../surface/VolSurface.ts';
import { smileVol } from '../surface/smileVol.ts';
import { optionQuote, type PreparedExpiry, type PreparedMarket, preparedUnderlying } from './preparedMarket.ts';

/** No edit takes a quoted vol below this. */
const LEAST_VOL: Vol = 0.001;

/**
 * Everything that the value of one contract depends on, at one moment of one market. A scenario turns one state into
 * another (`shiftedState`), so stress, margin and curves all value contracts through the same few functions.
 *
 * Value of one unit, in USD:
 * - inverse option: index x B(F, K) / F, the exchange's coin price turned into dollars at the index;
 * - linear option: u x D x B(F / u, K), u = USD per USDC, D = discount factor;
 * - futures and perpetuals: nothing; only their moves are worth something.
 * B is the undiscounted Black-76 premium.
 */
export interface ContractState {
  readonly instrument: Instrument;
  /** Spot index, USD. */
  readonly index: Usd;
  /** Forward of the expiry; mark of a perpetual. USD. */
  readonly forward: Usd;
  /** USD per USDC; 1 for coin-settled contracts, which do not depend on it. */
  readonly usdcPrice: number;
  /** Discount factor of a linear option to its expiry; 1 otherwise. */
  readonly discount: number;
  /** Zero or less once settled; infinite for perpetuals. */
  readonly timeToExpiryYears: YearFraction;
  /** Null unless an option. */
  readonly option: OptionState | null;
  /** Which edit of the smile and which scenario the state has been moved by, empty without: equal in one market means equal state. */
  readonly moved: string;
}

export interface OptionState {
  readonly contract: OptionContract;
  readonly volatility: Vol;
  readonly volatilitySource: 'mark' | 'fit';
  /** Null when the expiry has no fitted smile: sticky-delta moves then cannot be read. */
  readonly fit: SmileFit | null;
  /** The coin's own spot-vol beta; null when its market cannot tell it. */
  readonly spotVolBeta: number | null;
}

/** The state of a contract in a market, or why it has none. */
export function contractState(market: PreparedMarket, instrument: Instrument): Result<ContractState> {
  try {
    return success(stateOf(market, instrument));
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function stateOf(market: PreparedMarket, instrument: Instrument): ContractState {
  const underlying = preparedUnderlying(market, instrument.underlying);
  const { asOf } = market.snapshot;
  const base = {
    instrument,
    index: underlying.market.index,
    usdcPrice: usdcPriceFor(market, instrument),
    discount: 1,
    option: null,
    moved: '',
  };

  if (instrument.product === 'perpetual') {
    const mark = underlying.market.perpetual?.mark;
    if (mark === undefined) throw new RiskError('missing-data', `${instrument.name} has no mark price in this market`);
    return { ...base, forward: mark, timeToExpiryYears: Number.POSITIVE_INFINITY };
  }

  if (instrument.expiry <= asOf) {
    const expired = new Date(instrument.expiry).toISOString().slice(0, 10);
    throw new RiskError('expired', `${instrument.name} expired on ${expired} at 08:00 UTC, before this market's time`);
  }
  const expiry = underlying.expiries.get(instrument.expiry);
  if (!expiry)
    throw new RiskError(
      'unknown-instrument',
      `${instrument.name}: this market does not list ${nearestExpiries(instrument, [...underlying.expiries.keys()])}`,
    );
  const timeToExpiryYears = yearFraction(asOf, instrument.expiry);
  const dated = { ...base, forward: expiry.market.forward, timeToExpiryYears };
  if (instrument.product === 'future') return dated;

  const discount = instrument.settlement === 'usdc' ? expiry.market.discount : 1;
  const logMoneyness = Math.log((instrument.strike * base.usdcPrice) / dated.forward);
  const moved = expiry.edit?.key ?? '';
  const spotVolBeta = underlying.spotVolBeta?.beta ?? null;
  const markIv = optionQuote(expiry, instrument)?.markIv;
  if (markIv !== undefined && markIv > 0) {
    const volatility = editedVol(expiry, markIv, logMoneyness);
    return {
      ...dated,
      moved,
      discount,
      option: { contract: instrument, volatility, volatilitySource: 'mark', fit: expiry.fit, spotVolBeta },
    };
  }
  if (!expiry.fit?.svi) {
    const why = expiry.fit?.failure?.message;
    throw new RiskError(
      'missing-data',
      `${instrument.name} has no implied volatility in this market, and its expiry has no fitted smile${why ? ` (${why})` : ''}`,
    );
  }
  const volatility = smileVol(expiry.fit, logMoneyness);
  return {
    ...dated,
    moved,
    discount,
    option: { contract: instrument, volatility, volatilitySource: 'fit', fit: expiry.fit, spotVolBeta },
  };
}

/** A quoted vol on a smile that a person has bent keeps its distance from the fit; it stays above zero. */
function editedVol({ fit, edit }: PreparedExpiry, quoted: Vol, logMoneyness: number): Vol {
  if (edit === undefined) return quoted;
  return Math.max(LEAST_VOL, quoted + smileVol(fit!, logMoneyness) - smileVol(edit.fit, logMoneyness));
}

function usdcPriceFor(market: PreparedMarket, instrument: Instrument): number {
  if (instrument.settlement === 'coin') return 1;
  const price = stablecoinPrice(market.snapshot, 'USDC');
  if (price === undefined) {
    throw new RiskError(
      'missing-data',
      `${instrument.name} is paid in USDC, and this market has no price of USDC (stablecoins.USDC)`,
    );
  }
  return price;
}

function nearestExpiries(instrument: Instrument & { expiry: number }, listed: readonly number[]): string {
  const code = `${instrument.underlying} ${expiryCode(instrument.expiry)}`;
  if (listed.length === 0) return `${code}; it lists no expiries of ${instrument.underlying}`;
  const nearest = [...listed]
    .sort((a, b) => Math.abs(a - instrument.expiry) - Math.abs(b - instrument.expiry))
    .slice(0, 2);
  return `${code}. Nearest: ${nearest
    .sort((a, b) => a - b)
    .map(expiryCode)
    .join(', ')}`;
}

/** Mark of one unit in the contract's own quote unit: coin for inverse options, USDC for linear options and futures, USD for inverse futures. */
export function markPrice(state: ContractState): number {
  const { option, forward, usdcPrice } = state;
  if (option === null) return forward / usdcPrice;
  if (option.contract.settlement === 'coin') return optionPremium(state) / settlementLevel(state);
  return state.discount * optionPremium(state);
}

/** USD value of one unit (quantity +1): zero for futures and perpetuals. */
export function unitValueUsd(state: ContractState): Usd {
  if (state.option === null) return 0;
  return premiumToUsd(state) * optionPremium(state);
}

/** USD per unit of Black-76 premium: what the premium is multiplied by to become the holder's dollars. */
export function premiumToUsd(state: ContractState): number {
  if (state.option?.contract.settlement === 'coin') return state.index / settlementLevel(state);
  return state.usdcPrice * state.discount;
}

/** Undiscounted Black-76 premium in the currency of the strike (USD, or USDC for linear contracts); intrinsic once expired. */
function optionPremium(state: ContractState): number {
  const { contract, volatility } = state.option!;
  const time = Math.max(state.timeToExpiryYears, 0);
  const sign = contract.optionType === 'C' ? 1 : -1;
  return undiscountedBlack(
    sign,
    settlementLevel(state) / state.usdcPrice,
    contract.strike,
    volatility * Math.sqrt(time),
  );
}

/** What an option is priced on: the forward until expiry, the index at settlement. */
export function settlementLevel(state: ContractState): Usd {
  return state.timeToExpiryYears > 0 ? state.forward : state.index;
}

/** Days to expiry, infinite for perpetuals. */
export function daysToExpiry(state: ContractState): number {
  return state.timeToExpiryYears * DAYS_PER_YEAR;
}
