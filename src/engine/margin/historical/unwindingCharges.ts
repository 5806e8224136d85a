import type { MarketSnapshot } from '../../domain/marketSnapshot.ts';
import type { ParameterSet, ParameterSpec } from '../../domain/riskParameters.ts';
import type { Usd } from '../../domain/units.ts';
import { unitGreeks } from '../../scenario/positionGreeks.ts';
import type { MarginBook, MarginPosition } from '../MarginModel.ts';
import { spec } from '../parameterSpec.ts';

/**
 * What a history of mid prices does not hold: the cost of trading a book away, and that a large book moves the price. Each charge
 * is shared by the positions in proportion to their signed part of what is charged, so that a hedge takes its share off.
 */
export const UNWINDING_PARAMETERS: readonly ParameterSpec[] = [
  spec(
    'deltaSpread',
    'Cost of trading delta',
    'fraction of notional',
    0.0005,
    0,
    0.05,
    "Charged on each coin's net delta, legs and coin collateral together. Headroom's own figure: about a taker's fee.",
  ),
  spec(
    'vegaSpread',
    'Cost of trading vega',
    'vol points',
    0.01,
    0,
    0.2,
    "Half a bid-ask spread in vol, as a decimal, charged on the vega of each option, net within one contract. Headroom's own figure.",
  ),
  spec(
    'deltaThreshold',
    'Concentration of delta from',
    'USD',
    10_000_000,
    0,
    1e12,
    "Net delta of a coin above this is concentrated. Headroom's own figure.",
  ),
  spec(
    'deltaConcentration',
    'Concentrated delta',
    'fraction of notional',
    0.02,
    0,
    0.5,
    "Charged on a coin's net delta above the threshold. Headroom's own figure.",
  ),
  spec(
    'interestThreshold',
    'Concentration of interest from',
    'fraction of open interest',
    0.1,
    0,
    1,
    "An option position above this share of the strike's open interest is concentrated, where the market tells it. Headroom's own figure.",
  ),
  spec(
    'interestConcentration',
    'Concentrated options',
    'fraction of index',
    0.01,
    0,
    0.5,
    "Charged on each option above the threshold of open interest. Headroom's own figure.",
  ),
];

export interface UnwindingCharges {
  /** USD, in the order of the book's positions. */
  readonly liquidity: Float64Array;
  readonly concentration: Float64Array;
  /** A contract of the book has no open interest in this market, so that its size could not be judged. */
  readonly lacksOpenInterest: boolean;
}

interface Group {
  net: number;
  readonly members: { readonly row: number; readonly own: number }[];
}

export function unwindingCharges(book: MarginBook, parameters: ParameterSet): UnwindingCharges {
  const { positions } = book;
  const liquidity = new Float64Array(positions.length);
  const concentration = new Float64Array(positions.length);
  let lacksOpenInterest = false;

  for (const group of grouped(positions, ({ underlying, deltaCoins, index }) => [underlying, deltaCoins * index])) {
    share(liquidity, group, parameters.deltaSpread! * Math.abs(group.net));
    const above = Math.max(Math.abs(group.net) - parameters.deltaThreshold!, 0);
    share(concentration, group, parameters.deltaConcentration! * above);
  }

  const options = (figure: (position: MarginPosition) => number) =>
    grouped(positions, (position) => {
      const { contract } = position;
      if (contract === null || contract.option === null || contract.timeToExpiryYears <= 0) return null;
      return [contract.instrument.name, figure(position)];
    });
  for (const group of options(({ contract, quantity }) => quantity * unitGreeks(contract!).vega))
    share(liquidity, group, parameters.vegaSpread! * Math.abs(group.net));
  const interests = openInterests(book.market);
  for (const group of options(({ quantity }) => quantity)) {
    const { contract, index, underlying } = positions[group.members[0]!.row]!;
    const { strike, optionType, expiry } = contract!.option!.contract;
    const interest = interests.get(interestKey(underlying, expiry, strike, optionType));
    if (interest === undefined) {
      lacksOpenInterest = true;
      continue;
    }
    const above = Math.max(Math.abs(group.net) - parameters.interestThreshold! * interest, 0);
    share(concentration, group, parameters.interestConcentration! * above * index);
  }
  return { liquidity, concentration, lacksOpenInterest };
}

/** Positions of one key with what they add up to, signed; null leaves a position out. */
function grouped(
  positions: readonly MarginPosition[],
  part: (position: MarginPosition) => readonly [string, number] | null,
): Iterable<Group> {
  const groups = new Map<string, Group>();
  positions.forEach((position, row) => {
    const found = part(position);
    if (found === null) return;
    const [key, own] = found;
    const group = groups.get(key) ?? { net: 0, members: [] };
    groups.set(key, group);
    group.net += own;
    group.members.push({ row, own });
  });
  return groups.values();
}

function share(rows: Float64Array, { net, members }: Group, usd: Usd): void {
  if (usd === 0 || net === 0) return;
  for (const { row, own } of members) rows[row] = rows[row]! + (usd * own) / net;
}

const known = new WeakMap<MarketSnapshot, ReadonlyMap<string, number>>();

/** Open interest of each quoted option of a market, in coins. */
function openInterests(market: MarketSnapshot): ReadonlyMap<string, number> {
  const made = known.get(market);
  if (made !== undefined) return made;
  const interests = new Map<string, number>();
  for (const { symbol, expiries } of market.underlyings)
    for (const { expiry, quotes } of expiries)
      for (const { strike, type, openInterest } of quotes)
        if (openInterest !== undefined) interests.set(interestKey(symbol, expiry, strike, type), openInterest);
  known.set(market, interests);
  return interests;
}

function interestKey(underlying: string, expiry: number, strike: number, type: string): string {
  return `${underlying}|${expiry}|${strike}|${type}`;
}
