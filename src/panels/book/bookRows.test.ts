import { describe, expect, it } from 'vitest';
import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import type { Portfolio } from '../../engine/domain/portfolio.ts';
import type { BookRisk, PositionRisk } from '../../engine/domain/riskReport.ts';
import { afterTrades } from '../../engine/domain/trade.ts';
import { type BookRow, type BookViewInput, bookView, isSameRow, proposalPremium } from './bookRows.ts';

const coin = (symbol: string, index: number) => ({
  symbol,
  index,
  perpetualMark: index,
  settlement: 'coin' as const,
  atmVol30d: 0.5,
  spotVolBeta: null,
  historyCloses: 0,
  expiries: [],
});

const market: MarketSummary = {
  id: 'm',
  asOf: Date.UTC(2025, 5, 9, 8),
  source: { kind: 'simulated', name: 'test' },
  underlyings: [coin('BTC', 100_000), coin('ETH', 4000)],
  stablecoins: [{ asset: 'USDC', priceUsd: 1 }],
  notices: [],
};

const book: Portfolio = {
  name: 'Test',
  legs: [
    { id: 'l1', instrument: 'BTC-27JUN25-92000-P', quantity: -10 },
    { id: 'l2', instrument: 'BTC-PERPETUAL', quantity: -80_000 },
    { id: 'l3', instrument: 'ETH-27JUN25-4400-C', quantity: -50 },
  ],
  collateral: [
    { asset: 'USDC', quantity: 100_000 },
    { asset: 'BTC', quantity: 0.6 },
  ],
};

/** Figures that follow from id and quantity alone, with fractions that rounding has to settle. */
function risk(portfolio: Portfolio, change: Partial<BookRisk> = {}): BookRisk {
  const positions = portfolio.legs.map(
    (leg): PositionRisk => ({
      id: leg.id,
      instrument: leg.instrument,
      quantity: leg.quantity,
      valueUsd: 0,
      markPrice: 0.01,
      impliedVolatility: 0.5,
      volatilitySource: 'mark',
      delta: leg.quantity * 0.1234,
      gamma: leg.quantity * 1.234e-5,
      vega: leg.quantity * 3333.3333,
      theta: leg.quantity * -12_345.678,
      rho: 0,
      vanna: 0,
      volga: 0,
    }),
  );
  const sum = (symbol: string) =>
    positions.reduce(
      (all, position) =>
        'delta' in position && position.instrument.startsWith(symbol)
          ? {
              ...all,
              delta: all.delta + position.delta,
              gamma: all.gamma + position.gamma,
              vega: all.vega + position.vega,
              theta: all.theta + position.theta,
              legs: all.legs + 1,
            }
          : all,
      { underlying: symbol, valueUsd: 0, legs: 0, delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0, vanna: 0, volga: 0 },
    );
  const parts = [
    ...portfolio.legs.map((leg, at) => ({ id: leg.id, initialMarginUsd: 1000.37 * (at + 1) - leg.quantity * 0.333 })),
    { id: 'collateral:BTC', initialMarginUsd: 5432.49 },
  ];
  return {
    collateralUsd: 160_000,
    equityUsd: 160_000,
    positions,
    collateral: portfolio.collateral.map(({ asset, quantity }) => ({ asset, quantity, valueUsd: quantity })),
    byUnderlying: [sum('BTC'), sum('ETH')],
    byExpiry: [],
    margins: [
      {
        id: 'portfolio',
        title: 'Portfolio',
        initialMarginUsd: parts.reduce((all, part) => all + part.initialMarginUsd, 0),
        maintenanceMarginUsd: 0,
        equityUsd: 160_000,
        availableUsd: 0,
        marginRatio: 0,
        worstScenario: null,
        components: [],
        positions: parts,
        approximations: [],
      },
    ],
    notices: [],
    ...change,
  };
}

const usd = { symbol: 'USD', perUsd: 1, kind: 'usd' } as const;
const inCoin = { symbol: 'BTC', perUsd: 1 / 100_000, kind: 'coin' } as const;

const base: BookViewInput = {
  book,
  proposal: null,
  proposed: null,
  before: risk(book),
  after: null,
  model: 'portfolio',
  unit: usd,
  underlying: 'BTC',
  market,
};

function proposing(quantity: number, instrument = 'BTC-27JUN25-96000-P'): BookViewInput {
  const trades = [{ instrument, quantity, price: 0.0152 }];
  const proposed = afterTrades(book, trades);
  return { ...base, proposal: { label: 'Proposed', trades }, proposed, after: risk(proposed) };
}

