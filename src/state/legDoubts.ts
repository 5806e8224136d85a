import { type Instrument, parseInstrument } from '../engine/domain/instrument.ts';
import type { MarketQuality, ValueDoubt } from '../engine/domain/marketQuality.ts';
import type { Leg } from '../engine/domain/portfolio.ts';

/** What has lost half of its confidence is told on the legs it touches; lesser doubts are for who looks at the market. */
const DOUBTFUL = 0.5;

const NONE: ReadonlyMap<string, readonly ValueDoubt[]> = new Map();

/** Doubts by id of the legs whose value rests on what is doubted, the gravest first; legs without any are left out. */
export function legDoubts(
  quality: MarketQuality | null,
  legs: readonly Leg[],
): ReadonlyMap<string, readonly ValueDoubt[]> {
  const grave = quality?.doubts.filter(({ confidence }) => confidence <= DOUBTFUL) ?? [];
  if (grave.length === 0) return NONE;
  const found = new Map<string, readonly ValueDoubt[]>();
  for (const { id, instrument } of legs) {
    const parsed = parseInstrument(instrument);
    if (!parsed.ok) continue;
    const touching = grave.filter((doubt) => isTouched(parsed.value, doubt));
    if (touching.length > 0) found.set(id, touching);
  }
  return found;
}

const remembered = new WeakMap<MarketQuality, WeakMap<readonly Leg[], typeof NONE>>();

/** The same, remembered of each: every leg asks for its own, and parts of the screen stand at different moments. */
export function currentLegDoubts(quality: MarketQuality | null, legs: readonly Leg[]): typeof NONE {
  if (quality === null) return NONE;
  let ofLegs = remembered.get(quality);
  if (ofLegs === undefined) remembered.set(quality, (ofLegs = new WeakMap()));
  let doubts = ofLegs.get(legs);
  if (doubts === undefined) ofLegs.set(legs, (doubts = legDoubts(quality, legs)));
  return doubts;
}

/** `2 legs rest on stale prices`; null where none does. */
export function doubtSentence(doubts: ReadonlyMap<string, readonly ValueDoubt[]>): string | null {
  if (doubts.size === 0) return null;
  const areStale = [...doubts.values()].flat().every(({ reason }) => reason === 'stale' || reason === 'missing');
  return `${doubts.size === 1 ? '1 leg rests' : `${doubts.size} legs rest`} on ${areStale ? 'stale' : 'doubtful'} prices`;
}

function isTouched(instrument: Instrument, doubt: ValueDoubt): boolean {
  if (doubt.kind === 'stablecoin') return instrument.settlement === 'usdc' && doubt.underlying === 'USDC';
  if (doubt.underlying !== instrument.underlying) return false;
  switch (doubt.kind) {
    case 'index':
      return true;
    case 'perpetual':
      return instrument.product === 'perpetual';
    case 'forward':
      return instrument.product !== 'perpetual' && instrument.expiry === doubt.expiry;
    case 'quote':
      return (
        instrument.product === 'option' &&
        instrument.expiry === doubt.expiry &&
        (doubt.instrument === undefined || contractCode(doubt.instrument) === contractCode(instrument.name))
      );
    // Only value at risk reads it.
    case 'history':
      return false;
  }
}

/** Expiry, strike and type: an option's quote speaks for the coin-settled and the linear one alike. */
function contractCode(name: string): string {
  return name.slice(name.indexOf('-'));
}
