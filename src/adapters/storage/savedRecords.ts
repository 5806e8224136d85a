import type { Portfolio } from '../../engine/domain/portfolio.ts';
import type { SmileEdit } from '../../engine/domain/smileEdit.ts';
import type { ParameterSet } from '../../engine/domain/riskParameters.ts';

/** The book as it is kept between visits. */
export interface SavedBook {
  readonly version: 1;
  /** Raised by one with each save; a save on top of another's revision is refused. */
  readonly revision: number;
  readonly book: Portfolio;
  readonly parameters: Readonly<Record<string, ParameterSet>>;
  /** Edited smiles and the market that they are of; absent in records of before there were any. */
  readonly editedSmiles?: { readonly marketId: string; readonly edits: readonly SmileEdit[] } | null;
  /** The link that stands for this book in the address bar, when one has been made. */
  readonly link: string | null;
}

/** Settings of the screen: any JSON record; the reader picks what it knows. */
export interface SavedView {
  readonly version: 1;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The market file that the user opened last. */
export interface SavedMarket {
  readonly version: 1;
  readonly name: string;
  readonly text: string;
}

/** A record of ours, or null when it is not one: from a newer version, or damaged. */
export function parseSavedBook(value: unknown): SavedBook | null {
  if (!isRecord(value) || value.version !== 1 || !Number.isSafeInteger(value.revision)) return null;
  if (!isPortfolio(value.book) || !isParameters(value.parameters)) return null;
  if (value.link !== null && typeof value.link !== 'string') return null;
  if (value.editedSmiles !== undefined && value.editedSmiles !== null && !isEditedSmiles(value.editedSmiles))
    return null;
  return value as unknown as SavedBook;
}

export function parseSavedView(value: unknown): SavedView | null {
  return isRecord(value) && value.version === 1 && isRecord(value.settings) ? (value as unknown as SavedView) : null;
}

export function parseSavedMarket(value: unknown): SavedMarket | null {
  return isRecord(value) && value.version === 1 && typeof value.name === 'string' && typeof value.text === 'string'
    ? (value as unknown as SavedMarket)
    : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPortfolio(value: unknown): value is Portfolio {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    Array.isArray(value.legs) &&
    value.legs.every(
      (leg: unknown) =>
        isRecord(leg) &&
        typeof leg.id === 'string' &&
        typeof leg.instrument === 'string' &&
        Number.isFinite(leg.quantity) &&
        (leg.entryPrice === undefined || Number.isFinite(leg.entryPrice)),
    ) &&
    new Set(value.legs.map((leg) => leg.id)).size === value.legs.length &&
    Array.isArray(value.collateral) &&
    value.collateral.every(
      (holding: unknown) => isRecord(holding) && typeof holding.asset === 'string' && Number.isFinite(holding.quantity),
    )
  );
}

function isEditedSmiles(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.marketId === 'string' &&
    Array.isArray(value.edits) &&
    value.edits.every(
      (edit: unknown) =>
        isRecord(edit) &&
        typeof edit.underlying === 'string' &&
        [edit.expiry, edit.level, edit.skew, edit.wings].every(Number.isFinite),
    )
  );
}

function isParameters(value: unknown): value is Readonly<Record<string, ParameterSet>> {
  return (
    isRecord(value) &&
    Object.values(value).every(
      (set) => isRecord(set) && Object.values(set).every((parameter) => Number.isFinite(parameter)),
    )
  );
}
