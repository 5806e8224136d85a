import { RiskError } from '../../domain/failure.ts';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { RecognisedGroup } from '../../domain/riskReport.ts';
import { sum } from '../../numerics/sum.ts';
import type { MarginBook, MarginComponent, MarginModel, MarginRequirement } from '../MarginModel.ts';
import { chargedRows, type NetCoin, type NetOption, netPositions } from '../netPositions.ts';
import { bestPairing, type PairedStrategy, type PairingOption } from '../regT/bestPairing.ts';
import { REG_T_PARAMETERS, regTRates } from '../regT/regTRates.ts';
import { strategyTitle } from '../regT/strategyTitle.ts';

/**
 * Reg T: each coin's options and coins are paired into the strategies of the Cboe Margin Manual that ask for the least together.
 * Coins held are the stock of covered calls, protective puts, collars and conversions; coins owed that of covered puts and
 * reverse conversions.
 *
 * The requirement is the manual's gross figure: it holds the present price of options sold and of coins owed, and all of the price
 * of options bought. It is met out of the proceeds as well, as the manual's margin call (requirement less proceeds) says. So it is
 * held against the book's equity before options sold and coins owed are taken off: cash with the proceeds in it, coins and options
 * held. An option bought with cash then leaves the rest of the cash available, and a credit spread takes its width less its credit.
 * A coin under a call sold counts at most at the strike.
 *
 * With one price for taking and for holding a position, initial and maintenance differ only where the underlying is part of it.
 */
export const regT: MarginModel = {
  id: 'reg-t',
  title: 'Reg T',
  venue: 'Cboe',
  source:
    'Cboe Margin Manual, 30 November 2021, as quoted by gendev1/marvelous-monkey and tastyware/margin-estimator; Regulation T',
  parametersDate: '2021-11-30',
  parameters: REG_T_PARAMETERS,
  requirement,
};

const APPROXIMATIONS = [
  'Written for securities: a coin is taken for a share of a broad index, its European options for listed ones of one share. Coin-settled options are taken as settled in USD.',
  'Positions are margined at present prices, initial margin as well; the manual takes initial margin at the price of the trade.',
  'The least equity of a margin account, 2,000 USD, and portfolio-wide house charges are not asked for.',
  'A coin owed beside a call bought is margined as owed alone, save in a reverse conversion.',
];

interface CoinBook {
  readonly underlying: string;
  readonly index: number;
  readonly options: NetOption[];
  coins: NetCoin | null;
}

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const { options, futures, coins } = netPositions(book);
  const future = futures[0];
  if (future)
    throw new RiskError(
      'unsupported',
      `${future.contract.name} is a ${future.contract.product}, and Reg T margins securities: options and what they are written on. Hold or owe ${future.underlying} itself instead, as collateral, or leave the leg out`,
    );
  const rates = regTRates(parameters);
  const charges: [NetOption | NetCoin, number][] = [];
  const components = new Map<string, number>();
  const strategies: RecognisedGroup[] = [];
  let uncounted = 0;
  for (const group of coinBooks(options, coins)) {
    const held = group.options.map(
      (option): PairingOption => ({
        type: option.contract.optionType,
        strike: option.strikeUsd,
        premium: option.markUsd,
        quantity: option.quantity,
        expiry: option.contract.expiry,
        monthsToExpiry: 12 * option.timeToExpiryYears,
      }),
    );
    const underlying = { price: group.index, underlyingClass: 'broad', leverage: 1 } as const;
    const pairing = bestPairing(held, group.coins?.quantity ?? 0, underlying, rates);
    uncounted += pairing.uncounted;
    for (const paired of pairing.strategies) {
      const title = strategyTitle(paired, held);
      const nets = paired.legs.map((index) => group.options[index] ?? group.coins!);
      nets.forEach((net, k) => charges.push([net, paired.shares[k]!]));
      const component = `${title}, ${group.underlying}`;
      components.set(component, (components.get(component) ?? 0) + paired.initial);
      strategies.push(recognisedGroup(title, paired, nets));
    }
  }
  strategies.push(...closedOut(book, strategies));
  const listed = [...components].map(([name, usd]): MarginComponent => ({ name, usd }));
  // What is owed stands in the requirement, at its present price.
  const owed = sum([...options, ...coins].map(({ valueUsd }) => Math.max(-valueUsd, 0)));
  return {
    initialMarginUsd: sum(listed.map(({ usd }) => usd)),
    maintenanceMarginUsd: sum(strategies.map(({ maintenanceMarginUsd }) => maintenanceMarginUsd)),
    worstScenario: null,
    components: listed,
    positions: chargedRows(book, charges),
    approximations: APPROXIMATIONS,
    strategies,
    backing: {
      equityUsd: book.equityUsd + owed - uncounted,
      basis:
        uncounted > 0
          ? 'Equity before what is sold short, coins under calls at the strike'
          : 'Equity before what is sold short',
    },
  };
}

function coinBooks(options: readonly NetOption[], coins: readonly NetCoin[]): Iterable<CoinBook> {
  const books = new Map<string, CoinBook>();
  const bookOf = ({ underlying, index }: NetOption | NetCoin): CoinBook => {
    const known = books.get(underlying);
    if (known) return known;
    const fresh: CoinBook = { underlying, index, options: [], coins: null };
    books.set(underlying, fresh);
    return fresh;
  };
  for (const option of options) bookOf(option).options.push(option);
  for (const coin of coins) bookOf(coin).coins = coin;
  return books.values();
}

/** Legs of one contract that net to nothing: they stand in no pairing and ask for nothing. */
function closedOut(book: MarginBook, strategies: readonly RecognisedGroup[]): RecognisedGroup[] {
  const paired = new Set(strategies.flatMap(({ legs }) => legs.map(({ id }) => id)));
  const groups = new Map<string, { id: string; instrument: string; quantity: number }[]>();
  for (const { id, contract, quantity } of book.positions) {
    if (contract === null || contract.timeToExpiryYears <= 0 || quantity === 0 || paired.has(id)) continue;
    const instrument = contract.instrument.name;
    groups.set(instrument, [...(groups.get(instrument) ?? []), { id, instrument, quantity }]);
  }
  return [...groups.values()].map((legs) => ({
    name: 'Closed out',
    legs,
    initialMarginUsd: 0,
    maintenanceMarginUsd: 0,
  }));
}

/** Each net position's part in the strategy is shared by the legs that it nets. */
function recognisedGroup(
  name: string,
  { amounts, units, initial, maintenance }: PairedStrategy,
  nets: readonly (NetOption | NetCoin)[],
): RecognisedGroup {
  return {
    name,
    legs: nets.flatMap((net, k) =>
      net.members.map(({ id, quantity }) => ({
        id,
        instrument: 'contract' in net ? net.contract.name : net.underlying,
        quantity: (quantity * amounts[k]! * units) / Math.abs(net.quantity),
      })),
    ),
    initialMarginUsd: initial,
    maintenanceMarginUsd: maintenance,
  };
}
