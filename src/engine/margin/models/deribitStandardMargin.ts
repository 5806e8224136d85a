import { RiskError } from '../../domain/failure.ts';
import type { ParameterSet, ParameterSpec } from '../../domain/riskParameters.ts';
import type { Usd } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import {
  type FutureMarginRates,
  futureStandardMargin,
  inverseOptionStandardMargin,
  linearOptionStandardMargin,
  type OptionMarginRates,
  type StandardOption,
  STANDARD_FUTURE_RATES,
  STANDARD_OPTION_RATES,
} from '../deribit/standardMargin.ts';
import type { MarginBook, MarginModel, MarginRequirement } from '../MarginModel.ts';
import {
  chargedRows,
  type NetFuture,
  type NetOption,
  netPositions,
  USD_SETTLED_APPROXIMATION,
} from '../netPositions.ts';
import { spec } from '../parameterSpec.ts';

/** Coins whose futures have rates, in the order of `STANDARD_FUTURE_RATES`. */
const COINS = ['BTC', 'ETH', 'SOL'] as const;

/**
 * Deribit standard margin for one cross-collateral account: each contract by itself, net of its own legs, summed, and nothing netted
 * between contracts. Options bought need no margin, their premium is paid.
 *
 * The margin is held against equity without the value of options: an option bought is no collateral, and what a sold one is worth
 * is in its own requirement. Sources and how sure they are: `deribit/standardMargin.ts`.
 */
export const deribitStandardMargin: MarginModel = {
  id: 'deribit-sm',
  title: 'Deribit SM',
  venue: 'Deribit',
  source: 'support.deribit.com articles 25944738177565 and 25944826427293; doc.tslab.pro Deribit margin',
  parametersDate: '2022-01-11',
  parameters: [...STANDARD_FUTURE_RATES.flatMap(futureSpecs), ...optionSpecs()],
  requirement,
};

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const { options, futures, coins } = netPositions(book);
  const charges = [
    ...futures.map((net) => charge(net, futureMargin(net, parameters), 'Futures and perpetuals')),
    ...options.map((net) => charge(net, optionMargin(net, parameters), 'Options sold')),
  ];
  const components = new Map<string, Usd>();
  for (const { component, initialUsd } of charges) {
    components.set(component, (components.get(component) ?? 0) + initialUsd);
  }
  const initialMarginUsd = sum(components.values());
  return {
    initialMarginUsd,
    maintenanceMarginUsd: sum(charges.map(({ maintenanceUsd }) => maintenanceUsd)),
    backing: {
      equityUsd: book.equityUsd - sum(options.map(({ valueUsd }) => valueUsd)),
      basis: 'Equity without option value',
    },
    worstScenario: null,
    components: [...components].map(([name, usd]) => ({ name, usd })),
    positions: chargedRows(
      book,
      charges.map(({ net, initialUsd }) => [net, initialUsd] as const),
    ),
    approximations: approximations(futures, options, coins.length > 0),
  };
}

interface ContractMargin {
  readonly initialUsd: Usd;
  readonly maintenanceUsd: Usd;
}

function charge(net: NetOption | NetFuture, { initialUsd, maintenanceUsd }: ContractMargin, what: string) {
  return { net, initialUsd, maintenanceUsd, component: `${what}, ${poolOf(net)}` };
}

/** `BTC`, or `BTC_USDC` for linear contracts. */
function poolOf({ underlying, contract }: NetOption | NetFuture): string {
  return isLinear({ underlying, contract }) ? `${underlying}_USDC` : underlying;
}

/** Whether the venue settles the contract in USDC: it has coin-settled contracts of BTC and ETH alone. */
function isLinear({ underlying, contract }: Pick<NetOption | NetFuture, 'underlying' | 'contract'>): boolean {
  return contract.settlement === 'usdc' || (underlying !== 'BTC' && underlying !== 'ETH');
}

/** @throws RiskError `unsupported` for a coin whose rates are not known. */
function futureMargin(net: NetFuture, parameters: ParameterSet): ContractMargin {
  const coin = COINS.find((known) => known === net.underlying);
  if (coin === undefined) {
    throw new RiskError(
      'unsupported',
      `${net.contract.name}: Deribit's standard margin rates for futures of ${net.underlying} were not obtained, only those of ${COINS.join(', ')}. Take the leg out, or choose a rulebook that has them`,
    );
  }
  const margin = futureStandardMargin(
    net.sizeCoins,
    isLinear(net) ? net.mark : net.index,
    futureRates(coin, parameters),
  );
  return { initialUsd: margin.initialQuote, maintenanceUsd: margin.maintenanceQuote };
}

