/** Lots of each candidate that is used, by candidate, ascending: `[[3, 10], [17, 2]]`. */
export type Choice = readonly (readonly [candidate: number, lots: number])[];

export interface Judgement {
  /** More is better. */
  readonly gain: number;
  /** Less is better; may be negative. */
  readonly cost: number;
}

/** A choice of lots that is judged from outside; the search knows nothing but the judgements. */
export interface CutProblem {
  /** For each candidate the most lots, and its kind: candidates of a kind are tried in each other's place. */
  readonly candidates: readonly { readonly mostLots: number; readonly kind: string }[];
  readonly mostUsed: number;
  /** Null when the choice is not allowed. */
  judge(choice: Choice): Judgement | null;
  /** A gain that is wanted at least cost; null when none is. */
  readonly target: number | null;
  /** So many gains, evenly spread up to the most, are looked at on their own as well. */
  readonly levels: number;
  /** Judgements that may be asked for. */
  readonly budget: number;
  /** How much gain a cost of this size is worth trying for: the scale below which costs are alike. */
  readonly smallCost: number;
}

export interface Found extends Judgement {
  readonly choice: Choice;
}

/** Candidates of each kind that stay in the search, in each round of looking at all of them. */
const KEPT_A_KIND = 3;
/** The best of so many kinds are tried together, two by two: what each costs alone, one may take off the other. */
const LEADERS = 12;
/** The best choices at a price that are improved each for itself. */
const STARTS = 3;
/** All sizes of a choice changed together. */
const SCALES = [0.5, 0.75, 0.9, 1.25] as const;
/** Prices of cost, in gain, at which the best choice is looked for. */
const PRICES = 6;
/** Rounds: how far along the frontier the candidates are looked at anew. There, other losses bind, and others help. */
const BASES = [0, 1, 0.6, 0.3] as const;
/** Of the budget, what is left for the single levels. */
const LEVELS_SHARE = 0.4;

/**
 * Choices that gain much at little cost, none of them better than another on both counts, by ascending gain. Every choice that
 * was judged takes part, so the answer is the best found; nothing is proven.
 *
 * In rounds: all candidates are judged on top of nothing, then on top of a choice found so far, and the best of each kind stay.
 * For each of a ladder of prices (the gain that a unit of cost is worth), sizes are then moved up and down in steps that halve,
 * candidates exchanged for others of their kind, as long as gain - price x cost improves. Last, the cheapest choice found for
 * each of some gains is improved lot by lot. Deterministic; ends when the budget is spent. Where it is enough for every choice
 * (`isExhaustive`), every choice is judged.
 */
