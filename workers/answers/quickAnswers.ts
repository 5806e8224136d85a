import { ENGINE_VERSION } from '../../src/engine/engineVersion.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { headroomModels } from '../../src/engine/margin/headroomModels.ts';
import { modelDescription } from '../../src/engine/margin/modelById.ts';
import { type Answering, answered } from '../answering.ts';
import type { OpenMarkets } from '../OpenMarkets.ts';
import { now } from '../overtaking.ts';
import type { QuickApi } from '../RiskApi.ts';
import type { RulebookLibrary } from '../rulebookLibrary.ts';

/** What follows a keystroke; nothing is loaded late that a verdict needs. */
export function quickAnswers(
  markets: OpenMarkets,
  { atOnce }: Answering,
  library: RulebookLibrary,
  pathWorkers: number,
): QuickApi {
  return {
    engineInUse() {
      const { kernels, compiled } = markets.atHand;
      return {
        version: ENGINE_VERSION,
        build: kernels.build,
        failure: compiled?.build === 'typescript' ? compiled.failure : null,
        pathWorkers,
      };
    },
    models: () => headroomModels.map(modelDescription),
    evaluate: (request) =>
      library.answeredBy(request.models, (models) =>
        atOnce(request, ({ market, rows }) => evaluate(market, request, rows, now, models)),
      ),
    async editSmiles(request) {
      const { smileEditAnswer } = await import('../../src/engine/surfaceReport.ts');
      return answered(() => smileEditAnswer(markets.asked(request.marketId).market, request));
    },
  };
}
