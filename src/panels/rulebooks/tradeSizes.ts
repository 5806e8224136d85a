import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { SizingRequest } from '../../engine/domain/rulebookReport.ts';
import { afterTrades, type Trade } from '../../engine/domain/trade.ts';
import type { AppState } from '../../state/AppState.ts';
import { instrumentLabel } from '../../ui/format.ts';

/** A trade whose size can be asked about: a proposed one, all of a proposal together, or a leg of the book. */
export interface TradeSize {
  readonly key: string;
  /** `Sell BTC 26 JUN 90k P`. */
  readonly label: string;
  readonly question: Pick<SizingRequest, 'book' | 'heldSize' | 'unit' | 'presentSize' | 'step'>;
  /** What is counted: `BTC`, `USD`; of several trades `BTC each`, or a multiple of the smallest. */
  readonly unitName: string;
  /** Puts a size into the proposal. */
  propose: (size: number) => void;
}

/** Smallest sizes that exchanges commonly take: a tenth of a coin, ten dollars of an inverse future. */
const USUAL_STEP = { coins: 0.1, usd: 10 } as const;

/** Every trade that a size can be found for: with a proposal its trades, else the legs of the book that have a price. */
export function tradeSizes(state: Pick<AppState, 'book' | 'proposal' | 'market' | 'report' | 'propose'>): TradeSize[] {
  const { book, proposal, report, propose } = state;
  const asOf = state.market?.asOf;
  if (proposal !== null) {
    const single = proposal.trades.map((trade, at): TradeSize => {
      const sign = Math.sign(trade.quantity);
      const others = proposal.trades.filter((_, other) => other !== at);
      return {
        key: `trade ${at}`,
        label: `${sign > 0 ? 'Buy' : 'Sell'} ${instrumentLabel(trade.instrument, asOf)}`,
        question: {
          book: afterTrades(book, others),
          heldSize: 0,
          unit: [{ ...trade, quantity: sign }],
          presentSize: Math.abs(trade.quantity),
          step: stepOf([trade]),
        },
        unitName: unitName(trade.instrument),
        propose: (size) =>
          propose(
            proposal.label,
            proposal.trades.map((each, other) => (other === at ? { ...each, quantity: sign * size } : each)),
          ),
      };
    });
    return single.length > 1 ? [togetherSize(state, proposal), ...single] : single;
  }
  return book.legs.flatMap((leg): TradeSize[] => {
    const priced = report?.before.positions.find(({ id }) => id === leg.id);
    if (priced === undefined || !('markPrice' in priced) || leg.quantity === 0) return [];
    const sign = Math.sign(leg.quantity);
    const trade = { instrument: leg.instrument, quantity: leg.quantity, price: priced.markPrice };
    return [
      {
        key: `leg ${leg.id}`,
        label: `${sign > 0 ? 'Long' : 'Short'} ${instrumentLabel(leg.instrument, asOf)}`,
        question: {
          book,
          heldSize: Math.abs(leg.quantity),
          unit: [{ ...trade, quantity: sign }],
          presentSize: Math.abs(leg.quantity),
          step: stepOf([trade]),
        },
        unitName: unitName(leg.instrument),
        propose: (size) => {
          const quantity = sign * size - leg.quantity;
          if (quantity !== 0)
            propose(`${instrumentLabel(leg.instrument, asOf)} at its largest size`, [{ ...trade, quantity }]);
        },
      },
    ];
  });
}

/** All trades of a proposal in their proportions; the size counts the smallest of them. */
function togetherSize(
  { book, propose }: Pick<AppState, 'book' | 'propose'>,
  proposal: NonNullable<AppState['proposal']>,
): TradeSize {
  const smallest = Math.min(...proposal.trades.map(({ quantity }) => Math.abs(quantity)));
  const unit = proposal.trades.map((trade) => ({ ...trade, quantity: trade.quantity / smallest }));
  const names = new Set(proposal.trades.map(({ instrument }) => unitName(instrument)));
  const isEven = names.size === 1 && proposal.trades.every(({ quantity }) => Math.abs(quantity) === smallest);
  const ofSmallest = proposal.trades.filter(({ quantity }) => Math.abs(quantity) === smallest);
  return {
    key: 'together',
    label: `${proposal.label}, all ${proposal.trades.length} legs`,
    question: { book, heldSize: 0, unit, presentSize: smallest, step: stepOf(ofSmallest) },
    unitName: isEven ? `${unitName(proposal.trades[0]!.instrument)} each` : '× the smallest leg',
    propose: (size) =>
      propose(
        proposal.label,
        unit.map((trade) => ({ ...trade, quantity: Number((trade.quantity * size).toPrecision(12)) })),
      ),
  };
}

/** The usual step, or a finer one where the present size is no multiple of it. */
function stepOf(trades: readonly Pick<Trade, 'instrument' | 'quantity'>[]): number {
  return Math.min(
    ...trades.map(({ instrument, quantity }) => {
      const usual = unitName(instrument) === 'USD' ? USUAL_STEP.usd : USUAL_STEP.coins;
      const isMultiple = Math.abs(quantity / usual - Math.round(quantity / usual)) < 1e-9;
      const decimals = (String(Math.abs(quantity)).split('.')[1] ?? '').length;
      return isMultiple ? usual : 10 ** -Math.min(decimals, 8);
    }),
  );
}

function unitName(instrument: string): string {
  const parsed = parseInstrument(instrument);
  if (!parsed.ok) return '';
  const { product, settlement, underlying } = parsed.value;
  return product !== 'option' && settlement === 'coin' ? 'USD' : underlying;
}