export function* cutSearch(problem: CutProblem): Generator<number, readonly Found[]> {
  const { candidates, mostUsed, budget, target, levels } = problem;
  const known = new Map<string, Found | null>();
  let judged = 0;
  let limit = Math.floor((1 - LEVELS_SHARE) * budget);
  const start: Found = { choice: [], gain: 0, cost: 0 };

  const look = (choice: Choice): Found | null => {
    if (choice.length === 0) return start;
    if (choice.length > mostUsed || choice.some(([at, lots]) => lots > candidates[at]!.mostLots)) return null;
    const key = choice.join(';');
    const before = known.get(key);
    if (before !== undefined) return before;
    if (judged >= limit) return null;
    const judgement = problem.judge(choice);
    if (judgement !== null) judged += 1;
    const found = judgement && { choice, ...judgement };
    known.set(key, found);
    return found;
  };
  const frontier = () => undominated([start, ...[...known.values()].filter((found) => found !== null)]);
  const share = () => Math.min(1, judged / budget);

  if (choiceCount(problem) <= budget) {
    limit = budget;
    for (const choice of everyChoice(problem, 0, [])) {
      look(choice);
      yield share();
    }
    return frontier();
  }
  const kept = new Set<number>();
  for (let round = 0; round < BASES.length && judged < limit; round += 1) {
    const reached = frontier();
    const base = reached[Math.round(BASES[round]! * (reached.length - 1))]!;
    const scores: { at: number; score: number }[] = [];
    for (const [at, { mostLots }] of candidates.entries()) {
      let score = Number.NEGATIVE_INFINITY;
      for (const part of round === 0 ? [10, 3] : [5]) {
        const found = look(moved(base.choice, at, Math.max(1, Math.round(mostLots / part))));
        if (found === null) continue;
        const [gain, cost] = [found.gain - base.gain, found.cost - base.cost];
        // What harms alone may help beside another: the least harmful of each kind stays as well.
        score = Math.max(score, gain > 0 ? gain / (Math.max(cost, 0) + problem.smallCost) : gain);
      }
      if (Number.isFinite(score)) scores.push({ at, score });
      if (at % 16 === 0) yield share();
    }
    for (const at of bestOfKinds(scores, candidates, KEPT_A_KIND)) kept.add(at);
    const shortlist = [...kept].sort((a, b) => a - b);
    for (const pair of pairs(bestOfKinds(scores, candidates, 1).slice(0, LEADERS), candidates)) {
      look(pair);
      yield share();
    }
    for (const price of prices(frontier(), problem.smallCost)) {
      if (judged >= limit) break;
      const worth = ({ gain, cost }: Judgement) => gain - price * cost;
      const starts = [...frontier()].sort((a, b) => worth(b) - worth(a)).slice(0, STARTS);
      for (let best of starts) {
        const most = Math.max(1, ...shortlist.map((at) => candidates[at]!.mostLots));
        for (let step = Math.max(1, Math.round(most / 4)); ; step = Math.floor(step / 2)) {
          for (;;) {
            let next = best;
            const around = [neighbours(best.choice, shortlist, step, candidates)];
            if (step === 1) around.push(pairedNeighbours(best.choice, shortlist, candidates));
            for (const moves of around) {
              for (const neighbour of moves) {
                const found = look(neighbour);
                if (found !== null && worth(found) > worth(next)) next = found;
              }
              if (next !== best) break;
            }
            yield share();
            if (next === best) break;
            best = next;
          }
          if (step === 1) break;
        }
      }
    }
  }

  const shortlist = [...kept].sort((a, b) => a - b);
  const most = frontier().at(-1)!.gain;
  const wanted = Array.from({ length: levels }, (_, n) => (most * (levels - n)) / levels);
  for (const [at, level] of [...wanted, ...(target === null ? [] : [target])].entries()) {
    // Each level has its share of what is left, the target, which comes last, all of it.
    limit = Math.min(budget, judged + Math.ceil((budget - judged) / Math.max(1, wanted.length + 1 - at)));
    const isEnough = ({ gain }: Judgement) => gain >= level - 1e-9 * Math.abs(level);
    for (let best = frontier().find(isEnough); best !== undefined; ) {
      let next: Found = best;
      const largest = best.choice.reduce((most, [, lots]) => Math.max(most, lots), 0);
      const steps = [...new Set([1, Math.max(1, Math.round(largest / 3))])];
      const around = steps.map((step) => neighbours(best!.choice, shortlist, step, candidates));
      for (const moves of [...around, pairedNeighbours(best.choice, shortlist, candidates)]) {
        for (const neighbour of moves) {
          const found = look(neighbour);
          if (found !== null && isEnough(found) && found.cost < next.cost) next = found;
        }
        if (next !== best) break;
      }
      yield share();
      if (next === best) break;
      best = next;
    }
  }
  return frontier();
}

/** The budget is enough to judge every choice: what is found is then the best there is. */
export function isExhaustive(problem: CutProblem): boolean {
  return choiceCount(problem) <= problem.budget;
}

/** How many choices there are of at most `mostUsed` candidates. */
function choiceCount({ candidates, mostUsed }: CutProblem): number {
  const ways = [1, ...Array.from({ length: mostUsed }, () => 0)];
  for (const { mostLots } of candidates)
    for (let used = mostUsed; used > 0; used -= 1) ways[used] = ways[used]! + ways[used - 1]! * mostLots;
  return ways.reduce((sum, count) => sum + count, 0);
}

function* everyChoice(problem: CutProblem, from: number, choice: Choice): Generator<Choice> {
  yield choice;
  if (choice.length === problem.mostUsed) return;
  for (let at = from; at < problem.candidates.length; at += 1)
    for (let lots = 1; lots <= problem.candidates[at]!.mostLots; lots += 1)
      yield* everyChoice(problem, at + 1, [...choice, [at, lots]]);
}

/** By ascending gain, each dearer than the one before; the first is the cheapest of all. */
export function undominated(found: readonly Found[]): readonly Found[] {
  const sorted = [...found].sort((a, b) => b.gain - a.gain || a.cost - b.cost || a.choice.length - b.choice.length);
  const best: Found[] = [];
  for (const each of sorted) if (best.length === 0 || each.cost < best.at(-1)!.cost) best.push(each);
  return best.reverse();
}

