import { failed, type Result, success } from '../engine/domain/failure.ts';
import { expiryCode, type OptionType } from '../engine/domain/instrument.ts';
import type { ChainReport, ChainSide } from '../engine/domain/riskReport.ts';
import type { Trade } from '../engine/domain/trade.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import { tradePrice } from './quotedTrades.ts';

export type StrategyId = 'strangle' | 'bull-put' | 'condor' | 'calendar' | 'collar' | 'straddle';

export interface Strategy {
  readonly id: StrategyId;
  readonly title: string;
  /** What it trades, in one line. */
  readonly hint: string;
}

export const strategies: readonly Strategy[] = [
  { id: 'strangle', title: 'Strangle', hint: 'Sells a put and a call near 20 delta' },
  { id: 'bull-put', title: 'Bull put', hint: 'Sells a put near 30 delta, buys one near 15' },
  { id: 'condor', title: 'Condor', hint: 'Sells a put and a call near 20 delta, buys wings near 8' },
  { id: 'calendar', title: 'Calendar', hint: 'Sells the call at the money, buys the same strike in the next expiry' },
  { id: 'collar', title: 'Collar', hint: 'Buys a put near 25 delta, sells a call near 25' },
  { id: 'straddle', title: 'Straddle', hint: 'Sells the put and the call at the money' },
];

/** Farther from the delta asked for than this, a strike is not what the structure means. */
const DELTA_TOLERANCE = 0.12;

export interface StrategyInput {
  readonly chain: ChainReport;
  /** The expiry that a calendar buys; see `calendarExpiry`. */
  readonly laterChain: ChainReport | null;
  /** Contracts of each leg, above zero. */
  readonly size: number;
}

export interface StrategyProposal {
  readonly label: string;
  readonly trades: readonly Trade[];
}

/**
 * The trades of a structure, strikes chosen by delta from the chain, sells at the bid and buys at the ask. A leg that
 * lacks that quote is taken at mark and the label says so. Fails, naming what is missing, when a leg cannot be formed.
 */
export function strategyProposal(id: StrategyId, { chain, laterChain, size }: StrategyInput): Result<StrategyProposal> {
  const title = strategies.find((strategy) => strategy.id === id)!.title;
  const day = expiryCode(chain.expiry);
  if (!(size > 0 && Number.isFinite(size))) return failed('bad-value', 'The size must be above zero');
  const legs = strategyLegs(id, chain, laterChain);
  if (!legs.ok) return failed(legs.failure.code, `${title} ${day} not formed. ${legs.failure.message}`);
  const trades: Trade[] = [];
  let atMark = 0;
  for (const { side, sign } of legs.value) {
    const fill = tradePrice(side, sign);
    if (fill === null) {
      const quote = sign < 0 ? 'bid' : 'ask';
      return failed('missing-data', `${title} ${day} not formed. ${side.instrument} has no ${quote} and no mark`);
    }
    if (fill.kind === 'mark') atMark += 1;
    trades.push({ instrument: side.instrument, quantity: sign * size, price: fill.price });
  }
  const note = atMark === 0 ? '' : `, ${atMark} of ${trades.length} legs at mark`;
  return success({ label: title + note, trades });
}

interface TemplateLeg {
  readonly side: ChainSide;
  readonly sign: 1 | -1;
}

