import type { OptionQuote } from '../domain/marketSnapshot.ts';
import type { DoubtReason } from '../domain/marketQuality.ts';
import type { Vol } from '../domain/units.ts';
import type { GuardLimits } from './GuardLimits.ts';
import { percentText } from './doubtWords.ts';
import { volUnitFault } from './unitFault.ts';

/** What was wrong with a quote. The words follow the instrument's name. */
export interface QuoteFault {
  readonly reason: DoubtReason;
  readonly words: string;
  /** Whether the option has no vol of its own any more. */
  readonly isVolLost: boolean;
}

export interface ScreenedQuote {
  /** Without what was left out. */
  readonly quote: OptionQuote;
  /** At most one of the vol and one of its sides. */
  readonly faults: readonly QuoteFault[];
}

const NONE: readonly QuoteFault[] = [];

/**
 * One quote without what cannot be: a mark that is no vol, sides that are crossed, locked or too far apart, a side that is
 * no vol. A side that is absent or zero is no fault: nobody bids there. An option that loses its mark is valued on the
 * smile fitted to the others.
 *
 * @param knownVol the option's last vol, which tells a wrong unit; null where there is none.
 * @param mustHaveMark whether the source gives every option a mark.
 */
export function screenedQuote(
  quote: OptionQuote,
  knownVol: Vol | null,
  mustHaveMark: boolean,
  limits: GuardLimits,
): ScreenedQuote {
  const { markIv, bidIv, askIv } = quote;
  const markFault = markFaultOf(markIv, knownVol, mustHaveMark, limits);
  const sideFault = sideFaultOf(bidIv, askIv, markFault === null && markIv !== undefined, limits);
  const isBidUsed = sideFault === null && isVol(bidIv, limits);
  const isAskUsed = sideFault === null && isVol(askIv, limits);
  if (markFault === null && isBidUsed === (bidIv !== undefined) && isAskUsed === (askIv !== undefined))
    return { quote, faults: NONE };
  const { strike, type, openInterest, timestamp } = quote;
  return {
    quote: {
      strike,
      type,
      ...(markFault === null && markIv !== undefined ? { markIv } : {}),
      ...(isBidUsed ? { bidIv: bidIv! } : {}),
      ...(isAskUsed ? { askIv: askIv! } : {}),
      ...(openInterest !== undefined && openInterest >= 0 && Number.isFinite(openInterest) ? { openInterest } : {}),
      ...(timestamp === undefined ? {} : { timestamp }),
    },
    faults: [markFault, sideFault].filter((fault) => fault !== null),
  };
}

function markFaultOf(
  markIv: Vol | undefined,
  knownVol: Vol | null,
  mustHaveMark: boolean,
  limits: GuardLimits,
): QuoteFault | null {
  if (markIv === undefined)
    return mustHaveMark || knownVol !== null ? lost('no-vol', 'came without an implied vol') : null;
  const unit = knownVol === null || !(markIv > 0) ? null : volUnitFault(markIv, knownVol);
  if (unit !== null) return lost('absurd', `came with a vol of ${percentText(markIv)}: ${unit}`);
  if (isVol(markIv, limits)) return null;
  return lost('no-vol', `came with a vol of ${percentText(markIv)}, which no market has`);
}

function sideFaultOf(
  bidIv: Vol | undefined,
  askIv: Vol | undefined,
  hasMark: boolean,
  limits: GuardLimits,
): QuoteFault | null {
  if (!(isVol(bidIv, limits) && isVol(askIv, limits))) return null;
  const fault = (reason: DoubtReason, what: string): QuoteFault => ({
    reason,
    words: `${what} (bid ${percentText(bidIv)}, ask ${percentText(askIv)}): neither side is used${hasMark ? ', its mark is' : ''}`,
    isVolLost: !hasMark,
  });
  if (bidIv > askIv) return fault('crossed', 'is crossed');
  if (bidIv === askIv) return fault('crossed', 'is locked');
  if (askIv - bidIv > (limits.widestShare * (askIv + bidIv)) / 2) return fault('wide', 'is quoted too wide');
  return null;
}

function lost(reason: DoubtReason, words: string): QuoteFault {
  return { reason, words: `${words}; the fitted smile stands in`, isVolLost: true };
}

function isVol(vol: Vol | undefined, { lowestVol, highestVol }: GuardLimits): vol is Vol {
  return vol !== undefined && vol >= lowestVol && vol <= highestVol;
}
