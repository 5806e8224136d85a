import { Slider } from '@base-ui/react/slider';
import { useMemo } from 'react';
import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { SpotVolBeta, UnderlyingSummary } from '../../engine/domain/marketSummary.ts';
import type { Portfolio } from '../../engine/domain/portfolio.ts';
import { type Movers, spotMoveOf } from '../../engine/domain/scenario.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../../engine/domain/units.ts';
import type { Pin } from '../../state/AppState.ts';
import { currentBook, currentUnderlying } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { dateCode, dateTime, indexPrice, ivPercent, signed, signedPercent, volFactor } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Term } from '../../ui/Term.tsx';
import styles from './ScenarioPanel.module.css';

const SPOT_REACH = 0.6;
const VOL_RANGE = [-0.5, 1] as const;
/** Days on the date slider of a book that never expires. */
const DEFAULT_DATE_RANGE = 30;

/** The one scenario on trial: spot, vol, date and how the smile follows. Every panel reads what is set here. */
export function ScenarioPanel() {
  const coin = useStore(currentUnderlying);
  const market = useStore((state) => state.market);
  const pin = useStore((state) => state.pin);
  const volShock = useStore((state) => state.volShock);
  const curveDays = useStore((state) => state.curveDays);
  const smile = useStore((state) => state.smile);
  const movers = useStore((state) => state.movers);
  const book = useStore(currentBook);
  const asOf = market?.asOf ?? 0;
  const expiries = useMemo(() => expiryDays(book, asOf), [book, asOf]);

  const symbol = coin?.symbol ?? '';
  const index = coin?.index ?? 0;
  const spotMove = pin === null ? 0 : spotMoveOf(pin, symbol);
  const shock = pin?.volShock ?? volShock;
  const days = pin?.days ?? curveDays;
  const lastDay = Math.max(1, expiries.at(-1) ?? DEFAULT_DATE_RANGE);

  const pinned = (change: Partial<Pin>) => {
    const state = useStore.getState();
    const next: Pin = {
      spotMove,
      volShock: shock,
      volUnit: 'relative',
      days: pin?.days ?? 0,
      smile,
      movers,
      // The coins' own moves stay until spot is moved by hand.
      ...(pin?.spotMoves === undefined || change.spotMove !== undefined ? {} : { spotMoves: pin.spotMoves }),
      ...change,
    };
    // A scenario in which nothing happens is no scenario.
    state.setPin(next.spotMove === 0 && next.volShock === 0 && next.days === 0 ? null : next);
  };

  return (
    <PanelFrame
      title="Scenario"
      testId="scenario-panel"
      subtitle={pin ? <PinChip pin={pin} asOf={asOf} /> : 'click a curve or a cell, or move a slider'}
      control={
        <span className={styles.rules}>
          {(market?.underlyings.length ?? 0) > 1 && (
            <SegmentedControl
              label="Coins that move"
              value={movers === 'all' ? 'all' : 'one'}
              options={[
                { value: 'all', label: 'All coins', title: 'Every coin moves by the same share' },
                { value: 'one', label: `${symbol} only`, title: `Only ${symbol} moves; other coins stay` },
              ]}
              onChange={(choice) => useStore.getState().setMovers((choice === 'all' ? 'all' : symbol) as Movers)}
            />
          )}
          <Term
            term="Skew rule"
            definition="how each option’s vol follows spot. Sticky strike: a strike keeps its vol. Sticky delta: the smile moves along with spot. Spot β: it does, and every vol then moves by β points for each 1 % that spot moves."
            className={styles.skew ?? ''}
          >
            Skew
          </Term>
          <SegmentedControl
            label="Skew rule"
            value={smile}
            options={[
              { value: 'sticky-strike', label: 'Strike', title: 'Sticky strike: a strike keeps its vol' },
              { value: 'sticky-delta', label: 'Delta', title: 'Sticky delta: the smile moves along with spot' },
              {
                value: 'spot-vol-beta',
                label: 'Spot β',
                title: 'Spot-vol beta: the smile moves along, and vol with spot',
              },
            ]}
            onChange={(rule) => useStore.getState().setSmile(rule)}
          />
        </span>
      }
    >
      <div className={styles.sliders}>
        <ScenarioSlider
          label="Spot"
          value={spotMove}
          // What is pinned may lie further out.
          min={Math.min(-SPOT_REACH, spotMove)}
          max={SPOT_REACH}
          step={0.005}
          largeStep={0.05}
          ticks={[0]}
          origin={0}
          onChange={(move) => pinned({ spotMove: Math.round(move * 1000) / 1000 })}
          figure={indexPrice(index * (1 + spotMove))}
          detail={spotMove === 0 ? 'spot' : signedPercent(spotMove, Number.isInteger(spotMove * 100) ? 0 : 1)}
        />
        <ScenarioSlider
          label="IV"
          value={shock}
          min={VOL_RANGE[0]}
          max={Math.max(VOL_RANGE[1], shock)}
          step={0.01}
          largeStep={0.1}
          ticks={[0]}
          origin={0}
          onChange={(value) => pinned({ volShock: Math.round(value * 100) / 100 })}
          figure={volFactor(shock)}
          detail={coin?.atmVol30d == null ? 'no smile fitted' : `30 d ATM ${ivPercent(coin.atmVol30d * (1 + shock))}`}
        />
        <ScenarioSlider
          label="Date"
          value={Math.min(days, lastDay)}
          min={0}
          max={lastDay}
          step={lastDay > 3 ? 1 : 0.125}
          largeStep={7}
          ticks={expiries}
          origin={0}
          onChange={(value) => {
            const day = snapped(value, expiries, lastDay);
            useStore.getState().setCurveDays(day);
            if (pin !== null) pinned({ days: day });
          }}
          figure={dateCode(asOf + days * MILLISECONDS_PER_DAY, asOf)}
          detail={dateDetail(days, expiries, asOf)}
        />
        {smile === 'spot-vol-beta' && <BetaRow coin={coin} />}
      </div>
    </PanelFrame>
  );
}

