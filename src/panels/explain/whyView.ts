import type { ExplainedCell, MarginExplanation, MarginStep } from '../../engine/domain/marginExplanation.ts';
import type { Portfolio } from '../../engine/domain/portfolio.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import type { Lit } from '../../state/AppState.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { decimal, instrumentLabel, percent, quantity, signed, signedPercent } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { roundedToTotal } from '../../ui/roundedToTotal.ts';

export interface WhyInput {
  readonly explanation: MarginExplanation;
  readonly book: Portfolio;
  readonly proposed: Portfolio | null;
  readonly unit: DisplayUnit;
  readonly asOf: Timestamp;
}

/** One line of the waterfall. */
export interface WhyRow {
  readonly key: string;
  readonly kind: MarginStep['kind'] | 'total';
  readonly label: string;
  /** `+5,480.12`, or a total without sign. */
  readonly text: string;
  /** In the unit on show, as rounded: each step begins where the one above has ended. */
  readonly value: number;
  readonly from: number;
  readonly to: number;
  /** What it is, in a sentence or two. */
  readonly detail: string;
  readonly lit: Lit;
}

export interface WhyView {
  readonly unit: string;
  readonly digits: number;
  readonly rows: readonly WhyRow[];
  /** The ends of the axis. */
  readonly low: number;
  readonly high: number;
  /** The axis begins above zero, so that small steps of large totals can be seen; the totals then show a broken foot. */
  readonly isBroken: boolean;
  /** What has happened, in a sentence. */
  readonly sentence: string;
  readonly numbers: () => Numbers;
}

/**
 * The waterfall as it is shown. Steps are rounded so that start and steps add up to the end to the last digit on the screen: to
 * the cent in USD.
 */
export function whyView(input: WhyInput): WhyView {
  const { explanation, unit } = input;
  const { steps, kind, fromUsd, toUsd } = explanation;
  const digits = unit.kind === 'usd' ? 2 : 6;
  const start = roundedToTotal([], digits, fromUsd * unit.perUsd).total;
  const end = roundedToTotal([], digits, toUsd * unit.perUsd).total;
  const { rows: values } = roundedToTotal(
    steps.map(({ usd }) => usd * unit.perUsd),
    digits,
    end - start,
  );
  const atDigits = (value: number) => Number(value.toFixed(digits)) + 0;
  const words = wording(input, values, digits);
  let level = start;
  const lines = steps.map((step, at): WhyRow => {
    const from = level;
    level = atDigits(level + values[at]!);
    return {
      key: `${at} ${step.kind} ${step.component}`,
      kind: step.kind,
      label: words.label(step),
      text: signed(values[at]!, digits),
      value: values[at]!,
      from,
      to: level,
      detail: words.detail(step, values[at]!),
      lit: { rows: litRows(step.legs, input), cells: placesOf(step.from, step.to) },
    };
  });
  const total = (key: string, label: string, value: number, cell: ExplainedCell | null): WhyRow => ({
    key,
    kind: 'total',
    label,
    text: decimal(value, digits),
    value,
    from: 0,
    to: value,
    detail: cell === null ? 'Nothing is at risk.' : `Binding scenario ${cell.label}.`,
    lit: { rows: [], cells: placesOf(null, cell) },
  });
  const rows = [
    ...(kind === 'trade' ? [total('before', 'Before', start, explanation.fromCell)] : []),
    ...lines,
    total('after', kind === 'trade' ? 'After' : 'Initial margin', end, explanation.toCell),
  ];
  const axis = axisOf(rows, 10 ** -digits);
  return {
    unit: unit.symbol,
    digits,
    rows,
    ...axis,
    sentence: sentence(input, start, end, digits),
    numbers: () => ({
      columns: [
        { name: 'Step', unit: '', digits: 0 },
        { name: 'Initial margin', unit: unit.symbol, digits },
      ],
      rows: rows.map(({ label, value }) => [label, value]),
    }),
  };
}

function axisOf(rows: readonly WhyRow[], least: number): Pick<WhyView, 'low' | 'high' | 'isBroken'> {
  const levels = rows.map(({ to }) => to);
  const [low, high] = [Math.min(...levels), Math.max(...levels, least)];
  const isBroken = rows.every(({ kind, from }) => kind === 'total' || from > 0) && low > 0.6 * high && rows.length > 2;
  return { low: isBroken ? low - 0.4 * (high - low) : Math.min(0, low), high, isBroken };
}

function placesOf(...cells: readonly (ExplainedCell | null)[]): Lit['cells'] {
  return cells.flatMap((cell) => (cell?.at ? [cell.at] : []));
}

/** A leg is one row of the book; one that is proposed is a ghost, and its trade may resize a leg that is held. */
function litRows(ids: readonly string[], { book, proposed }: WhyInput): readonly string[] {
  return ids.flatMap((id) => {
    const leg = proposed?.legs.find((each) => each.id === id) ?? book.legs.find((each) => each.id === id);
    return leg === undefined || proposed === null ? [id] : [id, `ghost-${leg.instrument}`];
  });
}

