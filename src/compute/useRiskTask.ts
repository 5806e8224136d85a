import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type {
  CheapestCutReport,
  CheapestCutRequest,
  ExpiryCliffReport,
  ExpiryCliffRequest,
  FillOrderReport,
  FillOrderRequest,
  MarginalMarginReport,
  MarginalMarginRequest,
} from '../engine/domain/decideReport.ts';
import { type Failure, failed, failureOf, RiskError, type Result } from '../engine/domain/failure.ts';
import type { MarginProvenance, MarginProvenanceRequest } from '../engine/domain/marginCase.ts';
import type { MarginExplanation, MarginExplanationRequest } from '../engine/domain/marginExplanation.ts';
import type { FrontierReport, FrontierRequest } from '../engine/domain/liquidationFrontier.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { ExplainRequest, PnlExplanation } from '../engine/domain/pnlExplanation.ts';
import type { ChainReport } from '../engine/domain/riskReport.ts';
import type {
  RulebooksReport,
  RulebooksRequest,
  SizingReport,
  SizingRequest,
} from '../engine/domain/rulebookReport.ts';
import type { SmileEdit, SmileStop } from '../engine/domain/smileEdit.ts';
import type { SurfaceAxis, SurfaceReport } from '../engine/domain/surfaceReport.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import { smileEditsInForce } from '../state/smileSlice.ts';
import { useStore } from '../state/store.ts';
import { latestWins } from './latestWins.ts';
import type { RiskClient } from './riskClient.ts';

/** The engine's door for panels; null where nothing has been started, as in page tests. */
export const RiskEngineContext = createContext<RiskClient | null>(null);

export interface RiskTask<T> {
  /** The last answer, kept while a newer one is awaited. */
  readonly value: T | null;
  readonly failure: Failure | null;
  readonly pending: boolean;
  readonly retry: () => void;
}

/**
 * A question that one panel asks for itself. Equal keys share one answer; put the market's id in the key. Who reads the signal
 * gives the question up when nobody waits for its answer any more. `keepMs` is how long an answer that nobody shows is kept.
 */
export function useRiskTask<T>(
  key: readonly unknown[],
  ask: (client: RiskClient, asked: { readonly signal: AbortSignal }) => Promise<Result<T>>,
  enabled = true,
  keepMs?: number,
): RiskTask<T> {
  const client = useContext(RiskEngineContext);
  const query = useQuery({
    queryKey: key,
    ...(keepMs === undefined ? {} : { gcTime: keepMs }),
    enabled: enabled && client !== null,
    placeholderData: keepPreviousData,
    queryFn: async (asked) => {
      const result = await (client === null
        ? failed('internal', 'The risk engine has not started.')
        : ask(client, asked));
      if (!result.ok) throw new RiskError(result.failure.code, result.failure.message, result.failure.path);
      return result.value;
    },
  });
  return {
    value: query.data ?? null,
    failure: query.error === null ? null : failureOf(query.error),
    pending: query.isFetching,
    retry: () => void query.refetch(),
  };
}

/** The option chain of one expiry in the open market, on the smiles as they are edited. */
export function useChain(underlying: string, expiry: Timestamp | null): RiskTask<ChainReport> {
  const marketId = useStore((state) => state.market?.id ?? null);
  const smileEdits = useStore(smileEditsInForce);
  return useRiskTask(
    ['chain', marketId, underlying, expiry, smileEdits],
    (client) => client.chain({ marketId: marketId!, smileEdits, underlying, expiry: expiry! }),
    marketId !== null && expiry !== null,
  );
}

/** An answer that follows the edits. */
interface NewestTask<T> extends RiskTask<T> {
  /** What is shown answers an earlier question. */
  readonly stale: boolean;
}

export type PnlExplanationTask = NewestTask<PnlExplanation>;

/**
 * A question that changes with every edit: one is asked at a time, of those that wait only the newest, and answers are not
 * remembered. `key` names the question; null asks nothing.
 */
