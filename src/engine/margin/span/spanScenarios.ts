import type { ParameterSpec } from '../../domain/riskParameters.ts';
import { spec } from '../scan.ts';

/** One of the sixteen SPAN scenarios. */
export interface SpanScenario {
  /** Price move as a multiple of the price scan range. */
  readonly priceFraction: number;
  /** +1 vol up, -1 vol down by the vol scan range, 0 unchanged. */
  readonly volDirection: 1 | -1 | 0;
  /** Share of the result that counts: 1, or the cover fraction of the extreme moves. */
  readonly weight: number;
}

/** The two extreme moves: how many price scan ranges, and which share of the loss is covered. */
export interface SpanExtreme {
  readonly extremeMultiple: number;
  readonly extremeCover: number;
}

/**
 * What a clearing house sets for SPAN. Extreme moves of 3 x 0.33 are CME's (gasoil options, 2008); the Polish clearing house uses
 * 3 x 0.32 and McMillan's textbook example 2 x 0.35. The ranges are for one's own choosing; initially those of PowerTrade, a
 * crypto venue that called its portfolio margin SPAN: spot 15 %, vol 40 points.
 */
export const SPAN_PARAMETERS: readonly ParameterSpec[] = [
  spec(
    'priceScanRange',
    'Price scan range',
    'fraction',
    0.15,
    0.01,
    1,
    'Widest ordinary move of the future. PowerTrade.',
  ),
  spec('volScanRange', 'Vol scan range', 'vol, absolute', 0.4, 0, 2, 'Added to and taken from each vol. PowerTrade.'),
  spec('extremeMultiple', 'Extreme move', 'price scan ranges', 3, 1, 10, 'Scenarios 15 and 16. CME, 2008.'),
  spec('extremeCover', 'Extreme cover', 'fraction', 0.33, 0, 1, 'Share of an extreme loss charged. CME, 2008.'),
  spec('lookAheadDays', 'Look-ahead', 'days', 1, 0, 30, 'Life an option loses before it is valued again. CME.'),
];

/** Price steps of scenarios 1 to 14, each with vol up, then down. */
const PRICE_FRACTIONS = [0, 1 / 3, -1 / 3, 2 / 3, -2 / 3, 1, -1];

/**
 * The sixteen scenarios in the fixed order of SPAN: unchanged, then up and down by thirds of the price scan range, each with
 * the vol up and down; last the extreme moves up and down with the vol unchanged.
 *
 * CME SPAN methodology; the same constants in itorK/SPAN-margin-calculator for the Polish clearing house.
 */
export function spanScenarios({ extremeMultiple, extremeCover }: SpanExtreme): SpanScenario[] {
  return [
    ...PRICE_FRACTIONS.flatMap((priceFraction): SpanScenario[] => [
      { priceFraction, volDirection: 1, weight: 1 },
      { priceFraction, volDirection: -1, weight: 1 },
    ]),
    { priceFraction: extremeMultiple, volDirection: 0, weight: extremeCover },
    { priceFraction: -extremeMultiple, volDirection: 0, weight: extremeCover },
  ];
}
