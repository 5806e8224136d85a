import type { ParameterSet, ParameterSpec } from '../domain/riskParameters.ts';
import type { MarginPosition } from './MarginModel.ts';
import { spec } from './scan.ts';

/**
 * Contingency charges beside the scan, for what a parallel move of spot and vol does not show: the gap risk of options sold,
 * and forwards of different dates drifting apart. Both are sums of absolute values over nets, so that charging a book as a
 * whole is never more than charging its legs apart. Options bought are not charged: they cannot lose more than they are worth.
 */
export const CHARGE_PARAMETERS: readonly ParameterSpec[] = [
  spec(
    'shortOptionCharge',
    'Short option charge',
    'fraction of index',
    0.005,
    0,
    0.1,
    'Charged on each option sold, net within one contract.',
  ),
  spec(
    'basisAnnualRate',
    'Basis move',
    'fraction per year',
    0.05,
    0,
    0.5,
    'The forward of an expiry may drift by exp(rate x years) - 1 against the others.',
  ),
  spec(
    'basisMinimum',
    'Basis minimum',
    'fraction',
    0.005,
    0,
    0.1,
    'Least basis move of any expiry and of the perpetual.',
  ),
];

/** Charge of each position, USD, in the positions' order. */
export function shortOptionCharges(positions: readonly MarginPosition[], parameters: ParameterSet): number[] {
  const net = new Map<string, number>();
  for (const { contract, quantity } of positions) {
    if (contract?.option) net.set(contract.instrument.name, (net.get(contract.instrument.name) ?? 0) + quantity);
  }
  return positions.map(({ contract, quantity, index }) => {
    if (!contract?.option || contract.timeToExpiryYears <= 0 || net.get(contract.instrument.name)! >= 0) return 0;
    // A leg bought against one sold in the same contract takes its share off, so that the rows add up to the net.
    return -quantity * index * parameters.shortOptionCharge!;
  });
}

/** Charge of each position, USD, in the positions' order: net delta of futures and options sold by expiry, times the basis move. */
export function basisCharges(positions: readonly MarginPosition[], parameters: ParameterSet): number[] {
  const net = new Map<string, number>();
  for (const position of positions) {
    const key = basisKey(position);
    if (key !== null) net.set(key, (net.get(key) ?? 0) + position.deltaCoins * position.index);
  }
  return positions.map((position) => {
    const key = basisKey(position);
    if (key === null) return 0;
    const years = position.contract!.timeToExpiryYears;
    const drift = Number.isFinite(years) ? Math.expm1(parameters.basisAnnualRate! * years) : 0;
    return Math.sign(net.get(key)!) * position.deltaCoins * position.index * Math.max(parameters.basisMinimum!, drift);
  });
}

/** What nets for the basis charge: one underlying, one expiry. Null for what is not charged. */
function basisKey({ contract, quantity, underlying }: MarginPosition): string | null {
  if (contract === null || contract.timeToExpiryYears <= 0) return null;
  if (contract.option !== null && quantity > 0) return null;
  return `${underlying}|${contract.timeToExpiryYears}`;
}
