import { RiskError } from '../../domain/failure.ts';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { MarginBook, MarginModel, MarginRequirement } from '../MarginModel.ts';
import { chargedRows, netPositions, USD_SETTLED_APPROXIMATION } from '../netPositions.ts';
import { spec } from '../parameterSpec.ts';
import { type NetCharge, totalCharge } from '../venueScan.ts';
import { type BinanceOptionRates, binanceSellerCharge } from '../venues/binance.ts';

const FROM_MEMORY = "The value is the exchange's own; what it does is from memory, unverified.";

/**
 * Binance options: each option sold is margined by itself, nothing nets but legs of one contract, an option bought needs no more than its
 * premium.
 *
 *   IM = max(15 % I - OTM, 10 % I) + mark,  MM = max(7.5 % I - OTM, 5 % I) + mark, each per coin sold
 *
 * Held against the balance of the options wallet: equity without the value of options. An option bought cannot back one sold, and the mark
 * of one sold is in its margin already.
 */
export const binanceOptions: MarginModel = {
  id: 'binance-options',
  title: 'Binance options',
  venue: 'Binance',
  source: 'Binance options API, GET /eapi/v1/exchangeInfo',
  parametersDate: '2026-09-01',
  parameters: [
    spec(
      'initialMargin',
      'Initial rate',
      'fraction of index',
      0.15,
      0,
      1,
      `Of the index, less what the option is out of the money. ${FROM_MEMORY}`,
    ),
    spec(
      'minInitialMargin',
      'Least initial rate',
      'fraction of index',
      0.1,
      0,
      1,
      `Least initial margin of an option sold, beside its mark. ${FROM_MEMORY}`,
    ),
    spec(
      'maintenanceMargin',
      'Maintenance rate',
      'fraction of index',
      0.075,
      0,
      1,
      `Like the initial rate, for maintenance. ${FROM_MEMORY}`,
    ),
    spec(
      'minMaintenanceMargin',
      'Least maintenance rate',
      'fraction of index',
      0.05,
      0,
      1,
      `Least maintenance margin of an option sold, beside its mark. ${FROM_MEMORY}`,
    ),
  ],
  requirement,
};

const APPROXIMATIONS: readonly string[] = [
  'The rule for sellers is from memory, unverified: the exchange publishes the rates, and no worked figure was found.',
  USD_SETTLED_APPROXIMATION,
  'Equity without the value of options is assumed to be what the margin is held against. Coins count in it as if they were sold for USDT, which is what the options wallet holds.',
  'One set of rates is used for every underlying; the exchange states them by symbol. Its liquidation fee (0.19 %) is left out.',
];

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const { options, futures } = netPositions(book);
  const [future] = futures;
  if (future) {
    throw new RiskError(
      'unsupported',
      `${future.contract.name}: Binance margins futures and perpetuals in another wallet, where they offset no option. Take it out of the book, or choose a rulebook that margins both`,
    );
  }
  const rates: BinanceOptionRates = {
    initialMargin: parameters.initialMargin!,
    minInitialMargin: parameters.minInitialMargin!,
    maintenanceMargin: parameters.maintenanceMargin!,
    minMaintenanceMargin: parameters.minMaintenanceMargin!,
  };
  const base: NetCharge[] = [];
  const mark: NetCharge[] = [];
  let maintenanceMarginUsd = 0;
  for (const net of options) {
    const size = Math.max(-net.quantity, 0);
    const charge = binanceSellerCharge(net.contract.optionType, net.index, net.strikeUsd, rates);
    base.push([net, size * charge.initial]);
    mark.push([net, size * net.markUsd]);
    maintenanceMarginUsd += size * (charge.maintenance + net.markUsd);
  }
  const components = [
    { name: 'Options sold', usd: totalCharge(base) },
    { name: 'Mark of options sold', usd: totalCharge(mark) },
  ];
  const optionValueUsd = options.reduce((total, { valueUsd }) => total + valueUsd, 0);
  return {
    initialMarginUsd: components[0]!.usd + components[1]!.usd,
    maintenanceMarginUsd,
    worstScenario: null,
    components,
    positions: chargedRows(book, [...base, ...mark]),
    approximations: APPROXIMATIONS,
    backing: { equityUsd: book.equityUsd - optionValueUsd, basis: 'Equity without option value' },
  };
}
