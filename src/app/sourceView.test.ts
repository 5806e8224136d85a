import { describe, expect, it } from 'vitest';
import { DERIBIT_ENDPOINTS, endpointMarketName } from '../adapters/market/marketEndpoint.ts';
import type { FeedStatus } from '../engine/domain/feedStatus.ts';
import type { MarketQuality } from '../engine/domain/marketQuality.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { MarketChoice } from '../state/marketChoice.ts';
import { type SourceInputs, type SourceView, sourceView, TEST_EXCHANGE } from './sourceView.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

function market(kind: MarketSummary['source']['kind'], ageMs: number, name = 'Deribit'): MarketSummary {
  return { id: 'm', asOf: NOW - ageMs, source: { kind, name }, underlyings: [], stablecoins: [], notices: [] };
}

function feed(change: Partial<FeedStatus>): FeedStatus {
  return {
    state: 'live',
    message: null,
    lastMessageAt: NOW,
    latencyMs: 84.4,
    clockOffsetMs: 0,
    attempts: 0,
    nextAttemptAt: null,
    refusedMessages: 0,
    position: null,
    ...change,
  };
}

function quality(ages: MarketQuality['ages'], checkedAt = NOW): MarketQuality {
  return { checkedAt, doubts: [], confidence: [], ages };
}

const LIVE: MarketChoice = { kind: 'deribit', network: 'production' };

function seen(change: Partial<SourceInputs>): SourceView {
  return sourceView({
    market: market('live', 300),
    choice: LIVE,
    feed: feed({}),
    quality: null,
    coins: new Set(['BTC']),
    now: NOW,
    ...change,
  });
}

const badge = ({ word, detail, more }: SourceView) => [word, detail, more].join(' ').trim().replaceAll('\u00a0', ' ');

describe('a market that stands still', () => {
  it('is a snapshot once its live prices have stopped, and says how long ago', () => {
    const view = seen({ feed: null, market: market('live', 12 * 60_000) });
    expect(badge(view)).toBe('SNAPSHOT 12 min old');
    expect(view.sentence.replaceAll('\u00a0', ' ')).toBe(
      'SNAPSHOT, live prices of Deribit 12 min ago, 22 NOV 11:48 UTC. They do not move.',
    );
  });

  it('counts on by itself', () => {
    const kept = market('live', 12 * 60_000);
    expect(badge(seen({ feed: null, market: kept, now: NOW + 60_000 }))).toBe('SNAPSHOT 13 min old');
  });

  it('is told by the word where it was recorded or simulated', () => {
    expect(badge(seen({ feed: null, market: market('recorded', 3 * 86_400_000) }))).toBe(
      'RECORDED 19 NOV 12:00 UTC 3 d old',
    );
    const simulated = seen({ feed: null, market: market('simulated', 0, 'seed 4') });
    expect(badge(simulated)).toBe('SIMULATED 22 NOV 12:00 UTC');
    expect(simulated.isSimulated).toBe(true);
  });
});

