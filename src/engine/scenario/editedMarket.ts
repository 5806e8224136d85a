import type { SmileEdit, SmileStop } from '../domain/smileEdit.ts';
import { editedSurface } from '../surface/smileAdjustment.ts';
import type { PreparedExpiry, PreparedMarket } from './preparedMarket.ts';

/** A market whose smiles a person has bent. */
export interface EditedMarket {
  readonly market: PreparedMarket;
  /** The edits in force; what is not admissible has been taken back. */
  readonly edits: readonly SmileEdit[];
  /** What stopped edits short of what was asked, one an underlying at most. */
  readonly stops: readonly SmileStop[];
}

/**
 * The market with edits put on its smiles. Every option of an edited expiry moves: one read from the fit is read from the
 * edited smile, a quoted one keeps its distance from the fit. Forwards, quotes and history stay. The edited expiries carry a
 * mark of their edit, so that nothing that is remembered of the unedited market is taken for this one's.
 */
export function editedMarket(market: PreparedMarket, edits: readonly SmileEdit[]): EditedMarket {
  const surfaces = new Map(market.surfaces);
  const underlyings = new Map(market.underlyings);
  const applied: SmileEdit[] = [];
  const stops: SmileStop[] = [];
  for (const symbol of new Set(edits.map(({ underlying }) => underlying))) {
    const surface = market.surfaces.get(symbol);
    const underlying = market.underlyings.get(symbol);
    if (surface === undefined || underlying === undefined) continue;
    const edited = editedSurface(surface, edits);
    surfaces.set(symbol, edited.surface);
    applied.push(...edited.edits);
    if (edited.stop !== null) stops.push(edited.stop);

    const expiries = new Map(underlying.expiries);
    for (const edit of edited.edits) {
      const original = underlying.expiries.get(edit.expiry)!;
      const fit = edited.surface.fits.find(({ expiry }) => expiry === edit.expiry)!;
      const { level, skew, wings } = edit;
      const changed: PreparedExpiry = {
        ...original,
        fit,
        edit: { fit: original.fit!, shift: { level, skew, wings }, key: `~${level},${skew},${wings}` },
      };
      expiries.set(edit.expiry, changed);
    }
    underlyings.set(symbol, { ...underlying, expiries });
  }
  return { market: { ...market, surfaces, underlyings }, edits: applied, stops };
}
