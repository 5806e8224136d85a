import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useCheapestCut } from '../../compute/tasks/useCheapestCut.ts';
import type { CheapestCutReport, CheapestCutRequest, CutPoint } from '../../engine/domain/decideReport.ts';
import type { AppState } from '../../state/AppState.ts';
import { chosenModel, displayUnit, isSupported, marginBefore } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { Chart } from '../../ui/Chart.tsx';
import { amount, dateTime, percent, signedAmount } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Term } from '../../ui/Term.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { cutPicture, pointNear, premiumText } from './cutPicture.ts';
import styles from './DecidePanel.module.css';
import { tradeText } from './tradeText.ts';

/** The cut is of the book itself: what is proposed is not counted, so that a proposed cut leaves the list as it is. */
function cutRequest(state: AppState, targetUsd: number | null): CheapestCutRequest | null {
  if (state.market === null) return null;
  const { objective, withFutures } = state.decide;
  return {
    marketId: state.market.id,
    smileEdits: smileEditsInForce(state),
    model: state.model,
    parameters: state.parameters[state.model] ?? {},
    book: state.book,
    objective,
    withFutures,
    targetUsd,
  };
}

/** A round quarter of the margin: 18,420 is 5,000. */
function usualTarget(marginUsd: number): number {
  const quarter = marginUsd / 4;
  if (!(quarter > 0)) return 1000;
  const power = 10 ** Math.floor(Math.log10(quarter));
  return Math.round(quarter / power) * power;
}

export function CutView() {
  const unit = useStore(displayUnit);
  const decide = useStore((state) => state.decide);
  const title = useStore((state) => chosenModel(state)?.title ?? state.model);
  const marginUsd = useStore((state) => {
    const margin = marginBefore(state);
    return isSupported(margin) ? margin.initialMarginUsd : null;
  });
  // A rulebook that refuses the book says why when it is asked.
  const isAnswered = useStore((state) => marginBefore(state) !== null);
  const setDecide = useStore((state) => state.setDecide);
  const target = decide.targetUsd ?? (marginUsd === null ? null : usualTarget(marginUsd));
  const { objective, withFutures } = decide;
  const [book, parameters] = [useStore((state) => state.book), useStore((state) => state.parameters[state.model])];
  const about = useStore((state) => [state.market?.id, state.model].join(' '));
  const smiles = useStore(smileEditsInForce);
  const key = useMemo(
    () => JSON.stringify([about, objective, withFutures, target, book.legs, book.collateral, parameters, smiles]),
    [about, objective, withFutures, target, book, parameters, smiles],
  );
  const request = useMemo(() => (key === '' ? null : cutRequest(useStore.getState(), target)), [key, target]);
  const hasLegs = book.legs.length > 0;
  const { value, failure, share, pending, retry } = useCheapestCut(hasLegs && isAnswered ? key : null, request);
  return (
    <>
      <div className={styles.settings}>
        <NumberField
          variant="form"
          caption="Free"
          label="Margin to be freed"
          unit={unit.symbol}
          value={(target ?? 0) * unit.perUsd}
          min={0}
          step={unit.kind === 'usd' ? 500 : 0.01}
          digits={unit.kind === 'usd' ? 0 : 4}
          onCommit={(next) => setDecide({ targetUsd: next > 0 ? next / unit.perUsd : null })}
        />
        <SegmentedControl
          label="What the cut costs"
          value={objective}
          options={[
            { value: 'premium', label: 'Least premium', title: 'Paid across the quoted spread' },
            { value: 'delta', label: 'Least delta', title: 'The smallest change of the book’s delta' },
          ]}
          onChange={(next) => setDecide({ objective: next })}
        />
        <SegmentedControl
          label="What may be traded"
          value={withFutures ? 'all' : 'options'}
          options={[
            { value: 'all', label: 'With futures', title: 'Options, futures and the perpetual' },
            { value: 'options', label: 'Options', title: 'Options alone' },
          ]}
          onChange={(next) => setDecide({ withFutures: next === 'all' })}
        />
        <span className={styles.status} role="status">
          {pending && hasLegs && (share === null || share === 0 ? 'Searching' : `Searching, ${percent(share, 0)}`)}
        </span>
        {value !== null && failure === null && <Searched report={value} title={title} />}
      </div>
      {!hasLegs && <p className={styles.note}>The book has no legs of its own. Keep what is proposed first.</p>}
      {failure !== null && !pending && (
        <p className={styles.note} role="status">
          No cut found. {failure.message}.{' '}
          <Button kind="quiet" onClick={retry}>
            Retry
          </Button>
        </p>
      )}
      {hasLegs && value === null && failure === null && (
        <p className={styles.note}>Trying trades of the listed contracts, each with the margin of the whole book.</p>
      )}
      {hasLegs && value !== null && failure === null && <Frontier report={value} late={pending} />}
    </>
  );
}

function Searched({ report: { searched, leftOut }, title }: { report: CheapestCutReport; title: string }) {
  const { evaluations, candidates, mostTrades, isExhaustive, lots } = searched;
  const sizes = lots.map(({ underlying, lot }) => `${lot} ${underlying}`).join(', ');
  return (
    <span className={styles.searched}>
      <Term
        term="Best found"
        definition={`${isExhaustive ? 'every combination' : `${evaluations.toLocaleString()} combinations`} of ${candidates.toLocaleString()} listed trades, at most ${mostTrades} at once, in steps of ${sizes}, each margined by the ${title} rule itself. ${
          isExhaustive ? 'Nothing of these is cheaper.' : 'Not proven to be the cheapest there is.'
        }`}
        example={`Bought at the ask and sold at the bid, at mark where a side is not quoted; futures trade at mark, without premium. Options that are bought live at least as long as the first short one; none is sold but what is held, or rolled.${
          leftOut.length === 0 ? '' : ` ${leftOut.length} legs without a price are left out.`
        }`}
        side="top"
      >
        {isExhaustive ? 'Best of all' : 'Best found'}
      </Term>
    </span>
  );
}

