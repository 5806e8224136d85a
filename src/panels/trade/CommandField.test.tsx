import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RiskEngineContext } from '../../compute/RiskEngineContext.ts';
import { success } from '../../engine/domain/failure.ts';
import type { ChainRequest } from '../../engine/domain/riskReport.ts';
import { useStore } from '../../state/store.ts';
import { chainAt, june, market } from '../../state/testMarket.ts';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { CommandField } from './CommandField.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

let root: Root;
let host: HTMLElement;
const input = () => host.querySelector<HTMLInputElement>('[role="combobox"]')!;
const options = () => [...host.querySelectorAll<HTMLElement>('[role="option"]')];
const message = () => host.querySelector('[role="status"]')?.textContent ?? '';

beforeEach(async () => {
  useStore.setState({ ...useStore.getInitialState(), market, chainExpiry: june });
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
  const client = { chain: async ({ expiry }: ChainRequest) => success(chainAt(expiry)) };
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient()}>
        <RiskEngineContext value={client as never}>
          <CommandField />
        </RiskEngineContext>
      </QueryClientProvider>,
    ),
  );
  act(() => input().focus());
});

afterEach(() => {
  act(() => root.unmount());
  host.remove();
});

async function type(text: string) {
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input(), text);
    input().dispatchEvent(new Event('input', { bubbles: true }));
  });
}

async function press(key: string) {
  await act(async () => {
    input().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  });
}

describe('CommandField', () => {
  it('offers lines that work before anything is typed', () => {
    expect(input().getAttribute('aria-expanded')).toBe('true');
    expect(options().length).toBeGreaterThan(3);
    expect(input().getAttribute('aria-activedescendant')).toBeNull();
  });

  it('says what Enter will do, with the price, and does it', async () => {
    await type('-10 jun 96k p');
    const put = chainAt(june).rows.find(({ strike }) => strike === 96_000)!.put;
    await act(async () => eventually(() => expect(options()[0]?.textContent).toContain('at bid')));
    expect(options()[0]?.textContent).toContain(`sell 10 × BTC 27 JUN 96k P at bid ${put.bid!.toFixed(4)} BTC`);
    expect(input().getAttribute('aria-activedescendant')).toBe(options()[0]?.id);
    await press('Enter');
    await act(async () => eventually(() => expect(useStore.getState().proposal).not.toBeNull()));
    expect(useStore.getState().proposal).toEqual({
      label: 'Proposed',
      trades: [{ instrument: 'BTC-27JUN25-96000-P', quantity: -10, price: put.bid }],
    });
    await act(async () => eventually(() => expect(input().value).toBe('')));
    await press('Enter');
    expect(useStore.getState().proposal).toBeNull();
    expect(useStore.getState().book.legs).toMatchObject([{ instrument: 'BTC-27JUN25-96000-P', quantity: -10 }]);
  });

  it('explains what it cannot read, and fills in the suggestion that is picked', async () => {
    await type('-2 96.5k p');
    expect(message()).toBe('Strike 96.5k is not listed for 27 JUN. Nearest: 96k, 98k');
    await press('Enter');
    expect(useStore.getState().proposal).toBeNull();
    expect(input().value).toBe('-2 96.5k p');
    await press('ArrowDown');
    await press('ArrowDown');
    await press('Enter');
    expect(input().value).toBe('-2 27jun 98k p');
    expect(message()).toBe('');
  });

  it('a structure takes its size and selected expiry', async () => {
    await type('strangle 3');
    await press('Enter');
    await act(async () => eventually(() => expect(useStore.getState().proposal?.label).toBe('Strangle')));
    expect(useStore.getState().proposal?.trades.map(({ quantity }) => quantity)).toEqual([-3, -3]);
  });

  it('pins a scenario', async () => {
    await type('spot -12 vol +30');
    await press('Enter');
    expect(useStore.getState().pin).toMatchObject({ spotMove: -0.12, volShock: 0.3, volUnit: 'relative', days: 0 });
  });

  it('keeps a line that could not be carried out, and says why', async () => {
    await type('hedge delta');
    useStore.setState({ inputVersion: 1, report: { inputVersion: 1, before: { byUnderlying: [] } } as never });
    await press('Enter');
    await act(async () => eventually(() => expect(useStore.getState().toast).not.toBeNull()));
    expect(useStore.getState().toast?.message).toBe(
      'The BTC delta of the legs is already within one contract of zero.',
    );
    expect(input().value).toBe('hedge delta');
  });

  it('Esc empties the line, then leaves it', async () => {
    await type('stragle');
    await press('Escape');
    expect(input().value).toBe('');
    expect(document.activeElement).toBe(input());
    await press('Escape');
    expect(document.activeElement).not.toBe(input());
  });
});
