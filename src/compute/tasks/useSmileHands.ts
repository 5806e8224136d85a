import { useContext, useEffect, useMemo, useState } from 'react';
import { type Failure, failed, failureOf } from '../../engine/domain/failure.ts';
import type { SmileEdit, SmileStop } from '../../engine/domain/smileEdit.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { RiskEngineContext } from '../RiskEngineContext.ts';
import { latestWins } from '../latestWins.ts';

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
