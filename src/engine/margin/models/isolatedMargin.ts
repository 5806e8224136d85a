import { CHARGE_PARAMETERS } from '../charges.ts';
import { legByLegRequirement, ownWorstLoss } from '../legByLeg.ts';
import type { MarginModel } from '../MarginModel.ts';
import { spec } from '../parameterSpec.ts';
import { SCAN_PARAMETERS, scanCover, scanScenarios } from '../scan.ts';

const IDLE_FALL = 'Moves no margin here: an option bought locks its premium, and one sold loses most as vol rises.';

/**
 * Isolated margin: each leg is an account of its own. An option bought locks its whole premium, since its value can back
 * nothing else. Everything else is charged its own worst loss over the scan, with a larger share of the extreme moves than in
 * a pool: a lone position has no other collateral to fall back on.
 */
export const isolatedMargin: MarginModel = {
  id: 'isolated',
  title: 'Isolated',
  venue: 'Headroom',
  source: 'docs/models.md#isolated-margin',
  parametersDate: '2026-11-22',
  parameters: [
    ...SCAN_PARAMETERS.map((each) =>
      each.key === 'volatilityDown' ? { ...each, description: `${each.description} ${IDLE_FALL}` } : each,
    ),
    ...CHARGE_PARAMETERS,
    spec(
      'aloneExtremeCover',
      'Extreme cover, alone',
      'fraction',
      0.7,
      0,
      1,
      'Share of the loss in an extreme move that counts for a lone position; the pool share applies where it is larger.',
    ),
    spec(
      'maintenanceFactor',
      'Maintenance factor',
      'fraction',
      0.8,
      0.1,
      1,
      'Maintenance margin as a share of initial margin.',
    ),
  ],
  requirement: (book, parameters) => {
    const set = scanScenarios(parameters, book.underlyings);
    const extremeCover = Math.max(parameters.aloneExtremeCover!, parameters.extremeCover!);
    const cover = scanCover(set, extremeCover, parameters.tailCover!);
    return legByLegRequirement(book.scanned(set), set, parameters, {
      lossName: 'Premium locked and worst loss of each leg',
      charge: (position) => {
        const worst = ownWorstLoss(position, set, cover);
        const bought = position.contract?.option && position.quantity > 0 && position.contract.timeToExpiryYears > 0;
        return bought ? { ...worst, lossUsd: position.valueUsd } : worst;
      },
    });
  },
};