function useNewestTask<Request, T>(
  name: string,
  key: string | null,
  request: Request | null,
  ask: (client: RiskClient, request: Request) => Promise<Result<T>>,
): NewestTask<T> {
  const [asked, setAsked] = useState({ key, request });
  const task = useRiskTask(
    [name, asked.key],
    (client) => ask(client, asked.request!),
    asked.key !== null && asked.request !== null,
    0,
  );
  if (asked.key !== key && !task.pending) setAsked({ key, request });
  return { ...task, stale: task.pending || asked.key !== key };
}

/** Where the P&L of a move comes from. */
export function usePnlExplanation(key: string | null, request: ExplainRequest | null): PnlExplanationTask {
  return useNewestTask('explain', key, request, (client, asked) => client.explain(asked));
}

/** Why the requirement is what it is, or why a trade changes it. */
export function useMarginExplanation(
  key: string | null,
  request: MarginExplanationRequest | null,
): NewestTask<MarginExplanation> {
  return useNewestTask('margin-explanation', key, request, (client, asked) => client.explainMargin(asked));
}

/** Where a rulebook's figures of a book come from. */
export function useMarginProvenance(
  key: string | null,
  request: MarginProvenanceRequest | null,
): NewestTask<MarginProvenance> {
  return useNewestTask('margin-provenance', key, request, (client, asked) => client.marginProvenance(asked));
}

const MARGINAL_PAUSE_MS = 120;

/** What one contract more asks; null when another asked meanwhile. */
export function useMarginalMargin(
  key: string | null,
  request: MarginalMarginRequest | null,
): NewestTask<MarginalMarginReport | null> {
  return useNewestTask('marginal-margin', key, request, async (client, asked) => {
    // While a number is dragged, the curves have the worker to themselves.
    await new Promise((resolve) => setTimeout(resolve, MARGINAL_PAUSE_MS));
    return client.marginalMargin(asked);
  });
}

export function useFillOrder(key: string | null, request: FillOrderRequest | null): NewestTask<FillOrderReport> {
  return useNewestTask('fill-order', key, request, (client, asked) => client.fillOrder(asked));
}

export function useExpiryCliff(key: string | null, request: ExpiryCliffRequest | null): NewestTask<ExpiryCliffReport> {
  return useNewestTask('expiry-cliff', key, request, (client, asked) => client.expiryCliff(asked));
}

/** A search waits so long after an edit, so that a drag does not start it again and again. */
const CUT_PAUSE_MS = 250;

export interface CheapestCutTask extends RiskTask<CheapestCutReport> {
  /** How much of the search is done, 0 to 1; null while none runs. */
  readonly share: number | null;
}

/** The frontier of margin freed against its cost. An edit gives the search up; answers are kept, so that an undo finds them. */
export function useCheapestCut(key: string | null, request: CheapestCutRequest | null): CheapestCutTask {
  const [share, setShare] = useState<number | null>(null);
  const task = useRiskTask(
    ['cheapest-cut', key],
    async (client, { signal }) => {
      await undisturbed(CUT_PAUSE_MS, signal);
      setShare(0);
      const answer = await client.cheapestCut(request!, (progress) => setShare(progress.share), signal);
      if (!answer.ok || answer.value !== null) return answer as Result<CheapestCutReport>;
      return failed('internal', 'A newer search took the place of this one');
    },
    key !== null && request !== null,
    120_000,
  );
  return { ...task, share: task.pending ? share : null };
}

/** Resolves after a while, unless the question is given up before. */
function undisturbed(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new RiskError('internal', 'The question was given up'));
    });
  });
}

/** The book and the proposed one under every rulebook. */
export function useRulebooks(key: string | null, request: RulebooksRequest | null): NewestTask<RulebooksReport> {
  return useNewestTask('rulebooks', key, request, (client, asked) => client.rulebooks(asked));
}

/** Margin over the size of a trade, and the largest that fits under each rulebook; null when another asked meanwhile. */
export function useSizing(key: string | null, request: SizingRequest | null): NewestTask<SizingReport | null> {
  return useNewestTask('sizing', key, request, (client, asked) => client.sizing(asked));
}

/** Where equity meets maintenance over spot and vol: while it is looked for, the coarse picture if there is one. */
export function useFrontier(key: string | null, request: FrontierRequest | null): NewestTask<FrontierReport | null> {
  const [coarse, setCoarse] = useState<FrontierReport | null>(null);
  const task = useNewestTask('frontier', key, request, (client, asked) => {
    setCoarse(null);
    return client.frontier(asked, setCoarse);
  });
  return { ...task, value: (task.pending ? coarse : null) ?? task.value };
}

