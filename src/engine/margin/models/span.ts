import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { WorstScenario } from '../../domain/riskReport.ts';
import type { Usd } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import type { MarginBook, MarginModel, MarginRequirement } from '../MarginModel.ts';
import { chargedRows, netPositions, USD_SETTLED_APPROXIMATION } from '../netPositions.ts';
import { percent, signedPercent } from '../percent.ts';
import { type SpanCommodity, type SpanPosition, spanCommodity, spanCredits } from '../span/spanCommodity.ts';
import { SPAN_PARAMETERS } from '../span/spanParameters.ts';
import { spanRequirement } from '../span/spanRequirement.ts';
import { worstOfParts } from '../worstOfParts.ts';

/**
 * CME SPAN: each coin is a combined commodity, scanned over sixteen scenarios of price and vol a day ahead.
 *
 *   risk    = max( scan + inter-month charge - inter-commodity credit, short option minimum ), coin by coin
 *   initial = max( factor x risk - net option value, 0 ),  maintenance = max( risk - net option value, 0 )
 *
 * The requirement is held against the ledger: the book's equity without the value of its options, which the net option value stands
 * for. Where options bought are worth more than the risk, the rest of their value backs the account as well. So what is available
 * is always equity less factor x risk. Coins held as collateral are taken with a haircut and are no part of the scan.
 */
export const span: MarginModel = {
  id: 'span',
  title: 'SPAN',
  venue: 'CME',
  source: 'CME SPAN methodology; McMillan, Options as a Strategic Investment, ch. 34',
  parametersDate: '2026-11-22',
  parameters: SPAN_PARAMETERS,
  requirement,
};

const APPROXIMATIONS = [
  "The sixteen scenarios and charges are CME's; the ranges and rates are Headroom's choice, as no clearing house's set for coins could be read.",
  USD_SETTLED_APPROXIMATION,
  'Coins held or owed are collateral with a haircut and no part of the scan, so a coin covers no call sold against it.',
  'Weights of the composite delta, the order of the short option minimum and the factor of initial margin are from memory; the inter-commodity credit has one source. Its price risk per delta is at most the price scan range.',
  'There is one rate for all pairs of expiries, no charge for delivery and none for SPAN 2 (liquidity, concentration).',
];

/** A loss below this is rounding, and no scenario binds. */
const NEGLIGIBLE_USD = 1e-6;

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const { options, futures, coins } = netPositions(book);
  const positionsOf = new Map<string, SpanPosition[]>();
  for (const position of [...options, ...futures]) {
    const group = positionsOf.get(position.underlying);
    if (group) group.push(position);
    else positionsOf.set(position.underlying, [position]);
  }
  const commodities = [...positionsOf.values()].map((positions) => spanCommodity(positions, parameters));
  const credits = new Map<string, Usd>();
  const [btc, eth] = ['BTC', 'ETH'].map((coin) => commodities.find(({ underlying }) => underlying === coin));
  if (btc && eth) {
    const [ofBtc, ofEth] = spanCredits(btc, eth, parameters.interCommodityRate!);
    credits.set('BTC', ofBtc).set('ETH', ofEth);
  }

  const risks = commodities.map((commodity) =>
    commodityRisk(commodity, credits.get(commodity.underlying) ?? 0, parameters.initialFactor!),
  );
  const risk = sum(risks.map(({ riskRequirement }) => riskRequirement));
  const netOptionValue = sum(options.map(({ valueUsd }) => valueUsd));
  const initialRisk = sum(risks.map((own) => own.initialRisk));
  const initial = withOptionValue(initialRisk, netOptionValue);
  // Option value beyond the risk backs the account, so no more of it is taken off the requirement.
  const counted = netOptionValue > 0 ? (netOptionValue - initial.excessLongOptionValue) / netOptionValue : 1;

  const charges = commodities.flatMap(({ positions }, c) =>
    positions.map((position, i): [SpanPosition, Usd] => [
      position,
      risks[c]!.initialShares[i]! - ('strikeUsd' in position ? counted * position.valueUsd : 0),
    ]),
  );
  const haircut = parameters.coinHaircut! * sum(coins.map(({ valueUsd }) => Math.abs(valueUsd)));
  const components = [
    ...commodities.map(({ underlying, scanRisk, losses, worstScenario, scenarios, rangeFraction }) => ({
      name: `Scan risk, ${underlying}`,
      usd: scanRisk,
      scan: {
        amountUsd: losses.map((loss) => Math.max(loss, 0)),
        binding: worstScenario,
        label: (scenario: number) => label(scenarios[scenario]!, rangeFraction, parameters),
      },
    })),
    { name: 'Inter-month charge', usd: sum(commodities.map(({ interMonthCharge }) => interMonthCharge)) },
    { name: 'Inter-commodity credit', usd: 0 - sum([...credits.values()]) },
    { name: 'Short option minimum', usd: sum(risks.map(({ topUp }) => topUp)) },
    { name: 'Initial over maintenance', usd: initialRisk - risk },
    { name: 'Net option value', usd: 0 - counted * netOptionValue },
  ];
  return {
    initialMarginUsd: initial.totalRequirement,
    maintenanceMarginUsd: withOptionValue(risk, netOptionValue).totalRequirement,
    worstScenario: worstOf(commodities, parameters),
    components,
    positions: chargedRows(book, charges),
    approximations: APPROXIMATIONS,
    backing: {
      equityUsd: book.equityUsd - netOptionValue + initial.excessLongOptionValue - haircut,
      basis: haircut > 0 ? 'Ledger without option value, coins after haircut' : 'Ledger without option value',
    },
  };
}

