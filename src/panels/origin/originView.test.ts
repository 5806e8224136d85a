import { describe, expect, it } from 'vitest';
import type { MarginProvenance } from '../../engine/domain/marginCase.ts';
import type { MarginResult } from '../../engine/domain/riskReport.ts';
import type { MarginFigure } from '../../state/AppState.ts';
import { originView } from './originView.ts';

const MARGIN: MarginResult = {
  initialMarginUsd: 47_910.333,
  maintenanceMarginUsd: 38_328.2664,
  equityUsd: 100_000,
  availableUsd: 52_089.667,
  marginRatio: 0.38,
  worstScenario: { label: '−16 %, IV ×1.50', spotMove: -0.16, volShock: 0.5, lossUsd: 45_000.111, byUnderlying: [] },
  components: [
    { name: 'Worst loss, BTC', usd: 45_000.111 },
    { name: 'Short option charge', usd: 2_910.222 },
  ],
  positions: [],
  approximations: ['Coin-settled legs are taken as settled in USD.'],
};
const spec = {
  key: 'maintenanceFactor',
  label: 'Maintenance factor',
  unit: 'fraction',
  initial: 0.8,
  min: 0,
  max: 1,
  description: '',
};
const PROVENANCE: MarginProvenance = {
  outcome: { id: 'portfolio', title: 'Portfolio', ...MARGIN },
  model: {
    id: 'portfolio',
    title: 'Portfolio',
    venue: 'Headroom',
    source: 'docs/models.md',
    parametersDate: '2026-11-22',
    parameters: [spec],
  },
  parameters: { maintenanceFactor: 0.8 },
  engineVersion: '0.1.0',
  asOf: Date.UTC(2026, 5, 9, 8),
  source: { kind: 'recorded', name: 'Deribit' },
  indices: [{ underlying: 'BTC', index: 104_250.5 }],
  inputs: [
    {
      id: 'a',
      instrument: 'BTC-26JUN26-90000-P',
      quantity: -10,
      forward: 104_500,
      timeToExpiryYears: 0.05,
      volatility: 0.472,
      volatilitySource: 'mark',
      quotedAt: Date.UTC(2026, 5, 9, 7, 58),
    },
    {
      id: 'b',
      instrument: 'BTC-PERPETUAL',
      quantity: -80_000,
      forward: 104_260,
      timeToExpiryYears: Number.POSITIVE_INFINITY,
      volatility: null,
      volatilitySource: null,
      quotedAt: null,
    },
  ],
  caseText: '{}',
};
const USD = { symbol: 'USD', perUsd: 1, kind: 'usd' } as const;
const view = (figure: MarginFigure, change: Partial<MarginProvenance> = {}) =>
  originView(figure, { ...PROVENANCE, ...change }, MARGIN, USD);
const numberOf = (text: string) => Number(text.replaceAll(',', '').replace('−', '-'));

describe('originView', () => {
  it('adds its rows up to the figure, to the cent', () => {
    for (const figure of ['initial', 'free'] as const) {
      const { rows, total, value } = view(figure);
      const cents = rows.reduce((sum, { text }) => sum + Math.round(100 * numberOf(text)), 0);
      expect(cents).toBe(Math.round(100 * numberOf(total!.text)));
      expect(value).toBe(`${total!.text} USD`);
    }
    expect(view('free').rows).toEqual([
      { name: 'Equity', text: '100,000.00' },
      { name: 'Initial margin', text: '−47,910.33' },
    ]);
  });

  it('says what maintenance and the used share are', () => {
    expect(view('maintenance')).toMatchObject({
      value: '38,328.27 USD',
      formula: 'Maintenance margin = 0.8 × initial margin',
    });
    expect(view('maintenance', { parameters: {} }).formula).toContain('as Portfolio states it');
    expect(view('used').value.replace('\u00a0', ' ')).toBe('47.9 %');
  });

  it('names the binding scenario, the inputs with their time and source, and what is edited', () => {
    const { binding, source, inputs, edited, approximations } = view('initial', {
      parameters: { maintenanceFactor: 0.7 },
    });
    expect(binding).toContain('−16 %, IV ×1.50');
    expect(source).toContain('RECORDED Deribit, 9 JUN');
    expect(inputs.map(({ name }) => name)).toEqual(['BTC index', '−10 BTC 26 JUN 90k P', '−80,000 BTC perpetual']);
    expect(inputs[1]!.text).toMatch(/forward 104,500.*IV 47\.2\s%, quoted 9 JUN 07:58/);
    expect(edited).toEqual(['Maintenance factor 0.7 instead of 0.8 (fraction)']);
    expect(approximations).toHaveLength(1);
  });
});
