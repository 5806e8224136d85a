import { RiskError } from './domain/failure.ts';
import type { SizeCurve, SizeFit, SizingReport, SizingRequest } from './domain/rulebookReport.ts';
import type { MarginOutcome } from './domain/riskReport.ts';
import type { RunControl } from './domain/RunControl.ts';
import { afterTrades } from './domain/trade.ts';
import type { MarginBook, MarginModel } from './margin/MarginModel.ts';
import { marginBook } from './margin/marginBook.ts';
import { marginOutcome } from './margin/marginOutcome.ts';
import { resolvedParameters } from './margin/resolvedParameters.ts';
import { bookPositions } from './scenario/bookPositions.ts';
import type { PreparedMarket } from './scenario/preparedMarket.ts';
import type { UnitPnlRows } from './scenario/unitPnlCache.ts';

/** Sizes at which every rulebook is looked at, in present sizes: dense where a trade is likely, then farther and farther. */
const SAMPLES = [
  0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40, 50, 64, 80, 100, 160, 250, 500,
  1000,
] as const;
const CURVE_POINTS = 41;
/** Curves reach this many present sizes at least, and this many at most, however large a size would fit. */
const CURVE_REACH = { least: 2, most: 50 } as const;

/**
 * Initial margin and free margin of a book over the size of one of its trades, and for each rulebook the largest size whose margin
 * is within its equity.
 *
 * Free margin need not fall with size: a hedge frees first, an option that is bought may back itself. So each rulebook is sampled
 * from nothing to a thousand present sizes, the largest sample that fits is taken, and the way from it to the next sample, which
 * does not, is halved down to one step. What fits again between two samples that do not is not seen; sizes that do not fit
 * below the answer are said (`least`, `hasGaps`).
 *
 * Answers null when cancelled.
 */
export async function tradeSizing(
  market: PreparedMarket,
  request: SizingRequest,
  rows: UnitPnlRows,
  library: readonly MarginModel[],
  { cancelled, pause }: Pick<RunControl, 'cancelled' | 'pause'> = {},
): Promise<SizingReport | null> {
  const { presentSize, step } = request;
  if (!(presentSize > 0 && step > 0)) throw new RiskError('bad-value', 'A size must be above zero');
  const bookAt = (size: number): MarginBook => {
    const times = size - request.heldSize;
    const trades = request.unit.map((trade) => ({ ...trade, quantity: trade.quantity * times }));
    return marginBook(bookPositions(market, afterTrades(request.book, trades)), market.snapshot, rows);
  };
  const parameters = new Map(library.map((model) => [model, resolvedParameters(model, request.parameters[model.id])]));
  const outcomeAt = (model: MarginModel, book: MarginBook): MarginOutcome =>
    marginOutcome(model, parameters.get(model)!, book);

  const counts = [...new Set(SAMPLES.map((times) => Math.round((times * presentSize) / step)))];
  const samples: { readonly count: number; readonly outcomes: readonly MarginOutcome[] }[] = [];
  for (const count of counts) {
    if (cancelled?.()) return null;
    const book = bookAt(count * step);
    samples.push({ count, outcomes: library.map((model) => outcomeAt(model, book)) });
    await pause?.();
  }

  const atPresent = bookAt(presentSize);
  const fits: SizeFit[] = [];
  for (const [row, model] of library.entries()) {
    if (cancelled?.()) return null;
    const present = outcomeAt(model, atPresent);
    if ('unsupported' in present) {
      fits.push({ id: model.id, kind: 'unsupported', failure: present.unsupported });
      continue;
    }
    const sampled = samples.map(({ count, outcomes }) => ({ count, fits: isWithinEquity(outcomes[row]!) }));
    const edge = (inside: number, outside: number): number =>
      size(
        lastWithin(inside, outside, (count) => isWithinEquity(outcomeAt(model, bookAt(size(count, step))))),
        step,
      );
    fits.push(sizeFit(model, sampled, edge));
    await pause?.();
  }

  const sizes = curveSizes(request, fits);
  const drawn = library.filter(({ id }) => request.curves.includes(id));
  const points: (readonly MarginOutcome[])[] = [];
  for (const each of sizes) {
    if (cancelled?.()) return null;
    const book = bookAt(each);
    points.push(drawn.map((model) => outcomeAt(model, book)));
    await pause?.();
  }
  const figures = (row: number, figure: 'initialMarginUsd' | 'availableUsd') =>
    points.map((outcomes) => {
      const outcome = outcomes[row]!;
      return 'unsupported' in outcome ? null : outcome[figure];
    });
  return {
    inputVersion: request.inputVersion,
    marketId: request.marketId,
    presentSize,
    sizes,
    curves: drawn.map(
      ({ id }, row): SizeCurve => ({
        id,
        initialMarginUsd: figures(row, 'initialMarginUsd'),
        availableUsd: figures(row, 'availableUsd'),
      }),
    ),
    fits,
    searchedTo: size(counts.at(-1)!, step),
  };
}

function sizeFit(
  { id }: MarginModel,
  sampled: readonly { readonly count: number; readonly fits: boolean }[],
  edge: (inside: number, outside: number) => number,
): SizeFit {
  const first = sampled.findIndex(({ fits }) => fits);
  if (first < 0) return { id, kind: 'none' };
  const last = sampled.findLastIndex(({ fits }) => fits);
  const least = first === 0 ? 0 : edge(sampled[first]!.count, sampled[first - 1]!.count);
  const hasGaps = sampled.slice(first, last).some(({ fits }) => !fits);
  if (last === sampled.length - 1) return { id, kind: 'unbounded', least, hasGaps };
  return { id, kind: 'largest', least, largest: edge(sampled[last]!.count, sampled[last + 1]!.count), hasGaps };
}

/** The count next to `outside` that is still within; `inside` is, `outside` is not, and either may be the larger. */
function lastWithin(inside: number, outside: number, isWithin: (count: number) => boolean): number {
  let [good, bad] = [inside, outside];
  while (Math.abs(good - bad) > 1) {
    const middle = Math.trunc((good + bad) / 2);
    if (isWithin(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** A whole number of steps, without the dust of multiplying by 0.1. */
function size(count: number, step: number): number {
  return Number((count * step).toPrecision(12));
}

function isWithinEquity(outcome: MarginOutcome): boolean {
  return !('unsupported' in outcome) && outcome.availableUsd >= 0;
}

/** From nothing to beyond the present size and the largest that fits under a rulebook that is drawn. */
function curveSizes({ presentSize, curves }: SizingRequest, fits: readonly SizeFit[]): number[] {
  const largest = fits.map((fit) => (curves.includes(fit.id) && fit.kind === 'largest' ? fit.largest : 0));
  const wanted = Math.max(CURVE_REACH.least * presentSize, ...largest.map((each) => 1.2 * each));
  const reach = Math.min(wanted, CURVE_REACH.most * presentSize);
  return Array.from({ length: CURVE_POINTS }, (_, i) => (i * reach) / (CURVE_POINTS - 1));
}
