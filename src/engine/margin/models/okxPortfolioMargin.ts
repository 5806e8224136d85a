import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { Usd, Vol } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import type { MarginBook, MarginComponent, MarginModel, MarginRequirement } from '../MarginModel.ts';
import { chargedRows, type NetFuture, type NetOption } from '../netPositions.ts';
import {
  hedgingCoins,
  meanVol,
  type NetCharge,
  type RiskUnit,
  riskUnits,
  type ScanPoint,
  scanComponent,
  totalCharge,
  unitScan,
  type VolState,
  worstOfUnits,
} from '../venueScan.ts';
import { okxBasisCharge, okxTieredCharge, okxUnitMaintenance } from '../venues/okx.ts';
import {
  OKX_HELP,
  type OkxCoinGroup,
  OKX_PORTFOLIO_MARGIN_PARAMETERS,
  OKX_TENORS,
  okxCoinGroup,
} from '../venues/okxPortfolioMarginParameters.ts';

/**
 * OKX portfolio margin, as far as it is public. A risk unit is all derivatives on one underlying, with coins as far as they hedge them:
 *
 *   MMR = max( max(MR1, MR2, MR6) + MR3 + MR4 + MR5 + MR9, MR7 ),  IMR = 1.3 MMR
 *
 * MR1 spot and vol shock, MR2 one day of decay, MR4 basis by expiry, MR6 half of an extreme move, MR7 the cost of unwinding in tiers.
 * MR3 (vega across expiries), MR5 (interest rates) and MR9 (stablecoins) are not known and left out.
 */
export const okxPortfolioMargin: MarginModel = {
  id: 'okx-pm',
  title: 'OKX PM',
  venue: 'OKX',
  source: OKX_HELP,
  parametersDate: '2025-12-04',
  parameters: OKX_PORTFOLIO_MARGIN_PARAMETERS,
  requirement,
};

/** Vol states of the grid, in the order of `shockedVols`. */
const UNCHANGED = 0;
const VOL_LABELS = ['IV unchanged', 'IV up in points', 'IV up by a share', 'IV down in points', 'IV down by a share'];

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const units = riskUnits(book).filter(({ options, futures }) => options.length + futures.length > 0);
  const answers = units.map((unit) => unitAnswer(unit, parameters));
  const components = answers.flatMap((answer) => answer.components);
  const initialMarginUsd = sum(components.map(({ usd }) => usd));
  return {
    initialMarginUsd,
    maintenanceMarginUsd: sum(answers.map(({ maintenanceUsd }) => maintenanceUsd)),
    worstScenario: worstOfUnits(answers.map(({ scan }) => scan)),
    components,
    positions: chargedRows(
      book,
      answers.flatMap(({ charges }) => charges),
    ),
    approximations: APPROXIMATIONS,
  };
}

const APPROXIMATIONS: readonly string[] = [
  'MR3 (vega across expiries), MR5 (interest rates) and MR9 (stablecoins leaving their peg) are left out: their formulas were not read. The venue asks for more where expiries hedge one another.',
  "The vol shocks of MR1 and the decay of MR2 follow one public program; OKX's own page confirms the first figure.",
  'MR4 is read as the net delta of each expiry times the larger of its least charge and the annualised move times its years.',
  "MR7 takes options at the rate of perpetuals on their delta: the venue's table of slippage for options was not read. The tiers of BTC and ETH count for every coin.",
  "Coins count in the scan as far as they hedge the derivatives on them, and in equity at their index: the venue's discounts on collateral and the margin of what is borrowed (MR8) are left out.",
  'Each underlying is a risk unit of its own and all quotes are one: USD, USDT and USDC contracts net in full.',
];

function unitAnswer(unit: RiskUnit, parameters: ParameterSet) {
  const group = okxCoinGroup(unit.underlying);
  const leastGroup = group === 'Major' ? 'Major' : 'Other';
  const factor = parameters.initialFactor!;
  const scan = unitScan(
    unit,
    // The example's MR1 fits the index in place of the mark.
    [...unit.futures.map((net) => ({ net, exposureUsd: net.sizeCoins * net.index })), ...hedgingCoins(unit)],
    { points: scanPoints(parameters, group), volStates: volStates(unit, parameters) },
    (option) => shockedVols(option, parameters),
    coinValueFactor,
  );

  const deltas = deltasByPosition(unit);
  const basis = basisCharges(deltas, parameters[`basis${group}`]!, parameters[`basisLeast${leastGroup}`]!);
  const rate = parameters[`minimumCharge${leastGroup}`]!;
  const raw = deltas.map(({ net, deltaUsd }): NetCharge => [net, rate * Math.abs(deltaUsd)]);
  const rawUsd = totalCharge(raw);
  const mr7 = okxTieredCharge(
    rawUsd,
    Array.from({ length: 6 }, (_, tier) => parameters[`tier${tier + 1}`]!),
  );

  const stressUsd = scan.lossUsd[scan.binding]!;
  const mr4 = totalCharge(basis);
  const maintenanceUsd = okxUnitMaintenance({ stress: stressUsd, basis: mr4, minimumCharge: mr7 });
  const toppedUp = maintenanceUsd - (stressUsd + mr4);
  const components: MarginComponent[] = [
    scanComponent(`Spot shock, decay or extreme move (MR1, MR2, MR6), ${unit.underlying}`, scan, factor),
    { name: `Basis (MR4), ${unit.underlying}`, usd: factor * mr4 },
    { name: `Up to the minimum charge (MR7), ${unit.underlying}`, usd: factor * toppedUp },
  ];
  const charges: NetCharge[] = [...scan.charges, ...basis].map(([net, usd]) => [net, factor * usd]);
  if (toppedUp > 0) charges.push(...raw.map(([net, usd]): NetCharge => [net, (factor * toppedUp * usd) / rawUsd]));
  return { scan, components, charges, maintenanceUsd };
}