/** Beta in vol points per 1 % of spot: the coin's own until another is typed, which then holds for all coins. */
function BetaRow({ coin }: { coin: UnderlyingSummary | null }) {
  const given = useStore((state) => state.spotVolBeta);
  const own = coin?.spotVolBeta ?? null;
  return (
    <div className={styles.beta} data-testid="spot-vol-beta">
      <span className={styles.label}>Spot β</span>
      <NumberField
        label="Spot-vol beta, vol points per 1 % of spot"
        value={given ?? own?.beta ?? 0}
        step={0.05}
        min={-10}
        max={10}
        digits={2}
        signed
        onCommit={(beta) => useStore.getState().setSpotVolBeta(beta)}
      />
      <span className={styles.source}>{betaWords(own, given)}</span>
      {given !== null && (
        <button
          type="button"
          className={styles.reset}
          aria-label={own === null ? 'Clear the spot-vol beta' : 'Back to the estimated spot-vol beta'}
          onClick={() => useStore.getState().setSpotVolBeta(null)}
        >
          reset
        </button>
      )}
    </div>
  );
}

/** What the beta comes from: `pts per 1 %, from 730 moves of BTC, R² 0.29`. */
function betaWords(own: SpotVolBeta | null, given: number | null): string {
  if (own === null) return given === null ? 'no volatility index to estimate it from: type one' : 'pts per 1 %, yours';
  const moves = `${own.moves} moves of ${own.from.join(', ')}`;
  return given === null
    ? `pts per 1 %, from ${moves}, R² ${own.rSquared.toFixed(2)}`
    : `pts per 1 %, yours; ${moves} say ${signed(own.beta, 2)}`;
}

