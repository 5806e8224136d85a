import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RiskEngineContext } from '../../compute/RiskEngineContext.ts';
import type {
  CheapestCutReport,
  CheapestCutRequest,
  ExpiryCliffReport,
  FillOrderReport,
} from '../../engine/domain/decideReport.ts';
import { failed, type Result, success } from '../../engine/domain/failure.ts';
import { useStore } from '../../state/store.ts';
import { TEST_BOOK, TEST_MARKET, TEST_MODELS, bookRisk, riskReport } from '../../state/testState.ts';
import { DockToolsSlot } from '../../ui/DockTools.tsx';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { DecidePanel } from './DecidePanel.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
vi.mock('../../ui/Chart.tsx', () => ({
  Chart: ({ title, description }: { title: string; description: string }) => <p aria-label={title}>{description}</p>,
}));

const CALL = 'BTC-26JUN26-110000-C';
const PUT = 'BTC-26JUN26-80000-P';

const point = (freedUsd: number, quantity: number) => ({
  trades: [{ instrument: PUT, quantity, price: 0.01, fill: 'ask' as const }],
  freedUsd,
  initialMarginUsd: 40_000 - freedUsd,
  availableChangeUsd: freedUsd - 10,
  costUsd: quantity * 1_000,
  premiumUsd: quantity * 1_000,
  spreadUsd: 10,
  deltaUsd: -quantity * 20_000,
});

const cut: CheapestCutReport = {
  marketId: TEST_MARKET.id,
  model: 'portfolio',
  objective: 'premium',
  targetUsd: 9_000,
  initialMarginUsd: 40_000,
  availableUsd: 60_000,
  frontier: [point(5_000, 2), point(10_000, 5), point(15_000, 10)],
  chosen: 1,
  searched: {
    candidates: 120,
    evaluations: 4_000,
    isExhaustive: false,
    mostTrades: 4,
    lots: [{ underlying: 'BTC', lot: 1 }],
  },
  elapsedMs: 900,
  leftOut: [],
};

const state = (initialMarginUsd: number) => ({ initialMarginUsd, availableUsd: 100_000 - initialMarginUsd });
const order: FillOrderReport = {
  marketId: TEST_MARKET.id,
  model: 'portfolio',
  kind: 'exit',
  trades: [
    { instrument: PUT, quantity: 10, price: 0.01 },
    { instrument: CALL, quantity: -4, price: 0.02 },
  ],
  start: state(40_000),
  best: {
    order: [0, 1],
    steps: [state(20_000), state(0)],
    peakUsd: 40_000,
    peakAt: 0,
    leastAvailableUsd: 60_000,
    leastAvailableAt: 0,
  },
  worst: {
    order: [1, 0],
    steps: [state(55_000), state(0)],
    peakUsd: 55_000,
    peakAt: 1,
    leastAvailableUsd: 45_000,
    leastAvailableAt: 1,
  },
  isExact: true,
  evaluations: 4,
  leftOut: [],
};

const moment = (initialMarginUsd: number) => ({
  equityUsd: 100_000,
  maintenanceMarginUsd: 0.8 * initialMarginUsd,
  ...state(initialMarginUsd),
});
const june = Date.UTC(2026, 5, 26, 8);
const cliff: ExpiryCliffReport = {
  marketId: TEST_MARKET.id,
  model: 'portfolio',
  asOf: TEST_MARKET.asOf,
  now: moment(30_000),
  expiries: [
    {
      expiry: june,
      before: moment(28_000),
      after: moment(45_000),
      expired: [{ id: 'c', instrument: PUT, quantity: 5, settlementUsd: 0 }],
      lostHedges: [
        {
          hedge: { id: 'c', instrument: PUT, quantity: 5 },
          protects: { id: 'd', instrument: 'BTC-31JUL26-80000-P', quantity: -5 },
          worthUsd: 17_000,
        },
      ],
    },
  ],
  leftOut: [],
};

let root: Root;
let host: HTMLElement;
let answer: Result<CheapestCutReport>;
let asked: CheapestCutRequest[];

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  useStore.setState({
    ...useStore.getInitialState(),
    market: TEST_MARKET,
    models: TEST_MODELS,
    book: TEST_BOOK,
    report: riskReport(useStore.getInitialState().inputVersion, bookRisk(40_000)),
  });
  answer = success(cut);
  asked = [];
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});

afterEach(() => {
  act(() => root.unmount());
  host.remove();
  vi.useRealTimers();
});

