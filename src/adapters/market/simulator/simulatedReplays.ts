import type { MarketScript } from './MarketScript.ts';

/** A simulated market with a script, to be played like a recording. */
export interface SimulatedReplay {
  readonly id: 'quiet-day' | 'crash' | 'vol-crush' | 'depeg';
  readonly name: string;
  /** What happens, in a sentence. */
  readonly description: string;
  readonly hours: number;
  readonly seed: number;
  /** Between two prices, and between two sets of quotes. */
  readonly priceMinutes: number;
  readonly quoteMinutes: number;
  readonly script: MarketScript;
  /** Marks along the way, by hours since the start. */
  readonly marks: readonly (readonly [hours: number, label: string])[];
}

/** None is taken from a market: prices come of a script and a seed. The depeg has the size and the pace of USDC's in March 2023. */
export const SIMULATED_REPLAYS: readonly SimulatedReplay[] = [
  {
    id: 'quiet-day',
    name: 'Quiet day',
    description: 'A day on which little happens: an expiry passes, vol drifts down.',
    hours: 26,
    seed: 7,
    priceMinutes: 2,
    quoteMinutes: 20,
    script: {
      noise: [[0, 0.6]],
      vol: [
        [0, 1],
        [26, 0.96],
      ],
    },
    marks: [[24, 'The day’s options expire']],
  },
  {
    id: 'crash',
    name: 'Crash with vol spike',
    description:
      'Spot falls by a quarter within six hours. Vol doubles, puts become dear, spreads widen and the perpetual trades below the index.',
    hours: 12,
    seed: 3,
    priceMinutes: 1,
    quoteMinutes: 6,
    script: {
      noise: [[0, 0.4]],
      spot: [
        [0, 0],
        [1, 0],
        [2, -0.04],
        [4.5, -0.17],
        [5.5, -0.14],
        [7, -0.25],
        [9, -0.21],
        [12, -0.2],
      ],
      spotOf: {
        ETH: [
          [0, 0],
          [1, 0],
          [2, -0.05],
          [4.5, -0.21],
          [5.5, -0.175],
          [7, -0.31],
          [9, -0.26],
          [12, -0.25],
        ],
        SOL: [
          [0, 0],
          [1, 0],
          [2, -0.06],
          [4.5, -0.25],
          [5.5, -0.21],
          [7, -0.36],
          [9, -0.31],
          [12, -0.3],
        ],
      },
      vol: [
        [0, 1],
        [1, 1],
        [4.5, 1.6],
        [5.5, 1.55],
        [7, 2.3],
        [9, 1.9],
        [12, 1.7],
      ],
      skew: [
        [0, 0],
        [1, 0],
        [7, -0.35],
        [12, -0.25],
      ],
      premium: [
        [0, 0],
        [1, 0],
        [4.5, -0.003],
        [7, -0.012],
        [8, -0.004],
        [12, -0.001],
      ],
      spread: [
        [0, 1],
        [1, 1],
        [7, 2],
        [12, 1.3],
      ],
    },
    marks: [
      [1, 'Selling sets in'],
      [4.5, 'A first low'],
      [7, 'The low'],
    ],
  },
  {
    id: 'vol-crush',
    name: 'Vol crush',
    description: 'An event has passed: vol falls by 30 % within an hour while spot stays where it was.',
    hours: 6,
    seed: 12,
    priceMinutes: 1,
    quoteMinutes: 5,
    script: {
      noise: [[0, 0.25]],
      vol: [
        [0, 1.4],
        [2, 1.4],
        [3, 0.98],
        [6, 0.95],
      ],
      skew: [
        [0, -0.12],
        [2, -0.12],
        [3, 0],
      ],
    },
    marks: [
      [2, 'The event'],
      [3, 'Vol is 30 % lower'],
    ],
  },
  {
    id: 'depeg',
    name: 'USDC depeg',
    description:
      'USDC falls to 0.88 USD overnight and is back two days later. Books settled in USDC and USDC collateral lose with it.',
    hours: 66,
    seed: 20,
    priceMinutes: 5,
    quoteMinutes: 60,
    script: {
      noise: [[0, 0.6]],
      stablecoins: {
        USDC: [
          [0, 1],
          [14, 0.998],
          [20, 0.98],
          [23, 0.88],
          [26, 0.92],
          [34, 0.955],
          [46, 0.965],
          [54, 0.985],
          [60, 0.998],
          [66, 1],
        ],
      },
      spot: [
        [0, 0],
        [20, -0.02],
        [24, -0.04],
        [34, 0.01],
        [54, 0.05],
        [66, 0.1],
      ],
      vol: [
        [0, 1],
        [14, 1],
        [23, 1.3],
        [66, 1.2],
      ],
    },
    marks: [
      [14, 'Doubts about the reserve'],
      [23, 'USDC at 0.88'],
      [60, 'The peg is back'],
    ],
  },
];
