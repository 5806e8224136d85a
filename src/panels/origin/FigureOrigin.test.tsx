import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RiskEngineContext } from '../../compute/RiskEngineContext.ts';
import { failed, type Result, success } from '../../engine/domain/failure.ts';
import type { MarginProvenance, MarginProvenanceRequest } from '../../engine/domain/marginCase.ts';
import { useStore } from '../../state/store.ts';
import { margin, TEST_BOOK, TEST_MARKET, TEST_MODELS } from '../../state/testState.ts';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { FigureOrigin } from './FigureOrigin.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

const PLACE = { x: 10, y: 10, width: 80, height: 30 };
const PROVENANCE: MarginProvenance = {
  outcome: margin('portfolio', 47_910, 100_000),
  model: TEST_MODELS[2]!,
  parameters: {},
  engineVersion: '0.1.0',
  asOf: TEST_MARKET.asOf,
  source: TEST_MARKET.source,
  indices: [{ underlying: 'BTC', index: 100_000 }],
  inputs: [],
  caseText: '{"schema":"headroom/margin-case@1"}',
};
const PROPOSAL = {
  label: 'Sell',
  trades: [{ instrument: 'BTC-26JUN26-80000-P', quantity: -5, price: 0.01 }],
};

let root: Root;
let host: HTMLElement;
let asked: MarginProvenanceRequest[];
let answer: () => Result<MarginProvenance>;

beforeEach(() => {
  useStore.setState({
    ...useStore.getInitialState(),
    market: TEST_MARKET,
    models: TEST_MODELS,
    book: TEST_BOOK,
    proposal: PROPOSAL,
  });
  asked = [];
  answer = () => success(PROVENANCE);
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});
afterEach(() => {
  act(() => root.unmount());
  host.remove();
});

async function show(book: 'before' | 'current', figure: 'initial' | 'free' = 'initial') {
  useStore.getState().askFigure({ figure, model: 'portfolio', book, place: PLACE });
  const client = {
    marginProvenance: async (request: MarginProvenanceRequest) => {
      asked.push(request);
      return answer();
    },
  };
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <RiskEngineContext value={client as never}>
          <FigureOrigin />
        </RiskEngineContext>
      </QueryClientProvider>,
    ),
  );
}

const popup = () => document.querySelector('[data-testid="figure-origin"]');
const until = (words: string) => act(async () => eventually(() => expect(popup()?.textContent).toContain(words)));
const button = (words: string) =>
  [...popup()!.querySelectorAll('button')].find((each) => each.textContent?.includes(words))!;

describe('FigureOrigin', () => {
  it('asks about the book that the figure is of, and tells it', async () => {
    await show('current');
    await until('47,910.00 USD');
    expect(asked[0]!.portfolio.legs).toHaveLength(3);
    expect(popup()!.textContent).toContain('Initial margin, Portfolio, with the proposed trade');
    expect(popup()!.textContent).toContain('SIMULATED test');
    expect(popup()!.textContent).toContain('−16 %, IV ×1.50');
  });

  it('tells a figure from before the trade of the book as it stands', async () => {
    await show('before');
    await until('before the trade');
    expect(asked[0]!.portfolio).toEqual(TEST_BOOK);
  });

  it('copies the document, and says so, or that it could not', async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    await show('current');
    await until('Copy as JSON');
    await act(async () => button('Copy as JSON').click());
    expect(writeText).toHaveBeenCalledWith(PROVENANCE.caseText);
    await until('Copied');
    writeText.mockRejectedValueOnce(new Error('no'));
    await act(async () => button('Copy as JSON').click());
    await until('does not let it be copied');
    vi.unstubAllGlobals();
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  });

  it('leads to the steps, and closes', async () => {
    await show('current');
    await until('Step by step');
    await act(async () => button('Step by step').click());
    expect(useStore.getState()).toMatchObject({ askedFigure: null, explained: 'margin', whyOpened: 1 });
  });

  it('says why nothing is known, and asks again', async () => {
    answer = () => failed('unsupported', 'This rulebook has no ETH options.');
    await show('current', 'free');
    await until('Not known. This rulebook has no ETH options.');
    answer = () => success(PROVENANCE);
    await act(async () => button('Retry').click());
    await until('Free margin = equity − initial margin');
    expect(document.body.textContent).not.toContain('Not known');
  });
});
