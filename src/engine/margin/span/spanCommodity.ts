import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { NetFuture, NetOption } from '../netPositions.ts';
import { optionCompositeDelta } from './spanCompositeDelta.ts';
import { spanInterCommodityCredit, spanVolPair } from './spanInterCommodityCredit.ts';
import { type SpanSpread, spanInterMonthCharge } from './spanInterMonthCharge.ts';
import { spanShortOptionMinimum } from './spanRequirement.ts';
import {
  combinedRiskArray,
  futureRiskArray,
  optionRiskArray,
  type SpanRiskArray,
  spanScanRisk,
} from './spanRiskArray.ts';
import { type SpanScenario, spanScenarios } from './spanScenarios.ts';

export type SpanPosition = NetOption | NetFuture;

/** One coin's derivatives, the combined commodity of SPAN, before any credit for another. Money in USD, deltas in coins. */
export interface SpanCommodity {
  readonly underlying: string;
  readonly index: number;
  readonly positions: readonly SpanPosition[];
  readonly scenarios: readonly SpanScenario[];
  /** Price scan range as a fraction of the index, and in USD. */
  readonly rangeFraction: number;
  readonly range: number;
  /** Losses of each position, of all of it, and of them together. */
  readonly arrays: readonly SpanRiskArray[];
  readonly losses: SpanRiskArray;
  readonly scanRisk: number;
  readonly worstScenario: number;
  /** Composite delta of each position, and of them together. */
  readonly deltas: readonly number[];
  readonly netDelta: number;
  readonly interMonthCharge: number;
  /** Share of each position in it. */
  readonly interMonthShares: readonly number[];
  readonly shortOptionMinimum: number;
}

/** No fall takes more of a price than this. */
const DEEPEST_FALL = 0.95;

/**
 * Scan risk, inter-month charge and short option minimum of one coin. The price scan range is one number of USD for all expiries, so
 * futures of different dates net in the scan, and the inter-month charge is what they may drift apart.
 */
export function spanCommodity(positions: readonly SpanPosition[], parameters: ParameterSet): SpanCommodity {
  const { underlying, index } = positions[0]!;
  const rangeFraction = priceScanRange(underlying, parameters);
  const range = rangeFraction * index;
  const scenarios = spanScenarios({
    extremeMultiple: parameters.extremeMultiple!,
    extremeCover: parameters.extremeCover!,
  }).map((scenario) => ({
    ...scenario,
    priceFraction: Math.max(scenario.priceFraction, -DEEPEST_FALL / rangeFraction),
  }));

  const deltas: number[] = [];
  const arrays = positions.map((position): SpanRiskArray => {
    if (!('strikeUsd' in position)) {
      deltas.push(position.sizeCoins);
      return futureRiskArray(position.sizeCoins * range, scenarios);
    }
    const option = {
      type: position.contract.optionType,
      forward: position.forward,
      strike: position.strikeUsd,
      timeToExpiryYears: position.timeToExpiryYears,
      volatility: position.volatility,
      // A premium is worth what it is in the book's equity: of coin its dollars at the index, of USDC discounted.
      multiplier:
        position.quantity * (position.contract.settlement === 'coin' ? index / position.forward : position.discount),
      priceScanRange: range,
      volScanRange: parameters.volScanRange!,
      volScanIsRelative: true,
      lookAheadDays: parameters.lookAheadDays!,
    };
    deltas.push(option.multiplier * optionCompositeDelta(option, scenarios));
    return optionRiskArray(option, scenarios);
  });
  const losses = combinedRiskArray(arrays.map((array) => ({ array, quantity: 1 })));
  const options = positions.filter((position) => 'strikeUsd' in position);
  return {
    underlying,
    index,
    positions,
    scenarios,
    rangeFraction,
    range,
    arrays,
    losses,
    ...spanScanRisk(losses),
    deltas,
    netDelta: deltas.reduce((total, delta) => total + delta, 0),
    ...interMonth(positions, deltas, parameters.interMonthRate! * index),
    shortOptionMinimum: spanShortOptionMinimum(
      parameters.shortOptionMinimumRate! * range,
      options.map(({ contract, quantity }) => ({ type: contract.optionType, quantity })),
    ),
  };
}

function priceScanRange(underlying: string, parameters: ParameterSet): number {
  if (underlying === 'BTC') return parameters.priceScanRangeBtc!;
  return underlying === 'ETH' ? parameters.priceScanRangeEth! : parameters.priceScanRangeOther!;
}

/** Each expiry is a tier, and so is the perpetual. The charge of a spread falls on its two tiers in halves, in a tier by delta. */
function interMonth(positions: readonly SpanPosition[], deltas: readonly number[], chargePerSpread: number) {
  const tierOf = ({ contract }: SpanPosition) => ('expiry' in contract ? String(contract.expiry) : 'perpetual');
  const tiers = new Map<string, number>();
  positions.forEach((position, i) => {
    const tier = tierOf(position);
    tiers.set(tier, (tiers.get(tier) ?? 0) + deltas[i]!);
  });
  const names = [...tiers.keys()].sort();
  const spreads = names.flatMap((first, i) =>
    names.slice(i + 1).map((second): SpanSpread => ({ legs: [first, second], chargePerSpread })),
  );
  const { charge, outright } = spanInterMonthCharge(tiers, spreads);
  const interMonthShares = positions.map((position, i) => {
    const tier = tierOf(position);
    const before = tiers.get(tier)!;
    return before === 0 ? 0 : ((deltas[i]! / before) * (Math.abs(before - outright.get(tier)!) * chargePerSpread)) / 2;
  });
  return { interMonthCharge: charge, interMonthShares };
}

/**
 * Inter-commodity credit of two coins whose net deltas stand on opposite sides, each one's own: as many USD of delta as both have.
 *
 * The price risk per delta is at most the price scan range: a scan that options bind has more of it than its net delta, which
 * another coin cannot hedge. Nor is more credited than the scan asks.
 */
export function spanCredits(one: SpanCommodity, other: SpanCommodity, creditRate: number): [number, number] {
  if (one.netDelta * other.netDelta >= 0) return [0, 0];
  const spreadUsd = Math.min(Math.abs(one.netDelta) * one.index, Math.abs(other.netDelta) * other.index);
  const credit = ({ losses, worstScenario, netDelta, index, range, scanRisk }: SpanCommodity) => {
    const spreadDelta = spreadUsd / index;
    const { interCommodityCredit } = spanInterCommodityCredit({
      activeScenarioLoss: losses[worstScenario]!,
      pairedScenarioLoss: losses[spanVolPair(worstScenario)]!,
      scenario1Loss: losses[0]!,
      scenario2Loss: losses[1]!,
      netDelta,
      spreadDelta,
      creditRate,
    });
    return Math.max(Math.min(interCommodityCredit, range * spreadDelta * creditRate, scanRisk), 0);
  };
  return [credit(one), credit(other)];
}
