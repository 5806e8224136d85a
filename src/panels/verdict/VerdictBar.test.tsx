import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useStore } from '../../state/store.ts';
import { bookRisk, exploreReport, riskReport, TEST_BOOK, TEST_MARKET, TEST_MODELS } from '../../state/testState.ts';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { PhoneVerdict } from './PhoneVerdict.tsx';
import { VerdictBar } from './VerdictBar.tsx';

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

const text = (testId: string) =>
  (host.querySelector(`[data-testid="${testId}"]`)?.textContent ?? 'nothing').replaceAll('\u00a0', ' ');

async function show(element = <VerdictBar />) {
  await act(async () => root.render(element));
}

async function change(edit: () => void) {
  await act(async () => edit());
}

function open() {
  const store = useStore.getState();
  store.setMarket(TEST_MARKET);
  store.setModels(TEST_MODELS);
  store.loadBook(TEST_BOOK, 'restored');
}

const answer = (before: number, after: number | null = null, equity = 150_000) =>
  useStore
    .getState()
    .setReport(
      riskReport(
        useStore.getState().inputVersion,
        bookRisk(before, equity),
        after === null ? null : bookRisk(after, equity),
      ),
      Date.UTC(2026, 5, 9, 14, 2),
    );

describe('the verdict bar', () => {
  it('holds the place of every figure before the first answer, and shows no false zero', async () => {
    open();
    await show();
    expect(host.textContent).not.toMatch(/\b0\b|NaN|undefined|null|Infinity/);
    expect(text('initial-margin')).toContain('Initial margin');
  });

  it('shows one figure each when nothing is proposed', async () => {
    open();
    await show();
    await change(() => answer(68_114));
    expect(text('initial-margin')).toContain('68,114');
    expect(text('initial-margin')).not.toContain('+');
    expect(text('maintenance')).toContain('54,491');
    expect(text('free-margin')).toContain('81,886');
    expect(text('used')).toBe('Used of 150k45.4 %');
    expect(text('binding')).toBe('Binding cell −16 %, IV ×1.50');
  });

  it('shows old, new and change of a proposal', async () => {
    open();
    await show();
    await change(() => {
      useStore.getState().propose('Sell', [{ instrument: 'BTC-26JUN26-80000-P', quantity: -5, price: 0.01 }]);
      answer(68_114, 82_175);
    });
    expect(text('initial-margin')).toContain('68,11482,175+14,061 (+20.6 %)');
    expect(text('free-margin')).toContain('67,825was 81,886');
    expect(text('used')).toContain('54.8 %was 45.4 %');
    expect(text('verdict')).toContain('tick: before');
  });

  it('never blanks while it computes', async () => {
    open();
    await show();
    await change(() => answer(68_114));
    await change(() => useStore.getState().setLegQuantity('a', -11));
    await eventually(() =>
      expect(host.querySelector('[data-testid="verdict"]')?.hasAttribute('data-stale')).toBe(true),
    );
    expect(text('initial-margin')).toContain('68,114');
    await change(() => answer(70_000));
    expect(host.querySelector('[data-testid="verdict"]')?.hasAttribute('data-stale')).toBe(false);
  });

  it('keeps the figures of a failed answer, with the reason, their time and another try', async () => {
    open();
    await show();
    await change(() => answer(68_114));
    await change(() => {
      useStore.getState().setLegQuantity('a', -11);
      useStore.getState().setProblem('evaluate', { code: 'internal', message: 'The risk engine stopped.' });
    });
    expect(text('initial-margin')).toContain('68,114');
    expect(text('initial-margin')).toContain('Not updated: The risk engine stopped. Showing 14:02 UTC values.');
    const version = useStore.getState().inputVersion;
    await change(() => [...host.querySelectorAll('button')].find((button) => button.textContent === 'Retry')?.click());
    expect(useStore.getState().inputVersion).toBeGreaterThan(version);
  });

  it('says what is short', async () => {
    open();
    await show();
    await change(() => answer(162_400));
    expect(text('free-margin')).toContain('−12,400short');
    await change(() => answer(10_000, null, -5_000));
    expect(text('used')).toContain('no equity');
  });

  it('names the liquidation band, its distances, and what it holds fixed', async () => {
    open();
    await show();
    const { exploreVersion } = useStore.getState();
    await change(() => {
      answer(68_114);
      useStore.getState().setExplore(exploreReport(exploreVersion, { below: -0.181, above: null }), 0);
    });
    expect(text('liquidation')).toContain('81.9k');
    // ln(0.819) over 0.5 x sqrt(30/365).
    expect(text('liquidation')).toContain('−18.1 %, 1.4 σ');
    expect(text('liquidation')).toContain('none up to +60 %');
    expect(text('liquidation')).toContain('IV fixed, today, all coins together');
    await change(() => useStore.getState().setExplore(exploreReport(exploreVersion, { below: null, above: null }), 0));
    expect(text('liquidation')).toContain('None between −60 % and +60 %');
    await change(() => answer(200_000));
    expect(text('liquidation')).toContain('Below maintenance now');
  });

  it('compares the rulebooks and takes the clicked one', async () => {
    open();
    await show();
    await change(() => answer(50_000));
    const lines = [...host.querySelectorAll<HTMLElement>('[role="radio"]')];
    expect(lines.map((line) => line.textContent?.replaceAll('\u00a0', ' '))).toEqual([
      'Isolated150,000',
      'Cross100,000−33 %',
      'Portfolio50,000−67 %',
    ]);
    expect(lines.map((line) => line.getAttribute('aria-checked'))).toEqual(['false', 'false', 'true']);
    await change(() => lines[0]!.click());
    expect(useStore.getState().model).toBe('isolated');
    expect(text('initial-margin')).toContain('150,000');
    expect(text('initial-margin')).toContain('Isolated rulebook');
  });

  it('says why a rulebook has no answer and keeps the others', async () => {
    open();
    await show();
    const risk = bookRisk(50_000);
    const unsupported = {
      id: 'portfolio',
      title: 'Portfolio',
      unsupported: { code: 'unsupported' as const, message: 'SOL has no smile to scan.' },
    };
    await change(() =>
      useStore.getState().setReport(
        riskReport(useStore.getState().inputVersion, {
          ...risk,
          margins: [...risk.margins.slice(0, 2), unsupported],
        }),
        0,
      ),
    );
    expect(text('initial-margin')).toContain('SOL has no smile to scan.');
    expect(host.textContent).toContain('unsupported');
    expect(host.textContent).toContain('100,000');
  });

  it('says which legs its figures leave out', async () => {
    open();
    await show();
    const risk = bookRisk(50_000);
    const expired = { code: 'expired' as const, message: 'expired on 1 JAN' };
    await change(() =>
      useStore.getState().setReport(
        riskReport(useStore.getState().inputVersion, {
          ...risk,
          positions: [risk.positions[0]!, { id: 'z', instrument: 'BTC-1JAN26-90000-C', quantity: 1, failure: expired }],
        }),
        0,
      ),
    );
    expect(text('initial-margin')).toContain('1 leg left out');
  });

  it('turns every amount into coin', async () => {
    open();
    await show();
    await change(() => {
      answer(68_114);
      useStore.getState().setUnit('coin');
    });
    expect(text('initial-margin')).toContain('0.6811');
    expect(text('free-margin')).toContain('0.8189');
    expect(text('used')).toContain('Used of 1.5000');
    expect(host.textContent).not.toContain('68,114');
  });
});