describe('a market that moves', () => {
  it('is live with its latency and the age of the oldest price that matters', () => {
    const view = seen({
      quality: quality([
        { underlying: 'BTC', kind: 'index', ageMs: 400, limitMs: 5_000 },
        { underlying: 'BTC', kind: 'forward', ageMs: 3_200, limitMs: 30_000 },
        // Neither the book nor the screen shows it.
        { underlying: 'ETH', kind: 'index', ageMs: 60_000, limitMs: 5_000 },
        // Quotes and history have a pace of their own.
        { underlying: 'BTC', kind: 'history', ageMs: 9e7, limitMs: 2e8 },
        { underlying: 'BTC', kind: 'quote', ageMs: 50_000, limitMs: 120_000 },
      ]),
    });
    expect(badge(view)).toBe('LIVE 84 ms · 3 s old');
    expect(view.state).toBe('live');
  });

  it('is stale once a price that matters is beyond its limit, though messages come; time alone makes it so', () => {
    const aged = quality([
      { underlying: 'BTC', kind: 'index', ageMs: 4_000, limitMs: 5_000 },
      { underlying: 'BTC', kind: 'forward', ageMs: 20_000, limitMs: 30_000 },
    ]);
    expect(seen({ quality: aged }).state).toBe('live');
    const later = seen({ quality: aged, now: NOW + 2_000 });
    expect(badge(later)).toBe('STALE 6 s old');
    expect(later.sentence).toMatch(/BTC index is 6\ss old; 5\ss is its limit/);
  });

  it('counts ages by the clock of the exchange', () => {
    const aged = quality([{ underlying: 'BTC', kind: 'index', ageMs: 100, limitMs: 5_000 }], NOW + 60_000);
    expect(seen({ quality: aged, feed: feed({ clockOffsetMs: 60_000 }) }).state).toBe('live');
    expect(seen({ quality: aged, feed: feed({ clockOffsetMs: 70_000 }) }).state).toBe('stale');
  });

  it('says what it waits for when the line is lost', () => {
    const lost = feed({ state: 'reconnecting', attempts: 3, nextAttemptAt: NOW + 3_200, lastMessageAt: NOW - 22_000 });
    const view = seen({ feed: lost });
    expect(badge(view)).toBe('RECONNECTING 3 in 4 s');
    expect(view.sentence.replaceAll('\u00a0', ' ')).toBe(
      'The connection to Deribit is lost. Attempt 3 is due in 4 s. Prices are 22 s old and stand still.',
    );
    expect(badge(seen({ feed: { ...lost, nextAttemptAt: null } }))).toBe('RECONNECTING 3 under way');
  });

  it('says whose prices are on the screen until the first message', () => {
    const view = seen({
      market: market('live', 720_000),
      feed: feed({ state: 'connecting', lastMessageAt: null, latencyMs: null }),
    });
    expect(badge(view)).toBe('CONNECTING snapshot');
    expect(view.sentence).toMatch(
      /^Connecting to Deribit\. Until it answers: SNAPSHOT, live prices of Deribit 12\smin ago/,
    );
  });

  it('is silent, disconnected, paused or ended in words of their own, with the reason that the feed gives', () => {
    expect(badge(seen({ feed: feed({ state: 'silent', lastMessageAt: NOW - 14_000 }) }))).toBe('SILENT 14 s');
    const failed = seen({ feed: feed({ state: 'failed', lastMessageAt: null, message: 'The exchange refused' }) });
    expect(failed.word).toBe('DISCONNECTED');
    expect(failed.sentence).toMatch(/The exchange refused\.$/);
    expect(seen({ feed: feed({ state: 'paused' }) }).word).toBe('PAUSED');
    expect(seen({ feed: feed({ state: 'ended' }) }).word).toBe('ENDED');
  });

  it('never passes a replay or a simulation for live', () => {
    const position = { from: NOW - 1e7, at: NOW - 5e6, to: NOW, speed: 60 };
    const replay = seen({ market: market('recorded', 5e6), feed: feed({ position }) });
    expect(badge(replay)).toBe('REPLAY 10:36 ×60');
    const simulated = seen({ market: market('simulated', 5e6), feed: feed({ position }) });
    expect(badge(simulated)).toBe('SIMULATED REPLAY 10:36 ×60');
    const simulator = seen({
      market: market('simulated', 0),
      feed: feed({ latencyMs: null }),
      choice: { kind: 'simulator', seed: 7, speed: 1 },
    });
    expect(simulator.word).toBe('SIMULATED');
    expect(simulator.sentence).toMatch(/Simulator, seed 7 moves/);
  });

  it('speaks the same while only numbers count, so that no tick is announced', () => {
    const spoken = (now: number, lastMessageAt: number) =>
      seen({ now, feed: feed({ lastMessageAt, latencyMs: (now - NOW) / 7 }) }).announcement;
    expect(spoken(NOW + 9_000, NOW + 8_000)).toBe(spoken(NOW, NOW - 700));
    const lost = (attempts: number, now: number) =>
      seen({ now, feed: feed({ state: 'reconnecting', attempts, nextAttemptAt: now + 4_000 }) }).announcement;
    expect(lost(4, NOW + 30_000)).toBe(lost(1, NOW));
  });

  it('gives every state a word that no other has', () => {
    const states: readonly SourceView[] = [
      seen({}),
      seen({ quality: quality([{ underlying: 'BTC', kind: 'index', ageMs: 9, limitMs: 5 }]) }),
      seen({ feed: feed({ state: 'silent' }) }),
      seen({ feed: feed({ state: 'connecting' }) }),
      seen({ feed: feed({ state: 'reconnecting' }) }),
      seen({ feed: feed({ state: 'failed' }) }),
      seen({ feed: feed({ state: 'paused' }) }),
      seen({ feed: feed({ state: 'ended' }) }),
      seen({ feed: null }),
      seen({ feed: null, market: market('recorded', 5) }),
      seen({ feed: null, market: market('simulated', 5) }),
      seen({ market: market('recorded', 5), feed: feed({ position: { from: 0, at: 1, to: 2, speed: 1 } }) }),
    ];
    expect(new Set(states.map(({ word }) => word)).size).toBe(states.length);
    expect(new Set(states.map(({ state }) => state)).size).toBe(states.length);
  });
});

describe('a market of a test exchange', () => {
  it('is marked in every state, and its sentence says what its prices are', () => {
    for (const endpoint of ['ws://127.0.0.1:8790/ws/api/v2', DERIBIT_ENDPOINTS.test]) {
      const test = market('live', 300, endpointMarketName(endpoint));
      for (const change of [{}, { feed: null }, { feed: feed({ state: 'reconnecting' }) }]) {
        const view = seen({ market: test, choice: { kind: 'endpoint', url: endpoint }, ...change });
        expect(view.isTest).toBe(true);
        expect(view.sentence.endsWith(TEST_EXCHANGE)).toBe(true);
      }
    }
  });

  it('is not that of Deribit, whoever wrote its address', () => {
    const url = DERIBIT_ENDPOINTS.production;
    const view = seen({ market: market('live', 300, endpointMarketName(url)), choice: { kind: 'endpoint', url } });
    expect(view.isTest).toBe(false);
    expect(view.sentence).not.toContain('test exchange');
    expect(seen({ market: market('simulated', 0, 'seed 4'), feed: null }).isTest).toBe(false);
  });
});

describe('a market that comes, but not as it should', () => {
  it('is limited, with the reason in its sentence and announced, unless its prices are old as well', () => {
    const message = 'Deribit has locked its markets: prices may stand still until it opens them again';
    const view = seen({ feed: feed({ message }) });
    expect([view.state, badge(view)]).toEqual(['limited', 'LIMITED 84 ms']);
    expect(view.sentence).toBe(`Prices of Deribit come, but not as they should. ${message}.`);
    expect(view.announcement).toBe(`${message}.`);
    const old = quality([{ underlying: 'BTC', kind: 'index', ageMs: 60_000, limitMs: 5_000 }]);
    expect(seen({ feed: feed({ message }), quality: old }).state).toBe('stale');
  });
});
