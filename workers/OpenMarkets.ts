import { RiskError } from '../src/engine/domain/failure.ts';
import type { MarketSummary } from '../src/engine/domain/marketSummary.ts';
import type { SmileEdit } from '../src/engine/domain/smileEdit.ts';
import type { Kernels } from '../src/engine/kernels/Kernels.ts';
import { marketSummary } from '../src/engine/marketSummary.ts';
import type { PreparedMarket } from '../src/engine/scenario/preparedMarket.ts';
import { type RememberedRows, rememberedRows, rowsBy } from '../src/engine/scenario/unitPnlCache.ts';
import { instantiatedKernels, type KernelsAtHand, plainKernels } from './instantiatedKernels.ts';

/** So many markets before the open one are still answered for: questions about them may be under way. */
const MARKETS_KEPT = 4;

/** A market that questions are answered about. */
export interface OpenMarket {
  readonly market: PreparedMarket;
  /** Unit P&L that is remembered of it. */
  readonly rows: RememberedRows;
  readonly summary: MarketSummary;
  /** Every smile is fitted; of a market that has moved only those that were asked for are. */
  readonly isWhole: boolean;
}

/** A question names the market that it means, so that an answer can never be of another. */
export interface MarketQuestion {
  readonly marketId: string;
  readonly smileEdits?: readonly SmileEdit[];
}

/** The open market, those before it, and the kernels that value them. */
export class OpenMarkets {
  #open: OpenMarket | null = null;
  /** Those before it, the newest first. */
  #before: readonly OpenMarket[] = [];
  /** The one that others are to be handed when they ask, however many come after it. */
  #held: OpenMarket | null = null;
  /** The open market with the smile edits that were asked about last. */
  #bent: (OpenMarket & { readonly of: OpenMarket; readonly key: string }) | null = null;
  #from: PreparedMarket | null = null;
  #atHand: KernelsAtHand = instantiatedKernels(null);
  readonly #onOtherKernels: () => void;

  /** Who shares out work to others hears when the kernels are no longer those that the others have. */
  constructor(onOtherKernels: () => void) {
    this.#onOtherKernels = onOtherKernels;
  }

  get atHand(): KernelsAtHand {
    return this.#atHand;
  }

  get open(): PreparedMarket | undefined {
    return this.#open?.market;
  }

  /** A second market, which a P&L can be explained from. */
  get from(): PreparedMarket | null {
    return this.#from;
  }

  explainFrom(market: PreparedMarket): void {
    this.#from = market;
  }

  /** The open market from now on. Of those before it what has been priced is forgotten: few questions about them are to come. */
  follow(market: PreparedMarket, summary: MarketSummary = marketSummary(market), isWhole = true): MarketSummary {
    const before = this.#open === null ? [] : [this.#open, ...this.#before];
    this.#before = before.slice(0, MARKETS_KEPT).map((open) => ({ ...open, rows: remembered(open.market.kernels) }));
    this.#open = { market, rows: remembered(market.kernels), summary, isWhole };
    return summary;
  }

  /** Null where it is not known any more. */
  kept(id: string): OpenMarket | null {
    const known = [this.#open, ...this.#before, this.#held];
    return known.find((open) => open?.market.snapshot.id === id) ?? null;
  }

  hold(id: string): void {
    this.#held = this.kept(id);
  }

  /** @throws RiskError when it is not known any more */
  asked(id: string): OpenMarket {
    if (this.#open === null) throw new RiskError('missing-data', 'No market is open');
    const open = this.kept(id);
    if (open === null) throw new RiskError('missing-data', 'Another market has been opened since this was asked');
    open.rows.startRequest();
    return open;
  }

  /**
   * The market as the question edits it; null when it has to be made first.
   * @throws RiskError when it is not known any more
   */
  known({ marketId, smileEdits }: MarketQuestion): OpenMarket | null {
    const open = this.asked(marketId);
    if (smileEdits === undefined || smileEdits.length === 0) return open;
    return this.#bent?.of === open && this.#bent.key === JSON.stringify(smileEdits) ? this.#bent : null;
  }

  /** The same, made if need be. Rows are shared: those of an edited expiry carry the mark of their edit. */
  async edited(question: MarketQuestion): Promise<OpenMarket> {
    const known = this.known(question);
    if (known !== null) return known;
    const { editedMarket } = await import('../src/engine/scenario/editedMarket.ts');
    const of = this.asked(question.marketId);
    const edits = question.smileEdits ?? [];
    this.#bent = { ...of, of, key: JSON.stringify(edits), market: editedMarket(of.market, edits).market };
    return this.#bent;
  }

  /** Of the markets that are opened from now on. */
  takeKernels(atHand: KernelsAtHand): void {
    if (atHand.compiled !== this.#atHand.compiled) this.#onOtherKernels();
    this.#atHand = atHand;
    if (this.#from !== null) this.#from = { ...this.#from, kernels: atHand.kernels };
  }

  /**
   * A trapped WebAssembly instance may have left anything in its memory: it and what it computed are never used again. The open
   * market goes on in plain TypeScript, and who was interrupted computes once more.
   */
  haveTrapped(atHand: KernelsAtHand): boolean {
    const trap = atHand.trap();
    if (trap === null) return false;
    if (this.#atHand !== atHand) return true;
    this.takeKernels(plainKernels(trap));
    const { kernels } = this.#atHand;
    const plain = (open: OpenMarket) => ({ ...open, market: { ...open.market, kernels }, rows: remembered(kernels) });
    if (this.#open !== null) this.#open = plain(this.#open);
    if (this.#held !== null) this.#held = plain(this.#held);
    this.#before = this.#before.map(plain);
    return true;
  }
}

function remembered(kernels: Kernels): RememberedRows {
  return rememberedRows(undefined, rowsBy(kernels));
}