describe('the verdict on the phone', () => {
  it('says the same', async () => {
    open();
    await show(<PhoneVerdict />);
    await change(() => {
      useStore.getState().propose('Sell', [{ instrument: 'BTC-26JUN26-80000-P', quantity: -5, price: 0.01 }]);
      answer(68_114, 82_175);
      useStore
        .getState()
        .setExplore(exploreReport(useStore.getState().exploreVersion, { below: -0.181, above: 0.2 }), 0);
    });
    expect(text('initial-margin')).toContain('68,11482,175+14,061 (+20.6 %)');
    expect(text('free-margin')).toBe('67,825');
    expect(text('used')).toBe('54.8 %');
    expect(text('liquidation')).toContain('81.9k');
    expect(text('liquidation')).toContain('120.0k');
    expect(host.textContent).toContain('Isolated 246.5k');
  });

  it('says that its figures rest on edited smiles, only when the book holds options of them', async () => {
    open();
    const [june, july] = TEST_MARKET.underlyings[0]!.expiries.map(({ expiry }) => expiry);
    const edit = (expiry: number) => [{ underlying: 'BTC', expiry, level: 0.01, skew: 0, wings: 0 }];
    await show();
    await change(() => useStore.getState().setSmileEdits(edit(july!)));
    expect(text('edited-smiles')).toBe('nothing');
    await change(() => useStore.getState().setSmileEdits(edit(june!)));
    expect(text('edited-smiles')).toContain('edited smiles');
    await show(<PhoneVerdict />);
    expect(text('edited-smiles')).toContain('edited smiles');
    await change(() => useStore.getState().resetSmiles('BTC', null));
    expect(text('edited-smiles')).toBe('nothing');
  });

  it('says how many legs rest on prices in doubt, and follows the market without waiting for figures', async () => {
    open();
    answer(10_000);
    await show();
    expect(text('doubts')).toBe('nothing');
    const doubt = {
      kind: 'index',
      reason: 'stale',
      underlying: 'BTC',
      message: 'The BTC index is 41 s old',
      confidence: 0.1,
      treatment: 'kept',
    } as const;
    const quality = { checkedAt: TEST_MARKET.asOf, confidence: [], ages: [], doubts: [doubt] };
    await change(() => useStore.setState({ quality }));
    await eventually(() => expect(text('doubts')).toMatch(/^\d+ legs? rests? on stale prices$/));
    await change(() => useStore.setState({ quality: { ...quality, doubts: [{ ...doubt, reason: 'jump' }] } }));
    expect(text('doubts')).toMatch(/on doubtful prices$/);
    await change(() => useStore.setState({ quality: { ...quality, doubts: [] } }));
    expect(text('doubts')).toBe('nothing');
  });
});