/** The seven spot moves of MR1 as shares of the largest: thirds, but 8, 16 and 25 % for other coins. */
const STEPS = [-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1];
const OTHER_STEPS = [-1, -0.64, -0.32, 0, 0.32, 0.64, 1];

/** 35 points of MR1, one of MR2, two of MR6. */
function scanPoints(parameters: ParameterSet, group: OkxCoinGroup): ScanPoint[] {
  const move = parameters[`spotMove${group}`]!;
  const steps = group === 'Other' ? OTHER_STEPS : STEPS;
  const points: ScanPoint[] = [];
  for (const step of steps) {
    for (let vol = 0; vol < VOL_LABELS.length; vol += 1) points.push({ spotMove: step * move, vol, cover: 1 });
  }
  points.push({ spotMove: 0, vol: UNCHANGED, cover: 1, days: 1 });
  for (const sign of [-1, 1]) {
    points.push({
      spotMove: sign * parameters[`extremeMove${group}`]!,
      vol: UNCHANGED,
      cover: parameters.extremeCover!,
    });
  }
  return points;
}

function shockedVols({ volatility, daysToExpiry }: NetOption, parameters: ParameterSet): Vol[] {
  const points = shockAt(daysToExpiry, parameters, 'volPoints');
  const share = shockAt(daysToExpiry, parameters, 'volShare');
  return [
    volatility,
    volatility + points,
    volatility * (1 + share),
    Math.max(volatility - points, 0),
    Math.max(volatility * (1 - share), 0),
  ];
}

/** Linear between the tenors, level beyond the last. */
function shockAt(days: number, parameters: ParameterSet, kind: 'volPoints' | 'volShare'): number {
  const [near, middle, far] = OKX_TENORS.map((tenor) => parameters[`${kind}${tenor}`]!) as [number, number, number];
  if (days >= 60) return far;
  return days < 30 ? near + (middle - near) * (days / 30) : middle + (far - middle) * ((days - 30) / 30);
}

/** The states in words; a shock in points is relative to the mean vol of the unit's options. */
function volStates(unit: RiskUnit, { volPoints30, volShare30 }: ParameterSet): VolState[] {
  const points = volPoints30! / meanVol(unit);
  return [0, points, volShare30!, -points, -volShare30!].map((shock, at) => ({ label: VOL_LABELS[at]!, shock }));
}

/** A coin-settled option pays its premium in coins at the forward, which are worth the index. */
function coinValueFactor({ contract, index, forward }: NetOption): number {
  return contract.settlement === 'coin' ? index / forward : 1;
}

interface PositionDelta {
  readonly net: NetOption | NetFuture;
  readonly deltaUsd: Usd;
}

function deltasByPosition({ options, futures }: RiskUnit): PositionDelta[] {
  return [
    ...options.map((net) => ({ net, deltaUsd: net.deltaCoins * net.index })),
    ...futures.map((net) => ({ net, deltaUsd: net.notionalUsd })),
  ];
}

/** MR4 of the positions: what moves against the net of its expiry takes its share off. */
function basisCharges(deltas: readonly PositionDelta[], annualMove: number, least: number): NetCharge[] {
  const byExpiry = new Map<number, Usd>();
  for (const { net, deltaUsd } of deltas) {
    byExpiry.set(net.timeToExpiryYears, (byExpiry.get(net.timeToExpiryYears) ?? 0) + deltaUsd);
  }
  return deltas.map(({ net, deltaUsd }) => {
    const years = net.timeToExpiryYears;
    const rate = Number.isFinite(years) ? Math.max(least, annualMove * years) : least;
    return [net, Math.sign(byExpiry.get(years)!) * Math.sign(deltaUsd) * okxBasisCharge(deltaUsd, rate)];
  });
}