async function show(awaited: string) {
  const client = {
    cheapestCut: async (request: CheapestCutRequest) => {
      asked.push(request);
      return answer;
    },
    fillOrder: async () => success(order),
    expiryCliff: async () => success(cliff),
  };
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <RiskEngineContext value={client as never}>
          <DockToolsSlot value={host}>
            <DecidePanel />
          </DockToolsSlot>
        </RiskEngineContext>
      </QueryClientProvider>,
    ),
  );
  await act(async () => eventually(() => expect(host.textContent).toContain(awaited)));
}

const rows = () => [...host.querySelectorAll<HTMLElement>('[role="option"]')];
const selected = () => rows().findIndex((row) => row.getAttribute('aria-selected') === 'true');

describe('DecidePanel', () => {
  it('lists the frontier, chooses what frees the target, and proposes it with one click', async () => {
    useStore.getState().setDecide({ targetUsd: 9_000 });
    await show('15,000');
    expect(asked[0]).toMatchObject({ targetUsd: 9_000, objective: 'premium', withFutures: true, model: 'portfolio' });
    expect(rows().map((row) => row.textContent)).toEqual([
      expect.stringContaining('5,0002,000−40,000+4,990+2 BTC 26 JUN 80k P'),
      expect.stringContaining('10,000'),
      expect.stringContaining('15,000'),
    ]);
    expect(selected()).toBe(1);
    const button = [...host.querySelectorAll('button')].find(({ textContent }) => textContent === 'Propose')!;
    act(() => button.click());
    expect(useStore.getState().proposal).toEqual({
      label: 'Cut 10,000 USD',
      trades: [{ instrument: PUT, quantity: 5, price: 0.01 }],
    });
    // The cut is of the book itself: proposing one asks nothing new.
    expect(asked).toHaveLength(1);
  });

  it('is worked by the keyboard: arrows choose, Enter proposes', async () => {
    await show('15,000');
    const press = (key: string) =>
      act(() => {
        document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      });
    act(() => rows()[1]!.focus());
    press('ArrowDown');
    expect(selected()).toBe(2);
    expect(document.activeElement).toBe(rows()[2]);
    press('Enter');
    expect(useStore.getState().proposal?.label).toBe('Cut 15,000 USD');
    press('Home');
    expect(selected()).toBe(0);
  });

  it('says when nothing frees what is wanted, and why a search failed', async () => {
    answer = success({ ...cut, targetUsd: 30_000, chosen: null });
    useStore.getState().setDecide({ targetUsd: 30_000 });
    await show('Nothing found frees 30,000 USD; the most is 15,000.');
    answer = failed('unsupported', 'Reg T cannot take BTC-PERPETUAL');
    act(() => useStore.getState().setDecide({ objective: 'delta' }));
    await act(async () =>
      eventually(() => expect(host.textContent).toContain('No cut found. Reg T cannot take BTC-PERPETUAL.')),
    );
  });

  it('asks also where the rulebook refuses the book, and says why', async () => {
    const refused = { code: 'unsupported', message: 'Reg T cannot take BTC-PERPETUAL' } as const;
    answer = { ok: false, failure: refused };
    const before = { ...bookRisk(40_000), margins: [{ id: 'portfolio', title: 'Portfolio', unsupported: refused }] };
    useStore.setState({ report: riskReport(useStore.getState().inputVersion, before) });
    await show('No cut found. Reg T cannot take BTC-PERPETUAL.');
    expect(asked[0]!.targetUsd).toBeNull();
  });

  it('shows the best and the worst order with the fill at which each peaks', async () => {
    useStore.getState().setDecide({ view: 'order', order: 'exit' });
    await show('Best: peak 40,000');
    expect(host.textContent).toContain('Best: peak 40,000 before the first fill');
    expect(host.textContent).toContain('Worst: peak 55,000 after fill 1');
    expect(host.textContent).toContain('The order is worth 15,000 USD of peak margin.');
    const worst = host.querySelector('[aria-label="Worst order"]')!;
    expect(worst.querySelector('[data-peak]')?.textContent).toContain('BTC 26 JUN 110k C');
    act(() => useStore.getState().setDecide({ order: 'entry' }));
    expect(host.textContent).toContain('Nothing is proposed.');
  });

  it('names the hedge that dies and what lives on without it', async () => {
    useStore.getState().setDecide({ view: 'cliff' });
    await show('A hedge dies before what it hedges');
    expect(host.textContent).toContain('28,000 → 45,000 ▲ +17,000');
    expect(host.textContent).toContain(
      '+5 BTC 26 JUN 80k P holds the requirement 17,000 lower, and −5 BTC 31 JUL 80k P lives on.',
    );
  });

  it('without legs says what to do', async () => {
    useStore.setState({ book: { ...TEST_BOOK, legs: [] } });
    await show('No legs yet.');
    expect(asked).toHaveLength(0);
  });
});
