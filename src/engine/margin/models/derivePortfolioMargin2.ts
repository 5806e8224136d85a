import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { Usd } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import { lowConfidenceCharge, nakedShorts, pegLoss } from '../derive/contingencies.ts';
import {
  type DeriveBook,
  type DeriveCoin,
  deriveBook,
  managedApproximations,
  managedBook,
} from '../derive/deriveBook.ts';
import {
  bindingLoss,
  type CollateralCharge,
  coinCharges,
  grossSizes,
  managerRequirement,
  optionCharges,
  pegCharges,
  perpetualCharges,
  refusedCollateral,
  type SubaccountRequirement,
} from '../derive/managerRequirement.ts';
import {
  FEED_CONFIDENCE,
  PRODUCTION_SCRIPT,
  PRODUCTION_SCRIPT_DATE,
  type TableValues,
} from '../derive/parameterTable.ts';
import { coinConfidence } from '../derive/feedConfidence.ts';
import { expiryConfidence, spotAndPerpetualConfidence } from '../derive/optionExpiry.ts';
import { portfolioManager2Margin } from '../derive/portfolioManager2.ts';
import {
  collateralHaircuts,
  HAIRCUT_ROWS,
  PORTFOLIO_MANAGER_2_TABLE,
  portfolioManager2Scenarios,
  SOL_TAILS,
  SCENARIO_RANGE_2,
  SCENARIO_RANGE_SOL,
} from '../derive/portfolioManager2Parameters.ts';
import type { ScenarioShock } from '../derive/ScenarioShock.ts';
import type { MarginBook, MarginModel, MarginRequirement } from '../MarginModel.ts';

const PARAMETERS = [
  SCENARIO_RANGE_2,
  SCENARIO_RANGE_SOL,
  ...PORTFOLIO_MANAGER_2_TABLE,
  ...HAIRCUT_ROWS,
  FEED_CONFIDENCE,
] as const;

type Parameters = TableValues<typeof PARAMETERS>;

const MANAGERS = new Set(['BTC', 'ETH', 'SOL']);

const HAIRCUT = 'Collateral haircut';
const LOW_CONFIDENCE = 'Low confidence';

/** Derive's portfolio margin, second version: the rule of `portfolioManager2Margin`, a subaccount for each coin. */
export const derivePortfolioMargin2: MarginModel = {
  id: 'derive-pm2',
  title: 'Derive PM2',
  venue: 'Derive',
  source: PRODUCTION_SCRIPT,
  parametersDate: PRODUCTION_SCRIPT_DATE,
  parameters: PARAMETERS,
  requirement,
};

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const p = parameters as Parameters;
  const held = deriveBook(book, p.feedConfidence);
  const { managed, beside } = managedBook(held, MANAGERS);
  const scenarios = portfolioManager2Scenarios(p.scenarioRange);
  const solScenarios = portfolioManager2Scenarios(p.scenarioRangeSOL, SOL_TAILS);
  const refused = beside.filter(({ asset }) => collateralHaircuts(p, asset) === null);
  return managerRequirement(
    book,
    managed.map((coin) => subaccount(coin, held, p, coin.underlying === 'SOL' ? solScenarios : scenarios)),
    beside.flatMap(({ asset, valueUsd }) =>
      besideCharges(asset, valueUsd, coinConfidence(book.market, asset, p.feedConfidence).spot, p),
    ),
    [
      ...managedApproximations(
        held,
        managed,
        refused.map(({ asset }) => asset),
      ),
      ...(managed.some(({ underlying }) => underlying === 'SOL')
        ? ["Of SOL's manager the scenarios are known; its other parameters are taken as those of BTC and ETH."]
        : []),
    ],
  );
}

/** Collateral that no scenario moves. */
function besideCharges(asset: string, valueUsd: Usd, confidence: number, p: Parameters): CollateralCharge[] {
  const haircuts = collateralHaircuts(p, asset);
  if (haircuts === null) return [refusedCollateral(asset, valueUsd)];
  const { maintenanceHaircut, initialHaircut } = haircuts;
  const unsure = lowConfidenceCharge(confidence, valueUsd, p.confThreshold, p.confMargin);
  return [
    {
      component: HAIRCUT,
      asset,
      usd: valueUsd * (maintenanceHaircut + initialHaircut),
      maintenanceUsd: valueUsd * maintenanceHaircut,
    },
    ...(unsure > 0 ? [{ component: LOW_CONFIDENCE, asset, usd: unsure, maintenanceUsd: 0 }] : []),
  ];
}

function subaccount(
  coin: DeriveCoin,
  { stablePrice }: DeriveBook,
  p: Parameters,
  scenarios: readonly ScenarioShock[],
): SubaccountRequirement {
  const { underlying, spot, perpetual, held, expiries } = coin;
  // A coin that is not taken is not in the subaccount.
  const haircuts = collateralHaircuts(p, underlying) ?? { maintenanceHaircut: 0, initialHaircut: 0 };
  const margin = portfolioManager2Margin(
    {
      spot,
      spotConfidence: coin.spotConfidence,
      stablePrice,
      cash: 0,
      perpetual,
      collaterals: held
        ? [{ value: held.quantity * spot, confidence: coin.spotConfidence, riskCancelling: true, ...haircuts }]
        : [],
      expiries: expiries.map(({ terms }) => terms),
    },
    p,
    scenarios,
  );
  const worst = bindingLoss(coin, margin, scenarios, p);
  const contingencies = (perpetualUsd: Usd, optionPercent: number, haircut: number) => [
    ...perpetualCharges(coin, 'Perpetual contingency', perpetualUsd),
    ...optionCharges(coin, 'Short option contingency', optionPercent * spot, ({ options }) => nakedShorts(options)),
    ...coinCharges(coin, HAIRCUT, haircut * spot),
  ];
  const maintenance = contingencies(margin.maintenancePerpetual, p.MMOptionPercent, haircuts.maintenanceHaircut);
  const unsureAt = (confidence: number) => lowConfidenceCharge(confidence, spot, p.confThreshold, p.confMargin);
  const confidence = spotAndPerpetualConfidence(coin.spotConfidence, perpetual);
  return {
    underlying,
    worst,
    lossFactor: p.imFactor,
    charges: [
      ...contingencies(
        margin.maintenancePerpetual + margin.initialPerpetual,
        p.MMOptionPercent + p.IMOptionPercent,
        haircuts.maintenanceHaircut + haircuts.initialHaircut,
      ),
      ...pegCharges(worst.byPosition, pegLoss(stablePrice, p.pegLossThreshold, p.pegLossFactor)),
      ...perpetualCharges(coin, LOW_CONFIDENCE, unsureAt(confidence) * Math.abs(perpetual.quantity)),
      ...optionCharges(coin, LOW_CONFIDENCE, (terms) => unsureAt(expiryConfidence(confidence, terms)), grossSizes),
      ...coinCharges(coin, LOW_CONFIDENCE, unsureAt(coin.spotConfidence)),
    ],
    maintenanceMarginUsd: worst.lossUsd * p.mmFactor + sum(maintenance.map(({ usd }) => usd)),
  };
}
