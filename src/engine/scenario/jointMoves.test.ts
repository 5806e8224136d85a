import { describe, expect, it } from 'vitest';
import type { MarketSnapshot, PriceHistory } from '../domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, smallSnapshot } from '../fixtures/smallMarket.ts';
import { jointMoves, moveCovariance, spotMoveOf, volShockOf } from './jointMoves.ts';

/** Midnight of the day of the market's as-of time, and of days before it. */
const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const day = (date: string): number => Date.parse(`${date}T00:00:00Z`);

const moves = randomMoves(400);
const market = (histories: Readonly<Record<string, PriceHistory>>): MarketSnapshot =>
  withHistory(smallSnapshot(), histories);
const full = market({
  BTC: dailyHistory(MIDNIGHT, moves.btc, moves.btcVol),
  ETH: dailyHistory(MIDNIGHT, moves.eth, moves.ethVol),
});
const messages = (snapshot: MarketSnapshot, symbols: readonly string[]): string[] =>
  jointMoves(snapshot, symbols, 'historical VaR').notices.map((notice) => notice.message);

function without(history: PriceHistory, gone: (time: number) => boolean): PriceHistory {
  return { ...history, closes: history.closes.filter(([time]) => !gone(time)) };
}

describe('joint moves of a history', () => {
  it('are the log-moves of spot and vol, oldest first', () => {
    const joint = jointMoves(full, ['BTC', 'ETH'], 'historical VaR');
    expect(joint.count).toBe(400);
    expect(joint.runs).toEqual([{ from: 0, to: 400 }]);
    for (const t of [0, 17, 399]) {
      expect(joint.spot[t]).toBeCloseTo(moves.btc[t]!, 12);
      expect(joint.spot[400 + t]).toBeCloseTo(moves.eth[t]!, 12);
      expect(joint.vol[t]).toBeCloseTo(moves.btcVol[t]!, 12);
      expect(joint.vol[400 + t]).toBeCloseTo(moves.ethVol[t]!, 12);
    }
    expect(joint.unexplainedVolVariance).toBe(0);
    expect(messages(full, ['BTC', 'ETH'])).toEqual(['History: 400 joint daily moves from 2025-10-16 to 2026-11-20']);
  });

  it('are found once where the same market is asked for the same', () => {
    const joint = jointMoves(full, ['BTC', 'ETH'], 'historical VaR');
    expect(jointMoves(full, ['BTC', 'ETH'], 'parametric VaR')).toBe(joint);
    expect(jointMoves({ ...full }, ['BTC', 'ETH'], 'historical VaR')).not.toBe(joint);
    expect(jointMoves(full, ['ETH', 'BTC'], 'historical VaR').underlyings).toEqual(['ETH', 'BTC']);
    expect(jointMoves(full, ['BTC', 'ETH'], 'historical VaR', 100)).not.toBe(joint);
    expect(jointMoves(full, ['BTC', 'ETH'], 'historical VaR')).toEqual(joint);
  });

  it('are taken on the dates that all underlyings have', () => {
    const late = market({
      BTC: dailyHistory(MIDNIGHT, moves.btc, moves.btcVol),
      ETH: dailyHistory(MIDNIGHT, moves.eth.slice(-100), moves.ethVol.slice(-100)),
    });
    const joint = jointMoves(late, ['BTC', 'ETH'], 'historical VaR');
    expect(joint.count).toBe(100);
    expect(joint.spot[0]).toBeCloseTo(moves.btc[300]!, 12);
    expect(jointMoves(late, ['BTC'], 'historical VaR').count).toBe(400);
  });

  it('report a gap, leave out the move across it, and break the run', () => {
    const gapped = market({
      BTC: without(
        dailyHistory(MIDNIGHT, moves.btc, moves.btcVol),
        (time) => time > day('2026-03-01') && time < day('2026-03-05'),
      ),
    });
    expect(messages(gapped, ['BTC'])).toContain('BTC history has a gap of 3 days after 2026-03-01');
    const joint = jointMoves(gapped, ['BTC'], 'historical VaR');
    expect(joint.count).toBe(396);
    expect(joint.runs.length).toBe(2);
    expect(joint.runs[0]!.to).toBe(joint.runs[1]!.from);
    const before = joint.runs[0]!.to;
    expect(joint.spot[before - 1]).toBeCloseTo(moves.btc[before - 1]!, 12);
    expect(joint.spot[before]).toBeCloseTo(moves.btc[before + 4]!, 12);
  });

  it('count many gaps instead of naming each', () => {
    const holes = new Set(['2026-01-03', '2026-02-03', '2026-03-03', '2026-04-03', '2026-05-03'].map(day));
    const gapped = market({ BTC: without(dailyHistory(MIDNIGHT, moves.btc), (time) => holes.has(time)) });
    expect(messages(gapped, ['BTC']).filter((message) => message.includes('gap'))).toEqual([
      'BTC history has a gap of 1 day after 2026-01-02',
      'BTC history has a gap of 1 day after 2026-02-02',
      'BTC history has 3 more gaps, 3 days in all',
    ]);
  });

  it('use nothing later than the market, and say when the history ends long before it', () => {
    const ahead = market({ BTC: dailyHistory(MIDNIGHT + 50 * MILLISECONDS_PER_DAY, moves.btc, moves.btcVol) });
    expect(jointMoves(ahead, ['BTC'], 'historical VaR').count).toBe(350);
    const stale = market({ BTC: dailyHistory(day('2024-07-25'), moves.btc, moves.btcVol) });
    expect(messages(stale, ['BTC'])).toContain(
      "The price history ends on 2024-07-25, 848 days before this market's time; nothing later enters the figure",
    );
    expect(jointMoves(stale, ['BTC'], 'historical VaR').count).toBe(400);
  });

  it('name the underlying that has no history', () => {
    expect(() =>
      jointMoves(market({ BTC: dailyHistory(MIDNIGHT, moves.btc) }), ['BTC', 'ETH'], 'historical VaR'),
    ).toThrow('ETH has no price history in this market; historical VaR needs it');
    expect(() => jointMoves(full, ['SOL'], 'parametric VaR')).toThrow(
      'SOL has no price history in this market; parametric VaR needs it',
    );
  });

  it('refuse a history that is too short, or intervals that differ', () => {
    expect(() => jointMoves(market({ BTC: dailyHistory(MIDNIGHT, moves.btc.slice(0, 10)) }), ['BTC'], 'x')).toThrow(
      'The price history of BTC has only 10 moves; x needs at least 30',
    );
    const weekly = { ...dailyHistory(MIDNIGHT, moves.eth), intervalDays: 7 };
    expect(() =>
      jointMoves(market({ BTC: dailyHistory(MIDNIGHT, moves.btc), ETH: weekly }), ['BTC', 'ETH'], 'x'),
    ).toThrow(/ETH has a price history every 7 days and BTC every 1/);
  });
});

