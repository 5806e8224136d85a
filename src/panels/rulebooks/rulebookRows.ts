import type { MarginModelDescription, MarginModelId } from '../../engine/domain/riskParameters.ts';
import type { RulebooksReport, SizeFit } from '../../engine/domain/rulebookReport.ts';
import type { MarginOutcome, MarginResult } from '../../engine/domain/riskReport.ts';
import { isSupported } from '../../state/selectors.ts';

/** One rulebook's answer for the book, beside all others'. */
export interface RulebookRow {
  readonly id: MarginModelId;
  readonly title: string;
  readonly venue: string;
  readonly chosen: boolean;
  /** Null where the rulebook cannot take the book; `after` also where nothing is proposed. */
  readonly before: MarginResult | null;
  readonly after: MarginResult | null;
  /** Of the book that the figures speak of. */
  readonly current: MarginResult | null;
  /** Why there are no figures: which leg, and what would do. */
  readonly refusal: string | null;
  /** Free margin less the chosen rulebook's, USD; null for the chosen one and where there is nothing to compare. */
  readonly againstUsd: number | null;
  /** Bars: initial margin as a share of the largest of all, 0 to 1. */
  readonly share: number;
  readonly beforeShare: number | null;
  readonly fit: SizeFit | null;
}

export type SortKey = 'title' | 'initial' | 'maintenance' | 'free' | 'against' | 'fit';

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Most free margin first: requirements are held against different equity, so what is left is what compares. */
export const FIRST_SORT: Sort = { key: 'free', descending: true };

/** A click on the head in force turns it round; another starts with its own best first. */
export function nextSort(sort: Sort, key: SortKey): Sort {
  if (sort.key === key) return { key, descending: !sort.descending };
  return { key, descending: key === 'free' || key === 'against' || key === 'fit' };
}

export interface RulebookRowsInput {
  readonly report: Pick<RulebooksReport, 'before' | 'after'>;
  readonly models: readonly MarginModelDescription[];
  readonly chosen: MarginModelId;
  readonly fits: readonly SizeFit[];
  readonly sort: Sort;
}

export function rulebookRows({ report, models, chosen, fits, sort }: RulebookRowsInput): RulebookRow[] {
  const shown = report.after ?? report.before;
  const chosenFree = supported(shown.find(({ id }) => id === chosen))?.availableUsd ?? null;
  const all = [...report.before, ...(report.after ?? [])];
  const longest = Math.max(1e-9, ...all.map((outcome) => supported(outcome)?.initialMarginUsd ?? 0));
  const rows = shown.map((outcome): RulebookRow => {
    const before = supported(report.before.find(({ id }) => id === outcome.id));
    const after = report.after === null ? null : supported(outcome);
    const current = supported(outcome);
    return {
      id: outcome.id,
      title: outcome.title,
      venue: models.find(({ id }) => id === outcome.id)?.venue ?? '',
      chosen: outcome.id === chosen,
      before,
      after,
      current,
      refusal: 'unsupported' in outcome ? outcome.unsupported.message : null,
      againstUsd:
        current === null || chosenFree === null || outcome.id === chosen ? null : current.availableUsd - chosenFree,
      share: (current?.initialMarginUsd ?? 0) / longest,
      beforeShare: report.after === null || before === null ? null : before.initialMarginUsd / longest,
      fit: fits.find(({ id }) => id === outcome.id) ?? null,
    };
  });
  return rows
    .map((row, at) => ({ row, at }))
    .sort((a, b) => inOrder(a.row, b.row, sort) || a.at - b.at)
    .map(({ row }) => row);
}

/** What cannot take the book comes last, whichever way the rest is turned. */
function inOrder(a: RulebookRow, b: RulebookRow, { key, descending }: Sort): number {
  if ((a.current === null) !== (b.current === null)) return a.current === null ? 1 : -1;
  const order = key === 'title' ? a.title.localeCompare(b.title) : figureOf(a, key) - figureOf(b, key);
  // Infinities that are equal differ by nothing.
  return Number.isNaN(order) ? 0 : descending ? -order : order;
}

function figureOf({ current, fit, againstUsd }: RulebookRow, key: Exclude<SortKey, 'title'>): number {
  if (current === null) return 0;
  switch (key) {
    case 'initial':
      return current.initialMarginUsd;
    case 'maintenance':
      return current.maintenanceMarginUsd;
    case 'free':
      return current.availableUsd;
    case 'against':
      return againstUsd ?? 0;
    case 'fit':
      if (fit === null || fit.kind === 'unsupported' || fit.kind === 'none') return -1;
      return fit.kind === 'unbounded' ? Number.POSITIVE_INFINITY : fit.largest;
  }
}

function supported(outcome: MarginOutcome | undefined): MarginResult | null {
  return isSupported(outcome) ? outcome : null;
}

/** A part of a requirement, before and after. */
export interface ComponentRow {
  readonly name: string;
  readonly beforeUsd: number | null;
  readonly currentUsd: number;
}

/** Components in the rule's order; one that the proposal has done away with is told at the end. */
export function componentRows({
  before,
  after,
  current,
}: Pick<RulebookRow, 'before' | 'after' | 'current'>): ComponentRow[] {
  const was = (name: string): number | null =>
    after === null || before === null ? null : (before.components.find((each) => each.name === name)?.usd ?? 0);
  const parts = current?.components ?? [];
  const gone =
    after === null ? [] : (before?.components ?? []).filter(({ name }) => parts.every((part) => part.name !== name));
  return [
    ...parts.map(({ name, usd }) => ({ name, beforeUsd: was(name), currentUsd: usd })),
    ...gone.map(({ name, usd }) => ({ name, beforeUsd: usd, currentUsd: 0 })),
  ].filter(({ beforeUsd, currentUsd }) => currentUsd !== 0 || (beforeUsd ?? 0) !== 0);
}
