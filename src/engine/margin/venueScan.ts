import type { WorstScenario } from '../domain/riskReport.ts';
import { DAYS_PER_YEAR, type Usd, type Vol } from '../domain/units.ts';
import { optionSign, undiscountedBlack } from '../pricing/black76.ts';
import { firstLargest } from './firstLargest.ts';
import type { MarginBook, MarginComponent } from './MarginModel.ts';
import { type NetCoin, type NetFuture, type NetOption, netPositions } from './netPositions.ts';
import { percent, signedPercent } from './percent.ts';
import { worstOfParts } from './worstOfParts.ts';

/**
 * The scan of a venue that lists its scenarios and settles in dollars: every net option of one underlying is repriced once per
 * scenario, at its own forward moved with spot and at one of the vols that the rule gives it; futures and coins are linear.
 * A rule makes its units, its grid and the vols of an option; what comes back splits into a component and rows that add up.
 */

/** What a venue margins together: the positions on one underlying. */
export interface RiskUnit {
  readonly underlying: string;
  /** Spot index, USD. */
  readonly index: Usd;
  readonly options: readonly NetOption[];
  readonly futures: readonly NetFuture[];
  readonly coins: readonly NetCoin[];
}

/** A share of the margin that belongs to one net position, as `chargedRows` takes it. */
export type NetCharge = readonly [NetOption | NetFuture | NetCoin, Usd];

/** A position whose profit is its exposure times the move of spot. */
export interface LinearExposure {
  readonly net: NetFuture | NetCoin;
  readonly exposureUsd: Usd;
}

export interface ScanPoint {
  /** Relative move of spot and of every forward with it. */
  readonly spotMove: number;
  /** Into the grid's vol states, and into the vols that the rule gives an option. */
  readonly vol: number;
  /** Share of the loss that counts. */
  readonly cover: number;
  /** Days by which time passes; absent means none. */
  readonly days?: number;
}

export interface VolState {
  /** In words, `IV up`. */
  readonly label: string;
  /** The shock of a 30-day option, relative. */
  readonly shock: number;
}

export interface ScanGrid {
  readonly points: readonly ScanPoint[];
  readonly volStates: readonly VolState[];
}

export interface UnitScan {
  readonly unit: RiskUnit;
  readonly grid: ScanGrid;
  /** Counted loss of the unit at each point, at least zero: a gain asks for nothing. */
  readonly lossUsd: readonly number[];
  /** The first of the largest losses. */
  readonly binding: number;
  /** Counted losses of the positions at the point that binds, gains negative; they add up to the loss, and are none where it is zero. */
  readonly charges: readonly NetCharge[];
}

/** The book by underlying, in the order in which the underlyings first appear. */
export function riskUnits(book: MarginBook): RiskUnit[] {
  const { options, futures, coins } = netPositions(book);
  const units = new Map<
    string,
    { underlying: string; index: Usd; options: NetOption[]; futures: NetFuture[]; coins: NetCoin[] }
  >();
  const unitOf = ({ underlying, index }: NetCoin) => {
    let unit = units.get(underlying);
    if (!unit) {
      unit = { underlying, index, options: [], futures: [], coins: [] };
      units.set(underlying, unit);
    }
    return unit;
  };
  for (const option of options) unitOf(option).options.push(option);
  for (const future of futures) unitOf(future).futures.push(future);
  for (const coin of coins) unitOf(coin).coins.push(coin);
  return [...units.values()];
}

/** Net delta of the derivatives of a unit, coins. */
export function derivativesDelta({ options, futures }: RiskUnit): number {
  let delta = 0;
  for (const option of options) delta += option.deltaCoins;
  for (const future of futures) delta += future.sizeCoins;
  return delta;
}

/** Mean vol of a unit's options by size, to say a shock in points as a relative one; 1 without options. */
export function meanVol({ options }: RiskUnit): Vol {
  let size = 0;
  let vols = 0;
  for (const { quantity, volatility } of options) {
    size += Math.abs(quantity);
    vols += Math.abs(quantity) * volatility;
  }
  return size > 0 ? vols / size : 1;
}

/** What charges come to. */
export function totalCharge(charges: readonly NetCharge[]): Usd {
  let total = 0;
  for (const [, usd] of charges) total += usd;
  return total;
}

