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
