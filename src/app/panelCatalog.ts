import type { ComponentType } from 'react';
import { arriving } from '../ui/arriving.tsx';
import { whenSettled } from '../ui/whenSettled.ts';

export interface PanelEntry {
  readonly title: string;
  readonly component: ComponentType;
}

export type PanelId =
  | 'trade'
  | 'book'
  | 'payoff'
  | 'runway'
  | 'scenario'
  | 'stress'
  | 'coverage'
  | 'chain'
  | 'rulebooks'
  | 'decide'
  | 'greeks'
  | 'explain'
  | 'why'
  | 'parameters'
  | 'backtest'
  | 'surface'
  | 'smile'
  | 'replay';

/** Every panel there is. All of them load after the verdict bar. */
export const panelCatalog: Readonly<Record<PanelId, PanelEntry>> = {
  trade: panel('Add a trade', () => import('../panels/trade/TradePanel.tsx').then((m) => m.TradePanel)),
  book: panel('Book', () => import('../panels/book/BookPanel.tsx').then((m) => m.BookPanel)),
  payoff: panel('P&L by spot', () => import('../panels/payoff/PayoffPanel.tsx').then((m) => m.PayoffPanel)),
  runway: panel('Margin runway', () => import('../panels/payoff/RunwayPanel.tsx').then((m) => m.RunwayPanel)),
  scenario: panel('Scenario', () => import('../panels/payoff/ScenarioPanel.tsx').then((m) => m.ScenarioPanel)),
  stress: panel('Stress grid', () => import('../panels/stress/StressPanel.tsx').then((m) => m.StressPanel)),
  coverage: panel('Coverage', () => import('../panels/coverage/CoveragePanel.tsx').then((m) => m.CoveragePanel)),
  chain: panel('Chain', () => import('../panels/chain/ChainPanel.tsx').then((m) => m.ChainPanel)),
  rulebooks: panel('Rulebooks', () => import('../panels/rulebooks/RulebooksPanel.tsx').then((m) => m.RulebooksPanel)),
  decide: panel('Decide', () => import('../panels/decide/DecidePanel.tsx').then((m) => m.DecidePanel)),
  greeks: panel('Greeks', () => import('../panels/greeks/GreeksPanel.tsx').then((m) => m.GreeksPanel)),
  explain: panel('Explain', () => import('../panels/explain/ExplainPanel.tsx').then((m) => m.ExplainPanel)),
  why: panel('Why did it move?', () => import('../panels/explain/WhyPanel.tsx').then((m) => m.WhyPanel)),
  parameters: panel('Parameters', () =>
    import('../panels/parameters/ParametersPanel.tsx').then((m) => m.ParametersPanel),
  ),
  backtest: panel('Backtest', () => import('../panels/backtest/BacktestPanel.tsx').then((m) => m.BacktestPanel)),
  surface: panel('Surface', () => import('../panels/surface/SurfacePanel.tsx').then((m) => m.SurfacePanel)),
  replay: panel('Replay', () => import('../panels/replay/ReplayPanel.tsx').then((m) => m.ReplayPanel)),
  smile: panel('Smile', () => import('../panels/surface/SmilePanel.tsx').then((m) => m.SmilePanel)),
};

/** Tabs of the dock, in the order of their digits; the last is there while a recording is the market. */
export const dockTabs = [
  'chain',
  'rulebooks',
  'decide',
  'greeks',
  'parameters',
  'explain',
  'backtest',
  'surface',
  'replay',
] as const satisfies readonly PanelId[];
export type DockTab = (typeof dockTabs)[number];

/** The code of a part of the screen did not arrive. */
export class MissingPart extends Error {}

function panel(title: string, load: () => Promise<ComponentType>): PanelEntry {
  const component = arriving(() =>
    whenSettled(() => Promise.all([load(), import('./panelPace.tsx')])).then(
      ([Panel, { paced }]) => paced(Panel),
      (cause: unknown) => {
        throw new MissingPart(`${title} did not arrive`, { cause });
      },
    ),
  );
  return { title, component };
}
