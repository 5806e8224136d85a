import type { ParameterSet, ParameterSpec } from '../domain/riskParameters.ts';
import type { MarginPosition } from './MarginModel.ts';
import { spec } from './parameterSpec.ts';

/**
 * Contingency charges beside the scan, for what a parallel move of spot and vol does not show: the gap risk of options sold,
 * and forwards of different dates drifting apart. Charging a book as a whole is never more than charging its legs apart. Options
 * bought are not charged, since they cannot lose more than they are worth; so buying back one side of a delta-flat pair of
 * sold options can raise the basis charge of what is left.
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
  const net = netQuantities(positions);
  return positions.map((position) => {
    if (!isSoldOption(position, net)) return 0;
    // A leg bought against one sold in the same contract takes its share off, so that the rows add up to the net.
    return -position.quantity * position.index * parameters.shortOptionCharge!;
  });
}

/** Charge of each position, USD, in the positions' order: net delta of futures and options sold by expiry, times the basis move. */
export function basisCharges(positions: readonly MarginPosition[], parameters: ParameterSet): number[] {
  const quantities = netQuantities(positions);
  const deltaUsd = new Map<string, number>();
  const keys = positions.map((position) => {
    const { contract, underlying, deltaCoins, index } = position;
    if (contract === null || contract.timeToExpiryYears <= 0) return null;
    if (contract.option !== null && !isSoldOption(position, quantities)) return null;
    const key = `${underlying}|${contract.timeToExpiryYears}`;
    deltaUsd.set(key, (deltaUsd.get(key) ?? 0) + deltaCoins * index);
    return key;
  });
  return positions.map(({ contract, deltaCoins, index }, row) => {
    const key = keys[row]!;
    if (key === null) return 0;
    const years = contract!.timeToExpiryYears;
    const drift = Number.isFinite(years) ? Math.expm1(parameters.basisAnnualRate! * years) : 0;
    return Math.sign(deltaUsd.get(key)!) * deltaCoins * index * Math.max(parameters.basisMinimum!, drift);
  });
}

/** Net quantity of each contract: what is bought and sold of the same contract is gone before anything is charged. */
function netQuantities(positions: readonly MarginPosition[]): ReadonlyMap<string, number> {
  const net = new Map<string, number>();
  for (const { contract, quantity } of positions) {
    if (contract) net.set(contract.instrument.name, (net.get(contract.instrument.name) ?? 0) + quantity);
  }
  return net;
}

function isSoldOption({ contract }: MarginPosition, net: ReadonlyMap<string, number>): boolean {
  return (
    contract !== null &&
    contract.option !== null &&
    contract.timeToExpiryYears > 0 &&
    net.get(contract.instrument.name)! < 0
  );
}
