import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RiskEngineContext } from '../../compute/RiskEngineContext.ts';
import { success } from '../../engine/domain/failure.ts';
import type { SmileEditRequest, SurfaceRequest } from '../../engine/domain/surfaceReport.ts';
import { crossedMarket } from '../../engine/fixtures/crossedMarket.ts';
import { EXPIRIES, smallMarket } from '../../engine/fixtures/smallMarket.ts';
import { marketSummary } from '../../engine/marketSummary.ts';
import { repairedReport } from '../../engine/repairedReport.ts';
import { editedMarket } from '../../engine/scenario/editedMarket.ts';
import { smileEditAnswer, surfaceReport } from '../../engine/surfaceReport.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { DockToolsSlot } from '../../ui/DockTools.tsx';
import { eventually } from '../../ui/fixtures/eventually.ts';
import { SurfacePanel } from './SurfacePanel.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

const market = smallMarket();
let served = market;
let root: Root;
let host: HTMLElement;
let tools: HTMLElement;

/** The engine itself, without a worker between. */
const client = {
  surface: async (request: SurfaceRequest) =>
    success(
      request.repair
        ? repairedReport(served, request)
        : surfaceReport(editedMarket(served, request.smileEdits ?? []).market, request),
    ),
  editSmiles: async (request: SmileEditRequest) => success(smileEditAnswer(market, request)),
};

beforeEach(async () => {
  served = market;
  useStore.setState(
    { ...useStore.getInitialState(), market: marketSummary(market), chainExpiry: EXPIRIES.month },
    true,
  );
  useStore.getState().forgetHistory();
  host = document.body.appendChild(document.createElement('div'));
  tools = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <RiskEngineContext value={client as never}>
          <DockToolsSlot value={tools}>
            <SurfacePanel />
          </DockToolsSlot>
        </RiskEngineContext>
      </QueryClientProvider>,
    ),
  );
  await settled(() => host.querySelector('table') !== null);
});

afterEach(() => {
  act(() => root.unmount());
  host.remove();
  tools.remove();
});

async function settled(isSo: () => boolean) {
  await act(async () => eventually(() => expect(isSo()).toBe(true)));
}

const edits = () => smileEditsInForce(useStore.getState());
const shown = () => host.textContent!.replaceAll('\u00a0', ' ');

function labelled(label: string): HTMLElement {
  const found = document.body.querySelector<HTMLElement>(`[aria-label="${label}"]`);
  if (found === null) throw new Error(`Nothing is labelled "${label}"`);
  return found;
}

async function press(target: HTMLElement, key: string, init: KeyboardEventInit = {}) {
  await act(async () => void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...init })));
}

async function choose(name: string, within: HTMLElement = tools) {
  const found = [...within.querySelectorAll('button')].find(({ textContent }) => textContent === name);
  if (found === undefined) throw new Error(`No button "${name}"`);
  await act(async () => found.click());
}

