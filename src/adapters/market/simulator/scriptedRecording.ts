import type { MarketDelta } from '../../../engine/domain/marketDelta.ts';
import type { MarketSnapshot, OptionQuote } from '../../../engine/domain/marketSnapshot.ts';
import { deltaLineText, eventLineText, marketLineText, recordingHeaderText } from '../../../formats/recordingFile.ts';
import { marketSimulator } from './marketSimulator.ts';
import { simulationParameters } from './simulationParameters.ts';
import type { SimulatedReplay } from './simulatedReplays.ts';

/** Between whole markets, from which a replay can start. */
const KEY_FRAME_HOURS = 2;
const INTERNAL_STEP_SECONDS = 5;
/** Work at one go; then whoever waits has a turn. */
const SLICE_MS = 12;

/** What lets others have a turn, and how long the work has gone on. */
export interface SliceClock {
  now(): number;
  pause(): Promise<void>;
}

const pageSlices: SliceClock = {
  now: () => performance.now(),
  pause: () => new Promise((resume) => setTimeout(resume, 0)),
};

/**
 * The lines of a `headroom/recording@1` of a simulated replay, from a market on: header, a whole market every two hours, what moved
 * between, and the marks. The same market gives the same text. Computed as it is asked for, in slices of some milliseconds.
 */
export async function* scriptedRecording(
  replay: SimulatedReplay,
  start: MarketSnapshot,
  clock: SliceClock = pageSlices,
): AsyncGenerator<string> {
  const { script, seed, hours, priceMinutes, quoteMinutes } = replay;
  const simulator = marketSimulator({
    seed,
    start,
    script,
    parameters: { ...simulationParameters(start), internalStepSeconds: INTERNAL_STEP_SECONDS },
    // Quotes are most of a recording: they come when they are due and not before.
    quoting: { afterMs: quoteMinutes * 60_000, spot: Infinity, variance: Infinity, skew: Infinity },
  });
  const source: MarketSnapshot['source'] = { kind: 'simulated', name: `Headroom simulator: ${replay.name}` };
  const whole = () => marketLineText({ ...simulator.market(), source });
  const marks = [...replay.marks];
  yield recordingHeaderText({ source, startedAt: start.asOf, tool: 'headroom simulator' });
  // The script's own smiles from the first moment on.
  simulator.step(0);
  yield whole();
  let since = clock.now();
  const rest = async () => {
    if (clock.now() - since < SLICE_MS) return;
    await clock.pause();
    since = clock.now();
  };
  const steps = Math.round((hours * 60) / priceMinutes);
  for (let n = 1; n <= steps; n += 1) {
    await rest();
    const delta = simulator.step(priceMinutes * 60);
    const elapsed = (n * priceMinutes) / 60;
    while (marks.length > 0 && marks[0]![0] <= elapsed) yield eventLineText(delta.asOf, marks.shift()![1]);
    // Moving a market and writing it down are the two long parts.
    await rest();
    yield (n * priceMinutes) % (KEY_FRAME_HOURS * 60) === 0 || n === steps ? whole() : deltaLineText(compact(delta));
  }
}

/** The whole recording as a file. */
export async function scriptedRecordingBlob(
  replay: SimulatedReplay,
  start: MarketSnapshot,
  clock: SliceClock = pageSlices,
): Promise<Blob> {
  const lines: string[] = [];
  for await (const line of scriptedRecording(replay, start, clock)) lines.push(line);
  return new Blob(lines, { type: 'application/x-ndjson' });
}

/** Without the quotes' own times, which are the delta's. */
function compact(delta: MarketDelta): MarketDelta {
  return {
    ...delta,
    underlyings: delta.underlyings.map((move) =>
      move.expiries === undefined
        ? move
        : {
            ...move,
            expiries: move.expiries.map(({ quotes, ...rest }) =>
              quotes === undefined ? rest : { ...rest, quotes: quotes.map(timeless) },
            ),
          },
    ),
  };
}

function timeless(quote: OptionQuote): OptionQuote {
  const { timestamp: _, ...rest } = quote;
  return rest;
}
