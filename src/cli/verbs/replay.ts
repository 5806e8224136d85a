import { MOST_MOMENTS, timelineMoments } from '../../adapters/market/replay/timelineMoments.ts';
import { RiskError, riskError } from '../../engine/domain/failure.ts';
import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { Portfolio } from '../../engine/domain/portfolio.ts';
import type { ReplayPoint, ReplayTimelineRequest } from '../../engine/domain/replayTimeline.ts';
import { marginModels } from '../../engine/margin/marginModels.ts';
import { modelById } from '../../engine/margin/modelById.ts';
import { replayTimeline } from '../../engine/replayTimeline.ts';
import { isoTime } from '../../formats/isoTime.ts';
import { type ByteSource, recordedMoment, recordingIndex } from '../../formats/recordingReader.ts';
import type { CommandIo } from '../CommandIo.ts';
import { readPortfolio, reasonOf } from '../inputFiles.ts';
import { jsonText } from '../jsonText.ts';
import { readParameters } from '../modelParameters.ts';
import { nodeKernels } from '../nodeKernels.ts';
import type { Verb } from '../Verb.ts';

export const replay: Verb = {
  usage: '--recording F --portfolio F [--model ID] [--parameters F] [--underlying SYMBOL]',
  help: `
  --recording F        headroom/recording@1, as the app or risk record-chains writes it
  --portfolio F        headroom/portfolio@1, or CSV
  --model ID           the rulebook, one of risk models (portfolio)
  --parameters F       JSON object of parameters that differ from the defaults, as for risk margin
  --underlying SYMBOL  the coin whose price liquidation is told by; all coins move with it (that of the first leg)
  --smile RULE         sticky-strike or sticky-delta, for liquidation (sticky-strike)

Answer: JSON lines, one a moment, as they come: every whole market of the recording, thinned evenly to ${MOST_MOMENTS}; where there are few, even
times between them besides. at, index{} by coin, initialMarginUsd, maintenanceMarginUsd, equityUsd, availableUsd (as risk margin
prints them for that market, to the digit), worstScenario, liquidation{} (below, above: spot moves at which equity meets
maintenance, null when there is none within examined{} from, to; null where the coin is not in that market), leftOut[] (legs
without a price then). A moment without figures has unsupported{} with code and message in their place. A recording whose last line
is cut off is read without it, and stderr says so.`,
  options: {
    recording: { type: 'string' },
    portfolio: { type: 'string' },
    model: { type: 'string' },
    parameters: { type: 'string' },
    underlying: { type: 'string' },
    smile: { type: 'string' },
  },
  async run(options, io) {
    const model = modelById(options.text('model') ?? 'portfolio', marginModels).id;
    const parameters = await readParameters(options, io, [model]);
    const path = options.requiredText('recording');
    const bytes = await fileBytes(path, io);
    const index = await recordingIndex(bytes);
    if (!index.ok) throw riskError({ path: '', ...index.failure, message: `${path}: ${index.failure.message}` });
    if (index.value.isTorn) io.log(`warning: the last line of ${path} is cut off and was left out\n`);
    const book = await readPortfolio(options, io);
    const request: ReplayTimelineRequest = {
      moments: timelineMoments(index.value),
      end: index.value.end,
      book,
      model,
      parameters: parameters[model] ?? {},
      underlying: options.text('underlying')?.toUpperCase() ?? firstCoin(book),
      movers: 'all',
      smile: options.choice('smile', ['sticky-strike', 'sticky-delta'], 'sticky-strike'),
    };
    let lines: Promise<boolean> = Promise.resolve(true);
    await replayTimeline(request, marginModels, {
      kernels: nodeKernels(),
      read: async ({ at, frame }) => (await recordedMoment(bytes, { keyFrames: [frame], end: request.end }, at)).market,
      onProgress: ({ point }) => {
        lines = lines.then(async (isRead) => isRead && io.stream(pointLine(point)));
      },
    });
    await lines;
  },
};

function pointLine({ at, indices, figures, failure, leftOut }: ReplayPoint): string {
  const row = {
    at: isoTime(at),
    index: Object.fromEntries(indices.map(({ underlying, index }) => [underlying, index])),
    ...(figures ?? { unsupported: failure && { code: failure.code, message: failure.message } }),
    leftOut,
  };
  // As every answer: finite numbers, plain hyphens.
  return `${JSON.stringify(JSON.parse(jsonText(row)))}\n`;
}

async function fileBytes(path: string, io: CommandIo): Promise<ByteSource> {
  try {
    return { size: await io.fileSize(path), read: (from, to) => io.readRange(path, from, to) };
  } catch (error) {
    throw new RiskError('missing-data', `${path} cannot be read: ${reasonOf(error)}`, '');
  }
}

function firstCoin({ legs }: Portfolio): string {
  for (const { instrument } of legs) {
    const parsed = parseInstrument(instrument);
    if (parsed.ok) return parsed.value.underlying;
  }
  return 'BTC';
}
