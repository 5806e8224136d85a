import type { Failure } from '../engine/domain/failure.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { SmileEdit } from '../engine/domain/smileEdit.ts';
import type { EditedSmiles } from '../state/AppState.ts';

/** Longer links are not put into the address bar: nothing would read them. */
const LONGEST = 64_000;
const PREFIX = '#b=';

/** The code of the book in the address bar, or null when there is none. */
export function addressCode(): string | null {
  return location.hash.startsWith(PREFIX) ? location.hash.slice(PREFIX.length) : null;
}

/**
 * Whether the address was written by this app for the saved book, in this tab. Such an address is not a link that someone
 * followed: after a reload the saved work is the newer of the two.
 */
export function isOwnAddress(): boolean {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'headroomOwn' in state && state.headroomOwn === true;
}

/** Whether somebody else's link has been followed, as far as the address tells: the storage may know it for an old one. */
export function isLinkFollowed(): boolean {
  return addressCode() !== null && !isOwnAddress();
}

/** The address shows the book from here on; null clears it. `own` as in `isOwnAddress`. */
export function setAddressCode(code: string | null, own: boolean): void {
  const address = code === null ? location.pathname + location.search : PREFIX + code;
  history.replaceState({ headroomOwn: own }, '', address);
}

/** The code of a book, with the edits of the market's smiles, or null when the book is too large for a link. */
export async function bookCode(
  book: Portfolio,
  market: MarketSummary | null,
  smileEdits: readonly SmileEdit[],
): Promise<string | null> {
  const { shareLinkCode } = await import('../formats/shareLink.ts');
  const named = market === null ? {} : { market: { id: market.id, name: market.source.name, asOf: market.asOf } };
  const code = await shareLinkCode({ portfolio: book, ...named, smileEdits });
  return code.length <= LONGEST ? code : null;
}

export interface LinkedBook {
  readonly book: Portfolio;
  /** The market that the sender looked at, when the link says. */
  readonly market: { readonly id: string; readonly name: string; readonly asOf: number } | null;
  /** How the sender had bent that market's smiles; null when not at all. */
  readonly editedSmiles: EditedSmiles | null;
}

/** The book in a code, or why it is refused. */
export async function linkedBook(code: string): Promise<LinkedBook | Failure> {
  const { parseShareLink } = await import('../formats/shareLink.ts');
  const parsed = await parseShareLink(code);
  if (!parsed.ok) return parsed.failure;
  const { portfolio, market, smileEdits } = parsed.value;
  const editedSmiles = market && smileEdits ? { marketId: market.id, edits: smileEdits } : null;
  return { book: portfolio, market: market ?? null, editedSmiles };
}
