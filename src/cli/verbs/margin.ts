import { bookRisk } from '../../engine/bookRisk.ts';
import { RiskError } from '../../engine/domain/failure.ts';
import type { MarginOutcome } from '../../engine/domain/riskReport.ts';
import { marginCaseOutcome } from '../../engine/marginCase.ts';
import { ENGINE_VERSION } from '../../engine/engineVersion.ts';
import { marginModels } from '../../engine/margin/marginModels.ts';
import { modelById } from '../../engine/margin/modelById.ts';
import { marginCaseDifference } from '../../formats/marginCaseFile.ts';
import type { CommandIo } from '../CommandIo.ts';
import { type CommandOptions, refuse } from '../commandOptions.ts';
import { readMarginCase } from '../inputFiles.ts';
import { jsonText, plainText } from '../jsonText.ts';
import { readParameters } from '../modelParameters.ts';
import { BOOK_OPTIONS, logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

export const margin: Verb = {
  usage: '(--market F --portfolio F [--model ID|all] [--parameters F] | --case F)',
  help: `
  --market F       headroom/market@1
  --portfolio F    headroom/portfolio@1, or CSV
  --smile-edits F  headroom/smile-edits@1: level, skew, wings an expiry
  --model ID|all   a model of risk models, or all of them (all)
  --parameters F   JSON object of parameters that differ from the defaults: {"key": number} of the one model, or
                   {"MODEL": {"key": number}}
  --case F         headroom/margin-case@1, as "Copy as JSON" of a figure gives it: market, portfolio, model and parameters in
                   one. It is computed anew; stderr says whether every digit is that of the document

Answer: a list with one entry a model: id, title, initialMarginUsd, maintenanceMarginUsd, equityUsd (what the
rule counts as equity; equityBasis says what that is where it is not all of the book's), availableUsd (equity minus initial
margin), marginRatio (maintenance over equity, null when equity is not above 0), worstScenario, components[]
(name, usd; they add up to the initial margin), positions[] (id, initialMarginUsd; they add up as well), approximations[] in
words; or id, title and unsupported (code, message) where the rule cannot take the book. Legs without a price are left out
and named on stderr.`,
  options: {
    ...BOOK_OPTIONS,
    model: { type: 'string' },
    parameters: { type: 'string' },
    case: { type: 'string' },
  },
  async run(options, io) {
    if (options.text('case') !== undefined) {
      await rerunCase(options, io);
      return;
    }
    const asked = options.text('model') ?? 'all';
    const models = asked === 'all' ? marginModels.map(({ id }) => id) : [modelById(asked, marginModels).id];
    const parameters = await readParameters(options, io, models);
    const { market, portfolio } = await readPricedBook(options, io);
    const { margins, notices } = bookRisk(market, portfolio, { models, parameters, library: marginModels });
    logNotices(notices, io);
    io.write(jsonText(margins));
  },
};

/** What a case holds already, and so does not go with it. */
const CASE_PARTS = ['market', 'portfolio', 'smile-edits', 'model', 'parameters'] as const;

async function rerunCase(options: CommandOptions, io: CommandIo): Promise<void> {
  for (const part of CASE_PARTS)
    if (options.text(part) !== undefined)
      refuse(part, 'does not go with --case, which holds it; leave one of them out');
  const file = options.requiredText('case');
  const { marginCase, engineVersion, result } = await readMarginCase(file, io);
  let outcome: MarginOutcome;
  try {
    outcome = marginCaseOutcome(marginCase, marginModels);
  } catch (error) {
    if (!(error instanceof RiskError)) throw error;
    const { code, message, path } = error.failure;
    throw new RiskError(code, `${file}: ${message}`, path === undefined ? '/model' : `/parameters${path}`);
  }
  io.write(jsonText([outcome]));
  const other = marginCaseDifference(result, outcome);
  const by = engineVersion === ENGINE_VERSION ? '' : `, which engine ${engineVersion} wrote; this is ${ENGINE_VERSION}`;
  io.log(
    other === null
      ? `info: equal to the result in ${file}, digit for digit\n`
      : `warning: differs from the result in ${file}${by}: ${other.path} is ${plainText(other.found)}, there it is ${plainText(other.written)}\n`,
  );
}
