import type { FaultBoard } from './FaultBoard.ts';

export type OutgoingKind = 'answer' | 'notification' | 'heartbeat';

export type OutgoingFaults = Pick<FaultBoard, 'get' | 'spend'>;

/** A page such as a gateway in trouble answers with. */
export const HTML_PAGE =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/**
 * The frames that the faults in force make of a message, first to last; text, or bytes for a binary frame. `held` is a
 * notification kept back so that a later one overtakes it.
 */
export function spoiledFrames(
  text: string,
  kind: OutgoingKind,
  held: string | null,
  faults: OutgoingFaults,
): { readonly frames: readonly (string | Buffer)[]; readonly held: string | null } {
  if (kind !== 'notification') return { frames: framesOf(text, faults), held };
  if (faults.spend('lost-messages') !== undefined) return { frames: [], held };
  if (held !== null) return { frames: [...framesOf(text, faults), ...framesOf(held, faults)], held: null };
  if (faults.spend('out-of-order') !== undefined) return { frames: [], held: text };
  const copies = faults.spend('duplicates') === undefined ? 1 : 2;
  return { frames: Array.from({ length: copies }, () => framesOf(text, faults)).flat(), held: null };
}

function framesOf(text: string, faults: OutgoingFaults): (string | Buffer)[] {
  const huge = faults.spend('huge-message');
  const before = huge === undefined ? [] : [hugeText(huge.bytes!)];
  if (faults.spend('malformed-json') !== undefined) return [...before, text.replace(':', ';')];
  if (faults.spend('truncated-json') !== undefined) return [...before, text.slice(0, text.length >> 1)];
  if (faults.spend('html-page') !== undefined) return [...before, HTML_PAGE];
  if (faults.spend('binary-frame') !== undefined) return [...before, Buffer.from(text)];
  return [...before, text];
}

/** A well-formed notification of a channel that nobody asked for. */
function hugeText(bytes: number): string {
  const data = 'x'.repeat(bytes);
  return `{"jsonrpc":"2.0","method":"subscription","params":{"channel":"announcements","data":"${data}"}}`;
}
