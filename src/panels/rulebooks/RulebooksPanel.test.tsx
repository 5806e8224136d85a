import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RiskEngineContext } from '../../compute/RiskEngineContext.ts';
import { failed, type Result, success } from '../../engine/domain/failure.ts';
import type {
  RulebooksReport,
  RulebooksRequest,
  SizingReport,
  SizingRequest,
} from '../../engine/domain/rulebookReport.ts';
import type { MarginOutcome, MarginResult } from '../../engine/domain/riskReport.ts';
import { useStore } from '../../state/store.ts';
import { bookRisk, margin, riskReport, TEST_BOOK, TEST_MARKET, TEST_MODELS } from '../../state/testState.ts';
import { DockToolsSlot } from '../../ui/DockTools.tsx';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { RulebooksPanel } from './RulebooksPanel.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

const VENUE = { ...TEST_MODELS[0]!, id: 'deribit-pm', title: 'Deribit PM', venue: 'Deribit', source: 'A help centre' };
const venueMargin = (usd: number): MarginOutcome => ({
  ...(margin('deribit-pm', usd, 150_000) as MarginResult),
  id: 'deribit-pm',
  title: 'Deribit PM',
  components: [
    { name: 'Risk matrix', usd: usd - 1000 },
    { name: 'Roll shock', usd: 1000 },
  ],
  approximations: ['The first.', 'The second.'],
});
const outcomes = (usd: number): MarginOutcome[] => [
  margin('cross', 4 * usd, 150_000),
  margin('portfolio', 2 * usd, 150_000),
  venueMargin(usd),
  { id: 'reg-t', title: 'Reg T', unsupported: { code: 'unsupported', message: 'BTC-PERPETUAL is no security.' } },
];

let root: Root;
let host: HTMLElement;
let tools: HTMLElement;
let asked: { request: RulebooksRequest; answer: (result: Result<RulebooksReport>) => void }[];
let sized: { request: SizingRequest; answer: (result: Result<SizingReport | null>) => void }[];

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  useStore.setState({
    ...useStore.getInitialState(),
    market: TEST_MARKET,
    book: TEST_BOOK,
    models: [...TEST_MODELS, VENUE],
    report: riskReport(0, bookRisk(10_000)),
  });
  asked = [];
  sized = [];
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
    rulebooks: (request: RulebooksRequest) => new Promise((answer) => asked.push({ request, answer })),
    sizing: (request: SizingRequest) => new Promise((answer) => sized.push({ request, answer })),
  };
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <RiskEngineContext value={client as never}>
          <DockToolsSlot value={tools}>
            <RulebooksPanel />
          </DockToolsSlot>
        </RiskEngineContext>
      </QueryClientProvider>,
    ),
  );
  await act(async () => eventually(() => expect(asked).toHaveLength(1)));
}

const report = (usd: number, after: number | null = null): RulebooksReport => ({
  inputVersion: 0,
  marketId: TEST_MARKET.id,
  elapsedMs: 1,
  before: outcomes(usd),
  after: after === null ? null : outcomes(after),
});
const answer = (result: Result<RulebooksReport>) => act(async () => asked.at(-1)!.answer(result));
const names = () => [...host.querySelectorAll('tbody th[scope="row"]')].map((cell) => cell.textContent);
/** Answers, and waits for the table. */
const compared = async (answered: RulebooksReport) => {
  await answer(success(answered));
  await act(async () => eventually(() => expect(names()).toHaveLength(4)));
};
const row = (id: string) => host.querySelector<HTMLElement>(`[data-model="${id}"]`)!;
const button = (name: string | RegExp, within: ParentNode = document) =>
  [...within.querySelectorAll('button')].find((each) => {
    const label = each.getAttribute('aria-label') ?? each.textContent ?? '';
    return typeof name === 'string' ? label === name : name.test(label);
  })!;
const press = (element: HTMLElement) => act(async () => element.click());
const key = (element: HTMLElement, name: string) =>
  act(async () => element.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true })));

