import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ValueDoubt } from '../../engine/domain/marketQuality.ts';
import { useStore } from '../../state/store.ts';
import { TEST_BOOK, TEST_MARKET } from '../../state/testState.ts';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { LegDoubt } from './LegDoubt.tsx';

let root: Root;
let host: HTMLElement;
const initial = useStore.getState();

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  useStore.setState(initial, true);
  host = document.createElement('div');
  document.body.append(host);
  root = createRoot(host);
});
afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
  vi.unstubAllGlobals();
});

const doubted = (message: string, confidence = 0.4): ValueDoubt => ({
  kind: 'index',
  reason: 'jump',
  underlying: 'BTC',
  message,
  confidence,
  treatment: 'held',
});

const judge = (...doubts: ValueDoubt[]) =>
  act(async () => useStore.setState({ quality: { checkedAt: 0, confidence: [], ages: [], doubts } }));

it('marks a leg that rests on a doubt, and says why to whoever comes to it by key', async () => {
  useStore.getState().setMarket(TEST_MARKET);
  useStore.getState().loadBook(TEST_BOOK, 'restored');
  const leg = TEST_BOOK.legs.find(({ instrument }) => instrument.startsWith('BTC'))!;
  await act(async () => root.render(<LegDoubt id={leg.id} name="BTC perpetual" />));
  expect(host.querySelector('button')).toBeNull();

  await judge(doubted('A lesser doubt', 0.8));
  expect(host.querySelector('button')).toBeNull();
  await judge(doubted('The BTC index jumped by 30 %'), doubted('The BTC index is 12 s old'));
  const mark = host.querySelector('button')!;
  expect(mark.textContent).toBe('!prices in doubt');
  expect(mark.querySelector('[aria-hidden="true"]')?.textContent).toBe('!');
  await eventually(() => expect(host.querySelector('button')?.getAttribute('aria-describedby')).toBeTruthy());
  await act(async () => host.querySelector('button')!.focus());
  await eventually(() => {
    const described = document.getElementById(host.querySelector('button')!.getAttribute('aria-describedby')!);
    expect(described?.getAttribute('role')).toBe('tooltip');
    expect(described?.textContent).toBe(
      'BTC perpetual: prices in doubt, The BTC index jumped by 30 %. The BTC index is 12 s old.',
    );
  });

  await judge();
  expect(host.querySelector('button')).toBeNull();
});
