import { describe, expect, it } from 'vitest';
import type { ProxyVerification } from '../../engine/domain/proxyVerification.ts';
import { verificationView } from './verificationView.ts';

const found = {
  report: {
    valueAtRiskUsd: 12_345.6789,
    expectedShortfallUsd: 15_000,
    proxyError: { maxUsd: 3.1, shareOfGrossPremium: 4e-7 },
    elapsedMs: 310,
  },
  full: {
    valueAtRiskUsd: 12_345.6712,
    expectedShortfallUsd: 15_000,
    standardError: { valueAtRiskUsd: 41, expectedShortfallUsd: 50 },
    elapsedMs: 4_150,
  },
  paths: 160_000,
  largestDifferenceUsd: 0.61,
  path: 1_233,
  shareOfGrossPremium: 8.1e-8,
} as ProxyVerification;

describe('verificationView', () => {
  it('sets both figures and their difference side by side, with the decimals that show it', () => {
    expect(verificationView(found).rows).toEqual([
      { name: 'VaR', proxy: '12,345.6789', full: '12,345.6712', difference: '+0.0077' },
      { name: 'Expected shortfall', proxy: '15,000.0000', full: '15,000.0000', difference: '0' },
    ]);
  });

  it('says how far a path is off, how many there are, and that the stated error holds', () => {
    const { sentences, holds } = verificationView(found);
    expect(holds).toBe(true);
    expect(sentences[0]).toBe(
      'The largest difference on any of 160,000 paths is 0.61 USD (path 1,234, 0.081 millionths of gross premium).',
    );
    expect(sentences[1]).toBe('That is within the 3.1 USD that the proxy states.');
  });

  it('says what to do where it does not hold', () => {
    const { sentences, holds } = verificationView({ ...found, largestDifferenceUsd: 3.2 });
    expect(holds).toBe(false);
    expect(sentences[1]).toContain('use full revaluation for this book');
  });
});
