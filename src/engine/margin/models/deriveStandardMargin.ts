import { RiskError } from '../../domain/failure.ts';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { Usd } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import { lowConfidenceCharge, pegLoss } from '../derive/contingencies.ts';
import { type DeriveCoin, deriveBook, legName, notTaken } from '../derive/deriveBook.ts';
import {
  type Charge,
  type CollateralCharge,
  chargeComponents,
  coinCharges,
  optionCharges,
  withOthers,
} from '../derive/managerRequirement.ts';
import {
  FEED_CONFIDENCE,
  PRODUCTION_SCRIPT,
  PRODUCTION_SCRIPT_DATE,
  type TableValues,
} from '../derive/parameterTable.ts';
import { spotAndPerpetualConfidence } from '../derive/optionExpiry.ts';
import { type StandardMarketMargin, standardManagerMargin } from '../derive/standardManager.ts';
import {
  hasStandardOptions,
  hasStandardPerpetual,
  STANDARD_MANAGER_OTHERS,
  STANDARD_MANAGER_TABLE,
  standardManagerValues,
  tokenCredit,
} from '../derive/standardManagerParameters.ts';
import type { MarginBook, MarginModel, MarginRequirement } from '../MarginModel.ts';
import { chargedRows } from '../netPositions.ts';

const PARAMETERS = [...STANDARD_MANAGER_TABLE, ...STANDARD_MANAGER_OTHERS, FEED_CONFIDENCE] as const;

type Parameters = TableValues<typeof PARAMETERS>;

/**
 * Derive's standard margin: the rule of `standardManagerMargin`. Options bought lend nothing, so the requirement is held against
 * the equity without the value of options, and what is charged for options is what the venue takes off that: an option sold
 * alone its mark and its percentage of spot, an expiry at most its largest loss.
 */
export const deriveStandardMargin: MarginModel = {
  id: 'derive-sm',
  title: 'Derive SM',
  venue: 'Derive',
  source: PRODUCTION_SCRIPT,
  parametersDate: PRODUCTION_SCRIPT_DATE,
  parameters: PARAMETERS,
  requirement,
};

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const p = parameters as Parameters;
  const held = deriveBook(book, p.feedConfidence);
  for (const coin of held.coins) refuseUnknown(coin);
  const margin = standardManagerMargin(
    {
      cash: 0,
      stablePrice: held.stablePrice,
      markets: held.coins.map((coin) => ({
        name: coin.underlying,
        spot: coin.spot,
        spotConfidence: coin.spotConfidence,
        perpetual: coin.perpetual,
        base: coin.held?.quantity ?? 0,
        expiries: coin.expiries.map(({ terms }) => ({ ...terms, forward: terms.liveForward })),
      })),
    },
    (underlying) => standardManagerValues(p, underlying),
  );
  const charges = held.coins.flatMap((coin, c) => coinChargesOf(coin, margin.markets[c]!, held.stablePrice, p));
  const tokens = held.tokens.map(({ asset, valueUsd }) => tokenCharge(asset, valueUsd, p));
  const components = chargeComponents([...charges, ...tokens]);
  const coinValue = (coin: DeriveCoin) => (coin.held?.quantity ?? 0) * coin.spot;
  const optionValue = sum(
    held.coins.flatMap(({ expiries }) =>
      expiries.flatMap(({ contracts }) => contracts.map(({ valueUsd }) => valueUsd)),
    ),
  );
  const refused = [
    ...held.tokens.map(({ asset }) => asset),
    ...held.coins.flatMap((coin) => (coin.held ? [coin.underlying] : [])),
  ];
  return {
    initialMarginUsd: sum(components.map(({ usd }) => usd)),
    maintenanceMarginUsd:
      sum(
        held.coins.map((coin, c) => {
          const { perpetual, options, base } = margin.markets[c]!;
          return coinValue(coin) - base.maintenance - perpetual.maintenance - options.maintenance;
        }),
      ) + sum(tokens.map(({ maintenanceUsd }) => maintenanceUsd)),
    worstScenario: null,
    components,
    positions: withOthers(
      chargedRows(
        book,
        charges.map(({ of, usd }) => [of, usd] as const),
      ),
      tokens,
    ),
    approximations: [...held.approximations, ...notTaken(refused.filter((asset) => tokenCredit(p, asset) === null))],
    backing: { equityUsd: book.equityUsd - optionValue, basis: 'Equity without option value' },
  };
}

function coinChargesOf(
  coin: DeriveCoin,
  { perpetual, base, expiries }: StandardMarketMargin,
  stablePrice: Usd,
  p: Parameters,
): Charge[] {
  const { spot, spotConfidence, futures, held, perpetual: net } = coin;
  const unsure = (confidence: number, threshold: number) =>
    lowConfidenceCharge(confidence, spot, threshold, p.OCFactor);
  const pegged = pegLoss(stablePrice, p.depegThreshold, p.depegFactor) * spot;
  const sold = ({ options }: { readonly options: readonly { readonly quantity: number }[] }) =>
    options.map(({ quantity }) => Math.max(0, -quantity));
  const onFutures = (component: string, usd: Usd): Charge[] =>
    net.notional === 0 || usd === 0
      ? []
      : futures.map((of) => ({ component, of, usd: (usd * of.notionalUsd) / net.notional }));
  return [
    ...coin.expiries.flatMap(({ contracts }, e) => {
      const { worstSettlement, charges } = expiries[e]!;
      const component = worstSettlement === null ? 'Options sold, each alone' : 'Largest loss at an expiry';
      return charges.map((usd, o) => ({ component, of: contracts[o]!, usd }));
    }),
    ...onFutures('Perpetuals', -perpetual.initial),
    ...(held ? [{ component: 'Collateral haircut', of: held, usd: held.quantity * spot - base.initial }] : []),
    ...optionCharges(coin, 'USDC below its peg', pegged, sold),
    ...onFutures('USDC below its peg', pegged * Math.abs(net.quantity)),
    ...optionCharges(
      coin,
      'Low confidence',
      ({ forwardConfidence, volConfidence }) =>
        unsure(Math.min(spotConfidence, forwardConfidence, volConfidence), p.optionThreshold),
      sold,
    ),
    ...onFutures(
      'Low confidence',
      unsure(spotAndPerpetualConfidence(spotConfidence, net), p.perpThreshold) * Math.abs(net.quantity),
    ),
    ...coinCharges(coin, 'Low confidence', unsure(spotConfidence, p.baseThreshold)),
  ];
}

function tokenCharge(asset: string, valueUsd: Usd, p: Parameters): CollateralCharge {
  const { factor, initialScale } = tokenCredit(p, asset) ?? { factor: 0, initialScale: 0 };
  return {
    component: 'Collateral haircut',
    asset,
    usd: valueUsd * (1 - factor * initialScale),
    maintenanceUsd: valueUsd * (1 - factor),
  };
}

function refuseUnknown({ underlying, futures, expiries }: DeriveCoin): void {
  const option = hasStandardOptions(underlying) ? undefined : expiries[0]?.contracts[0];
  const future = hasStandardPerpetual(underlying) ? undefined : futures[0];
  const leg = option ?? future;
  if (leg === undefined) return;
  throw new RiskError(
    'unsupported',
    `${legName(leg)}: the requirement of Derive's standard manager on ${option ? 'options' : 'perpetuals'} of ${underlying} is not known. Leave the leg out, or compare under another rule`,
  );
}
