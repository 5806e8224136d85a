import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Portfolio } from '../../engine/domain/portfolio.ts';
import type { BookRisk, PositionRisk } from '../../engine/domain/riskReport.ts';
import { useStore } from '../../state/store.ts';
import { june, market } from '../../state/testMarket.ts';
import { BookPanel } from './BookPanel.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

const book: Portfolio = {
  name: 'Test book',
  legs: [
    { id: 'l1', instrument: 'BTC-27JUN25-92000-P', quantity: -10 },
    { id: 'l2', instrument: 'BTC-PERPETUAL', quantity: -80_000 },
  ],
  collateral: [{ asset: 'USDC', quantity: 100_000 }],
};

const greeks = { rho: 0, vanna: 0, volga: 0 };

function risk(portfolio: Portfolio, bad?: string): BookRisk {
  const positions = portfolio.legs.map(
    ({ id, instrument, quantity }): PositionRisk =>
      id === bad
        ? { id, instrument, quantity, failure: { code: 'expired', message: `${instrument} has expired` } }
        : {
            id,
            instrument,
            quantity,
            valueUsd: 0,
            markPrice: 0.02,
            impliedVolatility: 0.5,
            volatilitySource: 'mark',
            delta: 0.5,
            gamma: 0.0001,
            vega: -1000.4,
            theta: 3650.4,
            ...greeks,
          },
  );
  const parts = portfolio.legs.map(({ id }) => ({ id, initialMarginUsd: 1000.4 }));
  const total = {
    delta: 0.5 * positions.length,
    gamma: 0.0001 * positions.length,
    valueUsd: 0,
    legs: positions.length,
  };
  return {
    collateralUsd: 100_000,
    equityUsd: 100_000,
    positions,
    collateral: [{ asset: 'USDC', quantity: 100_000, valueUsd: 100_000 }],
    byUnderlying: [
      { underlying: 'BTC', ...total, vega: -1000.4 * positions.length, theta: 3650.4 * positions.length, ...greeks },
    ],
    byExpiry: [],
    margins: [
      {
        id: 'portfolio',
        title: 'Portfolio',
        initialMarginUsd: 1000.4 * parts.length,
        maintenanceMarginUsd: 0,
        equityUsd: 100_000,
        availableUsd: 0,
        marginRatio: 0,
        worstScenario: null,
        components: [],
        positions: parts,
        approximations: [],
      },
    ],
    notices: [],
  };
}

let root: Root;
let host: HTMLElement;

async function show(change: object = {}) {
  useStore.setState({
    ...useStore.getInitialState(),
    market,
    chainExpiry: june,
    book,
    inputVersion: 1,
    report: { inputVersion: 1, marketId: 'm1', elapsedMs: 1, before: risk(book), after: null },
    ...change,
  });
  useStore.getState().forgetHistory();
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient()}>
        <BookPanel />
      </QueryClientProvider>,
    ),
  );
}

beforeEach(() => {
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});

afterEach(() => {
  act(() => root.unmount());
  host.remove();
});

const field = (name: string) => host.querySelector<HTMLInputElement>(`[role="spinbutton"][aria-label="${name}"]`)!;
const cells = (key: string) => [...host.querySelectorAll(`tr[data-row="${key}"] > *`)].map((cell) => cell.textContent);
const quantity = (id: string) => useStore.getState().book.legs.find((leg) => leg.id === id)?.quantity;

function enter(input: HTMLInputElement, text: string) {
  act(() => {
    input.focus();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  act(() => void input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })));
}

