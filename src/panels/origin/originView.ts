import type { LegInputs, MarginProvenance } from '../../engine/domain/marginCase.ts';
import type { MarginResult } from '../../engine/domain/riskReport.ts';
import type { MarginFigure } from '../../state/AppState.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { dateTime, decimal, indexPrice, instrumentLabel, ivPercent, percent, quantity } from '../../ui/format.ts';
import { roundedToTotal } from '../../ui/roundedToTotal.ts';

/** A line of a sum: `Worst loss, BTC` and its amount. */
interface SumRow {
  readonly name: string;
  readonly text: string;
}

export interface OriginView {
  readonly value: string;
  /** What the figure is. */
  readonly meaning: string;
  /** How it comes out of the rows, in the field's terms. */
  readonly formula: string;
  readonly rows: readonly SumRow[];
  readonly total: SumRow | null;
  readonly binding: string | null;
  readonly source: string;
  /** Names and values of what the market says: indices first, then the legs. */
  readonly inputs: readonly { readonly name: string; readonly text: string }[];
  readonly parameters: string;
  /** Parameters that differ from their defaults, in words. */
  readonly edited: readonly string[];
  readonly approximations: readonly string[];
}

export const FIGURE_NAMES: Readonly<Record<MarginFigure, string>> = {
  initial: 'Initial margin',
  maintenance: 'Maintenance',
  free: 'Free margin',
  used: 'Used',
};

/** Where a figure is from, in words and numbers. Rows add up to the figure as shown. */
export function originView(
  figure: MarginFigure,
  provenance: MarginProvenance,
  margin: MarginResult,
  unit: DisplayUnit,
): OriginView {
  const digits = unit.kind === 'usd' ? 2 : 6;
  const { model, parameters, asOf, source } = provenance;
  const money = (usd: number) => `${decimal(usd * unit.perUsd, digits)} ${unit.symbol}`;
  const plain = (value: number) => decimal(value, digits);
  const { initialMarginUsd, maintenanceMarginUsd, equityUsd, equityBasis, availableUsd, worstScenario } = margin;
  const equityName = equityBasis ?? 'Equity';
  const sum = (parts: readonly { name: string; usd: number }[], name: string, totalUsd: number) => {
    const rounded = roundedToTotal(
      parts.map(({ usd }) => usd * unit.perUsd),
      digits,
      totalUsd * unit.perUsd,
    );
    return {
      rows: parts.map((part, at) => ({ name: part.name, text: plain(rounded.rows[at]!) })),
      total: { name, text: plain(rounded.total) },
    };
  };
  const components = () => sum(margin.components, 'Initial margin', initialMarginUsd);
  const factor = parameters.maintenanceFactor;
  const byFigure: Record<MarginFigure, Pick<OriginView, 'value' | 'meaning' | 'formula' | 'rows' | 'total'>> = {
    initial: {
      value: money(initialMarginUsd),
      meaning: `What the ${model.title} rulebook wants to see before the book may be opened or made larger.`,
      formula: 'Initial margin = sum of its components',
      ...components(),
    },
    maintenance: {
      value: money(maintenanceMarginUsd),
      meaning: `The requirement below which the ${model.title} rulebook liquidates the book.`,
      ...(factor === undefined
        ? {
            formula: `Maintenance margin as ${model.title} states it beside the initial margin`,
            rows: [{ name: 'Initial margin', text: plain(initialMarginUsd * unit.perUsd) }],
            total: { name: 'Maintenance', text: plain(maintenanceMarginUsd * unit.perUsd) },
          }
        : {
            formula: `Maintenance margin = ${factor} × initial margin`,
            rows: components().rows.concat(components().total),
            total: { name: `× ${factor}`, text: plain(maintenanceMarginUsd * unit.perUsd) },
          }),
    },
    free: {
      value: money(availableUsd),
      meaning: 'What can still be used to open positions.',
      formula: 'Free margin = equity − initial margin',
      ...sum(
        [
          { name: equityName, usd: equityUsd },
          { name: 'Initial margin', usd: -initialMarginUsd },
        ],
        'Free margin',
        availableUsd,
      ),
    },
    used: {
      value: equityUsd > 0 ? percent(initialMarginUsd / equityUsd) : 'no equity',
      meaning: 'The share of equity that the initial margin takes.',
      formula: 'Used = initial margin / equity',
      rows: [
        { name: 'Initial margin', text: plain(initialMarginUsd * unit.perUsd) },
        { name: equityName, text: plain(equityUsd * unit.perUsd) },
      ],
      total: { name: 'Used', text: equityUsd > 0 ? percent(initialMarginUsd / equityUsd, 4) : 'no equity' },
    },
  };
  const edited = model.parameters.filter(({ key, initial }) => parameters[key] !== initial);
  return {
    ...byFigure[figure],
    binding:
      worstScenario === null
        ? null
        : `${worstScenario.label}, a loss of ${money(worstScenario.lossUsd)} before add-ons`,
    source: `${source.kind.toUpperCase()} ${source.name}, ${dateTime(asOf)}`,
    inputs: [
      ...provenance.indices.map(({ underlying, index }) => ({ name: `${underlying} index`, text: indexPrice(index) })),
      ...provenance.inputs.map((leg) => ({
        name: `${quantity(leg.quantity)} ${instrumentLabel(leg.instrument, asOf)}`,
        text: inputWords(leg, asOf),
      })),
    ],
    parameters: `${model.parameters.length} parameters of ${model.parametersDate}, ${model.source}`,
    edited: edited.map(
      ({ key, label, initial, unit: of }) => `${label} ${parameters[key]} instead of ${initial} (${of})`,
    ),
    approximations: margin.approximations,
  };
}

/** `forward 63,901.2, IV 61.4 %, quoted 21:28 UTC`. */
function inputWords({ forward, volatility, volatilitySource, quotedAt }: LegInputs, asOf: number): string {
  if (volatility === null) return `mark ${indexPrice(forward)}`;
  const vol = `IV ${ivPercent(volatility)}${volatilitySource === 'fit' ? ' from the fitted smile' : ''}`;
  const at = quotedAt === null ? '' : `, quoted ${dateTime(quotedAt, asOf)}`;
  return `forward ${indexPrice(forward)}, ${vol}${at}`;
}