function optionMargin(net: NetOption, parameters: ParameterSet): ContractMargin {
  const rates: OptionMarginRates = {
    initial: parameters.optionInitial!,
    initialFloor: parameters.optionInitialFloor!,
    maintenance: parameters.optionMaintenance!,
  };
  const linear = isLinear(net);
  const option: StandardOption = {
    type: net.contract.optionType,
    quantity: net.quantity,
    strike: net.strikeUsd,
    underlying: linear ? net.index : net.forward,
    mark: linear ? net.markUsd : net.markUsd / net.index,
  };
  const { initial, maintenance } = linear
    ? linearOptionStandardMargin(option, rates)
    : inverseOptionStandardMargin(option, rates);
  const unitUsd = linear ? 1 : net.index;
  return { initialUsd: initial * unitUsd, maintenanceUsd: maintenance * unitUsd };
}

function futureRates(coin: (typeof COINS)[number], parameters: ParameterSet): FutureMarginRates {
  const prefix = coin.toLowerCase();
  return {
    initialBase: parameters[`${prefix}Initial`]!,
    maintenanceBase: parameters[`${prefix}Maintenance`]!,
    perCoin: parameters[`${prefix}PerCoin`]!,
  };
}

function futureSpecs({ values, source }: (typeof STANDARD_FUTURE_RATES)[number], row: number): ParameterSpec[] {
  const coin = COINS[row]!;
  const prefix = coin.toLowerCase();
  const scope = coin === 'SOL' ? 'SOL, settled in USDC' : `${coin} futures and perpetuals`;
  const later = 'In force until the tiers of August 2026, which were not obtained.';
  return [
    spec(
      `${prefix}Initial`,
      `Initial rate, ${coin}`,
      'fraction',
      values.initialBase,
      0,
      1,
      `Initial margin of ${scope} before growth. ${later}`,
    ),
    spec(
      `${prefix}Maintenance`,
      `Maintenance rate, ${coin}`,
      'fraction',
      values.maintenanceBase,
      0,
      1,
      `Maintenance margin of ${scope} before growth. ${later}`,
    ),
    spec(
      `${prefix}PerCoin`,
      `Growth per coin, ${coin}`,
      'fraction per coin',
      values.perCoin,
      0,
      0.01,
      `Growth of both rates per coin of one contract's position. ${later}`,
    ),
  ].map((each) => ({ ...each, source }));
}

function optionSpecs(): ParameterSpec[] {
  const { values, source } = STANDARD_OPTION_RATES;
  const thirdParties = "Read at three third parties; the venue's own page was not obtained.";
  return [
    spec(
      'optionInitial',
      'Option sold, initial',
      'fraction',
      values.initial,
      0,
      1,
      `Share of the underlying, before the out-of-the-money amount is taken off. ${thirdParties}`,
    ),
    spec(
      'optionInitialFloor',
      'Option sold, least initial',
      'fraction',
      values.initialFloor,
      0,
      1,
      `Share of the underlying below which the out-of-the-money amount takes nothing off. ${thirdParties}`,
    ),
    spec(
      'optionMaintenance',
      'Option sold, maintenance',
      'fraction',
      values.maintenance,
      0,
      1,
      `Share of the underlying. ${thirdParties}`,
    ),
  ].map((each) => ({ ...each, source }));
}

function approximations(futures: readonly NetFuture[], options: readonly NetOption[], hasCoins: boolean): string[] {
  const contracts = [...futures, ...options];
  const pools = new Set(
    contracts.map(({ underlying, contract }) => (contract.settlement === 'coin' ? underlying : 'USDC')),
  );
  const isTurned = contracts.some((net) => net.contract.settlement === 'coin' && isLinear(net));
  const isLinearEth = futures.some(
    ({ underlying, contract }) => underlying === 'ETH' && contract.settlement === 'usdc',
  );
  return [
    ...(futures.length > 0
      ? [
          'The rates of futures and perpetuals are those of 11 January 2022; the tiers that replaced them in August 2026 were not obtained.',
        ]
      : []),
    ...(options.length > 0
      ? ['The rule of options is read at third parties that print it; the venue’s own page was not obtained.']
      : []),
    ...(isLinearEth ? ['Futures of ETH settled in USDC take the rates of the coin-settled ones.'] : []),
    ...(isTurned ? [USD_SETTLED_APPROXIMATION] : []),
    ...(pools.size > 1
      ? ['One cross-collateral account: the requirements of its pools are added, coin at the index.']
      : []),
    ...(hasCoins ? ['Coins held count in full, without the venue’s collateral haircuts.'] : []),
    'The book alone is margined: nothing for open orders.',
  ];
}