interface ScenarioSliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly largeStep: number;
  /** Values with a stroke on the track: no move, expiries. */
  readonly ticks: readonly number[];
  /** Where the filled part of the track starts. */
  readonly origin: number;
  readonly figure: string;
  readonly detail: string;
  readonly onChange: (value: number) => void;
}

function ScenarioSlider(props: ScenarioSliderProps) {
  const { label, value, min, max, origin } = props;
  const share = (x: number) => (x - min) / (max - min);
  const [from, to] = [Math.min(share(origin), share(value)), Math.max(share(origin), share(value))];
  return (
    <Slider.Root
      className={styles.row ?? ''}
      value={Math.min(max, Math.max(min, value))}
      min={min}
      max={max}
      step={props.step}
      largeStep={props.largeStep}
      onValueChange={(next) => props.onChange(next as number)}
    >
      <span className={styles.label}>{label}</span>
      <Slider.Control className={styles.control ?? ''}>
        <Slider.Track className={styles.track ?? ''}>
          <span className={styles.fill} style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
          {props.ticks.map((tick) => (
            <span key={tick} className={styles.tick} style={{ left: `${share(tick) * 100}%` }} />
          ))}
          <Slider.Thumb
            className={styles.thumb ?? ''}
            getAriaLabel={() => label}
            getAriaValueText={() => `${props.figure}, ${props.detail}`}
          />
        </Slider.Track>
      </Slider.Control>
      <span className={styles.value}>
        <b>{props.figure}</b> {props.detail}
      </span>
    </Slider.Root>
  );
}

/** The pinned scenario in words; closing it lets every panel go back to the market as it is. */
function PinChip({ pin, asOf }: { pin: Pin; asOf: Timestamp }) {
  return (
    <span className={styles.pin} data-testid="pin-chip">
      <svg viewBox="0 0 16 16" width="11" height="11" aria-hidden="true">
        <path
          d="M8 9.5V14M5 2h6l-.7 4 2 2.5H3.7l2-2.5z"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Pinned{' '}
      {pin.name ??
        `${pin.spotMove === 0 ? 'at spot' : signedPercent(pin.spotMove, pinDigits(pin.spotMove))}, IV ${volFactor(pin.volShock)}, ${dateCode(asOf + pin.days * MILLISECONDS_PER_DAY, asOf)}`}
      <button
        type="button"
        className={styles.close}
        aria-label="Clear the pinned scenario"
        onClick={() => {
          useStore.getState().setPin(null);
        }}
      >
        <svg viewBox="0 0 16 16" width="11" height="11" aria-hidden="true">
          <path d="m4 4 8 8M12 4l-8 8" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />
        </svg>
      </button>
    </span>
  );
}

function pinDigits(move: number): number {
  return Math.abs(move * 100 - Math.round(move * 100)) < 1e-6 ? 0 : 1;
}

/** Days from the market's time to each expiry of the book, ascending, unique. */
function expiryDays(book: Portfolio, asOf: Timestamp): readonly number[] {
  const days = new Set<number>();
  for (const leg of book.legs) {
    const parsed = parseInstrument(leg.instrument);
    if (!parsed.ok || parsed.value.product === 'perpetual' || parsed.value.expiry <= asOf) continue;
    days.add((parsed.value.expiry - asOf) / MILLISECONDS_PER_DAY);
  }
  return [...days].sort((a, b) => a - b);
}

/** Whole days, and the expiry itself at the end of the track or when within a third of a day of one. */
function snapped(value: number, expiries: readonly number[], lastDay: number): number {
  if (value >= lastDay) return lastDay;
  return expiries.find((expiry) => Math.abs(expiry - value) < 1 / 3) ?? value;
}

function dateDetail(days: number, expiries: readonly number[], asOf: Timestamp): string {
  const time = dateTime(asOf + days * MILLISECONDS_PER_DAY).slice(-9);
  if (expiries.includes(days)) return `expiry, ${time}`;
  return days === 0 ? `now, ${time}` : time;
}