function wording({ explanation, book, proposed, unit, asOf }: WhyInput, values: readonly number[], digits: number) {
  const { steps, kind, fromCell } = explanation;
  const count = (wanted: MarginStep['kind']) => steps.filter((step) => step.kind === wanted).length;
  const several = { alone: count('alone') > 1, offset: count('offset') > 1, cell: count('cell') > 1, charge: false };
  const name = (id: string) => {
    const leg = proposed?.legs.find((each) => each.id === id) ?? book.legs.find((each) => each.id === id);
    return leg === undefined ? `${id.replace('collateral:', '')} held` : instrumentLabel(leg.instrument, asOf);
  };
  const traded = (id: string) => {
    const held = book.legs.find((each) => each.id === id)?.quantity ?? 0;
    const next = proposed?.legs.find((each) => each.id === id)?.quantity ?? 0;
    return `${quantity(next - held)} ${name(id)}`;
  };
  const heads = (step: MarginStep): string => {
    if (step.kind === 'charge') return step.component;
    if (step.kind === 'cell') return 'Another cell binds';
    if (kind === 'book') return step.kind === 'alone' ? 'Each leg alone' : 'Offsets between them';
    if (step.kind === 'offset') return step.usd < 0 ? 'Offset against the book' : 'Adds up with the book';
    return step.legs.length === 1 ? `${traded(step.legs[0]!)} alone` : `The trade alone, ${step.legs.length} legs`;
  };
  const detail = (step: MarginStep, value: number): string => {
    const { from, to } = step;
    if (step.kind === 'cell')
      return `The binding scenario moves from ${from?.label ?? 'none'} to ${to?.label ?? 'none'}: in the new one this part is ${signed(value, digits)} against the former, both with the trade.`;
    if (step.kind === 'charge')
      return kind === 'trade'
        ? `The change of “${step.component}”, a part of the requirement that is not the worst of a scan.`
        : `“${step.component}” of the whole book.`;
    if (kind === 'book') {
      if (step.kind === 'alone') {
        const parts = roundedToTotal(
          step.parts.map(({ usd }) => usd * unit.perUsd),
          digits,
          value,
        ).rows;
        const largest = step.parts
          .map(({ id }, at) => ({ name: name(id), part: parts[at]! }))
          .sort((one, other) => other.part - one.part);
        const shown = largest.slice(0, 6).map((each) => `${each.name} ${decimal(each.part, digits)}`);
        const rest = largest.length > 6 ? `; ${largest.length - 6} more` : '';
        return `${step.component}, each margined as if nothing else were held: ${shown.join('; ')}${rest}.`;
      }
      const alone = steps.findIndex((each) => each.kind === 'alone' && each.component === step.component);
      const share = alone < 0 || values[alone]! === 0 ? '' : ` (${percent(Math.abs(value / values[alone]!), 0)})`;
      return `${step.component}: what holding them together ${value < 0 ? 'takes off' : 'adds to'} what they need apart${share}${to === null ? '' : `, in the scenario that binds, ${to.label}`}.`;
    }
    if (step.kind === 'alone')
      return `${step.component}: the trade with its premium, margined as if nothing else were held${to === null ? '' : `, at its own worst, ${to.label}`}.`;
    return from === null || fromCell === null
      ? `${step.component}: what the rest of the requirement changes of it.`
      : `${step.component}: in the scenario that bound before, ${from.label}, the trade changes the book by this much ${step.usd < 0 ? 'less' : 'more'} than it needs alone.`;
  };
  return {
    label: (step: MarginStep) => (several[step.kind] ? `${heads(step)}: ${step.component}` : heads(step)),
    detail,
  };
}

function sentence({ explanation, unit }: WhyInput, start: number, end: number, digits: number): string {
  const { kind, steps, fromCell, toCell } = explanation;
  const money = (value: number) => `${decimal(value, digits)} ${unit.symbol}`;
  if (kind === 'book') {
    const alone = steps.filter((step) => step.kind === 'alone').reduce((sum, { usd }) => sum + usd, 0);
    const offset = steps.filter((step) => step.kind === 'offset').reduce((sum, { usd }) => sum + usd, 0);
    if (end === 0) return 'Nothing is required.';
    if (alone <= 0 || offset >= 0) return `Initial margin ${money(end)}. Nothing offsets under this rulebook.`;
    return `Offsetting is worth ${money(-offset * unit.perUsd)}: ${percent(-offset / alone, 0)} of what the legs need apart.`;
  }
  const change = Number((end - start).toFixed(digits));
  if (change === 0) return 'The trade leaves the initial margin as it was.';
  const share = start > 0 ? ` (${signedPercent(change / start)})` : '';
  const moved =
    fromCell !== null && toCell !== null && fromCell.label !== toCell.label
      ? ` The binding scenario moves from ${fromCell.label} to ${toCell.label}.`
      : '';
  return `Initial margin ${change > 0 ? 'rises' : 'falls'} by ${money(Math.abs(change))}${share}.${moved}`;
}
