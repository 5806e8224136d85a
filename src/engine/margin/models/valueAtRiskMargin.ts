import { valueAtRiskOf } from '../../var/tailRisk.ts';
import { moveLabel } from '../historical/historicalTail.ts';
import { tailParameters } from '../historical/tailParameters.ts';
import { type TailMeasure, tailRequirement } from '../historical/tailRequirement.ts';
import type { MarginModel } from '../MarginModel.ts';

const measure = (confidence: number): TailMeasure => ({
  name: 'Value at risk',
  lossUsd: ({ sorted }) => valueAtRiskOf(sorted, confidence),
  partUsd: ({ tail }, { pnlUsd }) => -pnlUsd[tail.edge]!,
  scan: ({ moves, pnlUsd, tail }, multiplier) => ({
    amountUsd: pnlUsd.map((pnl) => Math.max(-multiplier * pnl, 0)),
    binding: tail.edge,
    label: (outcome) => moveLabel(moves, outcome),
  }),
});

/**
 * Margin by historical value at risk of the whole book, legs and coin collateral: the loss that all but a share of the history's
 * newest moves stay below. The tail is the one of the VaR that is shown elsewhere: equal settings, equal figure.
 */
export const valueAtRiskMargin: MarginModel = {
  id: 'var',
  title: 'Value at risk',
  venue: 'History',
  source: 'docs/rulebooks.md#value-at-risk-expected-shortfall',
  parametersDate: '2026-11-22',
  parameters: tailParameters(
    0.99,
    'An EU clearing house takes at least 99 % for listed derivatives (from memory, unverified).',
  ),
  requirement: (book, parameters) =>
    tailRequirement(book, parameters, measure(parameters.confidence!), 'margin by value at risk'),
};
