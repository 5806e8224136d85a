import type { CurveSet } from '../../engine/domain/riskReport.ts';

/** A curve set over the given spots whose first curve is `now(spot)` and whose expiry curves follow it. Tests only. */
export function curveFixture(
  spots: readonly number[],
  now: (spot: number) => number,
  rest: Partial<Pick<CurveSet, 'legsValueUsd' | 'liquidation'>> & {
    readonly expiries?: readonly {
      readonly days: number;
      readonly expiry: number;
      readonly pnl: (spot: number) => number;
    }[];
    readonly date?: { readonly days: number; readonly pnl: (spot: number) => number };
    readonly equity?: (spot: number) => number;
    readonly maintenance?: (spot: number) => number;
  } = {},
): CurveSet {
  const over = (curve: (spot: number) => number) => Float64Array.from(spots, curve);
  const maintenance = over(rest.maintenance ?? (() => 0));
  return {
    spotUsd: Float64Array.from(spots),
    legsValueUsd: rest.legsValueUsd ?? 0,
    pnl: [
      { days: 0, expiry: null, pnlUsd: over(now) },
      ...(rest.date ? [{ days: rest.date.days, expiry: null, pnlUsd: over(rest.date.pnl) }] : []),
      ...(rest.expiries ?? []).map(({ days, expiry, pnl }) => ({ days, expiry, pnlUsd: over(pnl) })),
    ],
    equityUsd: over(rest.equity ?? (() => 1)),
    initialMarginUsd: maintenance.map((value) => value * 1.25),
    maintenanceMarginUsd: maintenance,
    liquidation: rest.liquidation ?? { below: null, above: null },
  };
}
