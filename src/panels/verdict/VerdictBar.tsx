import { type ReactNode, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useShownState, useStore } from '../../state/store.ts';
import type { MarginFigure } from '../../state/AppState.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { amount, clock, decimal, marginChange, shortLevel, signedPercent } from '../../ui/format.ts';
import { FigureButton } from '../../ui/FigureButton.tsx';
import { LateLine } from '../../ui/LateLine.tsx';
import { Term } from '../../ui/Term.tsx';
import * as definitions from './definitions.tsx';
import { EditedMark } from './EditedMark.tsx';
import { MarketDoubts } from './MarketDoubts.tsx';
import { usePaintMark } from './usePaintMark.ts';
import styles from './VerdictBar.module.css';
import {
  bandSentence,
  type LiquidationBand,
  type RulebookLine,
  sideWords,
  usedShare,
  type VerdictFigures,
  verdictFigures,
  withoutScenario,
} from './verdictFigures.ts';

/** The figures of the verdict bar, the same object while none of them changes. */
export function useVerdict(): VerdictFigures {
  const inputs = useStore(
    useShallow((state) => ({
      report: state.report,
      explore: state.explore,
      proposal: state.proposal,
      model: state.model,
      models: state.models,
      unit: state.unit,
      market: state.market,
      underlying: state.underlying,
      volShock: state.volShock,
      pin: state.pin,
      movers: state.movers,
      problems: state.problems,
      marketProblem: state.marketProblem,
      inputVersion: state.inputVersion,
      exploreVersion: state.exploreVersion,
    })),
  );
  const shown = useShownState();
  const last = useRef<{ inputs: typeof inputs; figures: VerdictFigures } | null>(null);
  if (last.current?.inputs !== inputs) last.current = { inputs, figures: verdictFigures(shown()) };
  return last.current.figures;
}

/** The verdict: requirement before and after, what is left, and how far liquidation is. It never leaves the screen. */
export function VerdictBar() {
  const figures = useVerdict();
  usePaintMark();
  return (
    <section className={styles.bar} aria-label="Verdict" data-testid="verdict" data-stale={figures.stale || undefined}>
      {figures.stale && figures.ready && <LateLine />}
      <InitialMarginTile figures={figures} />
      <div className={styles.tiles}>
        <Tile label={<definitions.MaintenanceTerm figures={figures} />} ready={figures.ready} testId="maintenance">
          <Figure figures={figures} pick={(margin) => margin.maintenanceMarginUsd} />
        </Tile>
        <FreeMarginTile figures={figures} />
        <UsedTile figures={figures} />
        <BandTile figures={figures} />
      </div>
      <Rulebooks lines={figures.rulebooks} unit={figures.unit} proposed={figures.after !== null} />
    </section>
  );
}

function InitialMarginTile({ figures }: { figures: VerdictFigures }) {
  const { before, after, current, unit } = figures;
  return (
    <div className={styles.initial} data-testid="initial-margin">
      <div className={styles.label}>
        <definitions.InitialMarginTerm figures={figures} />
        <span aria-hidden="true">·</span>
        <span>{`${figures.rulebookTitle} rulebook`.trimStart()}</span>
        <LeftOut reasons={figures.leftOut} />
        <EditedMark />
        <MarketDoubts />
      </div>
      {!figures.ready ? (
        <BlankFigure wide />
      ) : current === null ? (
        <p className={styles.words} title={figures.unsupported?.message}>
          {figures.unsupported?.message ??
            (figures.isLoading ? 'The venues’ rulebooks are loading.' : 'This rulebook is being asked.')}
        </p>
      ) : (
        <div className={styles.change} data-unit={unit.kind}>
          {after !== null && before !== null && (
            <>
              <Asked figure="initial" book="before" className={styles.old}>
                {amount(before.initialMarginUsd, unit)}
              </Asked>
              <Arrow />
            </>
          )}
          <Asked figure="initial" className={styles.big}>
            {amount(current.initialMarginUsd, unit)}
          </Asked>
          {after !== null && before !== null && (
            <RequirementChange before={before.initialMarginUsd} after={after.initialMarginUsd} unit={unit} />
          )}
        </div>
      )}
      <BindingLine figures={figures} />
    </div>
  );
}

