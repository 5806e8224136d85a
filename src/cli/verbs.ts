import type { Verb } from './Verb.ts';

/** A verb as the list has it: what it does is loaded when it is asked for. */
export interface ListedVerb {
  readonly name: string;
  /** One line of `risk --help`. */
  readonly summary: string;
  load(): Promise<Verb>;
}

/** Every verb, in the order in which help shows them. */
export const verbs: readonly ListedVerb[] = [
  {
    name: 'value',
    summary: 'value and Greeks of a portfolio in a market',
    load: async () => (await import('./verbs/value.ts')).value,
  },
  {
    name: 'stress',
    summary: 'profit and margin of a portfolio over moves of spot and vol',
    load: async () => (await import('./verbs/stress.ts')).stress,
  },
  {
    name: 'explain',
    summary: 'where a P&L comes from: delta, gamma, vega, theta, vanna, volga, basis and a residual',
    load: async () => (await import('./verbs/explain.ts')).explain,
  },
  {
    name: 'margin',
    summary: 'initial and maintenance margin of a portfolio under one or all models',
    load: async () => (await import('./verbs/margin.ts')).margin,
  },
  {
    name: 'explain-margin',
    summary: 'why a trade changes the initial margin, or what a margin consists of, in steps that add up',
    load: async () => (await import('./verbs/explainMargin.ts')).explainMargin,
  },
  {
    name: 'batch',
    summary: 'margin and value at risk of thousands of accounts against one market',
    load: async () => (await import('./verbs/batch.ts')).batch,
  },
  {
    name: 'cut',
    summary: 'trades that free margin at least premium, or least change of delta',
    load: async () => (await import('./verbs/decide.ts')).cut,
  },
  {
    name: 'fill-order',
    summary: 'peak initial margin along every order of some trades: the best order and the worst',
    load: async () => (await import('./verbs/decide.ts')).fillOrderVerb,
  },
  {
    name: 'cliff',
    summary: 'margin through each coming expiry, and hedges that die before what they hedge',
    load: async () => (await import('./verbs/decide.ts')).cliff,
  },
  {
    name: 'models',
    summary: 'the margin models and their parameters',
    load: async () => (await import('./verbs/models.ts')).models,
  },
  {
    name: 'var',
    summary: 'value at risk and expected shortfall of a portfolio',
    load: async () => (await import('./verbs/valueAtRisk.ts')).valueAtRiskVerb,
  },
  {
    name: 'paths',
    summary:
      'equity and margin along paths of the market: how likely equity touches maintenance, when, and how far below',
    load: async () => (await import('./verbs/paths.ts')).paths,
  },
  {
    name: 'backtest',
    summary: 'rolling VaR and ES of a portfolio against what the history did next',
    load: async () => (await import('./verbs/backtest.ts')).backtestVerb,
  },
  {
    name: 'surface',
    summary: 'the smiles fitted to a market, how well, and whether they allow arbitrage',
    load: async () => (await import('./verbs/surface.ts')).surface,
  },
  {
    name: 'price',
    summary: 'Black-76 prices of a list of options',
    load: async () => (await import('./verbs/price.ts')).price,
  },
  {
    name: 'implied-volatility',
    summary: 'Black-76 implied volatilities of a list of option prices',
    load: async () => (await import('./verbs/impliedVolatility.ts')).impliedVolatilityVerb,
  },
  {
    name: 'import-chain',
    summary: 'a market file from recorded Deribit option chains and price histories',
    load: async () => (await import('./verbs/importChain.ts')).importChainVerb,
  },
  {
    name: 'record-chains',
    summary: 'a recording from Deribit option chains of several captures, to be replayed',
    load: async () => (await import('./verbs/recordChains.ts')).recordChains,
  },
  {
    name: 'replay',
    summary: 'margin, equity and liquidation distance of a book that nobody changes, over the time of a recording',
    load: async () => (await import('./verbs/replay.ts')).replay,
  },
  {
    name: 'exchange',
    summary: "a server of Deribit's public interface on this machine, with prices that move and faults on command",
    load: async () => (await import('./verbs/exchange.ts')).exchange,
  },
  {
    name: 'conformance',
    summary: 'the engine against files of reference cases',
    load: async () => (await import('./verbs/conformance.ts')).conformance,
  },
];
