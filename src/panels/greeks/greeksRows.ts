import type { BookRisk, Greeks } from '../../engine/domain/riskReport.ts';
import { parseInstrument } from '../../engine/domain/instrument.ts';
import { DAYS_PER_YEAR, type Timestamp } from '../../engine/domain/units.ts';
import { dateCode, instrumentLabel } from '../../ui/format.ts';
import { roundedToTotal } from '../../ui/roundedToTotal.ts';

/**
 * Sensitivities as shown. Delta: coin. Gamma: coin per 1 % move of spot. Vanna: coin per vol point. In the money on show:
 * value, vega per vol point, theta per calendar day, rho per 1 % of rate, volga per vol point squared.
 */
export interface ShownGreeks extends Greeks {
  readonly value: number;
}

/** Decimals of each figure on screen. */
export type GreeksDigits = Readonly<Record<keyof ShownGreeks, number>>;

export interface GreeksRow {
  readonly key: string;
  readonly kind: 'expiry' | 'leg' | 'total' | 'before';
  readonly underlying: string;
  readonly label: string;
  /** Number of legs; null for a leg itself. */
  readonly legs: number | null;
  /** Null for a leg without a price, with the reason. */
  readonly figures: ShownGreeks | null;
  /** The same, rounded so that the rows of a coin add up to its total. */
  readonly rounded: ShownGreeks | null;
  readonly failure: string | null;
  /** Largest share of delta, vega and theta in its coin, for the bars: -1 to 1. */
  readonly bars: { readonly delta: number; readonly vega: number; readonly theta: number };
}

export interface GreeksSection {
  readonly underlying: string;
  readonly rows: readonly GreeksRow[];
}

type UnroundedRow = Omit<GreeksRow, 'bars' | 'rounded'>;

const NO_BARS = { delta: 0, vega: 0, theta: 0 } as const;

/**
 * Greeks by coin and expiry, or by coin and leg, each coin closed by its total, and by the total before the trade when there
 * is one. Coins keep the order in which the book names them.
 */
export function greeksSections(
  before: BookRisk,
  after: BookRisk | null,
  by: 'expiry' | 'leg',
  indices: ReadonlyMap<string, number>,
  asOf: Timestamp,
  perUsd: number,
  digits: GreeksDigits,
): GreeksSection[] {
  const current = after ?? before;
  const coins = [...new Set([...current.byUnderlying, ...before.byUnderlying].map(({ underlying }) => underlying))];
  const shown = (greeks: Greeks & { readonly valueUsd: number }, underlying: string) =>
    shownGreeks(greeks, indices.get(underlying) ?? 0, perUsd);
  return coins.map((underlying): GreeksSection => {
    const own =
      by === 'expiry'
        ? current.byExpiry
            .filter((row) => row.underlying === underlying)
            .map((row) => ({
              key: `${underlying}:${row.expiry ?? 'perpetual'}`,
              kind: 'expiry' as const,
              underlying,
              label: `${underlying} ${row.expiry === null ? 'perpetual' : dateCode(row.expiry, asOf)}`,
              legs: row.legs,
              figures: shown(row, underlying),
              failure: null,
            }))
        : legRows(current, underlying, asOf, (row) => shown(row, underlying));
    const total = current.byUnderlying.find((row) => row.underlying === underlying);
    const old = after === null ? undefined : before.byUnderlying.find((row) => row.underlying === underlying);
    const totals: GreeksRow[] = [
      ...(total ? [totalRow('total', underlying, total.legs, shown(total, underlying))] : []),
      ...(old ? [totalRow('before', underlying, old.legs, shown(old, underlying))] : []),
    ];
    return { underlying, rows: [...roundedRows(withBars(own), digits), ...totals] };
  });
}

function legRows(
  risk: BookRisk,
  underlying: string,
  asOf: Timestamp,
  figures: (row: Greeks & { readonly valueUsd: number }) => ShownGreeks,
): UnroundedRow[] {
  return risk.positions.flatMap((position): UnroundedRow[] => {
    const parsed = parseInstrument(position.instrument);
    if (!parsed.ok || parsed.value.underlying !== underlying) return [];
    const row = {
      key: position.id,
      kind: 'leg' as const,
      underlying,
      label: instrumentLabel(position.instrument, asOf),
      legs: null,
    };
    return 'failure' in position
      ? [{ ...row, figures: null, failure: position.failure.message }]
      : [{ ...row, figures: figures(position), failure: null }];
  });
}

function totalRow(kind: 'total' | 'before', underlying: string, legs: number, figures: ShownGreeks): GreeksRow {
  const label = kind === 'total' ? `${underlying} total` : 'Before';
  return {
    key: `${underlying}:${kind}`,
    kind,
    underlying,
    label,
    legs,
    figures,
    rounded: figures,
    failure: null,
    bars: NO_BARS,
  };
}

function withBars(rows: readonly UnroundedRow[]): Omit<GreeksRow, 'rounded'>[] {
  const largest = (key: 'delta' | 'vega' | 'theta') =>
    rows.reduce((most, row) => Math.max(most, Math.abs(row.figures?.[key] ?? 0)), 0);
  const most = { delta: largest('delta'), vega: largest('vega'), theta: largest('theta') };
  const share = (row: UnroundedRow, key: 'delta' | 'vega' | 'theta') =>
    most[key] > 0 ? (row.figures?.[key] ?? 0) / most[key] : 0;
  return rows.map((row) => ({
    ...row,
    bars: { delta: share(row, 'delta'), vega: share(row, 'vega'), theta: share(row, 'theta') },
  }));
}

function roundedRows(rows: readonly Omit<GreeksRow, 'rounded'>[], digits: GreeksDigits): GreeksRow[] {
  const priced = rows.flatMap(({ figures }) => (figures === null ? [] : [figures]));
  const keys = Object.keys(digits) as (keyof ShownGreeks)[];
  const columns = keys.map(
    (key) =>
      roundedToTotal(
        priced.map((figures) => figures[key]),
        digits[key],
      ).rows,
  );
  let next = 0;
  return rows.map((row) => {
    if (row.figures === null) return { ...row, rounded: null };
    const at = next;
    next += 1;
    const entries = keys.map((key, column) => [key, columns[column]![at]!] as const);
    return { ...row, rounded: Object.fromEntries(entries) as unknown as ShownGreeks };
  });
}

/** From per unit of everything to the units of the heads. */
export function shownGreeks(
  greeks: Greeks & { readonly valueUsd: number },
  index: number,
  perUsd: number,
): ShownGreeks {
  return {
    value: greeks.valueUsd * perUsd,
    delta: greeks.delta,
    gamma: greeks.gamma * index * 0.01,
    vega: (greeks.vega / 100) * perUsd,
    theta: (greeks.theta / DAYS_PER_YEAR) * perUsd,
    rho: (greeks.rho / 100) * perUsd,
    vanna: greeks.vanna / 100,
    volga: (greeks.volga / 10_000) * perUsd,
  };
}
