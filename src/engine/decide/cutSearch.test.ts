import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Choice, type CutProblem, cutSearch, type Found, isExhaustive, undominated } from './cutSearch.ts';

function found(problem: CutProblem): readonly Found[] {
  const search = cutSearch(problem);
  for (;;) {
    const step = search.next();
    if (step.done) return step.value;
  }
}

/** Every choice there is. */
function all({ candidates, mostUsed, judge }: CutProblem): readonly Found[] {
  const grow = (at: number, choice: Choice): Found[] => {
    if (at === candidates.length) {
      const judgement = choice.length === 0 ? { gain: 0, cost: 0 } : judge(choice);
      return judgement === null ? [] : [{ choice, ...judgement }];
    }
    return Array.from({ length: candidates[at]!.mostLots + 1 }, (_, lots) => lots).flatMap((lots) =>
      lots === 0 ? grow(at + 1, choice) : choice.length < mostUsed ? grow(at + 1, [...choice, [at, lots]]) : [],
    );
  };
  return undominated(grow(0, []));
}

/** A margin like a scan: the worst of some losses, each linear in the lots. */
function scanProblem(
  losses: readonly (readonly number[])[],
  costs: readonly number[],
  start: readonly number[],
): CutProblem {
  const worst = (choice: Choice) =>
    Math.max(0, ...start.map((loss, row) => choice.reduce((sum, [at, lots]) => sum + lots * losses[at]![row]!, loss)));
  return {
    candidates: losses.map((_, at) => ({ mostLots: 4, kind: at % 2 === 0 ? 'even' : 'odd' })),
    mostUsed: 3,
    target: 25,
    levels: 8,
    budget: 2_000,
    smallCost: 0.05,
    judge: (choice) => ({
      gain: Math.max(0, ...start) - worst(choice),
      cost: choice.reduce((sum, [at, lots]) => sum + lots * costs[at]!, 0),
    }),
  };
}

const integers = (min: number, max: number, length: number) =>
  fc.array(fc.integer({ min, max }), { minLength: length, maxLength: length });

const problems = (count: number) =>
  fc.tuple(
    fc.array(integers(-12, 6, 3), { minLength: count, maxLength: count }),
    integers(1, 9, count),
    integers(20, 60, 3),
  );
const cheapest = (list: readonly Found[], gain: number) =>
  list.find((each) => each.gain >= gain)?.cost ?? Number.POSITIVE_INFINITY;

const kinked = () =>
  scanProblem(
    [
      [-5, 1, 2],
      [2, -6, 1],
      [-1, -1, -1],
      [0, 3, -9],
    ],
    [3, 4, 2, 5],
    [30, 28, 33],
  );

describe('cutSearch', () => {
  it('is the frontier of every choice where the budget allows to try them all', () => {
    fc.assert(
      fc.property(problems(5), ([losses, costs, start]) => {
        const problem = scanProblem(losses, costs, start);
        expect(isExhaustive(problem)).toBe(true);
        const points = (list: readonly Found[]) => list.map(({ gain, cost }) => [gain, cost]);
        expect(points(found(problem))).toEqual(points(all(problem)));
      }),
      { seed: 3, numRuns: 30 },
    );
  });

  it('comes close to it where it does not, and is never better', () => {
    let [excess, exactly, asked] = [0, 0, 0];
    fc.assert(
      fc.property(problems(7), ([losses, costs, start]) => {
        const problem = { ...scanProblem(losses, costs, start), budget: 1_200 };
        expect(isExhaustive(problem)).toBe(false);
        const [heuristic, exact] = [found(problem), all(problem)];
        const most = exact.at(-1)!.gain;
        for (const gain of [25, ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => (n / 8) * most)]) {
          const [cost, reached] = [cheapest(exact, gain), cheapest(heuristic, gain)];
          expect(reached).toBeGreaterThanOrEqual(cost);
          if (!Number.isFinite(cost) || cost === 0) continue;
          asked += 1;
          excess += Math.min(1, reached / cost - 1);
          if (reached === cost) exactly += 1;
        }
      }),
      { seed: 5, numRuns: 40 },
    );
    expect(excess / asked).toBeLessThan(0.08);
    expect(exactly / asked).toBeGreaterThan(0.85);
  });

  it('answers with judgements of its own choices, each dearer and better than the one before', () => {
    const problem = kinked();
    const frontier = found(problem);
    expect(frontier.length).toBeGreaterThan(4);
    for (const [at, { choice, gain, cost }] of frontier.entries()) {
      if (choice.length > 0) expect(problem.judge(choice)).toEqual({ gain, cost });
      if (at > 0) {
        expect(gain).toBeGreaterThan(frontier[at - 1]!.gain);
        expect(cost).toBeGreaterThan(frontier[at - 1]!.cost);
      }
    }
  });

  it('keeps to its budget', () => {
    let judged = 0;
    const problem = kinked();
    found({ ...problem, budget: 40, judge: (choice) => ((judged += 1), problem.judge(choice)) });
    expect(judged).toBeLessThanOrEqual(40);
  });
});
