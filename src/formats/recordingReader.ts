import { failed, failureOf, type Result, RiskError, riskError, success } from '../engine/domain/failure.ts';
import { movedMarket } from '../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import { isoTime } from './isoTime.ts';
import {
  type LineHead,
  MAX_LINE_BYTES,
  parseRecordingHeader,
  parseRecordingLine,
  type RecordingHeader,
  type RecordingLine,
  recordingLineHead,
} from './recordingFile.ts';

/** Bytes that are read a slice at a time: a File of the page, or a file on a disk. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `from` up to `to`, which are inside. Rejects when they cannot be read. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** Largest recording, in bytes. */
export const MAX_RECORDING_BYTES = 4 * 2 ** 30;
const MAX_LINES = 20_000_000;
const MAX_KEY_FRAMES = 100_000;
/** Marks beyond these are not listed. */
const MAX_MARKS = 1_000;
/** Up to this size every line is checked when the recording is opened; of a larger one, when it is played. */
const CHECKED_WHOLE_BYTES = 16 * 2 ** 20;
/** Where no more than the head of a line is looked at, and where all of it is: each is gone through at one go. */
const HEADS_SLICE_BYTES = 256 * 1024;
const SLICE_BYTES = 32 * 1024;

/** Where a line begins. */
export interface LinePlace {
  readonly offset: number;
  /** From 1, the header's own. */
  readonly line: number;
}

export interface KeyFrame extends LinePlace {
  readonly at: Timestamp;
}

export interface RecordingMark {
  readonly at: Timestamp;
  readonly kind: 'event' | 'gap';
  readonly label: string;
}

/** What is known of a recording without holding it: a few numbers a key frame. */
export interface RecordingIndex {
  readonly header: RecordingHeader;
  /** In the order of time; never empty, the first right after the header. */
  readonly keyFrames: readonly KeyFrame[];
  readonly marks: readonly RecordingMark[];
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly lines: number;
  /** The last line is cut off, as when the recorder was ended in the middle of it, and is left out. */
  readonly isTorn: boolean;
  /** The end of the last whole line, in bytes. */
  readonly end: number;
}

interface TextLine extends LinePlace {
  readonly text: string;
  /** Whether a line break ends it; only the last line may have none. */
  readonly isEnded: boolean;
  /** The first byte after it. */
  readonly next: number;
}

/** The lines from a place on, one slice in memory at a time. Throws a RiskError for a line too long or not UTF-8. */
async function* textLines(
  source: ByteSource,
  from: LinePlace,
  end = source.size,
  sliceBytes = SLICE_BYTES,
): AsyncGenerator<TextLine> {
  let { offset, line } = from;
  let parts: Uint8Array[] = [];
  let held = 0;
  const finished = (isEnded: boolean): TextLine => {
    const text = decoded(parts, held, line);
    const found = { offset, line, text, isEnded, next: offset + held + (isEnded ? 1 : 0) };
    offset = found.next;
    line += 1;
    parts = [];
    held = 0;
    return found;
  };
  const hold = (part: Uint8Array) => {
    if (part.length === 0) return;
    held += part.length;
    if (held > MAX_LINE_BYTES)
      throw new RiskError(
        'too-large',
        `Line ${line} is longer than ${MAX_LINE_BYTES} bytes; it is no line of a recording`,
        '',
      );
    parts.push(part);
  };
  for (let at = from.offset; at < end; at += sliceBytes) {
    const slice = await source.read(at, Math.min(end, at + sliceBytes));
    let start = 0;
    for (;;) {
      const stop = slice.indexOf(0x0a, start);
      if (stop < 0) break;
      hold(slice.subarray(start, stop));
      yield finished(true);
      start = stop + 1;
    }
    hold(slice.slice(start));
  }
  if (held > 0) yield finished(false);
}

function decoded(parts: readonly Uint8Array[], length: number, line: number): string {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r$/, '');
  } catch {
    throw new RiskError('bad-format', `Line ${line} is not UTF-8 text`, '');
  }
}