describe('RulebooksPanel', () => {
  it('shows every rulebook, the most free margin first and the refused one last with its reason', async () => {
    await show();
    expect(asked[0]!.request).toMatchObject({ marketId: 'market-1', book: TEST_BOOK, proposed: null, parameters: {} });
    await compared(report(10_000));
    expect(names()).toEqual(['Deribit PM', 'Portfolio', 'Cross', 'Reg T']);
    expect(row('deribit-pm').textContent).toContain('140,000');
    expect(row('reg-t').textContent).toContain('BTC-PERPETUAL is no security.');
    await press(button('Sort by initial margin'));
    await press(button('Sort by initial margin'));
    expect(names()).toEqual(['Cross', 'Portfolio', 'Deribit PM', 'Reg T']);
  });

  it('goes through the rulebooks by arrows and makes one the rulebook of the screen', async () => {
    await show();
    await compared(report(10_000));
    const first = row('deribit-pm').querySelector('button')!;
    act(() => row('portfolio').querySelector('button')!.focus());
    await key(row('portfolio').querySelector('button')!, 'ArrowUp');
    expect(document.activeElement).toBe(first);
    expect(useStore.getState().model).toBe('portfolio');
    await press(first);
    expect(useStore.getState().model).toBe('deribit-pm');
    await act(async () => eventually(() => expect(first.getAttribute('aria-pressed')).toBe('true')));
  });

  it('tells before and after, the change and the parts of the rulebook that is looked at', async () => {
    useStore.setState({
      proposal: { label: 'Sell', trades: [{ instrument: 'BTC-26JUN26-80000-P', quantity: -5, price: 0.01 }] },
    });
    await show();
    expect(asked[0]!.request.proposed?.legs).toHaveLength(3);
    await compared(report(10_000, 12_000));
    act(() => row('deribit-pm').querySelector('button')!.focus());
    await press(button('Components', tools));
    await act(async () =>
      eventually(() => expect(host.querySelector('[data-testid="rulebook-parts"]')).not.toBeNull()),
    );
    expect(row('deribit-pm').textContent).toMatch(/10,000.*12,000.*\+2,000/);
    const parts = host.querySelector('[data-testid="rulebook-parts"]')!;
    expect(parts.textContent).toMatch(/Risk matrix9,000.*11,000.*Roll shock1,000.*1,0000/);
  });

  it('opens source and approximations with one press', async () => {
    await show();
    await compared(report(10_000));
    await press(button('Deribit PM: source and 2 approximations'));
    const notes = document.querySelector('[data-testid="rulebook-notes"]')!;
    expect(notes.textContent).toContain('A help centre');
    expect([...notes.querySelectorAll('li')].map((item) => item.textContent)).toEqual(['The first.', 'The second.']);
  });

  it('proposes the largest size of a leg under a rulebook', async () => {
    await show();
    await compared(report(10_000));
    await act(async () => eventually(() => expect(sized).toHaveLength(1)));
    expect(sized[0]!.request).toMatchObject({ heldSize: 10, presentSize: 10, step: 0.1, curves: ['portfolio'] });
    await act(async () =>
      sized[0]!.answer(
        success({
          inputVersion: 0,
          marketId: TEST_MARKET.id,
          presentSize: 10,
          sizes: [0, 10, 20],
          curves: [
            { id: 'portfolio', initialMarginUsd: [0, 20_000, 90_000], availableUsd: [150_000, 130_000, 60_000] },
          ],
          fits: [
            { id: 'portfolio', kind: 'largest', least: 0, largest: 27.5, hasGaps: false },
            { id: 'cross', kind: 'none' },
            { id: 'deribit-pm', kind: 'unbounded', least: 0, hasGaps: false },
          ],
          searchedTo: 10_000,
        }),
      ),
    );
    await act(async () => eventually(() => expect(row('portfolio').textContent).toContain('27.5')));
    expect(row('cross').textContent).toContain('none');
    expect(row('deribit-pm').textContent).toContain('over 10,000');
    await press(button(/^Propose 27\.5 BTC/));
    expect(useStore.getState().proposal!.trades).toEqual([
      { instrument: 'BTC-26JUN26-90000-P', quantity: -17.5, price: 0.02 },
    ]);
  });

  it('says why nothing is compared, and asks again', async () => {
    await show();
    await answer(failed('internal', 'The worker did not answer.'));
    await act(async () => eventually(() => expect(host.textContent).toContain('The worker did not answer.')));
    await press(button('Retry', host));
    await act(async () => eventually(() => expect(asked).toHaveLength(2)));
    await compared(report(10_000));
  });
});
