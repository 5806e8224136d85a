import type { MarketSnapshot } from '../../../engine/domain/marketSnapshot.ts';
import { marketLineText, recordingHeaderText } from '../../../formats/recordingFile.ts';

/**
 * Markets of several times, the earliest first and at least one, as the text of a recording of whole markets. By its header it begins
 * when the first was captured: the same markets make the same bytes.
 */
export function marketsRecording(markets: readonly MarketSnapshot[], tool: string): string {
  const { source, asOf } = markets[0]!;
  return [recordingHeaderText({ source, startedAt: asOf, tool }), ...markets.map(marketLineText)].join('');
}
