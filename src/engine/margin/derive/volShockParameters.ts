import { row } from './parameterTable.ts';

/** Rows shared by both portfolio managers; the vol ranges differ and stand in their own tables. */
export const VOL_TERM_ROWS = [
  row(
    'shortTermPower',
    'Vol power under 30 days',
    'exponent',
    0.3,
    0,
    10,
    'Power of 30 / days up to 30 days to expiry.',
  ),
  row(
    'longTermPower',
    'Vol power from 30 days',
    'exponent',
    0.13,
    0,
    10,
    'Power of 30 / days beyond 30 days to expiry.',
  ),
  row(
    'dteFloorDays',
    'Fewest days of the vol shock',
    'days',
    1,
    0,
    30,
    'Days to expiry are counted as at least these.',
  ),
] as const;
