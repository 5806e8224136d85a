import { expectedShortfallOf } from '../../var/tailRisk.ts';
import { tailParameters } from '../historical/tailParameters.ts';
import { type TailMeasure, tailRequirement } from '../historical/tailRequirement.ts';
import type { MarginModel } from '../MarginModel.ts';

const measure = (confidence: number): TailMeasure => ({
  name: 'Expected shortfall',
  lossUsd: ({ sorted }) => expectedShortfallOf(sorted, confidence),
  partUsd: (tail, position) => tail.shortfallUsd(position),
});

/**
 * Margin by historical expected shortfall of the whole book, legs and coin collateral: the mean loss in the worst share of the
 * history's newest moves. Subadditive where VaR is not: before add-ons two books together never need more than apart.
 */
export const expectedShortfallMargin: MarginModel = {
  id: 'expected-shortfall',
  title: 'Expected shortfall',
  venue: 'History',
  source: 'docs/rulebooks.md#value-at-risk-expected-shortfall',
  parametersDate: '2026-11-22',
  parameters: tailParameters(
    0.975,
    "97.5 % is the level of the Basel Committee's market risk standard: on normal moves it is worth VaR at 99 %.",
  ),
  requirement: (book, parameters) =>
    tailRequirement(book, parameters, measure(parameters.confidence!), 'margin by expected shortfall'),
};
