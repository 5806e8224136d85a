import type { StressAxes } from '../domain/riskReport.ts';
import type { ScenarioSet } from '../domain/scenario.ts';

/** The cells of a grid over spot and vol as a set: cell (v, s) is scenario `v * spot.length + s`. Shocks are parallel. */
export function gridScenarios(axes: StressAxes, underlyings: readonly string[]): ScenarioSet {
  const { spot, vol, volUnit, days, smile, spotVolBeta, movers } = axes;
  const count = spot.length * vol.length;
  const spotMove = new Float64Array(underlyings.length * count);
  const volShock = new Float64Array(underlyings.length * count);
  underlyings.forEach((symbol, row) => {
    if (movers !== 'all' && movers !== symbol) return;
    vol.forEach((shock, v) => {
      spot.forEach((move, s) => {
        spotMove[row * count + v * spot.length + s] = move;
        volShock[row * count + v * spot.length + s] = shock;
      });
    });
  });
  return {
    id: `grid|${spot.join(',')}|${vol.join(',')}|${volUnit},${days},${smile},${spotVolBeta ?? ''},${movers}|${underlyings.join(',')}`,
    count,
    underlyings,
    spotMove,
    volShock,
    volUnit,
    volTermPower: { short: 0, long: 0 },
    horizonDays: days,
    smile,
    ...(spotVolBeta === undefined ? {} : { spotVolBeta }),
  };
}