describe('vol moves without an index', () => {
  it("follow another coin's response to its returns, and share what that leaves unexplained", () => {
    const planted = moves.btc.map((r, t) => -0.3 * r + 0.5 * Math.abs(r) + 0.01 * Math.sin(t));
    const borrowed = market({
      BTC: dailyHistory(MIDNIGHT, moves.btc, planted),
      ETH: dailyHistory(MIDNIGHT, moves.eth),
    });
    const joint = jointMoves(borrowed, ['BTC', 'ETH'], 'x');
    for (const t of [3, 200, 377]) {
      expect(joint.vol[t]).toBeCloseTo(planted[t]!, 12);
      const own = -0.3 * moves.eth[t]! + 0.5 * Math.abs(moves.eth[t]!) + 0.01 * Math.sin(t);
      expect(Math.abs(joint.vol[400 + t]! - own)).toBeLessThan(0.003);
    }
    expect(joint.unexplainedVolVariance).toBe(0);
    expect(joint.notices[1]!.message).toMatch(
      /^ETH has no volatility index; its vol moves are estimated from its returns by the response of BTC \(−0\.[23]\d × return \+ 0\.[45]\d × its size\)$/,
    );
  });

  it('follow the own response on dates before the index begins', () => {
    const planted = moves.btc.map((r) => -0.3 * r + 0.5 * Math.abs(r));
    const short = dailyHistory(MIDNIGHT, moves.btc, planted);
    const half = market({ BTC: { ...short, volatilityIndex: short.volatilityIndex.slice(-201) } });
    const joint = jointMoves(half, ['BTC'], 'x');
    for (const t of [0, 100, 250]) expect(joint.vol[t]).toBeCloseTo(planted[t]!, 9);
    expect(
      joint.notices.some(({ message }) => message.startsWith('BTC has no volatility index on 200 of 400 dates')),
    ).toBe(true);
  });

  it('follow a stated default where no coin has an index, with a warning and the variance it lacks', () => {
    const bare = market({ BTC: dailyHistory(MIDNIGHT, moves.btc) });
    const joint = jointMoves(bare, ['BTC'], 'x');
    expect(joint.vol.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
    const [t, s] = [5, 6];
    expect(joint.vol[t]! - joint.vol[s]!).toBeCloseTo(
      -0.4 * (moves.btc[t]! - moves.btc[s]!) + 0.6 * (Math.abs(moves.btc[t]!) - Math.abs(moves.btc[s]!)),
      12,
    );
    expect(joint.unexplainedVolVariance).toBeCloseTo(0.045 ** 2, 15);
    expect(joint.notices.filter((notice) => notice.severity === 'warning').map((notice) => notice.message)).toEqual([
      'BTC has no volatility index, nor has any other coin of the book; its vol moves are estimated from its returns by a default (−0.40 × return + 0.60 × its size)',
    ]);
    const covariance = moveCovariance(joint, 1);
    expect(covariance.get(1, 1)).toBeGreaterThan(0.045 ** 2);
  });
});

describe('covariance of joint moves', () => {
  it('is the mean product of moves, spots first, scaled by the horizon', () => {
    const joint = jointMoves(full, ['BTC', 'ETH'], 'x');
    const covariance = moveCovariance(joint, 9);
    const factors = [moves.btc, moves.eth, moves.btcVol, moves.ethVol];
    factors.forEach((a, i) => {
      factors.forEach((b, j) => {
        const mean = a.reduce((sum, value, t) => sum + value * b[t]!, 0) / 400;
        expect(covariance.get(i, j)).toBeCloseTo(9 * mean, 12);
      });
    });
  });
});

describe('moves as scenarios', () => {
  it('are relative, without drift, and held within what can be priced', () => {
    expect(spotMoveOf(Math.log(0.7))).toBeCloseTo(-0.3, 15);
    expect(spotMoveOf(-50)).toBeGreaterThan(-1);
    expect(spotMoveOf(50)).toBeLessThan(60);
    expect(volShockOf(Math.log(1.4))).toBeCloseTo(0.4, 15);
    expect(volShockOf(-9)).toBe(-0.5);
    expect(volShockOf(9)).toBe(3);
  });
});