function bestOfKinds(
  scores: readonly { readonly at: number; readonly score: number }[],
  candidates: CutProblem['candidates'],
  most: number,
): number[] {
  const taken = new Map<string, number>();
  return [...scores]
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .filter(({ at, score }) => {
      const { kind } = candidates[at]!;
      const count = taken.get(kind) ?? 0;
      taken.set(kind, count + 1);
      return count < (score > 0 ? most : 1);
    })
    .map(({ at }) => at);
}

/** A geometric ladder over the prices that the frontier itself shows, from the dearest to the cheapest gain. */
function prices(frontier: readonly Found[], smallCost: number): number[] {
  const slopes: number[] = [];
  for (let at = 1; at < frontier.length; at += 1) {
    const [low, high] = [frontier[at - 1]!, frontier[at]!];
    slopes.push((high.gain - low.gain) / Math.max(high.cost - low.cost, smallCost * 1e-3));
  }
  if (slopes.length === 0) return [0];
  const [least, most] = [Math.min(...slopes), Math.max(...slopes)];
  const ladder = Array.from({ length: PRICES - 1 }, (_, n) => most * (least / most) ** (n / (PRICES - 2)));
  return [...new Set([...ladder, 0])];
}

/** The choice with some lots more, or fewer, of a candidate. */
function moved(choice: Choice, candidate: number, by: number): Choice {
  const lots = (choice.find(([at]) => at === candidate)?.[1] ?? 0) + by;
  const others = choice.filter(([at]) => at !== candidate);
  return lots > 0 ? [...others, [candidate, lots] as const].sort(([a], [b]) => a - b) : others;
}

/** Two candidates at a few sizes each. */
function* pairs(leaders: readonly number[], candidates: CutProblem['candidates']): Generator<Choice> {
  const sizes = (at: number) => {
    const { mostLots } = candidates[at]!;
    return [...new Set([1 / 8, 1 / 3, 1].map((part) => Math.max(1, Math.round(mostLots * part))))];
  };
  for (const [place, one] of leaders.entries())
    for (const other of leaders.slice(place + 1))
      for (const lots of sizes(one)) for (const more of sizes(other)) yield moved(moved([], one, lots), other, more);
}

/** One candidate more or less; one in place of another of its kind, whole or by a step; all of them scaled. */
function* neighbours(
  choice: Choice,
  shortlist: readonly number[],
  step: number,
  candidates: CutProblem['candidates'],
): Generator<Choice> {
  const capped = (at: number, lots: number) => Math.min(lots, room(choice, at, candidates));
  for (const at of shortlist) {
    const more = capped(at, step);
    if (more > 0) yield moved(choice, at, more);
  }
  for (const scale of choice.length > 1 ? SCALES : []) {
    yield choice
      .map(([at, lots]) => [at, Math.min(candidates[at]!.mostLots, Math.round(lots * scale))] as const)
      .filter(([, lots]) => lots > 0);
  }
  for (const [at, lots] of choice) {
    yield moved(choice, at, -Math.min(step, lots));
    for (const other of shortlist) {
      if (other === at || candidates[other]!.kind !== candidates[at]!.kind) continue;
      yield moved(moved(choice, at, -lots), other, capped(other, lots));
      if (capped(other, step) > 0) yield moved(moved(choice, at, -Math.min(step, lots)), other, capped(other, step));
    }
  }
}

/**
 * One lot of what is in use more or less, together with one lot of any other more or less: the ways along a kink, where two
 * scenarios bind at once and no single step helps.
 */
function* pairedNeighbours(
  choice: Choice,
  shortlist: readonly number[],
  candidates: CutProblem['candidates'],
): Generator<Choice> {
  for (const [at] of choice) {
    for (const by of [-1, 1]) {
      if (by > room(choice, at, candidates)) continue;
      for (const other of shortlist) {
        if (other === at) continue;
        if (room(choice, other, candidates) > 0) yield moved(moved(choice, at, by), other, 1);
        if (choice.some(([used]) => used === other)) yield moved(moved(choice, at, by), other, -1);
      }
    }
  }
}

/** Lots that a choice leaves of a candidate. */
function room(choice: Choice, at: number, candidates: CutProblem['candidates']): number {
  return candidates[at]!.mostLots - (choice.find(([used]) => used === at)?.[1] ?? 0);
}
