import type { OptionType } from '../../domain/instrument.ts';
import { DAYS_PER_YEAR, type Vol, type YearFraction } from '../../domain/units.ts';
import { black76Price } from '../../pricing/black76.ts';
import { black76Greeks } from '../../pricing/greeks.ts';
import { shockedVol, type VolShockParameters } from '../deribit/shockedVol.ts';
import { firstLargest } from '../firstLargest.ts';
import { paradexMinimumDelta } from '../onchain/paradexMinimumDelta.ts';
import { finiteInput, nonNegativeInput, positiveInput } from '../ruleInput.ts';
import type { VenueParameters } from '../venueParameters.ts';

/** Paradex portfolio margin (beta), one underlying, USD. Source: docs.paradex.trade/risk/portfolio-margin. */

export interface ParadexOption {
  readonly type: OptionType;
  readonly strike: number;
  readonly timeToExpiryYears: YearFraction;
  readonly volatility: Vol;
  /** Negative when sold. */
  readonly quantity: number;
}

export interface ParadexPortfolio {
  /** Also the forward of every option. */
  readonly spot: number;
  /** Signed sizes in coin. */
  readonly perpetuals: readonly number[];
  readonly options: readonly ParadexOption[];
  /** USD. */
  readonly feeProvision: number;
  readonly fundingProvision: number;
}

/** One scenario of the scan. */
export interface ParadexScenario {
  readonly spotMove: number;
  readonly vol: 'up' | 'down';
  /** Share of the loss that counts. */
  readonly weight: number;
}

export interface ParadexRates extends VolShockParameters {
  /** Charges on the net delta and on deltas that hedge each other, fractions of spot. */
  readonly netDelta: number;
  readonly hedgedDelta: number;
  readonly maintenanceFactor: number;
}

export const PARADEX_PARAMETERS: VenueParameters<ParadexRates> = {
  scope: 'All underlyings, beta',
  date: '2026-09',
  source: 'docs.paradex.trade/risk/portfolio-margin',
  units: {
    volatilityRangeUp: 'fraction of vol',
    volatilityRangeDown: 'fraction of vol',
    minVolatilityForShockUp: 'vol',
    shortTermVegaPower: 'exponent',
    longTermVegaPower: 'exponent',
    netDelta: 'fraction of spot',
    hedgedDelta: 'fraction of spot',
    maintenanceFactor: 'fraction',
  },
  values: {
    volatilityRangeUp: 0.4,
    volatilityRangeDown: 0.22,
    minVolatilityForShockUp: 0,
    shortTermVegaPower: 0.3,
    longTermVegaPower: 0.13,
    netDelta: 0.02,
    hedgedDelta: 0.01,
    maintenanceFactor: 0.5,
  },
};

/** The 24 scenarios in the order and with the weights of the page; the tail weights are 16 % over the move, as printed. */
export const PARADEX_SCENARIOS: readonly ParadexScenario[] = [
  { spotMove: 0.16, vol: 'up', weight: 1 },
  ...[0.12, 0.08, 0.04, 0, -0.04, -0.08, -0.12].flatMap((spotMove): ParadexScenario[] => [
    { spotMove, vol: 'up', weight: 1 },
    { spotMove, vol: 'down', weight: 1 },
  ]),
  { spotMove: -0.16, vol: 'up', weight: 1 },
  { spotMove: -0.66, vol: 'up', weight: 0.24 },
  { spotMove: -0.33, vol: 'up', weight: 0.48 },
  { spotMove: 0.5, vol: 'up', weight: 0.32 },
  { spotMove: 1, vol: 'up', weight: 0.16 },
  { spotMove: 2, vol: 'up', weight: 0.08 },
  { spotMove: 3, vol: 'up', weight: 0.0533 },
  { spotMove: 4, vol: 'up', weight: 0.04 },
  { spotMove: 5, vol: 'up', weight: 0.032 },
];

export interface ParadexRequirement {
  /** Weighted loss of each scenario. */
  readonly losses: readonly number[];
  readonly scanRisk: number;
  /** Into `PARADEX_SCENARIOS`; the first of losses equal up to rounding. */
  readonly worstIndex: number;
  readonly minimumDelta: number;
  readonly initial: number;
  readonly maintenance: number;
}

/**
 * Requirement of a portfolio:
 *
 *   SCAN risk     = largest weighted loss of the 24 scenarios, at least 0
 *   minimum delta = `paradexMinimumDelta`: hedged = min(long deltas, short deltas)
 *   net IM = max(SCAN risk, minimum delta);  IMR = net IM + provisions;  MMR = 50 % net IM + provisions
 *
 * The page does not say what hedged delta is; the smaller side is our reading.
 */
export function paradexRequirement(
  portfolio: ParadexPortfolio,
  rates: ParadexRates = PARADEX_PARAMETERS.values,
): ParadexRequirement {
  const { spot, perpetuals, options, feeProvision, fundingProvision } = portfolio;
  positiveInput('The spot price', spot);
  const provisions =
    nonNegativeInput('The fee provision', feeProvision) + finiteInput('The funding provision', fundingProvision);
  const priced = options.map((option) => pricedOption(option, spot, rates));
  const perpetualSize = perpetuals.reduce((total, size) => total + finiteInput('The size of a perpetual', size), 0);
  const losses = PARADEX_SCENARIOS.map(({ spotMove, vol, weight }) => {
    const profit = priced.reduce(
      (total, { profitAt }) => total + profitAt(spotMove, vol),
      perpetualSize * spot * spotMove,
    );
    return 0 - profit * weight;
  });
  const worstIndex = firstLargest(losses);
  const scanRisk = Math.max(...losses, 0);

  let long = 0;
  let short = 0;
  for (const delta of [...perpetuals, ...priced.map((option) => option.delta)]) {
    if (delta > 0) long += delta;
    else short -= delta;
  }
  const minimumDelta = paradexMinimumDelta(
    { netDelta: long - short, grossDelta: long + short, spot },
    { unhedged: rates.netDelta, hedged: rates.hedgedDelta },
  );
  const net = Math.max(scanRisk, minimumDelta);
  return {
    losses,
    scanRisk,
    worstIndex,
    minimumDelta,
    initial: net + provisions,
    maintenance: rates.maintenanceFactor * net + provisions,
  };
}

function pricedOption(
  { type, strike, timeToExpiryYears, volatility, quantity }: ParadexOption,
  spot: number,
  rates: VolShockParameters,
) {
  const name = `the option ${strike} ${type}`;
  finiteInput(`The quantity of ${name}`, quantity);
  positiveInput(`The strike of ${name}`, strike);
  nonNegativeInput(`The time to expiry of ${name}`, timeToExpiryYears);
  const vols = shockedVol(volatility, timeToExpiryYears * DAYS_PER_YEAR, rates);
  const now = black76Price(type, spot, strike, timeToExpiryYears, volatility);
  return {
    delta: quantity * black76Greeks(type, spot, strike, timeToExpiryYears, volatility).delta,
    profitAt: (spotMove: number, vol: 'up' | 'down') =>
      quantity * (black76Price(type, spot * (1 + spotMove), strike, timeToExpiryYears, vols[vol]) - now),
  };
}
