import type { AccountRow } from './AccountRow.ts';

interface ModelTotals {
  accounts: number;
  unsupported: number;
  /** Accounts whose equity, as the rule counts it, is below its maintenance margin. */
  underWater: number;
  /** Accounts whose equity is below the initial margin, those under water among them. */
  belowInitial: number;
  initialMarginUsd: number;
  maintenanceMarginUsd: number;
}

/** Sums over accounts, added in the order of the rows, so that a resumed run ends at the same bits. */
export class BatchTotals {
  accounts = 0;
  failed = 0;
  /** By any of the models. */
  underWater = 0;
  #leftOut = 0;
  #equityUsd = 0;
  readonly #models = new Map<string, ModelTotals>();
  readonly #errors = new Map<string, number>();

  add(row: AccountRow): void {
    this.accounts += 1;
    if ('error' in row) {
      this.failed += 1;
      this.#errors.set(row.error.code, (this.#errors.get(row.error.code) ?? 0) + 1);
      return;
    }
    this.#equityUsd += row.equityUsd;
    this.#leftOut += row.leftOut;
    let isUnderWater = false;
    for (const margin of row.margins) {
      const totals = this.#model(margin.id);
      if ('unsupported' in margin) {
        totals.unsupported += 1;
        continue;
      }
      totals.accounts += 1;
      totals.initialMarginUsd += margin.initialMarginUsd;
      totals.maintenanceMarginUsd += margin.maintenanceMarginUsd;
      if (margin.availableUsd < 0) totals.belowInitial += 1;
      if (margin.equityUsd < margin.maintenanceMarginUsd) {
        totals.underWater += 1;
        isUnderWater = true;
      }
    }
    if (isUnderWater) this.underWater += 1;
  }

  /** The document of totals. */
  document(): object {
    return {
      accounts: this.accounts,
      failed: this.failed,
      errors: Object.fromEntries([...this.#errors].sort(([a], [b]) => (a < b ? -1 : 1))),
      underWater: this.underWater,
      equityUsd: this.#equityUsd,
      legsLeftOut: this.#leftOut,
      models: [...this.#models].map(([id, totals]) => ({ id, ...totals })),
    };
  }

  #model(id: string): ModelTotals {
    const known = this.#models.get(id);
    if (known) return known;
    const totals: ModelTotals = {
      accounts: 0,
      unsupported: 0,
      underWater: 0,
      belowInitial: 0,
      initialMarginUsd: 0,
      maintenanceMarginUsd: 0,
    };
    this.#models.set(id, totals);
    return totals;
  }
}
