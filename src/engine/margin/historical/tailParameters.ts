import type { ParameterSpec } from '../../domain/riskParameters.ts';
import { spec } from '../parameterSpec.ts';
import { UNWINDING_PARAMETERS } from './unwindingCharges.ts';

const EMIR_SOURCE = 'Commission Delegated Regulation (EU) No 153/2013, articles 24 to 26';
const EMIR_DATE = '2012-12-19';

/** Parameters of the two rules that margin the tail of a book's history. They differ in where the tail begins. */
export function tailParameters(confidence: number, reason: string): readonly ParameterSpec[] {
  return [
    spec(
      'confidence',
      'Confidence',
      'fraction',
      confidence,
      0.5,
      0.999,
      `Share of the history's moves that lose less than the tail. ${reason}`,
    ),
    spec(
      'horizonDays',
      'Horizon',
      'days',
      2,
      1,
      30,
      'Time in which a book is closed out. Two days is the least liquidation period of listed derivatives at an EU clearing house (from memory, unverified).',
      { source: EMIR_SOURCE, date: EMIR_DATE },
    ),
    spec(
      'windowDays',
      'History',
      'days',
      365,
      60,
      10_000,
      'The newest moves that count, all alike. Twelve months is the least look-back of an EU clearing house.',
      { source: EMIR_SOURCE, date: EMIR_DATE },
    ),
    spec(
      'multiplier',
      'Multiplier',
      'multiple',
      1,
      0.1,
      10,
      "The tail's loss is multiplied by this before add-ons; 1 takes the history at its word.",
    ),
    ...UNWINDING_PARAMETERS,
    spec(
      'maintenanceFactor',
      'Maintenance factor',
      'fraction',
      0.8,
      0.1,
      1,
      "Maintenance margin as a share of initial margin, as in Headroom's other rules: a lower confidence would let it jump from one day of the history to another.",
    ),
  ];
}
