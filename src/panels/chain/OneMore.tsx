import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useMarginalMargin } from '../../compute/tasks/useMarginalMargin.ts';
import type { MarginalMarginReport, MarginalMarginRequest } from '../../engine/domain/decideReport.ts';
import type { ChainReport } from '../../engine/domain/riskReport.ts';
import type { AppState } from '../../state/AppState.ts';
import { chosenModel, currentBook, displayUnit } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { signedAmount } from '../../ui/format.ts';
import { LateLine } from '../../ui/LateLine.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Term } from '../../ui/Term.tsx';
import styles from './ChainPanel.module.css';

/** Apart from the columns, so that new margins draw their own cells and no others. */
const OneMoreContext = createContext<MarginalMarginReport | null>(null);

/** Asks what one contract more of each option of the chain does to the margin, and follows the edits. */
export function OneMoreMargins({ chain, children }: { chain: ChainReport; children: ReactNode }) {
  const { underlying, expiry } = chain;
  // The curves come first: the same worker draws them.
  const about = useStore((state) =>
    state.explore === null ? null : [state.market?.id, state.inputVersion, state.model].join(' '),
  );
  const key = about === null ? null : `${about} ${underlying} ${expiry}`;
  const request = useMemo(
    () => (key === null ? null : oneMoreRequest(useStore.getState(), { underlying, expiry })),
    [key, underlying, expiry],
  );
  const { value, failure, stale } = useMarginalMargin(key, request);
  const model = useStore((state) => state.model);
  const isOfThis =
    value !== null && value.underlying === underlying && value.expiry === expiry && value.model === model;
  const shown = isOfThis && failure === null ? value : null;
  return (
    <OneMoreContext value={shown}>
      <div className={styles.withMargins} data-stale={stale || undefined}>
        {stale && shown !== null && <LateLine />}
        {failure !== null && !stale && (
          <p className={styles.problem} role="status">
            IM/lot not computed. {failure.message}.
          </p>
        )}
        {children}
      </div>
    </OneMoreContext>
  );
}

function oneMoreRequest(
  state: AppState,
  { underlying, expiry }: Pick<MarginalMarginRequest, 'underlying' | 'expiry'>,
): MarginalMarginRequest | null {
  if (state.market === null) return null;
  return {
    marketId: state.market.id,
    smileEdits: smileEditsInForce(state),
    model: state.model,
    parameters: state.parameters[state.model] ?? {},
    book: currentBook(state),
    underlying,
    expiry,
  };
}

/** Whether the column speaks of a contract bought or sold. */
export function OneMoreSwitch() {
  const oneMore = useStore((state) => state.decide.oneMore);
  return (
    <SegmentedControl
      label="Margin of one contract more"
      value={oneMore}
      options={[
        { value: 'bought', label: 'IM buy', title: 'IM/lot of one contract more, bought at the ask' },
        { value: 'sold', label: 'IM sell', title: 'IM/lot of one contract more, sold at the bid' },
      ]}
      onChange={(next) => useStore.getState().setDecide({ oneMore: next })}
    />
  );
}

/** `IM/lot`, with what it is. */
export function OneMoreHead({ symbol }: { symbol: string }) {
  const oneMore = useStore((state) => state.decide.oneMore);
  const model = useStore((state) => chosenModel(state)?.title ?? state.model);
  const isProposed = useStore((state) => state.proposal !== null);
  return (
    <Term
      term="IM/lot"
      definition={`change of the ${model} initial margin by one contract more (1 ${symbol}), ${
        oneMore === 'bought' ? 'bought at the ask' : 'sold at the bid'
      }, given this book${isProposed ? ' and what is proposed' : ''}. Below zero it frees margin.`}
      side="top"
    >
      IM/lot
    </Term>
  );
}

export function OneMoreCell({ instrument }: { instrument: string }) {
  const report = useContext(OneMoreContext);
  const oneMore = useStore((state) => state.decide.oneMore);
  const unit = useStore(displayUnit);
  const margins = report?.contracts[instrument];
  if (margins === undefined) return null;
  const change = margins[oneMore];
  if ('unsupported' in change) return <span title={`${change.unsupported.message}.`}>none</span>;
  const text = signedAmount(change.initialMarginUsd, unit);
  return (
    <span
      data-frees={change.initialMarginUsd < 0 || undefined}
      title={`Initial margin ${text}, free margin ${signedAmount(change.availableUsd, unit)} ${unit.symbol}`}
    >
      {text}
    </span>
  );
}
