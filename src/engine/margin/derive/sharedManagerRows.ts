import { spec } from '../parameterSpec.ts';

/** Published values of the rows that both portfolio managers have, where the two differ. */
interface ManagerValues {
  readonly scenarioSpotUp: number;
  readonly scenarioSpotDown: number;
  readonly addFactor: number;
  readonly multFactor: number;
  readonly volRangeUp: number;
  readonly volRangeDown: number;
}

/** Rows that both portfolio managers have: basis, vol shocks, the peg of cash and the confidence of the feeds. */
export function sharedManagerRows(published: ManagerValues) {
  const { scenarioSpotUp, scenarioSpotDown, addFactor, multFactor, volRangeUp, volRangeDown } = published;
  return [
    spec('volRangeUp', 'Vol shock up', 'fraction', volRangeUp, 0, 5, 'Relative rise of the vol of a 30-day option.'),
    spec(
      'volRangeDown',
      'Vol shock down',
      'fraction',
      volRangeDown,
      0,
      2,
      'Relative fall of the vol of a 30-day option.',
    ),
    spec(
      'shortTermPower',
      'Vol power under 30 days',
      'exponent',
      0.3,
      0,
      10,
      'Power of 30 / days up to 30 days to expiry.',
    ),
    spec(
      'longTermPower',
      'Vol power from 30 days',
      'exponent',
      0.13,
      0,
      10,
      'Power of 30 / days beyond 30 days to expiry.',
    ),
    spec(
      'dteFloorDays',
      'Fewest days of the vol shock',
      'days',
      1,
      0.01,
      30,
      'Days to expiry are counted as at least these.',
    ),
    spec('scenarioSpotUp', 'Basis move up', 'factor', scenarioSpotUp, 1, 3, 'Forward factor of the basis loss, up.'),
    spec(
      'scenarioSpotDown',
      'Basis move down',
      'factor',
      scenarioSpotDown,
      0.01,
      1,
      'Forward factor of the basis loss, down.',
    ),
    spec('addFactor', 'Basis share', 'fraction', addFactor, 0, 5, 'Share of the basis loss that counts at any expiry.'),
    spec(
      'multFactor',
      'Basis share per year',
      'fraction per year',
      multFactor,
      0,
      5,
      'Added to the share for each year to expiry.',
    ),
    spec('pegLossThreshold', 'Peg threshold', 'USD', 0.99, 0, 1.5, 'USDC price below which the initial factor grows.'),
    spec(
      'pegLossFactor',
      'Peg factor',
      'per USD',
      4,
      0,
      20,
      'Growth of the initial factor for each dollar that USDC is below the peg threshold.',
    ),
    spec(
      'confThreshold',
      'Confidence threshold',
      'fraction',
      0.55,
      0,
      1,
      'Feed confidence below which initial margin is charged.',
    ),
    spec(
      'confMargin',
      'Confidence charge',
      'fraction of notional',
      1,
      0,
      2,
      'Charge at zero confidence, on the notional.',
    ),
  ] as const;
}
