import { type Failure, failureOf, type Result, RiskError, riskError, success } from '../engine/domain/failure.ts';
import type { MarketDelta } from '../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import { CheckedFields } from './checkedFields.ts';
import { isoTime } from './isoTime.ts';
import { jsonPointer, MAX_TEXT_LENGTH, parseJsonDocument } from './jsonDocument.ts';
import { marketDeltaValue, parseMarketDelta } from './marketDelta.ts';
import { marketFileText, parseMarketFile } from './marketFile.ts';
import { schemaNameFailure } from './schemaName.ts';

/** `headroom/recording@1`: JSON lines; see docs/recording.md. */
export const RECORDING_SCHEMA = 'headroom/recording@1';

/** Longest line, in bytes; a whole market of some thousand options with two years of history takes a tenth of it. */
export const MAX_LINE_BYTES = MAX_TEXT_LENGTH;
const MAX_WORDS = 500;

export interface RecordingHeader {
  readonly source: MarketSnapshot['source'];
  /** When the recording was begun, by the recorder's own clock. */
  readonly startedAt: Timestamp;
  /** What wrote it: `headroom 0.1.0`. */
  readonly tool: string;
}

/** How the feed was doing where prices stopped coming, or came again. */
export type RecordedState = 'live' | 'silent' | 'reconnecting' | 'failed' | 'slow-disk';
const STATES: readonly RecordedState[] = ['live', 'silent', 'reconnecting', 'failed', 'slow-disk'];

/** One line after the header; `at` is the market's time, by the venue's clock. */
export type RecordingLine =
  /** A key frame: everything, from which a replay can start. */
  | { readonly kind: 'market'; readonly at: Timestamp; readonly market: MarketSnapshot }
  | { readonly kind: 'delta'; readonly at: Timestamp; readonly delta: MarketDelta }
  | { readonly kind: 'status'; readonly at: Timestamp; readonly state: RecordedState; readonly message: string }
  /** A mark along the way, for people. */
  | { readonly kind: 'event'; readonly at: Timestamp; readonly label: string };

/** What a line is and when, without the rest of it. */
export type LineHead = Pick<RecordingLine, 'kind' | 'at'>;

/** The canonical header line, its line break included. */
export function recordingHeaderText({ source, startedAt, tool }: RecordingHeader): string {
  const { kind, name } = source;
  return `${JSON.stringify({ schema: RECORDING_SCHEMA, source: { kind, name }, startedAt: isoTime(startedAt), tool })}\n`;
}

/** A whole market as a line; its own time is the line's. */
export function marketLineText(market: Omit<MarketSnapshot, 'id'>): string {
  // Texts inside hold no line break: JSON writes those as escapes.
  return lineText(market.asOf, 'market', marketFileText(market).replace(/\n\s*/g, ''));
}

export function deltaLineText(delta: MarketDelta): string {
  return lineText(delta.asOf, 'delta', JSON.stringify(marketDeltaValue(delta)));
}

export function statusLineText(at: Timestamp, state: RecordedState, message: string): string {
  return lineText(at, 'status', JSON.stringify({ state, message: message.slice(0, MAX_WORDS) }));
}

export function eventLineText(at: Timestamp, label: string): string {
  return lineText(at, 'event', JSON.stringify(label.slice(0, MAX_WORDS)));
}

function lineText(at: Timestamp, kind: RecordingLine['kind'], json: string): string {
  return `{"at":"${isoTime(at)}","${kind}":${json}}\n`;
}

export function parseRecordingHeader(text: string): Result<RecordingHeader> {
  return inLine(1, () => {
    const value = documentOf(text);
    const refusal = schemaNameFailure(value, RECORDING_SCHEMA);
    if (refusal !== null) throw riskError(refusal);
    const fields = new CheckedFields(value, []);
    fields.raw('schema');
    const source = new CheckedFields(fields.raw('source'), ['source']);
    const header: RecordingHeader = {
      source: { kind: source.oneOf('kind', ['live', 'recorded', 'simulated']), name: source.text('name', 200) },
      startedAt: fields.time('startedAt'),
      tool: fields.text('tool', 200),
    };
    source.end();
    fields.end();
    return header;
  });
}

/** A line after the header, checked in every field. `number` is the line's own, from 1; every failure names it. */
export function parseRecordingLine(text: string, number: number): Result<RecordingLine> {
  return inLine(number, () => {
    const fields = new CheckedFields(documentOf(text), []);
    const at = fields.time('at');
    const line = lineOf(fields, at);
    fields.end();
    return line;
  });
}

function lineOf(fields: CheckedFields, at: Timestamp): RecordingLine {
  if (fields.has('market')) return { kind: 'market', at, market: marketAt(fields.raw('market'), at) };
  if (fields.has('delta'))
    return { kind: 'delta', at, delta: parseMarketDelta(fields.raw('delta'), at, fields.path('delta')) };
  if (fields.has('status')) {
    const status = new CheckedFields(fields.raw('status'), fields.path('status'));
    const line = {
      kind: 'status',
      at,
      state: status.oneOf('state', STATES),
      message: status.text('message', MAX_WORDS),
    } as const;
    status.end();
    return line;
  }
  if (fields.has('event')) return { kind: 'event', at, label: fields.text('event', MAX_WORDS) };
  throw new RiskError('bad-format', 'The line holds no market, delta, status or event', '');
}

function marketAt(value: unknown, at: Timestamp): MarketSnapshot {
  const market = parseMarketFile(JSON.stringify(value) ?? '');
  if (!market.ok) {
    const { code, message, path = '' } = market.failure;
    throw new RiskError(code, `market: ${message}`, `/market${path}`);
  }
  if (market.value.asOf === at) return market.value;
  const message = `market.asOf is ${isoTime(market.value.asOf)}; it must be the line's own time, ${isoTime(at)}`;
  throw new RiskError('bad-value', message, jsonPointer(['market', 'asOf']));
}

const CANONICAL_HEAD = /^\{"at":"([^"\\]{17,24})","(market|delta|status|event)":/;

/** What a line is and when, by its first characters where they are canonical; the rest is left for who plays it to check. */
export function recordingLineHead(text: string, number: number): Result<LineHead> {
  const head = CANONICAL_HEAD.exec(text);
  if (head !== null)
    return inLine(number, () => {
      const at = new CheckedFields({ at: head[1] }, []).time('at');
      return { kind: head[2] as RecordingLine['kind'], at };
    });
  return parseRecordingLine(text, number);
}

function documentOf(text: string): unknown {
  const document = parseJsonDocument(text);
  if (!document.ok) throw riskError(document.failure);
  return document.value.value;
}

function inLine<T>(number: number, read: () => T): Result<T> {
  try {
    return success(read());
  } catch (error) {
    return { ok: false, failure: lineFailure(number, failureOf(error)) };
  }
}

/** A failure in the name of a line. */
function lineFailure(number: number, { code, message, path }: Failure): Failure {
  // What judges JSON counts lines itself, and here there is only one.
  const told = message.replace(/^Line 1, column/, 'column');
  return { code, message: `Line ${number}: ${told}`, path: path ?? '' };
}
