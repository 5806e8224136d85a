import type { Leg, Portfolio } from '../engine/domain/portfolio.ts';
import type { RiskReport } from '../engine/domain/riskReport.ts';
import { afterTrades } from '../engine/domain/trade.ts';
import type { AppState, BookSlice, GetState, SetState } from './AppState.ts';
import { inputsChanged } from './versions.ts';

export const EMPTY_BOOK: Portfolio = { name: 'Book', legs: [], collateral: [] };

/** What the user said about positions, cash and rule parameters. Every change of `book` or `parameters` can be undone. */
export function bookSlice(set: SetState, get: GetState): BookSlice {
  const edit = (change: (state: AppState) => Partial<AppState>) =>
    set((state) => ({ ...change(state), ...inputsChanged(state) }));

  return {
    book: EMPTY_BOOK,
    proposal: null,
    parameters: {},
    gesture: null,

    propose: (label, trades) =>
      edit((state) => ({
        proposal: trades.length === 0 ? null : { label, trades },
        ...(trades.length === 0 ? withoutAfter(state) : {}),
      })),
    setProposalQuantity: (index, quantity) => {
      const { proposal } = get();
      if (proposal?.trades[index] === undefined || !Number.isFinite(quantity)) return;
      const trades =
        quantity === 0
          ? proposal.trades.filter((_, at) => at !== index)
          : proposal.trades.map((trade, at) => (at === index ? { ...trade, quantity } : trade));
      get().propose(proposal.label, trades);
    },
    keepProposal: () => {
      if (get().proposal === null) return;
      edit((state) => ({
        book: afterTrades(state.book, state.proposal!.trades),
        proposal: null,
        // What was the preview is now the book: its figures stay on screen until the engine confirms them.
        report: state.report?.after ? { ...state.report, before: state.report.after, after: null } : state.report,
      }));
    },
    dropProposal: () => {
      if (get().proposal === null) return;
      edit((state) => ({ proposal: null, ...withoutAfter(state) }));
    },

    setLegQuantity: (legId, quantity) => {
      const state = get();
      const from = state.gesture ?? state.book;
      if (!Number.isFinite(quantity) || !from.legs.some((leg) => leg.id === legId)) return;
      // Letting go of a drag repeats its last quantity; asking the engine again would answer the same.
      if (state.book.legs.some((leg) => leg.id === legId && leg.quantity === quantity)) return;
      edit(() => ({ book: resized(from, legId, quantity, state.report) }));
    },
    removeLeg: (legId) => {
      const leg = get().book.legs.find((candidate) => candidate.id === legId);
      if (leg === undefined) return;
      get().setLegQuantity(legId, 0);
      get().showToast({ message: `${leg.instrument} removed.`, action: { label: 'Undo', run: get().undo } });
    },
    setCollateral: (asset, quantity) => {
      if (!Number.isFinite(quantity)) return;
      edit((state) => ({ book: withHolding(state.gesture ?? state.book, asset, quantity) }));
    },
    renameBook: (name) => edit((state) => ({ book: { ...state.book, name } })),
    loadBook: (book, origin, parameters, editedSmiles) => {
      edit((state) => ({
        book,
        parameters: parameters ?? state.parameters,
        editedSmiles: editedSmiles === undefined ? state.editedSmiles : editedSmiles,
        proposal: null,
        gesture: null,
        ...withoutAfter(state),
      }));
      if (origin === 'restored') get().forgetHistory();
    },
    clearBook: () => {
      edit((state) => ({ book: { ...state.book, legs: [] }, proposal: null, ...withoutAfter(state) }));
      get().showToast({ message: 'Book cleared.', action: { label: 'Undo', run: get().undo } });
    },

    setParameter: (modelId, key, value) =>
      edit((state) => {
        const { [key]: _replaced, ...others } = state.parameters[modelId] ?? {};
        const edited = value === null ? others : { ...others, [key]: value };
        return { parameters: { ...state.parameters, [modelId]: edited } };
      }),
    resetParameters: (modelId) =>
      edit((state) => {
        const { [modelId]: _reset, ...others } = state.parameters;
        return { parameters: others };
      }),

    beginGesture: () => {
      if (get().gesture !== null) return;
      get().pauseHistory();
      set((state) => ({ gesture: state.book }));
    },
    endGesture: () => {
      const start = get().gesture;
      if (start === null) return;
      set({ gesture: null });
      get().resumeHistory({ book: start });
    },
  };
}

/** The leg at a new quantity, the difference traded at its mark when there is one; the other legs are not looked at. */
function resized(book: Portfolio, legId: string, quantity: number, report: RiskReport | null): Portfolio {
  const leg = book.legs.find((candidate) => candidate.id === legId)!;
  // A drag that is given up ends where it started, and so leaves no step to undo.
  if (quantity === leg.quantity) return book;
  const alone = afterTrades({ ...book, legs: [leg] }, [
    { instrument: leg.instrument, quantity: quantity - leg.quantity, price: markPrice(leg, report) },
  ]);
  const changed = alone.legs[0];
  const legs =
    quantity === 0 || changed === undefined
      ? book.legs.filter((candidate) => candidate !== leg)
      : // Adding the difference may miss the asked quantity by a rounding error.
        book.legs.map((candidate) => (candidate === leg ? { ...changed, quantity } : candidate));
  return { ...alone, legs };
}

function markPrice(leg: Leg, report: RiskReport | null): number | null {
  const position = [...(report?.before.positions ?? []), ...(report?.after?.positions ?? [])].find(
    (candidate) => candidate.instrument === leg.instrument && 'markPrice' in candidate,
  );
  return position !== undefined && 'markPrice' in position ? position.markPrice : null;
}

function withoutAfter(state: AppState): Partial<AppState> {
  return state.report === null ? {} : { report: { ...state.report, after: null } };
}

function withHolding(book: Portfolio, asset: string, quantity: number): Portfolio {
  const held = book.collateral.find((holding) => holding.asset === asset);
  if ((held?.quantity ?? 0) === quantity) return book;
  const collateral =
    quantity === 0
      ? book.collateral.filter((holding) => holding !== held)
      : held === undefined
        ? [...book.collateral, { asset, quantity }]
        : book.collateral.map((holding) => (holding === held ? { asset, quantity } : holding));
  return { ...book, collateral };
}
