import type { MarketSnapshot } from '../../domain/marketSnapshot.ts';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { WorstScenario } from '../../domain/riskReport.ts';
import type { ScenarioSet } from '../../domain/scenario.ts';
import type { Timestamp, Usd } from '../../domain/units.ts';
import { historicalScenarios, windowsOf } from '../../scenario/historicalScenarios.ts';
import { jointMoves } from '../../scenario/jointMoves.ts';
import { sortedPnl, type Tail, tailOutcomes } from '../../var/tailRisk.ts';
import type { MarginBook, ScannedPosition } from '../MarginModel.ts';

/** The newest of the history's moves over a horizon, as scenarios of today's market, oldest first. */
export interface HistoricalMoves {
  readonly set: ScenarioSet;
  /** The day on which each move ended. */
  readonly ends: readonly Timestamp[];
  /** What had to be assumed to make them, in words. */
  readonly notices: readonly string[];
}

/** A book in each of the history's moves, and the tail of it. */
export interface HistoricalTail {
  readonly moves: HistoricalMoves;
  readonly positions: readonly ScannedPosition[];
  /** P&L of the whole book in each move, USD. */
  readonly pnlUsd: Float64Array;
  readonly sorted: Float64Array;
  readonly tail: Tail;
  /** Each position's loss in the tail, in the shares of its outcomes: expected shortfall by position. */
  shortfallUsd(position: ScannedPosition): Usd;
}

/**
 * Moves already made, by market and then by coins, horizon and window: a rule is asked hundreds of times an edit, and a fit of vol
 * changes to returns stands behind each set.
 */
const known = new WeakMap<MarketSnapshot, Map<string, HistoricalMoves>>();

/**
 * @param purpose who needs the history, for the message.
 * @throws RiskError `missing-data` naming the coin without history.
 */
function historicalMoves(
  market: MarketSnapshot,
  symbols: readonly string[],
  { horizonDays, windowDays }: ParameterSet,
  purpose: string,
): HistoricalMoves {
  const sets = known.get(market) ?? new Map<string, HistoricalMoves>();
  known.set(market, sets);
  const key = `${symbols.join(',')}|${horizonDays}|${windowDays}`;
  const made = sets.get(key);
  if (made !== undefined) return made;
  const moves = jointMoves(market, symbols, purpose);
  const { set, notices } = historicalScenarios(moves, {
    marketId: market.id,
    horizonDays: horizonDays!,
    smile: 'sticky-strike',
    filtered: false,
  });
  const { starts, length } = windowsOf(moves, horizonDays!);
  const count = Math.min(set.count, Math.max(Math.round(windowDays! / moves.stepDays), 1));
  const newest = {
    set: newestScenarios(set, count),
    ends: starts.slice(-count).map((start) => moves.ends[start + length - 1]!),
    notices: [...moves.notices, ...notices]
      .filter(({ severity }) => severity === 'warning')
      .map(({ message }) => `${message}.`),
  };
  sets.set(key, newest);
  return newest;
}

function newestScenarios(set: ScenarioSet, count: number): ScenarioSet {
  if (count === set.count) return set;
  const newest = (rows: Float64Array): Float64Array => {
    const taken = new Float64Array(set.underlyings.length * count);
    set.underlyings.forEach((_, u) => {
      taken.set(rows.subarray((u + 1) * set.count - count, (u + 1) * set.count), u * count);
    });
    return taken;
  };
  return {
    ...set,
    id: `${set.id}|newest ${count}`,
    count,
    spotMove: newest(set.spotMove),
    volShock: newest(set.volShock),
  };
}

/**
 * The book, legs and coin collateral, revalued in the history's newest moves. Null where it holds nothing that a move could touch;
 * that book needs no history.
 */
export function historicalTail(book: MarginBook, parameters: ParameterSet, purpose: string): HistoricalTail | null {
  const symbols = [...new Set(book.positions.map(({ underlying }) => underlying))];
  if (symbols.length === 0) return null;
  const moves = historicalMoves(book.market, symbols, parameters, purpose);
  const positions = book.scanned(moves.set);
  const pnlUsd = new Float64Array(moves.set.count);
  for (const position of positions)
    for (let s = 0; s < pnlUsd.length; s += 1) pnlUsd[s] = pnlUsd[s]! + position.pnlUsd[s]!;
  const sorted = sortedPnl(pnlUsd);
  const tail = tailOutcomes(pnlUsd, sorted, parameters.confidence!);
  return {
    moves,
    positions,
    pnlUsd,
    sorted,
    tail,
    shortfallUsd: (position) =>
      tail.outcomes.reduce((total, outcome, i) => total - tail.shares[i]! * position.pnlUsd[outcome]!, 0),
  };
}

/** A move of the history in words: `5 AUG 24: −7.3 %, IV ×1.18`, each coin apart where there are several. */
export function moveLabel({ set, ends }: HistoricalMoves, outcome: number, underlyings = set.underlyings): string {
  const moves = underlyings.map((symbol) => {
    const at = set.underlyings.indexOf(symbol) * set.count + outcome;
    const coin = underlyings.length === 1 ? '' : `${symbol} `;
    return `${coin}${percent(set.spotMove[at]!)}, IV ×${(1 + set.volShock[at]!).toFixed(2)}`;
  });
  return `${day(ends[outcome]!)}: ${moves.join('; ')}`;
}

/** The outcome at the edge of the tail: the move whose loss is VaR. Null where the book loses nothing in it. */
export function edgeScenario({ moves, positions, pnlUsd, tail }: HistoricalTail): WorstScenario | null {
  const { set } = moves;
  const lossUsd = -pnlUsd[tail.edge]!;
  if (!(lossUsd > 0)) return null;
  const byUnderlying = set.underlyings.map((underlying, u) => ({
    underlying,
    label: moveLabel(moves, tail.edge, [underlying]),
    spotMove: set.spotMove[u * set.count + tail.edge]!,
    volShock: set.volShock[u * set.count + tail.edge]!,
    lossUsd: positions.reduce(
      (total, position) => (position.underlying === underlying ? total - position.pnlUsd[tail.edge]! : total),
      0,
    ),
  }));
  const [first] = byUnderlying;
  return {
    label: moveLabel(moves, tail.edge),
    spotMove: first!.spotMove,
    volShock: first!.volShock,
    lossUsd,
    byUnderlying,
  };
}

function percent(move: number): string {
  const rounded = (Math.abs(move) * 100).toFixed(1);
  return `${Number(rounded) === 0 ? '' : move < 0 ? '−' : '+'}${rounded} %`;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;

function day(time: Timestamp): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]!} ${String(date.getUTCFullYear() % 100).padStart(2, '0')}`;
}