/** Coins of the unit as exposures as far as they hedge its derivatives: of the opposite sign to their delta, and no more than it. */
export function hedgingCoins(unit: RiskUnit): LinearExposure[] {
  const delta = derivativesDelta(unit);
  const held = unit.coins.reduce((total, { quantity }) => total + quantity, 0);
  if (held * delta >= 0) return [];
  const share = Math.min(1, Math.abs(delta / held));
  return unit.coins.map((net) => ({ net, exposureUsd: share * net.quantity * unit.index }));
}

/** Legs that cancel, a box for one, lose their last digits at every point; that is no loss. */
const ROUNDING = 1e-12;

/**
 * The unit at every point of the grid.
 * @param vols the vol of an option in each vol state of the grid.
 * @param factor USD per USD of premium: 1 for contracts settled in USD.
 */
export function unitScan(
  unit: RiskUnit,
  linear: readonly LinearExposure[],
  grid: ScanGrid,
  vols: (option: NetOption) => readonly Vol[],
  factor: (option: NetOption) => number = () => 1,
): UnitScan {
  const { points } = grid;
  const pnl = unit.options.map((option) => optionPnl(option, points, vols(option), factor(option)));
  let exposure = 0;
  for (const { exposureUsd } of linear) exposure += exposureUsd;
  const lossUsd = points.map(({ spotMove, cover }, at) => {
    let profit = exposure * spotMove;
    let magnitude = Math.abs(profit);
    for (const row of pnl) {
      profit += row[at]!;
      magnitude += Math.abs(row[at]!);
    }
    return profit < -ROUNDING * magnitude ? -profit * cover : 0;
  });
  const binding = firstLargest(lossUsd);
  if (!(lossUsd[binding]! > 0)) return { unit, grid, lossUsd, binding, charges: [] };
  const { spotMove, cover } = points[binding]!;
  return {
    unit,
    grid,
    lossUsd,
    binding,
    charges: [
      ...unit.options.map((option, row): NetCharge => [option, -pnl[row]![binding]! * cover]),
      ...linear.map(({ net, exposureUsd }): NetCharge => [net, -exposureUsd * spotMove * cover]),
    ],
  };
}

/** P&L of the whole net position at each point, discounted as its value is: what is bought can lose no more than it is worth. */
function optionPnl(
  option: NetOption,
  points: readonly ScanPoint[],
  vols: readonly Vol[],
  factor: number,
): Float64Array {
  const { contract, forward, strikeUsd, timeToExpiryYears, volatility, quantity, discount } = option;
  const sign = optionSign(contract.optionType);
  const rootTime = Math.sqrt(timeToExpiryYears);
  const now = undiscountedBlack(sign, forward, strikeUsd, volatility * rootTime);
  const held = quantity * discount * factor;
  const pnl = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += 1) {
    const { spotMove, vol, days } = points[at]!;
    const root = days === undefined ? rootTime : Math.sqrt(Math.max(timeToExpiryYears - days / DAYS_PER_YEAR, 0));
    const then = undiscountedBlack(sign, forward * (1 + spotMove), strikeUsd, vols[vol]! * root);
    pnl[at] = held * (then - now);
  }
  return pnl;
}

/** What the scan makes of a requirement: `share` of its loss. */
export function scanComponent(name: string, { grid, lossUsd, binding }: UnitScan, share = 1): MarginComponent {
  const amountUsd = share === 1 ? lossUsd : lossUsd.map((loss) => share * loss);
  return {
    name,
    usd: amountUsd[binding]!,
    scan: { amountUsd, binding, label: (scenario) => pointLabel(grid, scenario) },
  };
}

/** A point in words: `−12 %, IV up`, `−66 %, IV up, 18 % of the loss counts`, `0 %, IV unchanged, 1 day on`. */
export function pointLabel({ points, volStates }: ScanGrid, at: number): string {
  const { spotMove, vol, cover, days } = points[at]!;
  const parts = [signedPercent(spotMove), volStates[vol]!.label];
  if (days !== undefined) parts.push(`${days} ${days === 1 ? 'day' : 'days'} on`);
  if (cover < 1) parts.push(`${percent(cover)} of the loss counts`);
  return parts.join(', ');
}

/** The worst of units that are scanned apart; null when none of them can lose. */
export function worstOfUnits(scans: readonly UnitScan[]): WorstScenario | null {
  return worstOfParts(
    scans.map(({ unit, grid, lossUsd, binding }) => {
      const point = grid.points[binding]!;
      return {
        underlying: unit.underlying,
        label: pointLabel(grid, binding),
        spotMove: point.spotMove,
        volShock: grid.volStates[point.vol]!.shock,
        lossUsd: lossUsd[binding]!,
      };
    }),
  );
}