/** Opens the text of a market that a P&L is explained from, and puts its summary into the store. */
export function useOpenFromMarket(): (text: string) => Promise<Result<MarketSummary>> {
  const client = useContext(RiskEngineContext);
  return async (text) => {
    const opened = await (client?.openFromMarket(text) ?? failed('internal', 'The risk engine has not started.'));
    if (opened.ok) useStore.getState().setFromMarket(opened.value);
    return opened;
  };
}

/** While a smile is dragged there is another surface each frame, and each is large. */
const SURFACE_KEPT_MS = 2_000;

/**
 * Every smile of a coin in the open market, as edited; `mesh` as in the request. `repair` asks for the set without arbitrage,
 * as long as no smile of the coin is edited.
 */
export function useSurface(underlying: string, mesh: SurfaceAxis | null, repair = false): RiskTask<SurfaceReport> {
  const marketId = useStore((state) => state.market?.id ?? null);
  const smileEdits = useStore(smileEditsInForce);
  const isRepaired = repair && smileEdits.every((edit) => edit.underlying !== underlying);
  return useRiskTask(
    ['surface', marketId, underlying, mesh, isRepaired, smileEdits],
    (client) => client.surface({ marketId: marketId!, smileEdits, underlying, mesh, repair: isRepaired }),
    marketId !== null,
    SURFACE_KEPT_MS,
  );
}

/** Hands on the smiles of one coin. */
export interface SmileHands {
  /** What stopped the last change short; null when nothing did. */
  readonly stop: SmileStop | null;
  readonly failure: Failure | null;
  /** What has been asked for and not been judged yet; null when nothing waits. A field shows it, so that steps add up. */
  readonly pending: readonly SmileEdit[] | null;
  /** Asks for new values of some expiries. What allows no arbitrage comes into force; calls until `finish` are one undo step. */
  readonly ask: (asked: readonly SmileEdit[]) => void;
  readonly finish: () => void;
  /** Forgets what stopped the last change. */
  readonly clear: () => void;
}

/** The engine judges each change before it is put in force; of a burst of changes only the newest waits. */
export function useSmileHands(underlying: string): SmileHands {
  const client = useContext(RiskEngineContext);
  const [stop, setStop] = useState<SmileStop | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [pending, setPending] = useState<readonly SmileEdit[] | null>(null);
  const hands = useMemo(() => {
    let newest: readonly SmileEdit[] | null = null;
    let isFinished = true;
    const answered = (asked: readonly SmileEdit[]) => {
      if (asked !== newest) return;
      newest = null;
      setPending(null);
      if (isFinished) useStore.getState().endSmileGesture();
    };
    const put = latestWins(
      async (asked: readonly SmileEdit[]) => {
        const { market } = useStore.getState();
        if (client === null || market === null) return failed('internal', 'The risk engine has not started.');
        const standing = smileEditsInForce(useStore.getState());
        const answer = await client.editSmiles({ marketId: market.id, underlying, standing, asked });
        // Another market may have been opened meanwhile; these edits are not of it.
        if (answer.ok && useStore.getState().market?.id === market.id)
          useStore.getState().setSmileEdits(answer.value.edits);
        return answer;
      },
      (answer, asked) => {
        setStop(answer.ok ? answer.value.stop : null);
        setFailure(answer.ok ? null : answer.failure);
        answered(asked);
      },
      (error, asked) => {
        setFailure(failureOf(error));
        answered(asked);
      },
    );
    return {
      ask: (asked: readonly SmileEdit[]) => {
        newest = asked;
        setPending(asked);
        isFinished = false;
        useStore.getState().beginSmileGesture();
        put(asked);
      },
      finish: () => {
        isFinished = true;
        if (newest === null) useStore.getState().endSmileGesture();
      },
      clear: () => setStop(null),
    };
  }, [client, underlying]);
  // A panel that goes away in the middle of a drag leaves no open gesture behind.
  useEffect(() => hands.finish, [hands]);
  return { stop, failure, pending, ...hands };
}
