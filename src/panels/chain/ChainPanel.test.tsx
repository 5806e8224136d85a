import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RiskEngineContext } from '../../compute/RiskEngineContext.ts';
import { failed, type Result, success } from '../../engine/domain/failure.ts';
import type { ChainReport, ChainRequest } from '../../engine/domain/riskReport.ts';
import { useStore } from '../../state/store.ts';
import { chainAt, december, june, market } from '../../state/testMarket.ts';
import { DockToolsSlot } from '../../ui/DockTools.tsx';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { ChainPanel } from './ChainPanel.tsx';
import { quoteStyle, quoteText } from './chainQuotes.ts';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

let root: Root;
let host: HTMLElement;
let tools: HTMLElement;
let answer: (request: ChainRequest) => Result<ChainReport>;

beforeEach(() => {
  useStore.setState({ ...useStore.getInitialState(), market, chainExpiry: june });
  answer = ({ expiry }) => success(chainAt(expiry));
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
  const client = { chain: async (request: ChainRequest) => answer(request) };
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <RiskEngineContext value={client as never}>
          <DockToolsSlot value={tools}>
            <ChainPanel />
          </DockToolsSlot>
        </RiskEngineContext>
      </QueryClientProvider>,
    ),
  );
  await act(async () => eventually(() => expect(host.querySelector('table, [role="status"]')).not.toBeNull()));
}

function cell(name: string): HTMLElement {
  const found = host.querySelector<HTMLElement>(`[aria-label="${name}"]`);
  if (found === null) throw new Error(`No cell "${name}"`);
  return found;
}

function click(target: HTMLElement, init: MouseEventInit = {}) {
  act(() => void target.dispatchEvent(new MouseEvent('click', { bubbles: true, ...init })));
}

const trades = () => useStore.getState().proposal?.trades;

describe('ChainPanel', () => {
  it('a bid sells one, again one more, with Shift one less', async () => {
    useStore.setState({ unit: 'coin' });
    await show();
    const put = chainAt(june).rows.find(({ strike }) => strike === 96_000)!.put;
    const bid = cell(`Sell 27 JUN 96k put at ${put.bid!.toFixed(4)} BTC`);
    click(bid);
    expect(trades()).toEqual([{ instrument: 'BTC-27JUN25-96000-P', quantity: -1, price: put.bid }]);
    click(bid);
    expect(trades()?.[0]?.quantity).toBe(-2);
    click(bid, { shiftKey: true });
    click(bid, { shiftKey: true });
    expect(useStore.getState().proposal).toBeNull();
    click(cell(`Buy 27 JUN 96k put at ${put.ask!.toFixed(4)} BTC`));
    expect(trades()).toEqual([{ instrument: 'BTC-27JUN25-96000-P', quantity: 1, price: put.ask }]);
  });

  it('adds to what is proposed, and tags what is held and proposed', async () => {
    useStore.setState({
      book: { name: '', legs: [{ id: 'a', instrument: 'BTC-27JUN25-88000-P', quantity: -10 }], collateral: [] },
    });
    await show();
    click(host.querySelector<HTMLElement>('[aria-label^="Sell 27 JUN 96k put"]')!);
    click(host.querySelector<HTMLElement>('[aria-label^="Buy 27 JUN 108k call"]')!);
    expect(trades()?.map(({ instrument, quantity }) => [instrument, quantity])).toEqual([
      ['BTC-27JUN25-96000-P', -1],
      ['BTC-27JUN25-108000-C', 1],
    ]);
    const row = (strike: string) => host.querySelector(`tr[data-row="${strike}"] th`)?.textContent;
    expect(row('96000')).toBe('96,000−1');
    expect(row('108000')).toBe('+1108,000');
    expect(row('88000')).toBe('88,000−10');
  });

  it('says what is not quoted, and does not trade it', async () => {
    answer = ({ expiry }) => success(chainAt(expiry, (_, strike) => (strike === 96_000 ? { bid: null } : {})));
    await show();
    const missing = cell('27 JUN 96k put has no bid');
    expect(missing.textContent).toBe('not quoted');
    click(missing);
    expect(useStore.getState().proposal).toBeNull();
  });

  it('has one tab stop, which the arrow keys move', async () => {
    await show();
    const stops = () => [...host.querySelectorAll<HTMLElement>('[data-cell][tabindex="0"]')];
    expect(stops().map((stop) => stop.getAttribute('aria-label'))).toEqual([
      expect.stringMatching(/^Sell 27 JUN 100k put|^Sell 27 JUN 104k put/),
    ]);
    const press = (key: string) =>
      act(() => {
        document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      });
    act(() => host.querySelector<HTMLElement>('[aria-label^="Sell 27 JUN 96k put"]')!.focus());
    press('ArrowRight');
    press('ArrowDown');
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Buy 27 JUN 98k put/);
    press('Home');
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Sell 27 JUN 98k call/);
    press('ArrowUp');
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Sell 27 JUN 96k call/);
    expect(stops()).toEqual([document.activeElement]);
  });

  it('lists every expiry with its days, and follows the choice', async () => {
    await show();
    const tabs = () => [...tools.querySelectorAll<HTMLElement>('[role="tab"]')];
    expect(tabs().map((tab) => tab.textContent)).toEqual(['13 JUN4d', '27 JUN18d', '26 DEC200d']);
    await act(async () => tabs()[2]!.click());
    expect(useStore.getState().chainExpiry).toBe(december);
    await act(async () => eventually(() => expect(host.querySelector('[data-row="95000"]')).not.toBeNull()));
  });

  it('a failure is a sentence with a way to try again', async () => {
    answer = () => failed('missing-data', 'BTC has no quotes for this expiry');
    await show();
    expect(host.querySelector('[role="status"]')?.textContent).toBe('BTC has no quotes for this expiryRetry');
    answer = ({ expiry }) => success(chainAt(expiry));
    await act(async () => host.querySelector<HTMLElement>('[role="status"] button')!.click());
    await act(async () => eventually(() => expect(host.querySelector('table')).not.toBeNull()));
  });
});

describe('quoteText', () => {
  const coin = { underlying: 'BTC', index: 100_000 };
  it('writes coin quotes in coin or USD, and USDC quotes likewise', () => {
    expect(quoteText(0.0152, quoteStyle(coin, 'coin', 'coin', 1))).toBe('0.0152');
    expect(quoteText(0.0152, quoteStyle(coin, 'coin', 'usd', 1))).toBe('1,520');
    expect(quoteText(8.5, quoteStyle({ underlying: 'SOL', index: 200 }, 'usdc', 'usd', 0.99))).toBe('8.42');
    expect(quoteText(8.5, quoteStyle({ underlying: 'SOL', index: 200 }, 'usdc', 'coin', 1))).toBe('0.0425');
    expect(quoteText(null, quoteStyle(coin, 'coin', 'coin', 1))).toBe('not quoted');
  });
});
