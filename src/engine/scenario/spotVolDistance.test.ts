import { describe, expect, it } from 'vitest';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, smallSnapshot } from '../fixtures/smallMarket.ts';
import { prepareMarket } from './preparedMarket.ts';
import { distanceOf, spotVolDistance } from './spotVolDistance.ts';

const moves = randomMoves(300);
const market = prepareMarket(
  withHistory(smallSnapshot({ smile: () => 0.5 }), {
    BTC: dailyHistory(AS_OF, moves.btc, moves.btcVol),
    ETH: dailyHistory(AS_OF, moves.eth),
  }),
);
const options = { underlying: 'BTC', horizonDays: 30, smile: 'sticky-strike' } as const;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('spotVolDistance', () => {
  it('scales spot by the implied vol, and vol by the history', () => {
    const distance = spotVolDistance(market, options);
    expect(distance.spotDeviation).toBeCloseTo(0.5 * Math.sqrt(30 / 365), 6);
    const square = (values: readonly number[]) => mean(values.map((value) => value * value));
    expect(distance.volDeviation).toBeCloseTo(Math.sqrt(30 * square(moves.btcVol)), 9);
    const joint = mean(moves.btc.map((move, t) => move * moves.btcVol[t]!));
    expect(distance.correlation).toBeCloseTo(joint / Math.sqrt(square(moves.btc) * square(moves.btcVol)), 9);
    expect(distance.source).toMatch(
      /^Spot by the 30-day vol, 50\.0 % a year\. Vol by 300 daily moves of the BTC volatility index, .* correlation −0\.\d\d\.$/,
    );
  });

  it('goes with the square root of the horizon', () => {
    const [short, long] = [7, 28].map((horizonDays) => spotVolDistance(market, { ...options, horizonDays }));
    expect(long!.spotDeviation).toBeCloseTo(2 * short!.spotDeviation!, 9);
    expect(long!.volDeviation).toBeCloseTo(2 * short!.volDeviation!, 9);
    expect(long!.correlation).toBeCloseTo(short!.correlation!, 9);
  });

  it('leaves out of vol what spot beta already makes of spot', () => {
    const plain = spotVolDistance(market, options);
    const own = spotVolDistance(market, { ...options, smile: 'spot-vol-beta' });
    // What a regression on spot leaves is not correlated with spot, and smaller.
    expect(own.correlation).toBeCloseTo(0, 9);
    expect(own.volDeviation).toBeCloseTo(plain.volDeviation! * Math.sqrt(1 - plain.correlation! ** 2), 9);
    const none = spotVolDistance(market, { ...options, smile: 'spot-vol-beta', spotVolBeta: 0 });
    expect(none).toEqual(plain);
    expect(own.source).toContain('beside what spot β makes of spot');
  });

  it('is along spot alone without a volatility index or a history, and says so', () => {
    const eth = spotVolDistance(market, { ...options, underlying: 'ETH' });
    expect(eth).toMatchObject({ volDeviation: null, correlation: null });
    expect(eth.source).toContain('ETH has no volatility index in this market: along spot alone');
    expect(distanceOf(eth, [0.1, 0])).toBeCloseTo(0.1 / eth.spotDeviation!, 12);
    expect(distanceOf(eth, [0.1, 0.2])).toBeNull();
    const bare = spotVolDistance(prepareMarket(smallSnapshot()), options);
    expect(bare.source).toContain('BTC has no price history');
    expect(bare.spotDeviation).toBeGreaterThan(0);
  });

  it('is one along an axis at one deviation where nothing is correlated', () => {
    const distance = { horizonDays: 30, spotDeviation: 0.2, volDeviation: 0.3, correlation: 0, source: '' };
    expect(distanceOf(distance, [-0.2, 0])).toBeCloseTo(1, 12);
    expect(distanceOf(distance, [0, 0.3])).toBeCloseTo(1, 12);
    expect(distanceOf(distance, [0.2, 0.3])).toBeCloseTo(Math.SQRT2, 12);
    // Down with vol up is the nearer way where the two go against each other.
    const against = { ...distance, correlation: -0.5 };
    expect(distanceOf(against, [-0.2, 0.3])).toBeCloseTo(Math.sqrt(4 / 3), 12);
    expect(distanceOf(against, [0.2, 0.3])).toBeCloseTo(2, 12);
  });
});
