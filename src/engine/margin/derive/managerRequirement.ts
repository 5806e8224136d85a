import type { Usd } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import { firstLargest } from '../firstLargest.ts';
import type { MarginBook, MarginComponent, MarginRequirement } from '../MarginModel.ts';
import { chargedRows, type NetPosition } from '../netPositions.ts';
import { percent, signedPercent } from '../percent.ts';
import { worstOfParts } from '../worstOfParts.ts';
import type { BasisParameters } from './contingencies.ts';
import type { DeriveCoin } from './deriveBook.ts';
import type { PortfolioExpiry } from './optionExpiry.ts';
import type { ScenarioShock, VolMove } from './ScenarioShock.ts';
import { basisGains, optionGains, type ShockedExpiry } from './shockedExpiry.ts';

/** A charge of one position in initial margin, under the name of its component. */
export interface Charge {
  readonly component: string;
  readonly of: NetPosition;
  readonly usd: Usd;
}

/** The scenario that binds in one subaccount, and what it makes each position lose. */
export interface BindingLoss {
  readonly label: string;
  readonly spotMove: number;
  readonly volShock: number;
  /** At least zero, before any factor. */
  readonly lossUsd: Usd;
  /** The loss in each scenario, then the basis loss; `binding` is the index of the largest. */
  readonly lossesUsd: readonly Usd[];
  readonly binding: number;
  labelOf(scenario: number): string;
  readonly byPosition: readonly (readonly [NetPosition, Usd])[];
}

/** One subaccount's requirement, apart. */
export interface SubaccountRequirement {
  readonly underlying: string;
  readonly worst: BindingLoss;
  /** What the worst loss is multiplied by in initial margin, the peg aside. */
  readonly lossFactor: number;
  readonly charges: readonly Charge[];
  readonly maintenanceMarginUsd: Usd;
}

/** @param margin what the rule makes of the coin: a P&L for each scenario, dampened, and the basis contingency beside them. */
export function bindingLoss(
  coin: DeriveCoin,
  { expiries, scenarioPnl, basisContingency }: ScannedAccount,
  scenarios: readonly ScenarioShock[],
  p: BasisParameters & VolRange,
): BindingLoss {
  // A minus sign in front of zero would be shown as one.
  const lossesUsd = [...scenarioPnl, basisContingency].map((pnl) => (pnl === 0 ? 0 : -pnl));
  const binding = firstLargest(lossesUsd);
  const shock = scenarios[binding] ?? null;
  const labelOf = (scenario: number) => scenarioLabel(scenarios[scenario] ?? null, p);
  // Of losses equal up to rounding the first binds, and that may be a last digit below nothing.
  const lossUsd = Math.max(lossesUsd[binding]!, 0);
  return {
    label: labelOf(binding),
    spotMove: shock === null ? 0 : shock.spotFactor - 1,
    volShock: shock === null ? 0 : volShock(shock.volMove, p),
    lossUsd,
    lossesUsd,
    binding,
    labelOf,
    byPosition: lossUsd === 0 ? [] : lossByPosition(coin, expiries, shock, p),
  };
}

function lossByPosition(
  coin: DeriveCoin,
  expiries: readonly ShockedExpiry[],
  shock: ScenarioShock | null,
  p: BasisParameters,
): (readonly [NetPosition, Usd])[] {
  const dampening = shock?.dampening ?? 1;
  const options = expiries.flatMap((terms, e) => {
    const gains = shock === null ? basisGains(terms, p) : optionGains(terms, shock);
    return gains.map((gain, o): readonly [NetPosition, Usd] => [coin.expiries[e]!.contracts[o]!, -gain * dampening]);
  });
  if (shock === null) return options;
  const loss = dampening * (1 - shock.spotFactor);
  return [
    ...options,
    ...coin.futures.map((future): readonly [NetPosition, Usd] => [future, future.notionalUsd * loss]),
    ...(coin.held ? [[coin.held, coin.held.quantity * coin.spot * loss] as const] : []),
  ];
}

/** Charges on what each option is short, as `amounts` has it by expiry and option, times a price, or that of its expiry. */
export function optionCharges(
  coin: DeriveCoin,
  component: string,
  price: Usd | ((expiry: PortfolioExpiry) => Usd),
  amounts: (expiry: PortfolioExpiry) => readonly number[],
): Charge[] {
  return coin.expiries.flatMap(({ terms, contracts }) => {
    const each = typeof price === 'number' ? price : price(terms);
    return each === 0 ? [] : amounts(terms).map((amount, o) => ({ component, of: contracts[o]!, usd: amount * each }));
  });
}

/** A charge on the coins held. */
export function coinCharges(coin: DeriveCoin, component: string, price: Usd): Charge[] {
  return coin.held === null || price === 0 ? [] : [{ component, of: coin.held, usd: coin.held.quantity * price }];
}

/** Sizes of all options, bought and sold. */
export function grossSizes({ options }: PortfolioExpiry): number[] {
  return options.map(({ quantity }) => Math.abs(quantity));
}

