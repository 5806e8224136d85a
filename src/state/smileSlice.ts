import { parseInstrument } from '../engine/domain/instrument.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import { isSameMarket } from '../engine/domain/marketSnapshot.ts';
import { isNoShift, type SmileEdit, type SmileShift, withSmileEdits } from '../engine/domain/smileEdit.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import type { AppState, EditedSmiles, GetState, SetState, SmileSlice } from './AppState.ts';
import { inputsChanged } from './versions.ts';

const NO_EDITS: readonly SmileEdit[] = [];

/** What the user has done to the market's smiles. Every change can be undone. */
export function smileSlice(set: SetState, get: GetState): SmileSlice {
  return {
    editedSmiles: null,
    smileGesture: null,

    setSmileEdits: (edits) => {
      const { market } = get();
      if (market === null || areEqual(edits, smileEditsInForce(get()))) return;
      set((state) => ({ editedSmiles: edited(market.id, edits), ...inputsChanged(state) }));
    },
    resetSmiles: (underlying, expiry) => {
      const standing = smileEditsInForce(get());
      const kept = standing.filter(
        (edit) => edit.underlying !== underlying || (edit.expiry !== expiry && expiry !== null),
      );
      get().setSmileEdits(kept);
    },
    beginSmileGesture: () => {
      if (get().smileGesture !== null) return;
      get().pauseHistory();
      set((state) => ({ smileGesture: { from: state.editedSmiles } }));
    },
    endSmileGesture: () => {
      const gesture = get().smileGesture;
      if (gesture === null) return;
      set({ smileGesture: null });
      get().resumeHistory({ editedSmiles: gesture.from });
    },
  };
}

/** The edits that bend the open market's smiles. Those of another market wait for it. The same array while nothing changes. */
export function smileEditsInForce({
  market,
  editedSmiles,
}: Pick<AppState, 'market' | 'editedSmiles'>): readonly SmileEdit[] {
  return market !== null && editedSmiles !== null && isSameMarket(editedSmiles.marketId, market.id)
    ? editedSmiles.edits
    : NO_EDITS;
}

/** Those of the edits on whose smiles a book's options are valued. */
export function editsUnder(book: Portfolio, edits: readonly SmileEdit[]): readonly SmileEdit[] {
  if (edits.length === 0) return NO_EDITS;
  const held = new Set<string>();
  for (const leg of book.legs) {
    const parsed = parseInstrument(leg.instrument);
    if (parsed.ok && parsed.value.product === 'option') held.add(`${parsed.value.underlying} ${parsed.value.expiry}`);
  }
  return edits.filter(({ underlying, expiry }) => held.has(`${underlying} ${expiry}`));
}

/**
 * The edit of one expiry as changed, `null` for every listed expiry of the coin that has a smile. What is `pending`, asked for and
 * not in force yet, counts as if it were.
 */
export function changedEdits(
  state: Pick<AppState, 'market' | 'editedSmiles'>,
  underlying: string,
  expiry: Timestamp | null,
  pending: readonly SmileEdit[],
  change: (shift: SmileShift) => SmileShift,
): readonly SmileEdit[] {
  const standing = [...pending, ...smileEditsInForce(state)];
  const coin = state.market?.underlyings.find(({ symbol }) => symbol === underlying);
  const expiries = (coin?.expiries ?? []).filter(
    (each) => each.atmVol !== null && (expiry === null || each.expiry === expiry),
  );
  return expiries.map((each) => {
    const edit = standing.find((other) => other.underlying === underlying && other.expiry === each.expiry);
    return { underlying, expiry: each.expiry, ...change(edit ?? { level: 0, skew: 0, wings: 0 }) };
  });
}

function edited(marketId: string, edits: readonly SmileEdit[]): EditedSmiles | null {
  const kept = withSmileEdits([], edits);
  return kept.length === 0 ? null : { marketId, edits: kept };
}

function areEqual(one: readonly SmileEdit[], two: readonly SmileEdit[]): boolean {
  const kept = withSmileEdits([], one);
  return (
    kept.length === two.length &&
    kept.every((edit) =>
      two.some(
        (other) =>
          other.underlying === edit.underlying &&
          other.expiry === edit.expiry &&
          isNoShift({ level: other.level - edit.level, skew: other.skew - edit.skew, wings: other.wings - edit.wings }),
      ),
    )
  );
}
