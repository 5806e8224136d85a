import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnderlyingMarket } from '../domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { spotVolBetas } from './spotVolBeta.ts';

const START = Date.UTC(2025, 0, 1);

/** A coin whose index moves by `beta` times the log-return and `noise(t)`; without an index where `beta` is null. */
function coin(
  symbol: string,
  beta: number | null,
  days = 200,
  noise: (t: number) => number = () => 0,
): UnderlyingMarket {
  const closes: [number, number][] = [];
  const volatilityIndex: [number, number][] = [];
  let [level, vol] = [100, 0.8];
  for (let t = 0; t < days; t += 1) {
    const time = START + t * MILLISECONDS_PER_DAY;
    const move = 0.03 * Math.sin(1.7 * t);
    level *= Math.exp(move);
    vol += (beta ?? 0) * move + noise(t);
    closes.push([time, level]);
    volatilityIndex.push([time, vol]);
  }
  return {
    symbol,
    index: level,
    expiries: [],
    history: { intervalDays: 1, closes, volatilityIndex: beta === null ? [] : volatilityIndex },
  };
}

const END = START + 400 * MILLISECONDS_PER_DAY;

describe('spotVolBetas', () => {
  it('recovers the beta that made the index', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (beta) => {
        const found = spotVolBetas([coin('BTC', beta)], END).get('BTC')!;
        expect(found.beta).toBeCloseTo(beta, 10);
        expect(found.moves).toBe(199);
        expect(found.from).toEqual(['BTC']);
        if (Math.abs(beta) > 0.01) expect(found.rSquared).toBeCloseTo(1, 8);
      }),
    );
  });

  it('says how little it explains where vol has moved for other reasons', () => {
    // Noise at right angles to the returns leaves the slope and takes from what it explains.
    const found = spotVolBetas([coin('BTC', -0.5, 2000, (t) => 0.03 * Math.cos(2.9 * t))], END + 1e12).get('BTC')!;
    expect(found.beta).toBeCloseTo(-0.5, 1);
    expect(found.rSquared).toBeGreaterThan(0.1);
    expect(found.rSquared).toBeLessThan(0.35);
  });

  it('takes the slope of all that have an index for a coin without one', () => {
    const found = spotVolBetas([coin('BTC', -0.4), coin('ETH', -0.8), coin('SOL', null)], END);
    expect(found.get('SOL')!.beta).toBeCloseTo(-0.6, 10);
    expect(found.get('SOL')!.from).toEqual(['BTC', 'ETH']);
    expect(found.get('ETH')!.beta).toBeCloseTo(-0.8, 10);
  });

  it('says nothing where nothing can be told', () => {
    expect(spotVolBetas([coin('BTC', null)], END).get('BTC')).toBeNull();
    expect(spotVolBetas([coin('BTC', -1, 30)], END).get('BTC')).toBeNull();
    const still = { ...coin('BTC', -1), history: { ...coin('BTC', -1).history! } };
    const flat = {
      ...still,
      history: { ...still.history, closes: still.history.closes.map(([t]) => [t, 5] as const) },
    };
    expect(spotVolBetas([flat], END).get('BTC')).toBeNull();
    expect(spotVolBetas([{ symbol: 'BTC', index: 1, expiries: [] }], END).get('BTC')).toBeNull();
  });

  it('uses neither moves across a gap nor what lies after the market', () => {
    const whole = coin('BTC', -1);
    const gap = { ...whole, history: { ...whole.history!, closes: whole.history!.closes.toSpliced(50, 3) } };
    expect(spotVolBetas([gap], END).get('BTC')!.moves).toBe(199 - 4);
    expect(spotVolBetas([whole], START + 99 * MILLISECONDS_PER_DAY).get('BTC')!.moves).toBe(99);
  });
});
