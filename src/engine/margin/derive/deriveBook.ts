import { RiskError } from '../../domain/failure.ts';
import type { Timestamp, Usd } from '../../domain/units.ts';
import { yearFraction } from '../../domain/units.ts';
import { stablecoinPrice, underlyingMarket } from '../../domain/marketSnapshot.ts';
import { sum } from '../../numerics/sum.ts';
import type { MarginBook } from '../MarginModel.ts';
import {
  type NetCoin,
  type NetFuture,
  type NetOption,
  type NetPosition,
  netPositions,
  USD_SETTLED_APPROXIMATION,
} from '../netPositions.ts';
import { coinConfidence, type CoinConfidence, confidenceNote } from './feedConfidence.ts';
import type { HeldPerpetual, PortfolioExpiry } from './optionExpiry.ts';

/**
 * A book as Derive would hold it. Amounts are in dollars of the book: what is paid in USDC there counts at the dollar, and USDC
 * away from it enters by the de-peg charges alone.
 */
export interface DeriveBook {
  /** In the order in which the coins first appear. */
  readonly coins: readonly DeriveCoin[];
  /** USD tokens other than USDC, worth something. */
  readonly tokens: readonly { readonly asset: string; readonly valueUsd: Usd }[];
  /** USD of one USDC. */
  readonly stablePrice: Usd;
  readonly approximations: readonly string[];
}

/** All that is held of one coin. */
export interface DeriveCoin {
  readonly underlying: string;
  readonly spot: Usd;
  readonly spotConfidence: number;
  readonly futures: readonly (NetFuture | OwedCoins)[];
  /** The futures together. */
  readonly perpetual: HeldPerpetual;
  /** Null where no coins are held. */
  readonly held: NetCoin | null;
  readonly expiries: readonly DeriveExpiry[];
}

/** Coins owed, as the perpetual sold that they come to. */
export interface OwedCoins extends NetPosition {
  readonly contract: null;
  /** Signed. */
  readonly sizeCoins: number;
  readonly notionalUsd: Usd;
}

export interface DeriveExpiry {
  readonly terms: PortfolioExpiry;
  /** The contracts behind the options of the terms, in their order. */
  readonly contracts: readonly NetOption[];
}

/** The venue measures the settlement price over the last half hour. */
const SETTLEMENT_YEARS = 0.5 / 24 / 365;

/** What counts as cash: USDC, and dollars taken as USDC. */
const CASH = new Set(['USDC', 'USD']);

/**
 * @param atMost no feed is trusted further than this, whatever the market says.
 * @throws RiskError `unsupported` for tokens owed, which cannot be had at Derive.
 */
export function deriveBook(book: MarginBook, atMost: number): DeriveBook {
  const { options, futures: sides, coins: balances } = netPositions(book);
  const coins = balances.filter(({ quantity }) => quantity > 0);
  const owed = balances.flatMap((coin): OwedCoins[] =>
    coin.quantity < 0
      ? [{ ...coin, contract: null, sizeCoins: coin.quantity, notionalUsd: coin.quantity * coin.index }]
      : [],
  );
  const futures = [...sides, ...owed];
  const coinNames = new Set(book.positions.flatMap(({ contract, underlying }) => (contract ? [] : [underlying])));
  const tokens = book.collateral.flatMap(({ asset, valueUsd }) =>
    CASH.has(asset) || coinNames.has(asset) || !valueUsd ? [] : [{ asset, valueUsd }],
  );
  const owedToken = tokens.find(({ valueUsd }) => valueUsd < 0);
  if (owedToken) {
    throw new RiskError(
      'unsupported',
      `Derive lends no ${owedToken.asset}: only USDC can be owed. Write the debt in USDC`,
    );
  }
  const stablePrice = stablecoinPrice(book.market, 'USDC');
  const underlyings = new Set([...options, ...futures, ...coins].map(({ underlying }) => underlying));
  return {
    coins: [...underlyings].map((underlying): DeriveCoin => {
      const own = <Held extends { readonly underlying: string }>(all: readonly Held[]) =>
        all.filter((one) => one.underlying === underlying);
      const [contracts, held, perpetuals] = [own(options), own(coins), own(futures)];
      const confidence = coinConfidence(book.market, underlying, atMost);
      return {
        underlying,
        spot: (contracts[0] ?? perpetuals[0] ?? held[0]!).index,
        spotConfidence: confidence.spot,
        futures: perpetuals,
        perpetual: {
          quantity: sum(perpetuals.map(({ sizeCoins }) => sizeCoins)),
          notional: sum(perpetuals.map(({ notionalUsd }) => notionalUsd)),
          confidence: confidence.perpetual,
          unsettledCash: 0,
        },
        held: held[0] ?? null,
        expiries: expiriesOf(book, contracts, confidence),
      };
    }),
    tokens,
    stablePrice: stablePrice ?? 1,
    approximations: [
      ...([...options, ...sides].some(({ contract }) => contract.settlement === 'coin')
        ? [USD_SETTLED_APPROXIMATION]
        : []),
      ...(owed.length > 0
        ? [
            'Derive lends no coins: what is owed of a coin counts as its perpetual sold, as much, at the index. There, what a coin-settled option costs is paid in USDC.',
          ]
        : []),
      ...(sides.some(({ expiry }) => expiry !== null)
        ? [
            "Derive lists no dated futures: each counts as the same position in the coin's perpetual at its own mark, so the spread between dates and the roll are not charged.",
          ]
        : []),
      ...(options.some(({ timeToExpiryYears }) => timeToExpiryYears < SETTLEMENT_YEARS)
        ? [
            'In the last half hour the whole forward is shocked, though part of the settlement average is already fixed.',
          ]
        : []),
      stablePrice === undefined
        ? 'The market has no price of USDC: it is taken at one dollar.'
        : 'Contracts that pay in USDC count in dollars; USDC below a dollar enters by the de-peg charge alone.',
      ...confidenceNote(
        book.market,
        [...underlyings].map((underlying) => ({
          underlying,
          expiries: [
            ...new Set(
              options.filter((option) => option.underlying === underlying).map(({ contract }) => contract.expiry),
            ),
          ],
        })),
        atMost,
      ),
    ],
  };
}

