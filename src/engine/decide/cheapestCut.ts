import type { CheapestCutReport, CheapestCutRequest, CutPoint, CutTrade } from '../domain/decideReport.ts';
import { RiskError } from '../domain/failure.ts';
import { blocks, type RunControl } from '../domain/RunControl.ts';
import { afterTrades } from '../domain/trade.ts';
import type { Usd } from '../domain/units.ts';
import type { MarketRule } from '../margin/marketRule.ts';
import { type CutCandidate, candidateCost, candidateTrades, cutUniverse } from './cutCandidates.ts';
import { type Choice, type CutProblem, cutSearch, type Found, isExhaustive } from './cutSearch.ts';
import { portfolioMargins } from './portfolioMargins.ts';

/** A cut of more trades than this is no longer a decision. */
const MOST_TRADES = 4;
/** Margins that are looked up at most; each is the rule's own, of the whole book. */
const EVALUATIONS = 5_000;
const POINTS = 12;
/** Of two cuts that cost the same, the one that is less of the other objective: small weights. */
const TIE = { premium: 1e-4, delta: 0.05 } as const;
/** A further trade is to be worth its trouble: this share of the margin. */
const TRADE_SHARE = 2e-4;
const SMALL_COST_SHARE = 1e-3;
/** Gains and costs below a cent are rounding. */
const CENT = 0.01;

/**
 * The frontier of margin freed against what it costs, over the listed contracts of the book's coins: each point a trade whose
 * margin is the rule's own. See `cutUniverse` for what is tried and `cutSearch` for how. Answers null when cancelled.
 * @throws RiskError when the book has no priced leg, or the rule cannot take it.
 */
export async function cheapestCut(
  rule: MarketRule,
  { book, objective, targetUsd, withFutures, marketId, evaluations: budget = EVALUATIONS }: CheapestCutRequest,
  control: RunControl = {},
): Promise<CheapestCutReport | null> {
  const started = control.now?.() ?? 0;
  const books = portfolioMargins(rule);
  const { legs, unpriced } = books.positions(book);
  if (legs.length === 0) throw new RiskError('bad-value', 'The book has no priced leg, so there is no margin to cut');
  const base = books.margin(book);
  const { candidates, lots } = cutUniverse(rule.market, book, legs, withFutures);
  const held = new Map(legs.map(({ leg }) => [leg.id, Math.abs(leg.quantity)]));
  let evaluations = 0;

  const point = (choice: Choice): (CutPoint & { readonly otherUsd: Usd }) | null => {
    const trades = choiceTrades(candidates, choice);
    if (trades.length > MOST_TRADES || !closesNoMore(candidates, choice, held)) return null;
    evaluations += 1;
    let after: typeof base;
    try {
      after = books.margin(afterTrades(book, trades));
    } catch (error) {
      // A contract that the rule cannot take is no way to free its margin.
      if (error instanceof RiskError && error.failure.code === 'unsupported') return null;
      throw error;
    }
    const deltaByCoin = new Map<string, number>();
    let [premiumUsd, spreadUsd, paidUsd] = [0, 0, 0];
    for (const [at, count] of choice) {
      const cost = candidateCost(candidates[at]!, count, deltaByCoin);
      premiumUsd += cost.premiumUsd;
      spreadUsd += cost.spreadUsd;
      paidUsd += Math.max(cost.premiumUsd, cost.spreadUsd);
    }
    const deltas = [...deltaByCoin.values()];
    const movedUsd = deltas.reduce((sum, delta) => sum + Math.abs(delta), 0);
    const [costUsd, otherUsd] = objective === 'premium' ? [paidUsd, movedUsd] : [movedUsd, paidUsd];
    return {
      trades,
      freedUsd: base.initialMarginUsd - after.initialMarginUsd,
      initialMarginUsd: after.initialMarginUsd,
      availableChangeUsd: after.availableUsd - base.availableUsd,
      premiumUsd,
      spreadUsd,
      deltaUsd: deltas.reduce((sum, delta) => sum + delta, 0),
      costUsd,
      otherUsd,
    };
  };
  const tradeUsd = TRADE_SHARE * base.initialMarginUsd;
  const problem: CutProblem = {
    candidates,
    mostUsed: MOST_TRADES,
    target: targetUsd,
    levels: POINTS,
    budget,
    smallCost: SMALL_COST_SHARE * Math.max(base.initialMarginUsd, 1),
    judge(choice) {
      const judged = point(choice);
      return (
        judged && {
          gain: judged.freedUsd,
          cost: judged.costUsd + TIE[objective] * judged.otherUsd + tradeUsd * judged.trades.length,
        }
      );
    },
  };

  const goOn = blocks(control);
  const search = cutSearch(problem);
  let step = search.next();
  while (!step.done) {
    if (!(await goOn(step.value))) return null;
    step = search.next();
  }
  const found = step.value.filter(({ choice, gain }) => choice.length > 0 && gain > CENT);
  const frontier = thinned(found, targetUsd).map(({ choice }) => {
    const { otherUsd: _, ...shown } = point(choice)!;
    return shown;
  });
  const at = targetUsd === null ? -1 : frontier.findIndex(({ freedUsd }) => freedUsd >= targetUsd - CENT);
  return {
    marketId,
    model: rule.model.id,
    objective,
    targetUsd,
    initialMarginUsd: base.initialMarginUsd,
    availableUsd: base.availableUsd,
    frontier,
    chosen: at < 0 ? null : at,
    searched: {
      candidates: candidates.length,
      evaluations,
      mostTrades: MOST_TRADES,
      lots,
      isExhaustive: isExhaustive(problem),
    },
    elapsedMs: (control.now?.() ?? 0) - started,
    leftOut: unpriced.map(({ leg }) => leg.id),
  };
}

/** All trades of a choice, those in one instrument joined. */
function choiceTrades(candidates: readonly CutCandidate[], choice: Choice): CutTrade[] {
  const trades = new Map<string, CutTrade>();
  for (const [at, lots] of choice) {
    for (const trade of candidateTrades(candidates[at]!, lots)) {
      const joined = trades.get(trade.instrument);
      const quantity = Number(((joined?.quantity ?? 0) + trade.quantity).toPrecision(12));
      trades.set(trade.instrument, { ...trade, quantity });
    }
  }
  return [...trades.values()].filter(({ quantity }) => quantity !== 0);
}

function closesNoMore(candidates: readonly CutCandidate[], choice: Choice, held: ReadonlyMap<string, number>): boolean {
  const closed = new Map<string, number>();
  for (const [at, lots] of choice) {
    const { closes, legs } = candidates[at]!;
    if (closes === null) continue;
    const [first] = legs;
    closed.set(closes, (closed.get(closes) ?? 0) + Math.min(Math.abs(first!.lot) * lots, first!.most));
  }
  return [...closed].every(([id, quantity]) => quantity <= held.get(id)! * (1 + 1e-9));
}

/** About a dozen points, evenly spread over the margin freed; the one for the target is among them. */
function thinned(found: readonly Found[], target: number | null): readonly Found[] {
  const most = found.at(-1)?.gain ?? 0;
  const kept = new Set<Found>();
  for (let n = 1; n <= POINTS; n += 1) {
    const level = (n / POINTS) * most;
    const first = found.find(({ gain }) => gain >= level - CENT);
    if (first !== undefined) kept.add(first);
  }
  const chosen = target === null ? undefined : found.find(({ gain }) => gain >= target - CENT);
  if (chosen !== undefined) kept.add(chosen);
  return found.filter((each) => kept.has(each));
}
