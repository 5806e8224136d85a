import { MILLISECONDS_PER_DAY, type Timestamp, type Vol } from './units.ts';

/** A crash that has happened, as moves of spot and vol. How each number was found: docs/events.md. */
export interface MarketEvent {
  readonly id: string;
  readonly name: string;
  /** What it was, in a few words. */
  readonly cause: string;
  /** The hours of bitcoin's high and low, UTC. */
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** Relative move of spot by coin, each from its own high to its own low. */
  readonly spotMoves: Readonly<Record<string, number>>;
  /** 30-day implied vol of bitcoin before and at its height: the factor is applied to every vol of every coin. */
  readonly vol: { readonly from: Vol; readonly to: Vol; readonly isReconstructed: boolean };
  /** Where prices and vol come from, and how sure they are. */
  readonly source: string;
}

/** A coin without a price of its own at the time moves as this one. */
const STAND_IN = 'ETH';

const SPOT = 'Spot: day’s high to day’s low, Binance (BTC, ETH) and Yahoo Finance (SOL).';
const DVOL = 'Vol: Deribit’s 30-day index DVOL of BTC, from the open of the first day to the high of the last.';

export const MARKET_EVENTS: readonly MarketEvent[] = [
  {
    id: '2020-03-12',
    name: 'Black Thursday',
    cause: 'pandemic sell-off',
    from: Date.UTC(2020, 2, 11, 22),
    to: Date.UTC(2020, 2, 13, 2),
    spotMoves: { BTC: -0.526, ETH: -0.577 },
    vol: { from: 0.62, to: 1.84, isReconstructed: true },
    source:
      'Spot: day’s high to day’s low, Binance; SOL was not traded yet and moves as ETH. Vol: DVOL did not exist; one-month at-the-money vol of 184 % as published by Skew on 16 March, over the 62 % that the 30 days before had realised. The factor is good to about a quarter.',
  },
  {
    id: '2021-05-19',
    name: 'China ban',
    cause: 'China bars banks from crypto, leverage is unwound',
    from: Date.UTC(2021, 4, 18, 6),
    to: Date.UTC(2021, 4, 19, 13),
    spotMoves: { BTC: -0.345, ETH: -0.471, SOL: -0.495 },
    vol: { from: 1.2301, to: 1.4463, isReconstructed: false },
    source: `${SPOT} ${DVOL} Vol had risen in the week before.`,
  },
  {
    id: '2022-05',
    name: 'Terra',
    cause: 'UST lost its peg',
    from: Date.UTC(2022, 4, 7, 10),
    to: Date.UTC(2022, 4, 12, 7),
    spotMoves: { BTC: -0.261, ETH: -0.334, SOL: -0.537 },
    vol: { from: 0.6219, to: 1.3973, isReconstructed: false },
    source: `${SPOT} ${DVOL}`,
  },
  {
    id: '2022-06',
    name: 'Celsius and 3AC',
    cause: 'lenders stopped withdrawals',
    from: Date.UTC(2022, 5, 9, 9),
    to: Date.UTC(2022, 5, 18, 20),
    spotMoves: { BTC: -0.426, ETH: -0.519, SOL: -0.342 },
    vol: { from: 0.717, to: 1.3342, isReconstructed: false },
    source: `${SPOT} ${DVOL} SOL had its low four days before the last day.`,
  },
  {
    id: '2022-11',
    name: 'FTX',
    cause: 'the exchange failed',
    from: Date.UTC(2022, 10, 5, 3),
    to: Date.UTC(2022, 10, 9, 22),
    spotMoves: { BTC: -0.274, ETH: -0.356, SOL: -0.675 },
    vol: { from: 0.5419, to: 1.2201, isReconstructed: false },
    source: `${SPOT} ${DVOL}`,
  },
  {
    id: '2025-10-10',
    name: 'Liquidations',
    cause: 'tariff news, 19 billion USD of positions liquidated',
    from: Date.UTC(2025, 9, 10, 16),
    to: Date.UTC(2025, 9, 10, 21),
    spotMoves: { BTC: -0.145, ETH: -0.2, SOL: -0.246 },
    vol: { from: 0.4, to: 0.6, isReconstructed: true },
    source:
      'From press reports, not from prices: BTC 122,574 to 104,783 USD (Reuters), ETH and SOL as reported by Derive. Others give BTC −10 to −17 %, SOL −16 to −30 % by venue. Vol: Volmex’s 30-day index BVIV of BTC, 40 to 60 % (CoinDesk).',
  },
];

/** Relative vol shock of an event. */
export function eventVolShock({ vol }: MarketEvent): number {
  return vol.to / vol.from - 1;
}

/** How far a coin's spot moves in an event. */
export function eventSpotMove({ spotMoves }: MarketEvent, symbol: string): number {
  return spotMoves[symbol] ?? spotMoves[STAND_IN]!;
}

/** From high to low. */
export function eventHours({ from, to }: MarketEvent): number {
  return ((to - from) / MILLISECONDS_PER_DAY) * 24;
}