function strategyLegs(id: StrategyId, chain: ChainReport, later: ChainReport | null): Result<readonly TemplateLeg[]> {
  const sides: TemplateLeg[] = [];
  let missing: string | null = null;
  const leg = (sign: 1 | -1, found: Result<ChainSide>): ChainSide | null => {
    if (!found.ok) {
      missing ??= found.failure.message;
      return null;
    }
    sides.push({ side: found.value, sign });
    return found.value;
  };
  const strikeOf = (side: ChainSide | null) => side && chain.rows.find((row) => row[key(side.type)] === side)!.strike;

  switch (id) {
    case 'strangle':
      leg(-1, sideByDelta(chain, 'P', 0.2));
      leg(-1, sideByDelta(chain, 'C', 0.2));
      break;
    case 'bull-put': {
      const short = strikeOf(leg(-1, sideByDelta(chain, 'P', 0.3)));
      leg(
        1,
        sideByDelta(chain, 'P', 0.15, (strike) => strike < (short ?? 0)),
      );
      break;
    }
    case 'condor': {
      const put = strikeOf(leg(-1, sideByDelta(chain, 'P', 0.2)));
      leg(
        1,
        sideByDelta(chain, 'P', 0.08, (strike) => strike < (put ?? 0)),
      );
      const call = strikeOf(leg(-1, sideByDelta(chain, 'C', 0.2)));
      leg(
        1,
        sideByDelta(chain, 'C', 0.08, (strike) => strike > (call ?? Infinity)),
      );
      break;
    }
    case 'collar':
      leg(1, sideByDelta(chain, 'P', 0.25));
      leg(-1, sideByDelta(chain, 'C', 0.25));
      break;
    case 'straddle': {
      const row = rowAtTheMoney(chain);
      if (row === null) return failed('missing-data', 'No strike is listed');
      sides.push({ side: row.put, sign: -1 }, { side: row.call, sign: -1 });
      break;
    }
    case 'calendar': {
      const row = rowAtTheMoney(chain);
      if (row === null) return failed('missing-data', 'No strike is listed');
      const far = later?.rows.find((candidate) => candidate.strike === row.strike);
      if (later === null || far === undefined)
        return failed('missing-data', `No later expiry lists strike ${row.strike}`);
      sides.push({ side: row.call, sign: -1 }, { side: far.call, sign: 1 });
      break;
    }
  }
  return missing === null ? success(sides) : failed('missing-data', missing);
}

/** The strike nearest to the forward, the lower of two equally near; null when nothing is listed. */
export function rowAtTheMoney(chain: ChainReport): ChainReport['rows'][number] | null {
  return chain.rows.reduce<ChainReport['rows'][number] | null>(
    (best, row) =>
      best === null || Math.abs(row.strike - chain.forward) < Math.abs(best.strike - chain.forward) ? row : best,
    null,
  );
}

/** The first later expiry that lists the strike, which a calendar buys; null when there is none. */
export function calendarExpiry(
  expiries: readonly { readonly expiry: Timestamp; readonly strikes: readonly number[] }[],
  expiry: Timestamp,
  strike: number,
): Timestamp | null {
  return expiries.find((later) => later.expiry > expiry && later.strikes.includes(strike))?.expiry ?? null;
}

/** The option whose delta is nearest in size to the one asked for, among the strikes allowed. */
function sideByDelta(
  chain: ChainReport,
  type: OptionType,
  target: number,
  isAllowed: (strike: number) => boolean = () => true,
): Result<ChainSide> {
  const distance = (side: ChainSide) => Math.abs(Math.abs(side.delta ?? Infinity) - target);
  const candidates = chain.rows.filter((row) => isAllowed(row.strike)).map((row) => row[key(type)]);
  const nearest = candidates.reduce<ChainSide | null>(
    (best, side) => (best === null || distance(side) < distance(best) ? side : best),
    null,
  );
  if (nearest !== null && distance(nearest) <= DELTA_TOLERANCE) return success(nearest);
  const word = type === 'C' ? 'call' : 'put';
  return failed('missing-data', `No listed ${word} has a delta near ${target.toFixed(2)}. Pick another expiry`);
}

function key(type: OptionType): 'call' | 'put' {
  return type === 'C' ? 'call' : 'put';
}

/** Contracts that come to about half a million USD, a round number: 5 BTC, 100 ETH, 3,000 SOL. */
export function usualSize(index: number): number {
  if (!(index > 0)) return 1;
  const contracts = 500_000 / index;
  const scale = 10 ** Math.floor(Math.log10(contracts));
  return Number((Math.round(contracts / scale) * scale).toPrecision(1));
}
