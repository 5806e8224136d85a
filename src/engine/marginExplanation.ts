import type {
  ExplainedCell,
  MarginExplanation,
  MarginExplanationRequest,
  MarginStep,
} from './domain/marginExplanation.ts';
import { RiskError } from './domain/failure.ts';
import type { Portfolio } from './domain/portfolio.ts';
import { addedBook } from './addedBook.ts';
import { marginBook } from './margin/marginBook.ts';
import type { MarginComponent, MarginModel, MarginRequirement } from './margin/MarginModel.ts';
import { type MarketRule, marketRule } from './margin/marketRule.ts';
import { sum } from './numerics/sum.ts';
import { bookPositions } from './scenario/bookPositions.ts';
import type { PreparedMarket } from './scenario/preparedMarket.ts';
import { rowsBy, type UnitPnlRows } from './scenario/unitPnlCache.ts';

/** Below this a step is the rounding of doubles. */
const NOTHING_USD = 1e-6;

/**
 * The initial margin taken apart, for any rule that names its components.
 *
 * For a trade, with L the amount of a component by scenario, b and a the scenarios that bind before and after:
 *
 *   L'(a) - L(b) = N + [L'(b) - L(b) - N] + [L'(a) - L'(b)]
 *
 * N is the component of what the trade adds, legs and premium, margined as a book of its own at its own worst; the second part is
 * what the book takes off it, the third the move of the cell: never negative where the component is the worst of its scan. A
 * component without a scan is one step, its difference. For a book the start is nothing and N is the sum over legs and
 * coins, each margined alone: what is between it and the component is what offsetting is worth.
 *
 * @throws RiskError the rule's own, where it cannot take the book, and `bad-value` for parameters.
 */
export function marginExplanation(
  market: PreparedMarket,
  request: MarginExplanationRequest,
  library: readonly MarginModel[],
  rows: UnitPnlRows = rowsBy(market.kernels),
): MarginExplanation {
  const rule = marketRule(market, request, library, rows);
  const before = margined(rule, request.book);
  const after = request.proposed === null ? before : margined(rule, request.proposed);
  const steps =
    request.proposed === null
      ? bookSteps(rule, request.book, before.requirement)
      : tradeSteps(before.requirement, after.requirement, addedBook(request.book, request.proposed), rule);
  return {
    marketId: request.marketId,
    model: rule.model.id,
    title: rule.model.title,
    kind: request.proposed === null ? 'book' : 'trade',
    fromUsd: request.proposed === null ? 0 : before.requirement.initialMarginUsd,
    toUsd: after.requirement.initialMarginUsd,
    steps: steps.filter(({ usd }) => Math.abs(usd) > NOTHING_USD),
    fromCell: request.proposed === null ? null : bindingCell(before.requirement),
    toCell: bindingCell(after.requirement),
    leftOut: after.leftOut,
  };
}

function margined({ model, parameters, market, rows }: MarketRule, portfolio: Portfolio) {
  const book = bookPositions(market, portfolio);
  return {
    requirement: model.requirement(marginBook(book, market.snapshot, rows), parameters),
    leftOut: book.unpriced.map(({ leg }) => leg.id),
  };
}

/** A part of the book on its own; null where the rule does not take it without the rest. */
function alone(rule: MarketRule, portfolio: Portfolio): MarginRequirement | null {
  try {
    return margined(rule, portfolio).requirement;
  } catch (error) {
    if (error instanceof RiskError) return null;
    throw error;
  }
}

function tradeSteps(
  before: MarginRequirement,
  after: MarginRequirement,
  added: Portfolio,
  rule: MarketRule,
): readonly MarginStep[] {
  const legs = added.legs.map(({ id }) => id);
  const own = added.legs.length === 0 ? null : alone(rule, added);
  const from = byName(before.components);
  const to = byName(after.components);
  const ownParts = own === null ? null : byName(own.components);
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((key): MarginStep[] => {
    const [old, next] = [from.get(key), to.get(key)];
    const component = (next ?? old)!.name;
    const step = (part: Omit<MarginStep, 'component' | 'legs' | 'parts'>): MarginStep => ({
      component,
      legs,
      parts: [],
      ...part,
    });
    const difference = (next?.usd ?? 0) - (old?.usd ?? 0);
    const cells = { from: cellOf(old, before), to: cellOf(next, after) };
    const scan = (next ?? old)!.scan;
    if (scan === undefined || !isComparable(old, next)) return [step({ kind: 'charge', usd: difference, ...cells })];
    // Where nothing stood before, no cell has moved.
    const moved = old === undefined || next === undefined || isNothing(old) ? 0 : movedUsd(old, next);
    const inCell = difference - moved;
    const formerCell = { from: cells.from, to: cells.from ?? cells.to };
    const ownPart = ownParts?.get(key);
    const ownUsd = ownPart?.usd ?? 0;
    const move = step({ kind: 'cell', usd: moved, ...cells });
    if (own === null) return [step({ kind: 'charge', usd: inCell, ...formerCell }), move];
    return [
      step({ kind: 'alone', usd: ownUsd, from: null, to: cellOf(ownPart, own) }),
      step({ kind: 'offset', usd: inCell - ownUsd, ...formerCell }),
      move,
    ];
  });
}

