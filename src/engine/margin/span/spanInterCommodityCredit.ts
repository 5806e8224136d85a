/** What one leg of an inter-commodity spread brings. */
export interface SpanInterCommodityLeg {
  /** Loss of the worst scenario of the commodity. */
  readonly activeScenarioLoss: number;
  /** Loss of the scenario with the same price move and the other vol; of the same one for the extreme moves. */
  readonly pairedScenarioLoss: number;
  /** Losses with the price unchanged and the vol up, then down. */
  readonly scenario1Loss: number;
  readonly scenario2Loss: number;
  readonly netDelta: number;
  /** Deltas of this leg that stand in the spread. */
  readonly spreadDelta: number;
  /** Fraction of the price risk that the spread saves. */
  readonly creditRate: number;
}

export interface SpanInterCommodityCredit {
  readonly volAdjustedScan: number;
  readonly timeRisk: number;
  readonly futuresPriceRisk: number;
  /** Per delta. */
  readonly weightedFuturesPriceRisk: number;
  readonly interCommodityCredit: number;
}

/**
 * Credit of one leg of an inter-commodity spread:
 *
 *   price risk = mean(worst scenario, its vol pair) - mean(scenario 1, scenario 2)
 *   credit     = price risk / |net delta| x |spread deltas| x credit rate
 *
 * A leg without net delta can form no spread: its price risk per delta and its credit are zero.
 *
 * itorK/SPAN-margin-calculator, which states agreement with the calculator of the Polish clearing house; one source.
 */
export function spanInterCommodityCredit(leg: SpanInterCommodityLeg): SpanInterCommodityCredit {
  const volAdjustedScan = (leg.activeScenarioLoss + leg.pairedScenarioLoss) / 2;
  const timeRisk = (leg.scenario1Loss + leg.scenario2Loss) / 2;
  const futuresPriceRisk = volAdjustedScan - timeRisk;
  const weightedFuturesPriceRisk = leg.netDelta === 0 ? 0 : futuresPriceRisk / Math.abs(leg.netDelta);
  return {
    volAdjustedScan,
    timeRisk,
    futuresPriceRisk,
    weightedFuturesPriceRisk,
    interCommodityCredit: weightedFuturesPriceRisk * Math.abs(leg.spreadDelta) * leg.creditRate,
  };
}

/** The scenario with the same price move and the opposite vol, counted from 0: 0-1, 2-3 ... 12-13; 14 and 15 pair with themselves. */
export function spanVolPair(scenario: number): number {
  return scenario >= 14 ? scenario : scenario ^ 1;
}