describe('SurfacePanel', () => {
  it('has a table of every expiry: figures, errors, quotes and flags, reachable by keyboard', () => {
    const box = labelled('Smiles of BTC by expiry');
    expect(box.tabIndex).toBe(0);
    const rows = [...host.querySelectorAll('tbody tr')];
    expect(rows.map((row) => row.querySelector('th')!.textContent)).toEqual(['27 NOV', '25 DEC', '24 SEP 2027']);
    expect(rows[1]!.textContent!.replaceAll('\u00a0', ' ')).toMatch(
      /^25 DEC[\d,.]+5\d\.\d\d %−?[\d.]+\+[\d.]+0\.\d\d13 \/ 0 out$/,
    );
    expect(rows[1]!.querySelector('button')!.getAttribute('aria-pressed')).toBe('true');
  });

  it('an arrow key on a handle moves the smile, in one step that undo takes back', async () => {
    const handle = labelled('Level of 25 DEC');
    expect(handle.getAttribute('role')).toBe('slider');
    await press(handle, 'ArrowUp', { shiftKey: true });
    await settled(() => edits().length === 1);
    expect(edits()[0]).toEqual({ underlying: 'BTC', expiry: EXPIRIES.month, level: 0.01, skew: 0, wings: 0 });
    await settled(() => shown().includes('edited'));
    expect(handle.getAttribute('aria-valuetext')).toBe('at-the-money vol +1.00 vol points from the fit');
    await act(async () => useStore.getState().undo());
    expect(edits()).toEqual([]);
  });

  it('adds up steps that come faster than they are judged', async () => {
    const handle = labelled('Level of 25 DEC');
    for (let step = 0; step < 5; step += 1)
      act(() => void handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true })));
    await settled(() => edits()[0]?.level === 0.005);
    expect(handle.getAttribute('aria-valuenow')).toBe('0.5');
  });

  it('stops at the last value without arbitrage, says so, and resets', async () => {
    const field = labelled('Level of 25 DEC').ownerDocument.querySelector<HTMLInputElement>(
      'input[aria-label="Level of 25 DEC"]',
    )!;
    await act(async () => {
      field.focus();
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(field, '400');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await press(field, 'Enter');
    await settled(() => edits().length === 1);
    const { level } = edits()[0]!;
    expect(level).toBeGreaterThan(0.1);
    expect(level).toBeLessThan(4);
    await settled(() => shown().includes('Stopped at the last value without arbitrage'));
    expect(shown()).toMatch(/total variance at [\d.]+k would fall from 25 DEC to 24 SEP 2027/);
    await choose('Reset 25 DEC', host);
    expect(edits()).toEqual([]);
    expect(shown()).not.toContain('Stopped');
  });

  it('moves all expiries by as much', async () => {
    await choose('All', host);
    await press(labelled('Level of all BTC expiries'), 'ArrowDown');
    await settled(() => edits().length === 3);
    expect(edits().map(({ level }) => level)).toEqual([-0.001, -0.001, -0.001]);
    await choose('Reset all', host);
    expect(edits()).toEqual([]);
  });

  it('has nothing to repair without arbitrage, nor while a smile is edited, and says so', async () => {
    const button = () => [...tools.querySelectorAll('button')].find(({ textContent }) => textContent === 'Repair')!;
    expect(button().getAttribute('aria-disabled')).toBe('true');
    expect(button().title).toBe('Nothing to repair: no smile of BTC allows arbitrage.');
    await choose('Repair');
    expect(button().getAttribute('aria-pressed')).toBe('false');
    await press(labelled('Level of 25 DEC'), 'ArrowUp');
    await settled(() => edits().length === 1);
    await settled(() => button().title.includes('Reset the edited smiles of BTC first'));
  });

  it('repairs on request: flags go, the cost comes, the fit stays beside, the book is told to be as it was', async () => {
    served = crossedMarket();
    act(() => useStore.setState({ market: marketSummary(served) }));
    await settled(() => shown().includes('calendar'));
    await choose('Repair');
    await settled(() => host.querySelector('[data-testid="repair-note"]') !== null);
    const headings = [...host.querySelectorAll('thead th')].map(({ textContent }) => textContent);
    expect(headings).toContain('Cost');
    const cost = [...host.querySelectorAll('tbody tr')].map((row) =>
      Number(row.querySelectorAll('th,td')[headings.indexOf('Cost')]!.textContent),
    );
    expect(Math.max(...cost)).toBeGreaterThan(1);
    expect([...host.querySelectorAll('tbody tr')].map((row) => row.lastElementChild!.textContent)).toEqual([
      '',
      '',
      '',
    ]);
    expect(shown()).toMatch(/no butterfly or calendar arbitrage/);
    expect(shown()).toContain(
      'The book’s figures do not change: an option with a mark vol stays valued at its own mark',
    );
    expect(shown()).toContain(`by up to ${Math.max(...cost).toFixed(2)} pts`);
    expect(shown()).toContain('fitrepaired');
    await choose('Term');
    expect(host.querySelector('[data-testid="surface-term-chart"]')!.getAttribute('aria-label')).toBe(
      'Term structure of BTC, repaired',
    );
    await choose('Repair');
    await settled(() => host.querySelector('[data-testid="repair-note"]') === null);
    expect(shown()).toContain('calendar');
  });

  it('shows the surface, the term structure and the skews, each in words too', async () => {
    await choose('3D');
    await settled(() => host.querySelector('[data-testid="surface-chart"]') !== null);
    const plot = host.querySelector<HTMLElement>('[data-testid="surface-chart"]')!;
    expect(plot.querySelector('[role="img"]')!.getAttribute('aria-label')).toMatch(
      /^Implied volatility over delta and expiry, 27 NOV to/,
    );
    const turn = plot.dataset.turn;
    await press(plot, 'ArrowRight');
    expect(plot.dataset.turn).not.toBe(turn);
    await press(plot, 'Home');
    expect(plot.dataset.turn).toBe(turn);
    await choose('Term');
    expect(host.querySelector('[data-testid="surface-term-chart"]')!.getAttribute('aria-label')).toBe(
      'Term structure of BTC',
    );
    await choose('Skew');
    expect(host.querySelector('[data-testid="surface-skew-chart"]')!.getAttribute('aria-label')).toBe(
      'Risk reversal and butterfly of BTC',
    );
  });
});
