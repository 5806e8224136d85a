import { useMemo } from 'react';
import {
  eventHours,
  eventSpotMove,
  eventVolShock,
  MARKET_EVENTS,
  type MarketEvent,
} from '../../engine/domain/marketEvents.ts';
import type { StressCell } from '../../engine/domain/riskReport.ts';
import type { Pin } from '../../state/AppState.ts';
import { useStore } from '../../state/store.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { Button } from '../../ui/Button.tsx';
import { dateTime, ivPercent, signedPercent, volFactor } from '../../ui/format.ts';
import { Term } from '../../ui/Term.tsx';
import styles from './EventMenu.module.css';
import { shortFigure } from './stressView.ts';

/** Crashes that have happened: choosing one pins its moves of every coin and of vol, choosing it again lets go. */
export function EventMenu({ className }: { className: string }) {
  const pinned = useStore((state) => state.pin?.name ?? null);
  const trigger = useMemo(
    () => (
      <Button kind="quiet" className={className} title="Pin a crash that has happened">
        Events
      </Button>
    ),
    [className],
  );
  const actions = MARKET_EVENTS.map((event) => ({
    label: eventTitle(event),
    hint: `BTC ${signedPercent(eventSpotMove(event, 'BTC'), 0)}, IV ${volFactor(eventVolShock(event))}`,
    chosen: pinned === eventTitle(event),
    run: () => {
      const { market, smile, setPin } = useStore.getState();
      const coins = market?.underlyings.map(({ symbol }) => symbol) ?? [];
      setPin(pinned === eventTitle(event) ? null : eventPin(event, coins, smile));
    },
  }));
  return <ActionMenu trigger={trigger} groups={[actions]} />;
}

/** An event at once, on every coin of a market. */
function eventPin(event: MarketEvent, coins: readonly string[], smile: Pin['smile']): Pin {
  return {
    name: eventTitle(event),
    spotMove: eventSpotMove(event, 'BTC'),
    spotMoves: Object.fromEntries(coins.map((symbol) => [symbol, eventSpotMove(event, symbol)])),
    volShock: eventVolShock(event),
    volUnit: 'relative',
    days: 0,
    smile,
    movers: 'all',
  };
}

/** `2020-03-12 Black Thursday`. */
function eventTitle({ id, name }: MarketEvent): string {
  return `${id} ${name}`;
}

/** The event that a pin is, if it is one. */
export function pinnedEvent(pin: Pin | null): MarketEvent | null {
  return (pin?.name && MARKET_EVENTS.find((event) => eventTitle(event) === pin.name)) || null;
}

interface EventReadoutProps {
  readonly event: MarketEvent;
  /** The book in the event; null while it is being computed. */
  readonly cell: StressCell | null;
}

/** What the pinned event does to the book, in USD: P&L, margin and what is left. */
export function EventReadout({ event, cell }: EventReadoutProps) {
  // As one text, which does not change with every price.
  const coins = useStore((state) => state.market?.underlyings.map(({ symbol }) => symbol).join(' ') ?? '');
  const figure = (usd: number, withPlus = false) => shortFigure(usd, 'usd', withPlus);
  return (
    <span className={styles.readout} data-testid="event-readout">
      <Term
        term={event.name}
        definition={
          <>
            {event.cause}. {dateTime(event.from, 0)} to {dateTime(event.to, event.from)},{' '}
            {Math.round(eventHours(event))} hours.{' '}
            {coins
              .split(' ')
              .map((symbol) => `${symbol} ${signedPercent(eventSpotMove(event, symbol))}`)
              .join(', ')}
            ; IV {volFactor(eventVolShock(event))} ({ivPercent(event.vol.from)} to {ivPercent(event.vol.to)}
            {event.vol.isReconstructed && ', reconstructed'}). Figures in USD. {event.source}
          </>
        }
        side="top"
      >
        {event.id}
      </Term>
      {cell !== null && (
        <span>
          {' '}
          P&L <b>{figure(cell.pnlUsd, true)}</b>
          {cell.initialMarginUsd !== null && cell.equityUsd !== null && (
            <>
              , IM <b>{figure(cell.initialMarginUsd)}</b>, free <b>{figure(cell.equityUsd - cell.initialMarginUsd)}</b>
            </>
          )}
          {cell.unsupported !== null && `, no margin: ${cell.unsupported.message}`}
        </span>
      )}
    </span>
  );
}
