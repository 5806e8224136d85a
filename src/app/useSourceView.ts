import { useEffect, useMemo, useState } from 'react';
import { parseInstrument } from '../engine/domain/instrument.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import { useLiveStore } from '../state/store.ts';
import { type SourceView, sourceView } from './sourceView.ts';

const TICK_MS = 1_000;

/** This device's time, once a second while the page is in sight. */
export function useSeconds(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = () => document.visibilityState === 'visible' && setNow(Date.now());
    const timer = setInterval(tick, TICK_MS);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, []);
  return now;
}

/** How the market's source is doing at that moment; null without a market. It follows changes of state at once, and ages by the second. */
export function useSourceView(now: number): SourceView | null {
  useLiveStore((state) => state.feed?.state);
  useLiveStore((state) => state.feed?.message);
  useLiveStore((state) => state.feed?.attempts);
  useLiveStore((state) => state.feed?.position?.at);
  useLiveStore((state) => state.marketChoice);
  const source = useLiveStore((state) => state.market?.source);
  useLiveStore((state) => (state.feed === null ? state.market?.id : null));
  const book = useLiveStore((state) => state.book);
  const coin = useLiveStore((state) => state.underlying);
  const coins = useMemo(() => coinsOf(book, coin), [book, coin]);
  const { market, newest, marketChoice: choice, feed, quality } = useLiveStore.getState();
  const shown = newest ?? market;
  if (source === undefined || shown === null) return null;
  return sourceView({ market: shown, choice, feed, quality, coins, now: Math.max(now, Date.now()) });
}

function coinsOf({ legs }: Portfolio, coin: string): ReadonlySet<string> {
  const coins = new Set([coin]);
  for (const { instrument } of legs) {
    const parsed = parseInstrument(instrument);
    if (parsed.ok) coins.add(parsed.value.underlying);
  }
  return coins;
}
