import type { ExplainedVolatility, PnlParts } from '../domain/pnlExplanation.ts';
import type { Greeks } from '../domain/riskReport.ts';
import { DAYS_PER_YEAR, type YearFraction } from '../domain/units.ts';
import type { LegPosition } from '../scenario/bookPositions.ts';
import { type ContractState, unitValueUsd } from '../scenario/contractState.ts';
import { scaledGreeks, unitGreeks } from '../scenario/positionGreeks.ts';

/** A leg's move from one state to another, taken apart. */
export interface ExplainedMoveOfLeg {
  /** All parts but the residual. */
  readonly parts: Omit<PnlParts, 'residual'>;
  readonly greeks: Greeks;
  readonly spotChangeUsd: number;
  /** Time that passed before expiry. */
  readonly days: number;
  readonly volatility: ExplainedVolatility | null;
  readonly settled: boolean;
}

/**
 * The P&L of a leg taken apart by the Greeks of its first state, those of the position panel: with S the index, s the vol
 * of the option's own strike, and the ratio R of forward to index held,
 *
 *   delta dS + 1/2 gamma dS^2 + vega ds + theta dt + vanna dS ds + 1/2 volga ds^2
 *
 * is the Taylor polynomial of the value in (S, s) to second order and in time to first. So the residual is of third order
 * when spot and vol alone move, and of second order once time passes or the basis changes.
 *
 * Basis is dV/dF times what the forward moved beyond the index, F' - R S', plus the change of the discount factor.
 * Currency is dV/du times the change of the USD price u of USDC. With V the value and B(F/u) the Black-76 premium:
 * coin-settled V = S B(F) / F, so dV/dF = (delta S - V) / F; linear V = u D B(F/u), so dV/dF = delta S / F and
 * dV/du = (V - delta S) / u.
 *
 * Futures and perpetuals are taken apart without a remainder. Linear: q (F' - F) - q E (u' - u), E the entry price. Inverse:
 * q S' (1/E - 1/F') - q S (1/E - 1/F) = (q/E) (S' - S) + q (S/F - S'/F'); the first is delta, whose q/E counts the coins
 * earned so far, the second is basis. Without an entry price the leg counts as entered at its mark in the first state.
 */
export function explainedMove(
  position: LegPosition,
  to: ContractState,
  elapsedYears: YearFraction,
  toSource: 'mark' | 'fit' | 'scenario',
): ExplainedMoveOfLeg {
  const { leg, state: from, unrealisedCoins } = position;
  const { quantity } = leg;
  const settled = to.timeToExpiryYears <= 0;
  const spotChangeUsd = to.index - from.index;
  const perUnit = scaledGreeks(unitGreeks(from), quantity);
  const greeks = { ...perUnit, delta: perUnit.delta + unrealisedCoins };
  // A contract that has expired stopped losing time value at its expiry.
  const years = Math.min(elapsedYears, from.timeToExpiryYears);
  const days = years * DAYS_PER_YEAR;
  const ratio = from.forward / from.index;
  const currencyChange = to.usdcPrice - from.usdcPrice;
  const delta = greeks.delta * spotChangeUsd;

  if (from.option === null) {
    const linear = from.instrument.settlement === 'usdc';
    const entry = leg.entryPrice ?? from.forward / from.usdcPrice;
    const ratioTo = to.forward / to.index;
    const parts = {
      ...NO_PARTS,
      delta,
      basis: quantity * (linear ? to.forward - ratio * to.index : (ratioTo - ratio) / (ratio * ratioTo)),
      currency: linear ? -quantity * entry * currencyChange : 0,
    };
    return { parts, greeks, spotChangeUsd, days, volatility: null, settled };
  }

  const value = quantity * unitValueUsd(from);
  const coinSettled = from.instrument.settlement === 'coin';
  const forwardDelta = (greeks.delta * from.index - (coinSettled ? value : 0)) / from.forward;
  const volChange = settled ? 0 : to.option!.volatility - from.option.volatility;
  return {
    parts: {
      delta,
      gamma: 0.5 * greeks.gamma * spotChangeUsd ** 2,
      vega: greeks.vega * volChange,
      theta: greeks.theta * years,
      vanna: greeks.vanna * spotChangeUsd * volChange,
      volga: 0.5 * greeks.volga * volChange ** 2,
      basis: forwardDelta * (to.forward - ratio * to.index) + value * (to.discount / from.discount - 1),
      currency: coinSettled ? 0 : ((value - greeks.delta * from.index) / from.usdcPrice) * currencyChange,
    },
    greeks,
    spotChangeUsd,
    days,
    volatility: {
      from: from.option.volatility,
      to: settled ? null : to.option!.volatility,
      change: volChange,
      fromSource: from.option.volatilitySource,
      toSource: settled ? 'settled' : toSource,
    },
    settled,
  };
}

export const NO_PARTS: Omit<PnlParts, 'residual'> = {
  delta: 0,
  gamma: 0,
  vega: 0,
  theta: 0,
  vanna: 0,
  volga: 0,
  basis: 0,
  currency: 0,
};