/** Options by expiry, those of one strike and type as one contract whatever they settle in. */
function expiriesOf(book: MarginBook, options: readonly NetOption[], confidence: CoinConfidence): DeriveExpiry[] {
  const byExpiry = new Map<Timestamp, Map<string, NetOption>>();
  for (const option of options) {
    const { expiry, optionType } = option.contract;
    const contracts = byExpiry.get(expiry) ?? new Map<string, NetOption>();
    byExpiry.set(expiry, contracts);
    const key = `${option.strikeUsd}${optionType}`;
    const other = contracts.get(key);
    contracts.set(key, other ? merged(other, option) : option);
  }
  return [...byExpiry].flatMap(([expiry, group]) => {
    const contracts = [...group.values()].filter(({ quantity }) => quantity !== 0);
    if (contracts.length === 0) return [];
    const { underlying, forward, timeToExpiryYears } = contracts[0]!;
    const trusted = confidence.expiry(expiry);
    const terms: PortfolioExpiry = {
      timeToExpiryYears,
      settledForward: 0,
      liveForward: forward,
      forwardConfidence: trusted.forward,
      rate: marketRate(book, underlying, expiry),
      rateConfidence: trusted.rate,
      volConfidence: trusted.vol,
      options: contracts.map(({ contract, strikeUsd, quantity, volatility }) => ({
        type: contract.optionType,
        strike: strikeUsd,
        quantity,
        volatility,
      })),
    };
    return [{ terms, contracts }];
  });
}

function merged(one: NetOption, other: NetOption): NetOption {
  return {
    ...one,
    members: [...one.members, ...other.members],
    quantity: one.quantity + other.quantity,
    valueUsd: one.valueUsd + other.valueUsd,
    deltaCoins: one.deltaCoins + other.deltaCoins,
  };
}

/** The rate a year that the market's discount factor of an expiry implies; zero where it has none. */
function marketRate(book: MarginBook, underlying: string, expiry: Timestamp): number {
  const listed = underlyingMarket(book.market, underlying)?.expiries.find((candidate) => candidate.expiry === expiry);
  if (!listed || listed.discount === 1) return 0;
  return -Math.log(listed.discount) / yearFraction(book.market.asOf, expiry);
}

/**
 * Coins with a portfolio manager whose parameters are known, and the coins and tokens held beside them.
 *
 * @param managers the coins of those managers.
 * @throws RiskError `unsupported` naming a leg of any other coin.
 */
export function managedBook(
  { coins, tokens }: DeriveBook,
  managers: ReadonlySet<string>,
): {
  readonly managed: readonly DeriveCoin[];
  readonly beside: readonly { readonly asset: string; readonly valueUsd: Usd }[];
} {
  const isTaken = ({ underlying }: DeriveCoin) => WRAPPED_COINS.has(underlying);
  const leg = coins.filter(({ underlying }) => !managers.has(underlying)).flatMap(legsOf)[0];
  if (leg) {
    throw new RiskError(
      'unsupported',
      `${legName(leg)}: this portfolio manager is known for ${[...managers].join(', ')}, not for ${leg.underlying}. Leave the leg out, or compare under another rule`,
    );
  }
  const beside = coins.flatMap((coin) =>
    coin.held && !isTaken(coin) ? [{ asset: coin.underlying, valueUsd: coin.held.quantity * coin.spot }] : [],
  );
  return {
    managed: coins
      .filter((coin) => isTaken(coin) || legsOf(coin).length > 0)
      .map((coin) => (isTaken(coin) ? coin : { ...coin, held: null })),
    beside: [...beside, ...tokens],
  };
}

/** Coins that a manager of their own takes as collateral. */
const WRAPPED_COINS = new Set(['BTC', 'ETH']);

function legsOf({ futures, expiries }: DeriveCoin): (NetFuture | OwedCoins | NetOption)[] {
  return [...futures, ...expiries.flatMap(({ contracts }) => contracts)];
}

/** What a message calls it. */
export function legName({ contract, underlying }: NetFuture | OwedCoins | NetOption): string {
  return contract?.name ?? `${underlying} owed`;
}

/** What a portfolio manager approximates, beside what every manager does. */
export function managedApproximations(
  { approximations }: DeriveBook,
  managed: readonly DeriveCoin[],
  refused: readonly string[],
): string[] {
  return [
    ...approximations,
    ...(managed.some(({ expiries }) => expiries.length > 0)
      ? ["The rate is the one that the market's discount factors imply, zero where they are one."]
      : []),
    ...(managed.length > 1
      ? [
          'A portfolio manager holds one coin: each coin has a subaccount of its own, requirements add, and cash is taken to move freely between them.',
        ]
      : []),
    ...notTaken(refused),
  ];
}

/** The sentence about collateral that a manager does not take. */
export function notTaken(assets: readonly string[]): string[] {
  return assets.length === 0 ? [] : [`Not taken as collateral, so counted as nothing: ${assets.join(', ')}.`];
}
