import { CHARGE_PARAMETERS } from '../charges.ts';
import { legByLegRequirement, ownWorstLoss } from '../legByLeg.ts';
import type { MarginModel } from '../MarginModel.ts';
import { spec } from '../parameterSpec.ts';
import { SCAN_PARAMETERS, scanCover, scanScenarios } from '../scan.ts';

/**
 * Cross margin: collateral is pooled, risk is not. Each leg is charged its own worst loss over the scan, an option bought at
 * most what it is worth, and the charges are added: no leg's gain pays for another leg's loss. Never above isolated margin
 * and never below portfolio margin under the same parameters.
 */
export const crossMargin: MarginModel = {
  id: 'cross',
  title: 'Cross',
  venue: 'Headroom',
  source: 'docs/models.md#cross-margin',
  parametersDate: '2026-11-22',
  parameters: [
    ...SCAN_PARAMETERS,
    ...CHARGE_PARAMETERS,
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
    const cover = scanCover(set, parameters.extremeCover!, parameters.tailCover!);
    return legByLegRequirement(book.scanned(set), set, parameters, {
      lossName: 'Worst loss of each leg',
      charge: (position) => ownWorstLoss(position, set, cover),
    });
  },
};