function bookSteps(rule: MarketRule, book: Portfolio, whole: MarginRequirement): readonly MarginStep[] {
  const singles = [
    ...book.legs.map((leg) => ({ id: leg.id, portfolio: { ...book, legs: [leg], collateral: [] } })),
    ...book.collateral.map((holding) => ({
      id: `collateral:${holding.asset}`,
      portfolio: { ...book, legs: [], collateral: [holding] },
    })),
  ].map(({ id, portfolio }) => ({ id, own: alone(rule, portfolio) }));
  const canStandAlone = singles.every(({ own }) => own !== null);
  const ownParts = singles.map(({ id, own }) => ({ id, components: byName(own?.components ?? []) }));
  const components = byName(whole.components);
  // A rule that goes by strategies has other components for a leg alone than for the book: what no name joins stands together.
  const isShared = (key: string) => components.has(key) && ownParts.some((own) => own.components.has(key));
  const apart = [...new Set([...components.keys(), ...ownParts.flatMap((own) => [...own.components.keys()])])].filter(
    (key) => !isShared(key),
  );
  const isPaired =
    canStandAlone && apart.some((key) => components.has(key)) && apart.some((key) => !components.has(key));
  const groups = isPaired
    ? [...[...components.keys()].filter(isShared).map((key) => [key]), apart]
    : [...components.keys(), ...(canStandAlone ? apart.filter((key) => !components.has(key)) : [])].map((key) => [key]);
  return groups.flatMap((keys): MarginStep[] => {
    const found = keys.flatMap((key) => components.get(key) ?? []);
    const names = found.length > 0 ? found.map(({ name }) => name) : keys;
    const component = names.join(' + ');
    const usd = sum(found.map((part) => part.usd));
    const to = found.length === 1 ? cellOf(found[0], whole) : null;
    const parts = ownParts
      .map(({ id, components: own }) => ({ id, usd: sum(keys.map((key) => own.get(key)?.usd ?? 0)) }))
      .filter((part) => Math.abs(part.usd) > NOTHING_USD);
    const legs = parts.map(({ id }) => id);
    const ownUsd = sum(parts.map((part) => part.usd));
    // Nor is there an offset of what no leg has alone.
    if (!canStandAlone || parts.length === 0 || Math.abs(ownUsd - usd) <= NOTHING_USD)
      return [{ kind: 'charge', component, usd, from: null, to, legs: canStandAlone ? legs : [], parts: [] }];
    return [
      { kind: 'alone', component, usd: ownUsd, from: null, to: null, legs, parts },
      { kind: 'offset', component, usd: usd - ownUsd, from: null, to, legs, parts: [] },
    ];
  });
}

/** A rule may use a name twice: the second is another component than the first. */
function byName(components: readonly MarginComponent[]): ReadonlyMap<string, MarginComponent> {
  const found = new Map<string, MarginComponent>();
  for (const component of components) {
    let key = component.name;
    for (let n = 2; found.has(key); n += 1) key = `${component.name} (${n})`;
    found.set(key, component);
  }
  return found;
}

/** Both stand on the same scenarios, or one of them does not exist. */
function isComparable(old: MarginComponent | undefined, next: MarginComponent | undefined): boolean {
  if (old === undefined || next === undefined) return true;
  const [one, other] = [old.scan, next.scan];
  if (one === undefined || other === undefined || one.amountUsd.length !== other.amountUsd.length) return false;
  return [one.binding, other.binding].every((scenario) => one.label(scenario) === other.label(scenario));
}

function isNothing({ usd }: MarginComponent): boolean {
  return Math.abs(usd) <= NOTHING_USD;
}

/** What the component after is in its own cell, less what it would be in the cell that bound before. */
function movedUsd(old: MarginComponent, next: MarginComponent): number {
  return next.usd - next.scan!.amountUsd[old.scan!.binding]!;
}

/** The scenario of a component, placed on the axes where the requirement says where its scenarios of that name lie. */
function cellOf(component: MarginComponent | undefined, { worstScenario }: MarginRequirement): ExplainedCell | null {
  if (component?.scan === undefined || isNothing(component)) return null;
  const label = component.scan.label(component.scan.binding);
  const places = worstScenario === null ? [] : [worstScenario, ...worstScenario.byUnderlying];
  const place = places.find((each) => each.label === label);
  return { label, at: place ? { spotMove: place.spotMove, volShock: place.volShock } : null };
}

function bindingCell({ worstScenario }: MarginRequirement): ExplainedCell | null {
  if (worstScenario === null) return null;
  const { label, spotMove, volShock } = worstScenario;
  return { label, at: { spotMove, volShock } };
}
