import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import type { VolShockUnit } from '../../engine/domain/scenario.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import type { StrategyId } from '../../state/strategyTemplates.ts';

/** What a typed line asks for. */
export type Command =
  | { readonly kind: 'trade'; readonly instrument: string; readonly quantity: number }
  | { readonly kind: 'hedge-delta'; readonly underlying: string }
  | {
      readonly kind: 'strategy';
      readonly strategy: StrategyId;
      readonly size: number | null;
      readonly underlying: string;
      readonly expiry: Timestamp;
    }
  | { readonly kind: 'pin'; readonly spotMove: number; readonly volShock: number; readonly volUnit: VolShockUnit }
  /** Shows the cheapest cut; null keeps the margin that is asked for. */
  | { readonly kind: 'cut'; readonly targetUsd: number | null }
  | { readonly kind: 'coin'; readonly underlying: string }
  | { readonly kind: 'expiry'; readonly expiry: Timestamp }
  | { readonly kind: 'unit'; readonly unit: 'usd' | 'coin' }
  | {
      readonly kind:
        | 'undo'
        | 'redo'
        | 'keep'
        | 'drop'
        | 'clear-pin'
        | 'clear-book'
        | 'about'
        | 'verify-proxy'
        | 'more-paths';
    };

/** What a line is read against. */
export interface CommandContext {
  readonly market: MarketSummary;
  /** The selected coin and the expiry that the chain shows. */
  readonly underlying: string;
  readonly chainExpiry: Timestamp | null;
  readonly hasProposal: boolean;
  readonly hasPin: boolean;
  readonly hasLegs: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  | {
      readonly ok: false;
      /** Why the line is no command, and what to do. */
      readonly message: string;
      /** Whole lines that would be commands, nearest first. */
      readonly nearest: readonly string[];
    };

export type Refusal = Extract<ParsedCommand, { ok: false }>;

export function refused(message: string, nearest: readonly string[] = []): Refusal {
  return { ok: false, message, nearest };
}

export function accepted(command: Command): ParsedCommand {
  return { ok: true, command };
}
