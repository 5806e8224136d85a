import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { varRequest } from '../../compute/buildRequest.ts';
import type { VarReport } from '../../engine/domain/riskReport.ts';
import type { ScenarioEstimate } from '../../engine/domain/scenarioEstimates.ts';
import { useStore } from '../../state/store.ts';
import { TEST_BOOK, TEST_MARKET } from '../../state/testState.ts';
import { EstimatesDialog } from './EstimatesDialog.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

const KAPPA: ScenarioEstimate = {
  id: 'BTC.reversion',
  group: 'BTC variance',
  name: 'Mean reversion κ',
  unit: 'a year',
  estimated: 5.25,
  standardError: 1.5,
  value: 5.25,
  isOverridden: false,
  min: 0.01,
  max: 365,
};
const report: VarReport = {
  inputVersion: 0,
  marketId: TEST_MARKET.id,
  method: 'monte-carlo',
  confidence: 0.99,
  horizonDays: 1,
  valueAtRiskUsd: 1,
  expectedShortfallUsd: 1,
  standardError: null,
  confidenceInterval95: null,
  estimates: {
    generator: 'Heston paths',
    method: 'Quasi-maximum likelihood',
    observations: 730,
    from: '2024-06-09',
    to: '2026-06-09',
    stepDays: 1,
    values: [KAPPA],
  },
  observations: 20_000,
  byPosition: [],
  histogram: { edgesUsd: [-1, 1], counts: [1] },
  exceedance: [],
  elapsedMs: 1,
  proxyError: null,
  notices: [],
};

let root: Root;
let host: HTMLElement;

beforeEach(() => {
  const initial = useStore.getInitialState();
  useStore.setState({
    ...initial,
    market: TEST_MARKET,
    book: TEST_BOOK,
    varSettings: { ...initial.varSettings, distribution: 'heston' },
    varReports: { 'monte-carlo': { report, progress: null, failure: null } },
  });
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
  act(() => root.render(<EstimatesDialog open onClose={() => undefined} />));
});

afterEach(() => {
  act(() => root.unmount());
  host.remove();
});

const row = (): HTMLElement => document.querySelector<HTMLElement>('[data-estimate="BTC.reversion"]')!;
const asked = () => varRequest(useStore.getState(), 'monte-carlo')!.estimates;

describe('estimates', () => {
  it('are shown with error, history and the number in use', () => {
    expect(document.body.textContent).toContain('Monte Carlo: Heston paths');
    expect(document.body.textContent).toContain('730 moves, 2024-06-09 to 2026-06-09');
    expect([...row().querySelectorAll('td')].slice(0, 2).map((cell) => cell.textContent)).toEqual(['5.25', '1.50']);
    expect(row().querySelector('[role="spinbutton"]')).toHaveProperty('value', '5.25');
    expect(asked()).toBeUndefined();
  });

  it('can be overridden, are then marked and asked with, and reset', () => {
    const field = row().querySelector<HTMLInputElement>('[role="spinbutton"]')!;
    act(() => {
      field.focus();
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(field, '3');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    act(() => void field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })));
    expect(asked()).toEqual({ 'BTC.reversion': 3 });
    expect(row().dataset.overridden).toBe('true');
    expect(row().textContent).toContain('set by you');
    // The estimate stays in sight beside it.
    expect(row().querySelector('td')!.textContent).toBe('5.25');

    act(() => row().querySelector<HTMLElement>('button[aria-label^="Reset"]')!.click());
    expect(asked()).toBeUndefined();
    expect(row().dataset.overridden).toBeUndefined();
  });

  it('say why there are none', () => {
    act(() =>
      useStore.setState({
        varReports: {
          'monte-carlo': {
            report: null,
            progress: null,
            failure: { code: 'missing-data', message: 'No coin has a volatility index' },
          },
        },
      }),
    );
    expect(document.querySelector('[role="alert"]')!.textContent).toBe('No coin has a volatility index');
  });
});