function rowsOf(input: BookViewInput): readonly BookRow[] {
  const view = bookView(input);
  return [...view.legs, ...view.ghosts, ...view.collateral];
}

/** Sums in the last shown place, so that binary fractions do not matter. */
function units(values: readonly number[], digits: number): number {
  return values.reduce((sum, value) => sum + Math.round(value * 10 ** digits), 0);
}

describe('bookView', () => {
  it.each([
    ['nothing proposed', base],
    ['in coin', { ...base, unit: inCoin }],
    ['a new leg proposed', proposing(-5)],
    ['a held leg made larger', proposing(-5, 'BTC-27JUN25-92000-P')],
    ['a held leg made smaller', proposing(4, 'BTC-27JUN25-92000-P')],
    ['a held leg closed', proposing(10, 'BTC-27JUN25-92000-P')],
    ['a held leg turned', proposing(25, 'BTC-27JUN25-92000-P')],
    ['in coin, proposed', { ...proposing(-5), unit: inCoin }],
  ])('shown rows add up to the shown totals: %s', (_, input) => {
    const { totals } = bookView(input);
    const rows = rowsOf(input);
    const digits = input.unit.kind === 'usd' ? 0 : 4;
    const bitcoin = rows.filter((row) => row.underlying === 'BTC');
    const column = (of: readonly BookRow[], id: 'delta' | 'gamma' | 'vega' | 'theta' | 'margin') =>
      of.flatMap((row) => (row.figures === null ? [] : [row.figures[id]]));
    expect(units(column(rows, 'margin'), digits)).toBe(units([totals!.margin!], digits));
    expect(units(column(rows, 'vega'), digits)).toBe(units([totals!.vega], digits));
    expect(units(column(rows, 'theta'), digits)).toBe(units([totals!.theta], digits));
    expect(units(column(bitcoin, 'delta'), 2)).toBe(units([totals!.delta], 2));
    expect(units(column(bitcoin, 'gamma'), 2)).toBe(units([totals!.gamma], 2));
  });

  it('shows the requirement itself, rounded, as the total', () => {
    const outcome = base.before!.margins[0]!;
    expect(bookView(base).totals?.margin).toBe(
      Math.round('initialMarginUsd' in outcome ? outcome.initialMarginUsd : 0),
    );
  });

  it('rescales: gamma per 1 % of spot, vega per point, theta per day', () => {
    const short = rowsOf(base)[0]!;
    expect(short.figures!.gamma).toBeCloseTo(-10 * 1.234e-5 * 1000, 2);
    expect(Math.abs(short.figures!.vega - -333.3)).toBeLessThan(1);
    expect(Math.abs(short.figures!.theta - (10 * 12_345.678) / 365)).toBeLessThan(1);
  });

  it('the ghost carries what the trade adds, and the row it resizes stays as it was', () => {
    const input = proposing(4, 'BTC-27JUN25-92000-P');
    const [leg] = bookView(input).legs;
    const [ghost] = bookView(input).ghosts;
    expect(leg!.quantity).toBe(-10);
    expect(leg!.figures!.delta).toBeCloseTo(-1.23, 2);
    expect(ghost!.figures!.delta).toBeCloseTo(0.49, 2);
    const closing = bookView(proposing(10, 'BTC-27JUN25-92000-P')).ghosts[0]!;
    expect(closing.figures!.delta).toBeCloseTo(1.23, 1);
  });

  it('a total before stands beside the total after', () => {
    const view = bookView(proposing(-5));
    expect(view.before?.margin).toBe(bookView(base).totals?.margin);
    expect(bookView(base).before).toBeNull();
  });

  it('names legs, with their coin where there are several', () => {
    const view = bookView(base);
    expect(view.hasSeveralCoins).toBe(true);
    expect(view.legs.map(({ name }) => name)).toEqual(['BTC 27 JUN 92k P', 'BTC perpetual', 'ETH 27 JUN 4,400 C']);
    const one = bookView({ ...base, book: { ...book, legs: book.legs.slice(0, 2) } });
    expect(one.hasSeveralCoins).toBe(false);
    expect(one.legs.map(({ label }) => label)).toEqual(['27 JUN 92k P', 'Perpetual']);
    const later = { ...book, legs: [{ id: 'l1', instrument: 'BTC-29JAN27-120000-C', quantity: 1 }] };
    expect(bookView({ ...base, book: later }).legs[0]).toMatchObject({
      label: '29JAN27 120k C',
      name: 'BTC 29 JAN 2027 120k C',
    });
    expect(one.legs.map(({ quantityUnit }) => quantityUnit)).toEqual(['BTC', 'USD']);
  });

  it('a leg without a value keeps its row and its reason, and the rest still adds up', () => {
    const priced = risk(book);
    const failure = { code: 'expired', message: 'BTC-27JUN25-92000-P has expired. Remove it' } as const;
    const bad = { id: 'l1', instrument: 'BTC-27JUN25-92000-P', quantity: -10, failure };
    const before = { ...priced, positions: [bad, ...priced.positions.slice(1)] };
    const [leg, ...others] = bookView({ ...base, before }).legs;
    expect(leg).toMatchObject({ figures: null, failure, quantity: -10 });
    expect(others.every(({ figures }) => figures !== null)).toBe(true);
  });

  it('keeps the notices of a leg with the leg, and those of the book apart', () => {
    const before = {
      ...risk(book),
      notices: [
        { severity: 'info' as const, message: 'About the leg', legId: 'l2' },
        { severity: 'warning' as const, message: 'About the book' },
      ],
    };
    const view = bookView({ ...base, before });
    expect(view.legs.map(({ notes }) => notes)).toEqual([[], ['About the leg'], []]);
    expect(view.notices).toEqual(['About the book']);
  });

  it('lists collateral with its worth and its part, and what a premium would bring', () => {
    const view = bookView(base);
    expect(view.collateral.map(({ asset, quantity, isHeld }) => [asset, quantity, isHeld])).toEqual([
      ['USDC', 100_000, true],
      ['BTC', 0.6, true],
    ]);
    expect(view.collateral[1]!.figures!.margin).toBeGreaterThan(5430);
    const noCoin = { ...book, collateral: [{ asset: 'USDC', quantity: 100_000 }] };
    const trades = [{ instrument: 'BTC-27JUN25-96000-P', quantity: -5, price: 0.02 }];
    const proposed = afterTrades(noCoin, trades);
    const input = { ...base, book: noCoin, proposal: { label: '', trades }, proposed, after: risk(proposed) };
    expect(bookView(input).collateral.at(-1)).toMatchObject({ asset: 'BTC', quantity: 0.1, isHeld: false });
  });

  it('has words for a rulebook that gives no figure, and no figures before the first report', () => {
    const unsupported = { code: 'unsupported', message: 'Isolated margin has no rule for this' } as const;
    const before = { ...risk(book), margins: [{ id: 'portfolio', title: 'Portfolio', unsupported }] };
    expect(bookView({ ...base, before })).toMatchObject({ unsupported: unsupported.message, totals: { margin: null } });
    const nothing = bookView({ ...base, before: null });
    expect(nothing.totals).toBeNull();
    expect(nothing.legs.every(({ figures }) => figures === null)).toBe(true);
  });
});