/** The part of initial margin that grows with the loss of the peg: `growth` times what each position loses already. */
export function pegCharges(losses: Iterable<readonly [NetPosition, Usd]>, growth: number): Charge[] {
  if (growth === 0) return [];
  return [...losses].map(([of, usd]) => ({ component: 'USDC below its peg', of, usd: usd * growth }));
}

/** The futures of a coin share what is charged on their net size; nothing is where they cancel. */
export function perpetualCharges(coin: DeriveCoin, component: string, usd: Usd): Charge[] {
  const { quantity } = coin.perpetual;
  if (quantity === 0 || usd === 0) return [];
  return coin.futures.map((of) => ({ component, of, usd: (usd * of.sizeCoins) / quantity }));
}

/** What is charged on collateral that no subaccount scans. */
export interface CollateralCharge {
  readonly component: string;
  readonly asset: string;
  readonly usd: Usd;
  readonly maintenanceUsd: Usd;
}

/** Collateral that a rule does not take: it counts as nothing. */
export function refusedCollateral(asset: string, valueUsd: Usd): CollateralCharge {
  return { component: 'Collateral not taken', asset, usd: valueUsd, maintenanceUsd: valueUsd };
}

/** The rows with those of further collateral. */
export function withOthers(
  rows: readonly { readonly id: string; readonly initialMarginUsd: Usd }[],
  others: readonly CollateralCharge[],
): { readonly id: string; readonly initialMarginUsd: Usd }[] {
  const byId = new Map(rows.map((row) => [row.id, row.initialMarginUsd]));
  for (const { asset, usd } of others) {
    const id = `collateral:${asset}`;
    byId.set(id, (byId.get(id) ?? 0) + usd);
  }
  return [...byId].map(([id, initialMarginUsd]) => ({ id, initialMarginUsd }));
}

/** Charges added up under their names, in the order in which the names first appear. */
export function chargeComponents(charges: readonly (Charge | CollateralCharge)[]): MarginComponent[] {
  const byName = new Map<string, Usd>();
  for (const { component, usd } of charges) byName.set(component, (byName.get(component) ?? 0) + usd);
  return [...byName].map(([name, usd]) => ({ name, usd }));
}

/** The whole book: subaccounts add. Of `others`, what is no position of the book has a row of its own. */
export function managerRequirement(
  book: MarginBook,
  subaccounts: readonly SubaccountRequirement[],
  others: readonly CollateralCharge[],
  approximations: readonly string[],
): MarginRequirement {
  const scans = subaccounts.map(
    ({ underlying, worst, lossFactor }): MarginComponent => ({
      name: `Worst loss, ${underlying}`,
      usd: worst.lossUsd * lossFactor,
      scan: {
        amountUsd: worst.lossesUsd.map((loss) => loss * lossFactor),
        binding: worst.binding,
        label: worst.labelOf,
      },
    }),
  );
  const charges = subaccounts.flatMap((subaccount) => subaccount.charges);
  const components = [...scans, ...chargeComponents([...charges, ...others])];
  const losses = subaccounts.flatMap(({ worst, lossFactor }) =>
    worst.byPosition.map(([of, usd]) => [of, usd * lossFactor] as const),
  );
  return {
    initialMarginUsd: sum(components.map(({ usd }) => usd)),
    maintenanceMarginUsd:
      sum(subaccounts.map(({ maintenanceMarginUsd }) => maintenanceMarginUsd)) +
      sum(others.map(({ maintenanceUsd }) => maintenanceUsd)),
    worstScenario: worstOfParts(
      subaccounts.map(({ underlying, worst: { label, spotMove, volShock: shock, lossUsd } }) => ({
        underlying,
        label,
        spotMove,
        volShock: shock,
        lossUsd,
      })),
    ),
    components,
    positions: withOthers(chargedRows(book, [...losses, ...charges.map(({ of, usd }) => [of, usd] as const)]), others),
    approximations,
  };
}

interface ScannedAccount {
  readonly expiries: readonly ShockedExpiry[];
  readonly scenarioPnl: readonly Usd[];
  readonly basisContingency: Usd;
}

interface VolRange {
  readonly volRangeUp: number;
  readonly volRangeDown: number;
}

function volShock(move: VolMove, { volRangeUp, volRangeDown }: VolRange): number {
  return move === 'up' ? volRangeUp : move === 'down' ? -volRangeDown : 0;
}

const VOL_WORDS: Readonly<Record<VolMove, string>> = {
  up: 'IV up',
  none: 'IV unchanged',
  down: 'IV down',
  linear: 'skew, linear',
  abs: 'skew, absolute',
};

/** A scenario in words, `−18 %, IV up`; null is the basis loss. */
function scenarioLabel(shock: ScenarioShock | null, { scenarioSpotUp, scenarioSpotDown }: BasisParameters): string {
  if (shock === null)
    return `Basis, forwards ${signedPercent(scenarioSpotUp - 1, 2)} or ${signedPercent(scenarioSpotDown - 1, 2)}`;
  const { spotFactor, volMove, dampening } = shock;
  if (volMove === 'linear' || volMove === 'abs') return VOL_WORDS[volMove];
  const share = dampening === 1 ? '' : `, ${percent(dampening, 2)} counted`;
  return `${signedPercent(spotFactor - 1, 2)}, ${VOL_WORDS[volMove]}${share}`;
}
