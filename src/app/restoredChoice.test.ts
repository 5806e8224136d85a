import { describe, expect, it } from 'vitest';
import { restoredChoice } from './restoredChoice.ts';

describe('the market chosen at an earlier visit', () => {
  it.each([
    { kind: 'deribit', network: 'test' },
    { kind: 'endpoint', url: 'ws://127.0.0.1:8090/ws/api/v2' },
    { kind: 'simulator', seed: 7, speed: 60 },
    { kind: 'replay', name: 'depeg' },
  ])('is chosen again: $kind', (choice) => {
    expect(restoredChoice(JSON.parse(JSON.stringify(choice)))).toEqual(choice);
  });

  it.each([
    null,
    'deribit',
    [],
    {},
    { kind: 'still' },
    { kind: 'recording', fileName: 'gone.jsonl' },
    { kind: 'deribit', network: 'moon' },
    { kind: 'endpoint', url: 'wss://evil.example/' },
    { kind: 'endpoint' },
    { kind: 'simulator', seed: -1, speed: 1 },
    { kind: 'simulator', seed: 1.5, speed: 1 },
    { kind: 'simulator', seed: 1, speed: 0 },
    { kind: 'simulator', seed: 1, speed: 1e9 },
    { kind: 'replay', name: 'toString' },
  ])('is left alone when it is no choice of ours: %j', (value) => {
    expect(restoredChoice(value)).toBeNull();
  });
});
