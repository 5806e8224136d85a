import { type Result, success } from '../../../engine/domain/failure.ts';
import { marketLineText, recordingHeaderText } from '../../../formats/recordingFile.ts';
import { type ChainImport, importChains } from '../importChain.ts';

/**
 * Recorded chains of several captures as a recording of whole markets, as text. It begins, by its header, when the first was captured:
 * the same chains make the same bytes.
 */
export function chainsRecording(given: ChainImport, tool: string): Result<string> {
  const markets = importChains(given);
  if (!markets.ok) return markets;
  const [first] = markets.value;
  const { source, asOf } = first!;
  return success(
    [recordingHeaderText({ source, startedAt: asOf, tool }), ...markets.value.map(marketLineText)].join(''),
  );
}