function Frontier({ report, late }: { report: CheapestCutReport; late: boolean }) {
  const unit = useStore(displayUnit);
  const market = useStore((state) => state.market);
  const narrow = useNarrow();
  const [picked, setPicked] = useState<{ readonly of: CheapestCutReport; readonly at: number } | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const { frontier, chosen, targetUsd } = report;
  const selected = picked?.of === report ? picked.at : (chosen ?? (frontier.length === 0 ? null : frontier.length - 1));
  const asOf = market?.asOf ?? 0;
  const picture = useMemo(
    () => cutPicture({ report, selected, unit, asOf, narrow }),
    [report, selected, unit, asOf, narrow],
  );
  const select = (at: number) => setPicked({ of: report, at });
  const pick = (freed: number) => {
    const at = pointNear(frontier, freed, unit);
    if (at !== null) select(at);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -frontier.length, End: frontier.length }[event.key];
    if (step === undefined || selected === null) return;
    event.preventDefault();
    const next = Math.min(frontier.length - 1, Math.max(0, selected + step));
    select(next);
    list.current?.querySelector<HTMLElement>(`[data-point="${next}"]`)?.focus();
  };

  if (frontier.length === 0)
    return (
      <p className={styles.note}>No trade was found that frees margin. The requirement is at its least as it stands.</p>
    );
  return (
    <div className={styles.body} data-stale={late || undefined} data-testid="cut-frontier">
      <div className={styles.chart}>
        <Chart
          testId="cut-chart"
          title="Cheapest cut"
          unit={unit.symbol}
          footnote={market ? `${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}` : ''}
          description={picture.description}
          plot={picture.plot}
          version={`${report.elapsedMs} ${selected} ${unit.symbol}`}
          numbers={picture.numbers}
          onHover={setHovered}
          onPick={pick}
          crosshair={() => hovered}
          step={picture.plot.x.domain[1] / 40}
        />
      </div>
      <div className={styles.side}>
        {chosen === null && targetUsd !== null && (
          <p className={styles.short}>
            Nothing found frees {amount(targetUsd, unit)} {unit.symbol}; the most is{' '}
            {amount(frontier.at(-1)!.freedUsd, unit)}.
          </p>
        )}
        <div className={styles.cutHead} aria-hidden="true">
          <span>Freed</span>
          <span>Premium</span>
          <span>Delta</span>
          <span>Free margin</span>
          <span className={styles.left}>Trades</span>
        </div>
        <div
          ref={list}
          role="listbox"
          aria-label="Cuts by margin freed"
          className={styles.cuts}
          onKeyDown={onKeyDown}
          tabIndex={-1}
        >
          {frontier.map((point, at) => (
            <CutRow
              key={`${at} ${point.freedUsd}`}
              {...{ point, at }}
              isSelected={at === selected}
              onSelect={() => select(at)}
            />
          ))}
        </div>
        {selected !== null && <Chosen point={frontier[selected]!} />}
      </div>
    </div>
  );
}

interface CutRowProps {
  readonly point: CutPoint;
  readonly at: number;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function CutRow({ point, at, isSelected, onSelect }: CutRowProps) {
  const unit = useStore(displayUnit);
  const asOf = useStore((state) => state.market?.asOf ?? 0);
  return (
    <div
      role="option"
      aria-selected={isSelected}
      tabIndex={isSelected ? 0 : -1}
      data-point={at}
      className={styles.cut}
      onClick={onSelect}
      onDoubleClick={() => propose(point)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        event.stopPropagation();
        propose(point);
      }}
    >
      <span className={styles.freed}>{amount(point.freedUsd, unit)}</span>
      <span>{premiumText(point.premiumUsd, unit)}</span>
      <span>{signedAmount(point.deltaUsd, unit)}</span>
      <span>{signedAmount(point.availableChangeUsd, unit)}</span>
      <span className={styles.left}>{point.trades.map((trade) => tradeText(trade, asOf)).join(', ')}</span>
    </div>
  );
}

function propose({ trades, freedUsd }: CutPoint): void {
  const state = useStore.getState();
  const unit = displayUnit(state);
  state.propose(
    `Cut ${amount(freedUsd, unit)} ${unit.symbol}`,
    trades.map(({ instrument, quantity, price }) => ({ instrument, quantity, price })),
  );
}

/** The chosen cut in full, and the one thing to do about it. */
function Chosen({ point }: { point: CutPoint }) {
  const unit = useStore(displayUnit);
  const replaces = useStore((state) => state.proposal !== null);
  const asOf = useStore((state) => state.market?.asOf ?? 0);
  const atMark = point.trades.filter(({ fill, instrument }) => fill === 'mark' && /-[CP]$/.test(instrument)).length;
  return (
    <div className={styles.chosen}>
      <span>
        <b>{point.trades.map((trade) => tradeText(trade, asOf)).join(', ')}</b> frees {amount(point.freedUsd, unit)}{' '}
        {unit.symbol}, loses {amount(point.spreadUsd, unit)} to the spread
        {atMark > 0 && `; ${atMark} without a quote, at mark`}.
      </span>
      <Button
        kind="primary"
        onClick={() => propose(point)}
        title={replaces ? 'Takes the place of what is proposed' : 'Shows the book with it; keep or drop it then'}
      >
        Propose
      </Button>
    </div>
  );
}
