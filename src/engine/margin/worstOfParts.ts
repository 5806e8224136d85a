import type { WorstScenario } from '../domain/riskReport.ts';
import { sum } from '../numerics/sum.ts';

type Part = WorstScenario['byUnderlying'][number];

/**
 * The worst of parts that a rule scans apart, each at its own worst: losses add up, and the move in front is that of the first
 * part that loses most. Parts that lose in the same scenario say it once. Null when none of them loses.
 */
export function worstOfParts(parts: readonly Part[]): WorstScenario | null {
  const losing = parts.filter(({ lossUsd }) => lossUsd > 0);
  const [first] = losing;
  if (first === undefined) return null;
  const front = losing.reduce((most, part) => (part.lossUsd > most.lossUsd ? part : most));
  const isOneScenario = losing.every(
    ({ label, spotMove, volShock }) =>
      label === first.label && spotMove === first.spotMove && volShock === first.volShock,
  );
  return {
    label: isOneScenario ? first.label : losing.map(({ underlying, label }) => `${underlying} ${label}`).join('; '),
    spotMove: front.spotMove,
    volShock: front.volShock,
    lossUsd: sum(losing.map(({ lossUsd }) => lossUsd)),
    byUnderlying: losing,
  };
}