describe('proposalPremium', () => {
  it('is received when options are sold, in USD', () => {
    const trades = [
      { instrument: 'BTC-27JUN25-96000-P', quantity: -5, price: 0.0142 },
      { instrument: 'SOL_USDC-27JUN25-180-C', quantity: 2, price: 8.5 },
      { instrument: 'BTC-PERPETUAL', quantity: -1000, price: 100_000 },
    ];
    expect(proposalPremium(trades, market).usd).toBeCloseTo(7100 - 17, 9);
    expect(proposalPremium(trades.slice(2), market)).toEqual({ usd: 0, hasOptions: false, isComplete: true });
  });

  it('says when a price is not known', () => {
    const trades = [{ instrument: 'BTC-27JUN25-96000-P', quantity: -5, price: null }];
    expect(proposalPremium(trades, market).isComplete).toBe(false);
  });
});

describe('isSameRow', () => {
  const [leg] = bookView(base).legs;
  const changed = (change: object) => isSameRow(leg!, { ...leg!, ...change } as BookRow);

  it('looks past figures, which each report brings anew', () => {
    expect(leg!.figures).not.toBeNull();
    expect(changed({ figures: null, notes: [...leg!.notes] })).toBe(true);
  });

  it.each([{ quantity: 3 }, { label: 'other' }, { step: 2 }, { notes: ['left out'] }, { kind: 'ghost', index: 0 }])(
    'sees %j',
    (change) => expect(changed(change)).toBe(false),
  );
});
