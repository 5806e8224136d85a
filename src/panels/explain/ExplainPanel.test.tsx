import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RiskEngineContext } from '../../compute/RiskEngineContext.ts';
import { failed, type Result, success } from '../../engine/domain/failure.ts';
import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import type { ExplainRequest, PnlExplanation } from '../../engine/domain/pnlExplanation.ts';
import type { Pin } from '../../state/AppState.ts';
import { useStore } from '../../state/store.ts';
import { bookRisk, riskReport, TEST_BOOK, TEST_MARKET } from '../../state/testState.ts';
import { DockToolsSlot } from '../../ui/DockTools.tsx';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { ExplainPanel } from './ExplainPanel.tsx';
import { explanationFixture, optionLeg } from './fixtures/explanation.ts';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

const PUT = 'BTC-26JUN26-90000-P';
const PIN: Pin = {
  spotMove: -0.1,
  volShock: 0.25,
  volUnit: 'relative',
  days: 1,
  smile: 'sticky-strike',
  movers: 'all',
};
const EARLIER: MarketSummary = {
  ...TEST_MARKET,
  id: 'market-0',
  asOf: TEST_MARKET.asOf - 86_400_000,
  source: { kind: 'recorded', name: 'Deribit' },
};

let root: Root;
let host: HTMLElement;
let tools: HTMLElement;
let asked: { request: ExplainRequest; answer: (result: Result<PnlExplanation>) => void }[];
let opened: (text: string) => Result<MarketSummary>;

beforeEach(() => {
  const report = riskReport(0, bookRisk(10_000));
  useStore.setState({ ...useStore.getInitialState(), explained: 'pin', market: TEST_MARKET, book: TEST_BOOK, report });
  asked = [];
  opened = () => success(EARLIER);
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
    explain: (request: ExplainRequest) => new Promise((answer) => asked.push({ request, answer })),
    openFromMarket: async (text: string) => opened(text),
  };
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <RiskEngineContext value={client as never}>
          <DockToolsSlot value={tools}>
            <ExplainPanel />
          </DockToolsSlot>
        </RiskEngineContext>
      </QueryClientProvider>,
    ),
  );
}

const questions = (count: number) => act(async () => eventually(() => expect(asked).toHaveLength(count)));
const answer = (result: Result<PnlExplanation>) => act(async () => asked.at(-1)!.answer(result));
const until = (words: string) => act(async () => eventually(() => expect(host.textContent).toContain(words)));
const isStale = () => host.querySelector('[data-testid="explain-body"]')?.hasAttribute('data-stale');
const button = (words: string, within: HTMLElement = host) =>
  [...within.querySelectorAll('button')].find((each) => each.textContent?.includes(words))!;
const total = () =>
  [...host.querySelectorAll('[data-testid="explain-total"] td')]
    .map((cell) => cell.textContent)
    .filter((text) => text !== '');

const ANSWER = explanationFixture([optionLeg('a', PUT, -20_000, { delta: 5_000, gamma: -9_000, residual: 2_000 })]);

function choose(...names: string[]) {
  const input = host.querySelector<HTMLInputElement>('input[type="file"]')!;
  const files = names.map((name) => new File(['{"schema":"headroom/market@1"}'], name, { type: 'application/json' }));
  Object.defineProperty(input, 'files', { value: files, configurable: true });
  return act(async () => void input.dispatchEvent(new Event('change', { bubbles: true })));
}

