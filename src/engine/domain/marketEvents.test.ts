import { describe, expect, it } from 'vitest';
import { eventHours, eventSpotMove, eventVolShock, MARKET_EVENTS } from './marketEvents.ts';

const event = (id: string) => MARKET_EVENTS.find((each) => each.id === id)!;

describe('market events', () => {
  it('are the six crashes, in order, each with a window of its date', () => {
    expect(MARKET_EVENTS.map(({ id }) => id)).toEqual([
      '2020-03-12',
      '2021-05-19',
      '2022-05',
      '2022-06',
      '2022-11',
      '2025-10-10',
    ]);
    for (const each of MARKET_EVENTS) {
      expect(each.to).toBeGreaterThan(each.from);
      expect(new Date(each.to).toISOString().slice(0, 7)).toBe(each.id.slice(0, 7));
      expect(eventHours(each)).toBeLessThan(10 * 24);
    }
  });

  it('have moves with the signs and sizes of crashes, and say where they come from', () => {
    for (const each of MARKET_EVENTS) {
      for (const symbol of ['BTC', 'ETH', 'SOL', 'XRP']) {
        expect(eventSpotMove(each, symbol)).toBeLessThan(-0.1);
        expect(eventSpotMove(each, symbol)).toBeGreaterThan(-0.75);
      }
      expect(Math.abs(eventSpotMove(each, 'ETH'))).toBeGreaterThan(Math.abs(eventSpotMove(each, 'BTC')));
      expect(eventVolShock(each)).toBeGreaterThan(0.1);
      expect(eventVolShock(each)).toBeLessThan(2.5);
      expect(each.source).toMatch(/Vol: /);
      expect(each.source.length).toBeGreaterThan(60);
    }
  });

  it('are bounded below by the worst day’s close that others publish: no day inside is worse than the whole', () => {
    // Closes of 12 March 2020 over the day before: BTC -39.5 %, ETH -44.6 %; 19 May 2021: ETH -27.7 %, SOL -37.2 %; 9 November 2022: SOL -42.3 %.
    expect(eventSpotMove(event('2020-03-12'), 'BTC')).toBeLessThan(-0.395);
    expect(eventSpotMove(event('2020-03-12'), 'ETH')).toBeLessThan(-0.446);
    expect(eventSpotMove(event('2021-05-19'), 'ETH')).toBeLessThan(-0.2774);
    expect(eventSpotMove(event('2021-05-19'), 'SOL')).toBeLessThan(-0.372);
    expect(eventSpotMove(event('2022-11'), 'SOL')).toBeLessThan(-0.4228);
    expect(eventSpotMove(event('2022-06'), 'BTC')).toBeLessThan(-0.1538);
  });

  it('say so where vol was reconstructed, and move a coin without a price as ETH', () => {
    expect(MARKET_EVENTS.filter(({ vol }) => vol.isReconstructed).map(({ id }) => id)).toEqual([
      '2020-03-12',
      '2025-10-10',
    ]);
    expect(eventSpotMove(event('2020-03-12'), 'SOL')).toBe(-0.577);
  });
});