function withOptionValue(risk: Usd, netOptionValue: Usd) {
  const alone = { intraCommodityCharge: 0, deliveryCharge: 0, interCommodityCredit: 0, shortOptionMinimum: 0 };
  return spanRequirement({ ...alone, scanRisk: risk, netOptionValue });
}

/**
 * The risk requirement of a coin, what the short option minimum adds, the risk at first and each position's share in that. Options
 * bought alone can lose no more than they are worth, and the factor takes their risk no further.
 */
function commodityRisk(commodity: SpanCommodity, interCommodityCredit: Usd, factor: number) {
  const { positions, arrays, scanRisk, worstScenario, deltas, netDelta } = commodity;
  const { interMonthCharge, interMonthShares, shortOptionMinimum } = commodity;
  const { riskRequirement } = spanRequirement({
    scanRisk,
    intraCommodityCharge: interMonthCharge,
    deliveryCharge: 0,
    interCommodityCredit,
    shortOptionMinimum,
    netOptionValue: 0,
  });
  const topUp = riskRequirement - (scanRisk + interMonthCharge - interCommodityCredit);
  const sold = positions.map((position) => ('strikeUsd' in position ? Math.max(-position.quantity, 0) : 0));
  const allSold = sum(sold);
  const shares = positions.map(
    (_, i) =>
      (scanRisk > 0 ? arrays[i]![worstScenario]! : 0) +
      interMonthShares[i]! -
      (interCommodityCredit > 0 ? (interCommodityCredit * deltas[i]!) / netDelta : 0) +
      (allSold > 0 ? (topUp * sold[i]!) / allSold : 0),
  );
  const boughtAlone = positions.every((position) => 'strikeUsd' in position && position.quantity > 0);
  const most = boughtAlone ? Math.max(sum(positions.map(({ valueUsd }) => valueUsd)), riskRequirement) : Infinity;
  const initialRisk = Math.min(factor * riskRequirement, most);
  const scale = riskRequirement > 0 ? initialRisk / riskRequirement : 0;
  return { riskRequirement, topUp, initialRisk, initialShares: shares.map((share) => scale * share) };
}

function worstOf(commodities: readonly SpanCommodity[], parameters: ParameterSet): WorstScenario | null {
  return worstOfParts(
    commodities
      .filter(({ scanRisk }) => scanRisk > NEGLIGIBLE_USD)
      .map(({ underlying, scanRisk, worstScenario, scenarios, rangeFraction }) => {
        const scenario = scenarios[worstScenario]!;
        return {
          underlying,
          label: label(scenario, rangeFraction, parameters),
          spotMove: scenario.priceFraction * rangeFraction,
          volShock: scenario.volDirection * parameters.volScanRange!,
          lossUsd: scanRisk,
        };
      }),
  );
}

function label(
  { priceFraction, volDirection, weight }: SpanCommodity['scenarios'][number],
  rangeFraction: number,
  { volScanRange }: ParameterSet,
): string {
  const move = signedPercent(priceFraction * rangeFraction);
  if (volDirection === 0) return `${move}, ${percent(weight)} of the loss`;
  return `${move}, IV ×${Math.max(1 + volDirection * volScanRange!, 0).toFixed(2)}`;
}