describe('BookPanel', () => {
  it('shows each leg with its figures, and a total that its rows make up', async () => {
    await show();
    expect(field('Quantity of BTC 27 JUN 92k P').value).toBe('−10');
    expect(cells('l1').slice(2)).toEqual(['+0.50', '+0.11', '−10', '+10', '+1,001']);
    expect(cells('l2').slice(2)).toEqual(['+0.50', '+0.10', '−10', '+10', '+1,000']);
    expect(host.querySelector('[data-testid="book-total"]')?.textContent).toBe('2,001');
  });

  it('an edit of a quantity is one step that can be undone', async () => {
    await show();
    enter(field('Quantity of BTC 27 JUN 92k P'), '+10%');
    expect(quantity('l1')).toBe(-11);
    act(() => useStore.getState().undo());
    expect(quantity('l1')).toBe(-10);
    expect(useStore.getState().canUndo).toBe(false);
  });

  it('a held key is one step, and Esc leaves none', async () => {
    await show();
    const input = field('Quantity of BTC 27 JUN 92k P');
    const key = (type: string, name: string) =>
      act(() => void input.dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true })));
    act(() => input.focus());
    key('keydown', 'ArrowUp');
    key('keydown', 'ArrowUp');
    expect(quantity('l1')).toBe(-8);
    key('keyup', 'ArrowUp');
    act(() => useStore.getState().undo());
    expect(quantity('l1')).toBe(-10);
    expect(useStore.getState().canUndo).toBe(false);
    key('keydown', 'ArrowDown');
    key('keydown', 'Escape');
    key('keyup', 'ArrowDown');
    expect(quantity('l1')).toBe(-10);
    expect(useStore.getState().canUndo).toBe(false);
    expect(useStore.getState().gesture).toBeNull();
  });

  it('a leg goes with one click, with focus on its neighbour and an undo', async () => {
    await show();
    await act(async () => host.querySelector<HTMLElement>('[aria-label="Remove BTC 27 JUN 92k P"]')!.click());
    expect(quantity('l1')).toBeUndefined();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Remove BTC perpetual');
    const { toast } = useStore.getState();
    expect(toast?.action?.label).toBe('Undo');
    act(() => toast?.action?.run());
    expect(quantity('l1')).toBe(-10);
  });

  it('a leg without a value says why under its row and can still be edited and removed', async () => {
    await show({ report: { inputVersion: 1, marketId: 'm1', elapsedMs: 1, before: risk(book, 'l1'), after: null } });
    expect(host.querySelector('tr[data-row="l1"] + tr')?.textContent).toBe('BTC-27JUN25-92000-P has expired');
    enter(field('Quantity of BTC 27 JUN 92k P'), '-3');
    expect(quantity('l1')).toBe(-3);
    expect(host.querySelector('[aria-label="Remove BTC 27 JUN 92k P"]')).not.toBeNull();
  });

  it('a proposal is a ghost with its premium, kept or dropped from here', async () => {
    const trades = [{ instrument: 'BTC-27JUN25-96000-P', quantity: -5, price: 0.0142 }];
    await show({ proposal: { label: 'Proposed', trades } });
    expect(host.querySelector('[role="status"]')?.textContent).toBe('Proposed. Receives 7,384 premium');
    enter(field('Quantity of BTC 27 JUN 96k P'), '-4');
    expect(useStore.getState().proposal?.trades[0]?.quantity).toBe(-4);
    const button = (name: string) =>
      [...host.querySelectorAll<HTMLElement>('button')].find((each) => each.textContent?.startsWith(name))!;
    act(() => button('Keep').click());
    expect(useStore.getState().book.legs.at(-1)).toMatchObject({ instrument: 'BTC-27JUN25-96000-P', quantity: -4 });
    expect(useStore.getState().book.collateral.find(({ asset }) => asset === 'BTC')?.quantity).toBeCloseTo(0.0568, 12);
  });

  it('collateral is edited in place', async () => {
    await show();
    enter(field('USDC held as collateral'), '50k');
    expect(useStore.getState().book.collateral).toEqual([{ asset: 'USDC', quantity: 50_000 }]);
  });

  it('an empty book says what to do', async () => {
    await show({ book: { ...book, legs: [] }, report: null });
    expect(host.textContent).toContain('No legs. Click a bid or an ask, or pick a structure.');
    const clear = [...host.querySelectorAll('button')].find((button) => button.textContent === 'Clear');
    expect(clear?.disabled).toBe(true);
  });

  it('the name is edited in place', async () => {
    await show();
    const name = host.querySelector<HTMLInputElement>('[aria-label="Name of the book"]')!;
    enter(name, 'Wings');
    expect(useStore.getState().book.name).toBe('Wings');
  });
});
