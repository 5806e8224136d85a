import type { SmileStop } from '../../engine/domain/smileEdit.ts';
import type { ExpirySmile, SmileFault, SurfaceReport } from '../../engine/domain/surfaceReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { dateCode, decimal, shortLevel, signed } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';

/** What a smile is to be told of: why there is none, what arbitrage it allows, that it is edited. */
export function smileFlags(smile: ExpirySmile, asOf: Timestamp): readonly string[] {
  if (smile.failure !== null) return [smile.failure];
  return [
    ...(smile.edit === null ? [] : ['edited']),
    ...smile.faults.map((fault) => faultWords(fault, asOf)),
    ...(smile.origin === 'market' ? ['given by the market'] : []),
  ];
}

function faultWords(fault: SmileFault, asOf: Timestamp): string {
  if (fault.kind === 'butterfly')
    return `butterfly arbitrage: one at ${shortLevel(fault.strike)} is worth less than nothing`;
  const earlier = dateCode(fault.earlier, asOf);
  return fault.where === 'wings'
    ? `beyond the quotes, total variance falls below that of ${earlier}`
    : `calendar arbitrage: total variance at ${shortLevel(fault.strike)} is below that of ${earlier}`;
}

/** The same in a word or two, for a cell; `isGrave` where prices that are quoted contradict each other. */
export function shortFlags(smile: ExpirySmile): readonly { readonly text: string; readonly isGrave: boolean }[] {
  if (smile.failure !== null) return [{ text: 'no smile', isGrave: true }];
  return [
    ...(smile.edit === null ? [] : [{ text: 'edited', isGrave: true }]),
    ...smile.faults.map((fault) =>
      fault.kind === 'butterfly'
        ? { text: 'butterfly', isGrave: true }
        : { text: fault.where === 'wings' ? 'calendar in wings' : 'calendar', isGrave: fault.where === 'quotes' },
    ),
  ];
}

/** Why there is no repair to ask for, in a sentence; null when there is one. */
export function noRepairReason({ underlying, expiries, isRepaired }: SurfaceReport, isEdited: boolean): string | null {
  if (isEdited) return `A repair works on the market’s own fits. Reset the edited smiles of ${underlying} first.`;
  if (isRepaired || expiries.some(({ faults }) => faults.length > 0)) return null;
  return `Nothing to repair: no smile of ${underlying} allows arbitrage.`;
}

/** What a repair has done, and what it means for the book. */
export function repairWords({ underlying, expiries, asOf }: SurfaceReport): string {
  const fitted = expiries.filter(({ figures }) => figures !== null);
  const moved = fitted.flatMap(({ expiry, repair }) =>
    repair === null ? [] : [{ expiry, largestChange: repair.largestChange }],
  );
  const [most] = moved.toSorted((one, two) => two.largestChange - one.largestChange);
  const done =
    most === undefined
      ? `No smile of ${underlying} had to move`
      : `${moved.length} of ${fitted.length} smiles moved, ${dateCode(most.expiry, asOf)} most, by up to ${errorText(most.largestChange)} pts`;
  return `Repaired: no butterfly or calendar arbitrage. ${done}. For reading, and for strikes without a quote. The book’s figures do not change: an option with a mark vol stays valued at its own mark, any other at the fit.`;
}

/** Why an edit went no further. */
export function stopWords(stop: SmileStop, asOf: Timestamp): string {
  const name = dateCode(stop.expiry, asOf);
  const at = stop.strike === null ? '' : ` at ${shortLevel(stop.strike)}`;
  switch (stop.kind) {
    case 'butterfly':
      return `Stopped at the last value without arbitrage: beyond, a butterfly of ${name}${at} would be worth less than nothing.`;
    case 'calendar': {
      const [earlier, later] = [stop.expiry, stop.other!].sort((one, two) => one - two) as [number, number];
      return `Stopped at the last value without arbitrage: beyond, total variance${at} would fall from ${dateCode(earlier, asOf)} to ${dateCode(later, asOf)}.`;
    }
    case 'wing':
      return `Stopped at the last value without arbitrage: beyond, a wing of ${name} would be steeper than prices allow.`;
    case 'shape':
      return `Stopped: beyond, ${name} would be no smile, with wings above the middle and every vol above zero.`;
  }
}

/** Quotes left out, counted by reason, the most frequent first. */
export function leftOutReasons(smile: ExpirySmile): readonly { readonly reason: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of smile.quotes) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((one, two) => two.count - one.count);
}

/** One line an expiry, for exports. */
export function surfaceNumbers({ expiries, asOf, isRepaired }: SurfaceReport): Numbers {
  return {
    columns: [
      { name: 'Expiry', unit: '', digits: 0 },
      { name: 'Forward', unit: 'USD', digits: 2 },
      { name: 'ATM IV', unit: '%', digits: 2 },
      { name: 'Forward IV', unit: '%', digits: 2 },
      { name: '25Δ RR', unit: 'pts', digits: 2 },
      { name: '25Δ BF', unit: 'pts', digits: 2 },
      { name: '10Δ RR', unit: 'pts', digits: 2 },
      { name: '10Δ BF', unit: 'pts', digits: 2 },
      ...(isRepaired ? [{ name: 'Rms before repair', unit: 'pts', digits: 2 }] : []),
      { name: isRepaired ? 'Repaired rms' : 'Fit rms', unit: 'pts', digits: 2 },
      { name: isRepaired ? 'Repaired worst' : 'Fit worst', unit: 'pts', digits: 2 },
      ...(isRepaired ? [{ name: 'Largest shift', unit: 'pts', digits: 2 }] : []),
      { name: 'Used', unit: 'quotes', digits: 0 },
      { name: 'Left out', unit: 'quotes', digits: 0 },
      { name: 'Flags', unit: '', digits: 0 },
    ],
    rows: expiries.map((smile) => {
      const { figures } = smile;
      const points = (vol: number | null | undefined) => (vol == null ? null : vol * 100);
      return [
        dateCode(smile.expiry, asOf),
        smile.forward,
        points(figures?.atm),
        points(smile.forwardVol),
        points(figures?.riskReversal25),
        points(figures?.butterfly25),
        points(figures?.riskReversal10),
        points(figures?.butterfly10),
        ...(isRepaired ? [points(rmseBefore(smile))] : []),
        points(smile.rmse),
        points(smile.maxError),
        ...(isRepaired ? [points(smile.repair?.largestChange ?? 0)] : []),
        smile.quotesUsed,
        smile.quotes.length - smile.quotesUsed,
        smileFlags(smile, asOf).join('; ') || 'none',
      ];
    }),
  };
}

/** Of the market's own fit, whether or not the repair has moved it. */
export function rmseBefore({ repair, rmse }: ExpirySmile): number | null {
  return repair === null ? rmse : repair.rmseBefore;
}

/** A figure in vol points with its sign. */
export function pointsText(vol: number): string {
  return signed(vol * 100, 2);
}

/** An error in vol points, in words where nothing was fitted. */
export function errorText(vol: number | null): string {
  return vol === null ? 'none' : decimal(vol * 100, 2);
}