function BindingLine({ figures }: { figures: VerdictFigures }) {
  const recompute = useStore((state) => state.recompute);
  const at = useStore((state) => state.answeredAt.evaluate);
  if (figures.problem !== null)
    return (
      <div className={styles.failed} role="alert" title={figures.problem.message}>
        <span>
          Not updated: {figures.problem.message}
          {at !== undefined && ` Showing ${clock(at)} UTC values.`}
        </span>
        {figures.ready && (
          <button type="button" onClick={recompute}>
            Retry
          </button>
        )}
      </div>
    );
  if (!figures.ready || figures.current === null) return <div className={styles.sub} />;
  const now = figures.current.worstScenario?.label ?? null;
  const was =
    figures.after === null || figures.before === null
      ? undefined
      : (figures.before.worstScenario?.label ?? withoutScenario(figures.before));
  return (
    <div className={styles.sub} data-testid="binding">
      {now === null ? (
        capitalised(withoutScenario(figures.current))
      ) : (
        <>
          <definitions.BindingTerm figures={figures} /> <span className={styles.strong}>{now}</span>
        </>
      )}
      {was !== undefined && was !== (now ?? withoutScenario(figures.current)) && `, was ${was}`}
    </div>
  );
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function FreeMarginTile({ figures }: { figures: VerdictFigures }) {
  const { before, after, current, unit } = figures;
  const short = current !== null && current.availableUsd < 0;
  const was = after !== null && before !== null ? `was ${amount(before.availableUsd, unit)}` : null;
  return (
    <Tile label={<definitions.FreeMarginTerm figures={figures} />} ready={figures.ready} testId="free-margin">
      {current !== null && (
        <>
          <div className={`${styles.mid} ${short ? styles.short : ''}`} data-unit={unit.kind}>
            <Asked figure="free">{amount(current.availableUsd, unit)}</Asked>
          </div>
          <div className={styles.sub}>
            {short && <span className={styles.short}>short{was !== null && ', '}</span>}
            {was}
          </div>
        </>
      )}
    </Tile>
  );
}

function UsedTile({ figures }: { figures: VerdictFigures }) {
  const { current, before, after } = figures;
  return (
    <Tile label={<definitions.UsedTerm figures={figures} />} ready={figures.ready} testId="used">
      {current !== null && (
        <>
          <div className={styles.mid}>
            <Asked figure="used">{usedShare(current)}</Asked>
          </div>
          <div className={styles.sub}>{after !== null && before !== null && `was ${usedShare(before)}`}</div>
        </>
      )}
    </Tile>
  );
}

function BandTile({ figures }: { figures: VerdictFigures }) {
  const { band, bandBefore } = figures;
  return (
    <div className={styles.tile} data-testid="liquidation" data-stale={figures.bandStale || undefined}>
      <div className={styles.label}>
        <definitions.BandTerm figures={figures} />
        <span className={styles.space} />
        <span className={styles.held}>{figures.heldFixed}</span>
      </div>
      {band === null ? (
        figures.unsupported ? (
          <div className={styles.sub}>None under this rulebook: it cannot take the book</div>
        ) : figures.ready ? (
          <div className={styles.mid} />
        ) : (
          <Blank wide />
        )
      ) : band.now ? (
        <>
          <div className={`${styles.mid} ${styles.short}`}>Below maintenance now</div>
          <div className={styles.sub}>Equity does not cover maintenance at this price</div>
        </>
      ) : band.below === null && band.above === null ? (
        <>
          <div className={styles.mid}>
            None{' '}
            <span className={styles.between}>
              between {signedPercent(-band.reachBelow, 0)} and {signedPercent(band.reachAbove, 0)}
            </span>
          </div>
          <div className={styles.sub}>{bandBefore !== null && wasBoth(bandBefore)}</div>
        </>
      ) : (
        <>
          <div className={styles.band} aria-hidden="true">
            <Level band={band} side="below" />
            <BandPicture band={band} />
            <Level band={band} side="above" />
          </div>
          <div className={styles.sides} aria-hidden="true">
            <span>
              {band.below === null ? `down to ${signedPercent(-band.reachBelow, 0)}` : sideWords(band, 'below')}
              {bandBefore !== null && <span className={styles.was}>{wasSide(bandBefore, 'below')}</span>}
            </span>
            <span>
              {band.above === null ? `up to ${signedPercent(band.reachAbove, 0)}` : sideWords(band, 'above')}
              {bandBefore !== null && <span className={styles.was}>{wasSide(bandBefore, 'above')}</span>}
            </span>
          </div>
          <span className="visually-hidden">{bandSentence(band, figures.heldFixed)}</span>
        </>
      )}
    </div>
  );
}

function Level({ band, side }: { band: LiquidationBand; side: 'below' | 'above' }) {
  const level = band[side];
  if (level === null) return <span className={styles.noLevel}>none</span>;
  return (
    <span className={styles.level}>
      {side === 'below' && <Triangle down />}
      {shortLevel(level.level)}
      {side === 'above' && <Triangle />}
    </span>
  );
}

function wasSide(band: LiquidationBand, which: 'below' | 'above'): string {
  const side = band[which];
  return `, was ${side === null ? 'none' : signedPercent(side.move)}`;
}

function wasBoth(band: LiquidationBand): string {
  return band.below === null && band.above === null
    ? 'was none'
    : `was ${band.below === null ? 'none' : signedPercent(band.below.move)} and ${band.above === null ? 'none' : signedPercent(band.above.move)}`;
}

/** Spot in the middle of a fixed ±60 % axis, the band between the liquidation levels in violet. */
function BandPicture({ band }: { band: LiquidationBand }) {
  const x = (move: number) => 50 + (move / (move < 0 ? band.reachBelow : band.reachAbove)) * 50;
  const from = band.below === null ? 0 : x(band.below.move);
  const to = band.above === null ? 100 : x(band.above.move);
  return (
    <span className={styles.picture}>
      <i className={styles.safe} style={{ left: `${from}%`, width: `${to - from}%` }} />
      {band.below !== null && <i className={styles.edge} style={{ left: `${from}%` }} />}
      {band.above !== null && <i className={styles.edge} style={{ left: `${to}%` }} />}
      <i className={styles.spot} />
    </span>
  );
}

function Rulebooks({
  lines,
  unit,
  proposed,
}: {
  lines: readonly RulebookLine[];
  unit: DisplayUnit;
  proposed: boolean;
}) {
  const setModel = useStore((state) => state.setModel);
  return (
    <div className={styles.rulebooks}>
      <div className={styles.label}>
        <definitions.RulebooksTerm />
        <span className={styles.space} />
        {proposed && <span>tick: before</span>}
      </div>
      <div role="radiogroup" aria-label="Rulebook" className={styles.lines} data-many={lines.length > 3 || undefined}>
        {lines.length === 0
          ? [0, 1, 2].map((line) => <span key={line} className={styles.blankLine} />)
          : lines.map((line, index) => (
              <button
                key={line.id}
                type="button"
                role="radio"
                aria-checked={line.chosen}
                tabIndex={line.chosen ? 0 : -1}
                className={styles.line}
                title={line.unsupported?.message}
                onClick={() => setModel(line.id)}
                onKeyDown={(event) => {
                  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
                  const next = lines[(index + step + lines.length) % lines.length];
                  if (step === 0 || next === undefined) return;
                  event.preventDefault();
                  setModel(next.id);
                  const sibling =
                    step === 1 ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling;
                  (sibling as HTMLElement | null)?.focus();
                }}
              >
                <span className={styles.name}>{line.title}</span>
                <span className={styles.meter} aria-hidden="true">
                  <i style={{ width: `${line.share * 100}%` }} />
                  {line.beforeShare !== null && <u style={{ left: `${line.beforeShare * 100}%` }} />}
                </span>
                <span className={styles.number}>
                  {line.initialMarginUsd === null ? 'unsupported' : amount(line.initialMarginUsd, unit)}
                </span>
                <span className={styles.saving}>{line.saving === null ? '' : signedPercent(line.saving, 0)}</span>
              </button>
            ))}
      </div>
    </div>
  );
}

function Tile(props: { label: ReactNode; ready: boolean; testId: string; children: ReactNode }) {
  return (
    <div className={styles.tile} data-testid={props.testId}>
      <div className={styles.label}>{props.label}</div>
      {props.ready ? props.children : <Blank />}
    </div>
  );
}

function Figure(props: { figures: VerdictFigures; pick: (margin: NonNullable<VerdictFigures['current']>) => number }) {
  const { before, after, current, unit } = props.figures;
  if (current === null) return <div className={styles.mid} />;
  return (
    <>
      <div className={styles.mid} data-unit={unit.kind}>
        <Asked figure="maintenance">{amount(props.pick(current), unit)}</Asked>
      </div>
      <div className={styles.sub}>{after !== null && before !== null && `was ${amount(props.pick(before), unit)}`}</div>
    </>
  );
}

/** A figure of the chosen rulebook, which tells where it is from when it is clicked. */
export function Asked(props: {
  figure: MarginFigure;
  book?: 'before' | 'current';
  className?: string | undefined;
  children: string;
}) {
  const { figure, book = 'current', className, children } = props;
  return (
    <FigureButton
      className={className}
      onAsk={(place) => {
        const { askFigure, model } = useStore.getState();
        askFigure({ figure, book, model, place });
      }}
    >
      {children}
    </FigureButton>
  );
}

function LeftOut({ reasons }: { reasons: readonly string[] }) {
  if (reasons.length === 0) return null;
  return (
    <span className={styles.leftOut}>
      <Term
        term="Left out"
        definition="legs that could not be priced count in none of these figures."
        example={reasons.slice(0, 4).join(' ')}
      >
        {reasons.length === 1 ? '1 leg left out' : `${decimal(reasons.length, 0)} legs left out`}
      </Term>
    </span>
  );
}

export function RequirementChange({ before, after, unit }: { before: number; after: number; unit: DisplayUnit }) {
  return (
    <button type="button" className={styles.delta} title="Why did it move?" onClick={useStore.getState().openWhy}>
      {after !== before && <Triangle down={after < before} />}
      {marginChange(before, after, unit)}
    </button>
  );
}

export function Triangle({ down = false }: { down?: boolean }) {
  return (
    <svg
      viewBox="0 0 8 8"
      width="8"
      height="8"
      className={styles.triangle}
      role="img"
      aria-label={down ? 'down' : 'up'}
    >
      <path d={down ? 'M0 1h8L4 7.5z' : 'M0 7h8L4 .5z'} fill="currentColor" />
    </svg>
  );
}

export function Arrow() {
  return (
    <svg viewBox="0 0 16 10" width="16" height="10" className={styles.arrow} role="img" aria-label="to">
      <path d="M0 5h14M10 1l4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.3" />
    </svg>
  );
}

function Blank({ wide = false }: { wide?: boolean }) {
  return (
    <>
      <BlankFigure wide={wide} />
      <div className={styles.sub} />
    </>
  );
}

/** The place of a figure that is not known yet, at its final size. */
function BlankFigure({ wide }: { wide: boolean }) {
  return (
    <div className={styles.mid} aria-hidden="true">
      <span className={wide ? styles.blankWide : styles.blank} />
    </div>
  );
}