describe('ExplainPanel', () => {
  it('says that nothing is pinned, and pins the binding scenario by one click', async () => {
    await show();
    expect(host.textContent).toContain('Nothing is pinned');
    expect(asked).toHaveLength(0);
    act(() => button('Binding scenario, −16').click());
    expect(useStore.getState().pin).toMatchObject({ spotMove: -0.16, volShock: 0.5, volUnit: 'relative', days: 0 });
    await questions(1);
  });

  it('explains the pinned scenario of the book on the screen, and adds up', async () => {
    useStore.setState({ pin: PIN });
    await show();
    await questions(1);
    const { movers, ...scenario } = PIN;
    expect(asked[0]!.request).toEqual({
      marketId: TEST_MARKET.id,
      portfolio: TEST_BOOK,
      move: { kind: 'scenario', scenario, movers },
    });
    await answer(success(ANSWER));
    await until('P&L −2,000 USD');
    expect(total()).toEqual(['−2,000', '+5,000', '−9,000', '0', '0', '0', '0', '0', '+2,000']);
    expect(host.textContent).toContain('The move is too large for Greeks');
    expect(host.querySelector('[data-testid="explain-move"]')?.textContent).toMatch(
      /^Pinned −10\s%, IV ×1\.25, 10 JUN, sticky strike$/,
    );
    const table = host.querySelector('table')!;
    const heads = [...table.querySelectorAll('thead th')].map((head) => head.getAttribute('abbr'));
    expect(heads.slice(0, 3)).toEqual(['Position', 'P&L', 'Delta']);
    expect(heads.slice(-2)).toEqual(['Residual', 'Change of IV in points']);
    expect(table.querySelector('tbody th')?.textContent).toBe('BTC 26 JUN 90k P');
    expect(host.querySelector('[role="group"]')?.getAttribute('aria-label')).toBe('P&L explain');
  });

  it('counts collateral when asked to', async () => {
    useStore.setState({ pin: PIN });
    await show();
    await questions(1);
    await answer(success(ANSWER));
    await until('P&L −2,000 USD');
    act(() => button('With collateral', tools).click());
    expect(host.textContent).toContain('P&L −12,000 USD');
    expect([...host.querySelectorAll('tbody th')].map((head) => head.textContent)).toContain('BTC held');
  });

  it('follows the pin, one question at a time, and of those that wait the newest', async () => {
    useStore.setState({ pin: PIN });
    await show();
    await questions(1);
    for (const spotMove of [-0.11, -0.12, -0.13]) act(() => useStore.getState().setPin({ ...PIN, spotMove }));
    expect(asked).toHaveLength(1);
    await answer(success(ANSWER));
    await questions(2);
    expect(asked[1]!.request.move).toMatchObject({ scenario: { spotMove: -0.13 } });
    expect(isStale()).toBe(true);
    await answer(success(explanationFixture([optionLeg('a', PUT, 0, { delta: 7 })])));
    await until('P&L +7 USD');
    await act(async () => eventually(() => expect(isStale()).toBe(false)));
  });

  it('opens a market to start from, shows both ends, and keeps it when the next file is refused', async () => {
    await show();
    act(() => button('Market file', tools).click());
    expect(host.textContent).toContain('Open an earlier market');
    await choose('monday.json');
    await questions(1);
    expect(asked[0]!.request.move).toEqual({ kind: 'market', fromMarketId: 'market-0' });
    const ends = {
      from: { asOf: EARLIER.asOf, source: EARLIER.source },
      to: { asOf: TEST_MARKET.asOf, source: TEST_MARKET.source },
    };
    await answer(success(explanationFixture(ANSWER.legs, ends)));
    await until('RECORDED 8 JUN 08:00 UTC');
    expect(host.querySelector('[data-testid="explain-move"]')?.textContent).toContain(
      'SIMULATED 9 JUN 08:00 UTC, 24.0',
    );
    opened = () => failed('bad-format', 'schema is "x"; it must be "headroom/market@1"', '/schema');
    await choose('book.json');
    await until('Not opened. schema is "x"; it must be "headroom/market@1" (/schema)');
    expect(useStore.getState().fromMarket).toBe(EARLIER);
    expect(host.textContent).toContain('P&L −2,000 USD');
    await choose('one.json', 'two.json');
    await until('one.json and two.json: choose one market file');
  });

  it('says why there is no explanation, and offers what to do', async () => {
    useStore.setState({ explained: 'market', fromMarket: EARLIER });
    await show();
    await questions(1);
    await answer(failed('bad-value', 'The market to start from is of a later time'));
    await until('P&L not explained. The market to start from is of a later time');
    expect(button('Another file')).toBeDefined();
    act(() => button('Retry').click());
    await questions(2);
  });

  it('asks nothing without legs', async () => {
    useStore.setState({ pin: PIN, book: { ...TEST_BOOK, legs: [] } });
    await show();
    expect(host.textContent).toContain('No legs yet');
    expect(asked).toHaveLength(0);
  });
});
