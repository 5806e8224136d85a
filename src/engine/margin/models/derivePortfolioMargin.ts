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
import { expiryConfidence, spotAndPerpetualConfidence } from '../derive/optionExpiry.ts';
import { portfolioManagerMargin } from '../derive/portfolioManager.ts';
import {
  PORTFOLIO_MANAGER_TABLE,
  portfolioManagerScenarios,
  SCENARIO_RANGE,
} from '../derive/portfolioManagerParameters.ts';
import type { ScenarioShock } from '../derive/ScenarioShock.ts';
import type { MarginBook, MarginModel, MarginRequirement } from '../MarginModel.ts';

const PARAMETERS = [SCENARIO_RANGE, ...PORTFOLIO_MANAGER_TABLE, FEED_CONFIDENCE] as const;

type Parameters = TableValues<typeof PARAMETERS>;

const MANAGERS = new Set(['BTC', 'ETH']);

/** Derive's portfolio margin, first version: the rule of `portfolioManagerMargin`, a subaccount for each coin. */
export const derivePortfolioMargin: MarginModel = {
  id: 'derive-pm',
  title: 'Derive PM',
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
  const scenarios = portfolioManagerScenarios(p.scenarioRange);
  return managerRequirement(
    book,
    managed.map((coin) => subaccount(coin, held, p, scenarios)),
    beside.map(({ asset, valueUsd }) => refusedCollateral(asset, valueUsd)),
    managedApproximations(
      held,
      managed,
      beside.map(({ asset }) => asset),
    ),
  );
}

function subaccount(
  coin: DeriveCoin,
  { stablePrice }: DeriveBook,
  p: Parameters,
  scenarios: readonly ScenarioShock[],
): SubaccountRequirement {
  const { underlying, spot, perpetual, held, expiries } = coin;
  const base = held?.quantity ?? 0;
  const margin = portfolioManagerMargin(
    {
      spot,
      spotConfidence: coin.spotConfidence,
      stablePrice,
      cash: 0,
      base,
      baseValue: base * spot,
      perpetual,
      expiries: expiries.map(({ terms }) => terms),
    },
    p,
    scenarios,
  );
  const worst = bindingLoss(coin, margin, scenarios, p);
  const contingencies = (factor: number) => [
    ...perpetualCharges(coin, 'Perpetual contingency', margin.perpetualContingency * factor),
    ...optionCharges(coin, 'Short option contingency', p.optionPercent * spot * factor, ({ options }) =>
      nakedShorts(options),
    ),
    ...coinCharges(coin, 'Coin contingency', p.basePercent * spot * factor),
  ];
  const plain = contingencies(1);
  const unsureAt = (confidence: number): Usd => lowConfidenceCharge(confidence, spot, p.confThreshold, p.confMargin);
  const confidence = spotAndPerpetualConfidence(coin.spotConfidence, perpetual);
  return {
    underlying,
    worst,
    lossFactor: p.imFactor,
    charges: [
      ...contingencies(p.imFactor),
      ...pegCharges(
        [...worst.byPosition, ...plain.map(({ of, usd }) => [of, usd] as const)],
        pegLoss(stablePrice, p.pegLossThreshold, p.pegLossFactor),
      ),
      ...perpetualCharges(coin, 'Low confidence', unsureAt(confidence) * Math.abs(perpetual.quantity)),
      ...optionCharges(coin, 'Low confidence', (terms) => unsureAt(expiryConfidence(confidence, terms)), grossSizes),
      ...coinCharges(coin, 'Low confidence', unsureAt(confidence)),
    ],
    maintenanceMarginUsd: worst.lossUsd + sum(plain.map(({ usd }) => usd)),
  };
}