/** Reads a recording once from end to end and keeps where its key frames are. A failure names line and field. */
export async function recordingIndex(source: ByteSource): Promise<Result<RecordingIndex>> {
  if (source.size > MAX_RECORDING_BYTES)
    return failed(
      'too-large',
      `The recording has ${source.size} bytes; at most ${MAX_RECORDING_BYTES} (4 GB) are read`,
      '',
    );
  const isCheckedWhole = source.size <= CHECKED_WHOLE_BYTES;
  const head = isCheckedWhole ? parseRecordingLine : recordingLineHead;
  const sliceBytes = isCheckedWhole ? SLICE_BYTES : HEADS_SLICE_BYTES;
  let header: RecordingHeader | null = null;
  const keyFrames: KeyFrame[] = [];
  const marks: RecordingMark[] = [];
  let to = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let end = 0;
  let isTorn = false;
  try {
    for await (const line of textLines(source, { offset: 0, line: 1 }, source.size, sliceBytes)) {
      if (line.line > MAX_LINES) return failed('too-large', `The recording has more than ${MAX_LINES} lines`, '');
      if (header === null) {
        const parsed = parseRecordingHeader(line.text);
        if (!parsed.ok) return parsed;
        header = parsed.value;
      } else if (line.text.trim() === '' && !line.isEnded) {
        break;
      } else {
        // One that no line break ends must be whole in every field to count.
        const parsed = (line.isEnded ? head : parseRecordingLine)(line.text, line.line);
        if (!parsed.ok) {
          if (line.isEnded) return parsed;
          isTorn = true;
          break;
        }
        const found: LineHead = parsed.value;
        if (keyFrames.length === 0 && found.kind !== 'market')
          return failed(
            'bad-format',
            `Line ${line.line}: a recording begins with a whole market, not with a ${found.kind}`,
            '',
          );
        if (found.at < to)
          return failed(
            'bad-value',
            `Line ${line.line}: at is ${isoTime(found.at)}, before the line above it, ${isoTime(to)}`,
            '/at',
          );
        to = found.at;
        if (found.kind === 'market') {
          if (keyFrames.length === MAX_KEY_FRAMES)
            return failed('too-large', `Line ${line.line}: there are more than ${MAX_KEY_FRAMES} whole markets`, '');
          keyFrames.push({ at: found.at, offset: line.offset, line: line.line });
        } else if (found.kind !== 'delta' && marks.length < MAX_MARKS) {
          const mark = markOf(line);
          if (!mark.ok) return mark;
          if (mark.value !== null) marks.push(mark.value);
        }
      }
      lines = line.line;
      end = line.next;
    }
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
  if (header === null) return failed('bad-format', 'The recording is empty; choose another file', '');
  const [first] = keyFrames;
  if (first === undefined)
    return failed('missing-data', 'The recording holds no whole market; nothing can be replayed', '');
  return success({ header, keyFrames, marks, from: first.at, to, lines, isTorn, end });
}

function markOf({ text, line }: TextLine): Result<RecordingMark | null> {
  const parsed = parseRecordingLine(text, line);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (value.kind === 'event') return success({ at: value.at, kind: 'event', label: value.label });
  if (value.kind === 'status' && value.state !== 'live')
    return success({ at: value.at, kind: 'gap', label: value.message });
  return success(null);
}

/** A line of a recording and where the next one begins. */
export interface PlayedLine {
  readonly line: RecordingLine;
  readonly next: LinePlace;
}

/** The lines from a place on, each checked. Throws a RiskError that names line and field. */
export async function* recordingLines(source: ByteSource, from: LinePlace, end: number): AsyncGenerator<PlayedLine> {
  for await (const { text, line, next } of textLines(source, from, end)) {
    const parsed = parseRecordingLine(text, line);
    if (!parsed.ok) throw riskError(parsed.failure);
    yield { line: parsed.value, next: { offset: next, line: line + 1 } };
  }
}

/** The last key frame at or before a time; the first where there is none. */
export function keyFrameBefore(keyFrames: readonly KeyFrame[], at: Timestamp): KeyFrame {
  let low = 0;
  let high = keyFrames.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (keyFrames[middle]!.at <= at) low = middle;
    else high = middle - 1;
  }
  return keyFrames[low]!;
}

/** The market as it was at a time, and where to read on. */
export interface RecordedMoment {
  readonly market: MarketSnapshot;
  readonly next: LinePlace;
}

/**
 * The market as it was at a time: the last key frame before it and what moved since. Its id says which moment it is of, not what
 * it holds.
 * @throws RiskError that names line and field
 */
export async function recordedMoment(
  source: ByteSource,
  { keyFrames, end }: Pick<RecordingIndex, 'keyFrames' | 'end'>,
  at: Timestamp,
): Promise<RecordedMoment> {
  const frame = keyFrameBefore(keyFrames, at);
  let moment: RecordedMoment | null = null;
  for await (const { text, line: number, next: offset } of textLines(source, frame, end)) {
    // A line that comes later is not looked into: should it be damaged, whoever plays on is told.
    const head = moment === null ? null : recordingLineHead(text, number);
    if (moment !== null && head?.ok && head.value.at > at) break;
    const parsed = parseRecordingLine(text, number);
    if (!parsed.ok) throw riskError(parsed.failure);
    const line = parsed.value;
    const next = { offset, line: number + 1 };
    if (line.kind === 'market') moment = { market: line.market, next };
    else if (moment !== null)
      moment = {
        market:
          line.kind === 'delta' ? movedMarket(moment.market, line.delta, `${frame.line}-${line.at}`) : moment.market,
        next,
      };
  }
  if (moment === null)
    throw new RiskError('bad-format', `Line ${frame.line} is no whole market any more; open the file again`, '');
  return moment;
}
