import type { MarginalMarginRequest } from '../../src/engine/domain/decideReport.ts';
import type { FrontierReport, FrontierRequest } from '../../src/engine/domain/liquidationFrontier.ts';
import type { SizingRequest } from '../../src/engine/domain/rulebookReport.ts';
import { modelDescription } from '../../src/engine/margin/modelById.ts';
import { identified } from '../../src/formats/marketFile.ts';
import type { Answering, Control } from '../answering.ts';
import type { OpenMarkets } from '../OpenMarkets.ts';
import { now, type Run } from '../overtaking.ts';
import type { ViewApi } from '../RiskApi.ts';
import type { RulebookLibrary } from '../rulebookLibrary.ts';
import { ruled } from './ruled.ts';

/** What follows a keystroke by some frames. */
export function viewAnswers(
  markets: OpenMarkets,
  { atOnce, later, latest }: Answering,
  library: RulebookLibrary,
): ViewApi {
  const sizing = latest(async ({ market, rows }, request: SizingRequest, control) => {
    const models = await library.whole();
    const { tradeSizing } = await import('../../src/engine/tradeSizing.ts');
    return tradeSizing(market, request, rows, models, control);
  });
  const frontier = latest(
    async ({ market }, request: FrontierRequest, { onProgress, ...run }: Control<FrontierReport>) => {
      const models = await library.having(request.model);
      const { liquidationFrontier } = await import('../../src/engine/liquidationFrontier.ts');
      const control = { ...run, ...(onProgress && { onCoarse: onProgress }) };
      return liquidationFrontier(market, request, control, models);
    },
  );
  const marginal = latest(
    ruled(library, async (rule, request: MarginalMarginRequest, run: Run) => {
      const { marginalMargin } = await import('../../src/engine/decide/marginalMargin.ts');
      return marginalMargin(rule, request, run);
    }),
  );
  return {
    allModels: async () => (await library.whole()).map(modelDescription),
    async explore(request) {
      const { explore } = await import('../../src/engine/explore.ts');
      return library.answeredBy([request.model], (models) =>
        atOnce(request, ({ market, rows }) => explore(market, request, rows, now, models)),
      );
    },
    async chain(request) {
      const { optionChain } = await import('../../src/engine/optionChain.ts');
      return atOnce(request, ({ market }) => optionChain(market, request));
    },
    rulebooks: (request) =>
      later(request, async ({ market, rows }) => {
        const models = await library.whole();
        const { rulebooks } = await import('../../src/engine/rulebooks.ts');
        return rulebooks(market, request, rows, now, models);
      }),
    sizing: sizing.ask,
    explainMargin: (request) =>
      later(request, async ({ market, rows }) => {
        const models = await library.having(request.model);
        const { marginExplanation } = await import('../../src/engine/marginExplanation.ts');
        return marginExplanation(market, request, models, rows);
      }),
    marginProvenance: (request) =>
      later(request, async ({ market }) => {
        const models = await library.having(request.model);
        const { fullMarginCase, marginProvenance, smallestMarginCase } = await import('../../src/engine/marginCase.ts');
        const { marginCaseText } = await import('../../src/formats/marginCaseFile.ts');
        const whole = fullMarginCase(market.snapshot, request, models);
        const { marginCase, outcome } = smallestMarginCase(whole, models, identified);
        const provenance = marginProvenance(market, whole, outcome, models);
        return { ...provenance, caseText: marginCaseText(marginCase, outcome, provenance.engineVersion) };
      }),
    frontier: frontier.ask,
    async surface(request) {
      if (request.repair === true) {
        const { repairedReport } = await import('../../src/engine/repairedReport.ts');
        return atOnce(request, ({ market }) => repairedReport(market, request));
      }
      const { surfaceReport } = await import('../../src/engine/surfaceReport.ts');
      return atOnce(request, ({ market }) => surfaceReport(market, request));
    },
    async explain(request) {
      const { pnlExplanation } = await import('../../src/engine/explain/pnlExplanation.ts');
      return atOnce(request, ({ market }) => pnlExplanation(market, request, markets.from));
    },
    marginalMargin: marginal.ask,
  };
}
