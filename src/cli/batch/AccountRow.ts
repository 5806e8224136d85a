import type { Failure } from '../../engine/domain/failure.ts';
import type { VarMethod } from '../../engine/domain/riskReport.ts';

/** One line of the answer. */
export type AccountRow = MarginedAccount | RefusedAccount;

export interface MarginedAccount {
  readonly account: string;
  readonly equityUsd: number;
  readonly margins: readonly AccountMargin[];
  /** Only when asked for. */
  readonly valueAtRisk?: readonly AccountVar[];
  /** Legs without a price; no figure counts them. */
  readonly leftOut: number;
  readonly notices: { readonly info: number; readonly warning: number };
}

export interface RefusedAccount {
  readonly account: string;
  readonly error: Required<Failure>;
}

export type AccountMargin =
  | {
      readonly id: string;
      readonly initialMarginUsd: number;
      readonly maintenanceMarginUsd: number;
      /** What the rule counts as equity. */
      readonly equityUsd: number;
      readonly availableUsd: number;
      /** Maintenance over equity; null when equity is not above 0. */
      readonly marginRatio: number | null;
      readonly worstScenario: {
        readonly label: string;
        readonly spotMove: number;
        readonly volShock: number;
        readonly lossUsd: number;
      } | null;
    }
  | { readonly id: string; readonly unsupported: Omit<Failure, 'path'> };

export type AccountVar =
  | {
      readonly method: VarMethod;
      readonly valueAtRiskUsd: number;
      readonly expectedShortfallUsd: number;
      readonly standardError: { readonly valueAtRiskUsd: number; readonly expectedShortfallUsd: number } | null;
    }
  | { readonly method: VarMethod; readonly error: Omit<Failure, 'path'> };
