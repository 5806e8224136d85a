import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RiskEngineContext } from '../../compute/RiskEngineContext.ts';
import type { BacktestReport, BacktestRequest } from '../../engine/domain/backtestReport.ts';
import { failed, type Result, success } from '../../engine/domain/failure.ts';
import { useStore } from '../../state/store.ts';
import { TEST_BOOK, TEST_MARKET } from '../../state/testState.ts';
import { DockToolsSlot } from '../../ui/DockTools.tsx';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { BacktestPanel } from './BacktestPanel.tsx';
import { backtestReport } from './fixtures/backtestReport.ts';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

let root: Root;
let host: HTMLElement;
let tools: HTMLElement;
let asked: { request: BacktestRequest; signal: AbortSignal; answer: (result: Result<BacktestReport | null>) => void }[];

beforeEach(() => {
  useStore.setState({ ...useStore.getInitialState(), market: TEST_MARKET, book: TEST_BOOK });
  asked = [];
  host = document.body.appendChild(document.createElement('div'));
  tools = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});

afterEach(() => {
  act(() => root.unmount());
  host.remove();
  tools.remove();
});

async function show() {
  const client = {
    backtest: (request: BacktestRequest, signal: AbortSignal) =>
      new Promise((answer) => asked.push({ request, signal, answer })),
  };
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <RiskEngineContext value={client as never}>
          <DockToolsSlot value={tools}>
            <BacktestPanel />
          </DockToolsSlot>
        </RiskEngineContext>
      </QueryClientProvider>,
    ),
  );
}

const questions = (count: number) => act(async () => eventually(() => expect(asked).toHaveLength(count)));
const answer = (result: Result<BacktestReport | null>) => act(async () => asked.at(-1)!.answer(result));
const isStale = () => host.querySelector('[data-testid="backtest-panel"]')?.hasAttribute('data-stale');
const until = (words: string) => act(async () => eventually(() => expect(host.textContent).toContain(words)));

describe('BacktestPanel', () => {
  it('asks about the book on the screen, and says what came of it', async () => {
    await show();
    await questions(1);
    expect(asked[0]!.request).toMatchObject({
      marketId: 'market-1',
      portfolio: TEST_BOOK,
      confidence: 0.99,
      window: 250,
    });
    expect(asked[0]!.request.methods).toContain('filtered-historical');
    expect(isStale()).toBe(true);
    expect(tools.textContent).toContain('computing');
    await answer(success(backtestReport()));
    await until('3 exceptions where 0.4 were expected: model too mild, p = 0.005');
    expect(isStale()).toBe(false);
    const rows = [...host.querySelectorAll('tbody tr')].map((row) => row.textContent);
    expect(rows).toHaveLength(4);
    expect(rows[0]).toBe('Historical3 of 0.4yellow0.005, rejected0.21−8.38, rejected');
    expect(host.textContent).toContain('Only 0.4 exceptions are expected in 40 days.');
    expect(host.textContent).not.toContain('joint daily moves');
  });

  it('another method is drawn and spoken of without a new question', async () => {
    await show();
    await questions(1);
    await answer(success(backtestReport()));
    await until('model too mild');
    const filtered = [...host.querySelectorAll<HTMLInputElement>('input[type="radio"]')][2]!;
    act(() => filtered.click());
    expect(host.textContent).toContain('No exceptions, so none that cluster');
    expect(host.querySelector('ul')?.getAttribute('aria-label')).toBe('Tests of Filtered');
    expect(asked).toHaveLength(1);
  });

  it('follows the book: the old answer stays, marked, and the overtaken question is given up', async () => {
    await show();
    await questions(1);
    await answer(success(backtestReport()));
    await until('model too mild');
    act(() => useStore.getState().setLegQuantity('a', -20));
    expect(isStale()).toBe(true);
    expect(host.textContent).toContain('model too mild');
    await questions(2);
    expect(asked[1]!.request.portfolio.legs[0]!.quantity).toBe(-20);
    act(() => useStore.getState().setLegQuantity('a', -30));
    expect(asked[1]!.signal.aborted).toBe(true);
    await questions(3);
    await answer(success(backtestReport({ exceptions: [], coverage: { likelihoodRatio: 0.8, pValue: 0.37 } })));
    await until('0 exceptions where 0.4 were expected: not rejected');
    expect(isStale()).toBe(false);
  });

  it('a proposed trade is tested with the book', async () => {
    await show();
    await questions(1);
    act(() =>
      useStore.getState().propose('one more', [{ instrument: 'BTC-31JUL26-80000-P', quantity: 1, price: 0.01 }]),
    );
    await questions(2);
    expect(asked[1]!.request.portfolio.legs.map(({ instrument }) => instrument)).toContain('BTC-31JUL26-80000-P');
  });

  it('the controls ask anew', async () => {
    await show();
    await questions(1);
    act(() => [...tools.querySelectorAll<HTMLElement>('[role="radio"]')][1]!.click());
    await questions(2);
    expect(asked[1]!.request.confidence).toBe(0.975);
  });

  it('a market without history and a book without legs say so', async () => {
    await show();
    await questions(1);
    await answer(failed('missing-data', 'BTC has no price history in this market; a backtest needs it'));
    await until('No backtest. BTC has no price history in this market; a backtest needs it.');
    expect(host.querySelector('table')).toBeNull();
    act(() => useStore.getState().clearBook());
    expect(host.textContent).toBe('No legs yet. The backtest appears with the first one.');
  });
});
