import { writeFile } from 'node:fs/promises';
import { marginModels } from '../../engine/margin/marginModels.ts';
import { modelById } from '../../engine/margin/modelById.ts';
import { excerpt } from '../../formats/jsonDocument.ts';
import type { BatchQuestion } from '../batch/accountRows.ts';
import { accountSource } from '../batch/accountSource.ts';
import type { BatchTotals } from '../batch/BatchTotals.ts';
import { runBatch } from '../batch/runBatch.ts';
import type { CommandIo } from '../CommandIo.ts';
import { type CommandOptions, refuse } from '../commandOptions.ts';
import { readMarketText } from '../inputFiles.ts';
import { jsonText, plainText } from '../jsonText.ts';
import { readParameters } from '../modelParameters.ts';
import { drawChoices, PATH_OPTIONS, VAR_METHODS, workersOf } from '../pathOptions.ts';
import type { Verb } from '../Verb.ts';

export const batch: Verb = {
  usage: '--market F --accounts DIR|FILE.jsonl --model ID[,ID] [options]',
  help: `
  --market F        headroom/market@1
  --accounts WHERE  a folder: its .json (headroom/portfolio@1) and .csv files in the order of their names, each an account named
                    as its file; or a file with one account a line: a headroom/portfolio@1 document with the field account, or
                    {"account": ID, "portfolio": {...}}; without account it is called line-N. At most 2 MB an account
  --model LIST      models of risk models, separated by commas, or all
  --parameters F    JSON object of parameters that differ from the defaults, as for risk margin
  --var LIST        methods of risk var, separated by commas; each account then has valueAtRisk[]
                    with --confidence (0.99), --horizon-days (1), --paths (100000), --seed (1),
                    --distribution normal|student-t (student-t) and --degrees-of-freedom (4), as for risk var
  --out F           writes the rows to this file, in place of what it holds
  --resume          with --out: keeps the whole rows that F holds, drops a torn last one and goes on behind them; the file ends
                    byte for byte as if the run had not been interrupted. Give the same market, accounts and options
  --workers N       threads (as many as there are processors); the rows do not depend on it
  --totals F        writes a document of sums over the accounts

Answer: JSON lines, one an account, in the order of the accounts: account, equityUsd, margins[] (id, initialMarginUsd,
maintenanceMarginUsd, equityUsd: what the rule counts as equity, availableUsd, marginRatio, worstScenario{} with label, spotMove,
volShock, lossUsd or null; or id and unsupported{} with code and message), valueAtRisk[] when asked for (method, valueAtRiskUsd,
expectedShortfallUsd, standardError{} or null; or method and error{}), leftOut (legs without a price), notices{} (info, warning:
how many). An account that cannot be read, or whose id was used before, has {"account","error":{"code","path","message"}} and
stops nothing. stderr ends with how many accounts there were, failed, and are under water (equity below maintenance margin by any
of the models), and the rate. Exit 0 when every account has its row, failed ones included; 2 when the command itself is wrong.`,
  options: {
    market: { type: 'string' },
    accounts: { type: 'string' },
    model: { type: 'string' },
    parameters: { type: 'string' },
    var: { type: 'string' },
    confidence: { type: 'string' },
    'horizon-days': { type: 'string' },
    ...PATH_OPTIONS,
    out: { type: 'string' },
    resume: { type: 'boolean' },
    totals: { type: 'string' },
  },
  async run(options, io) {
    const accounts = options.requiredText('accounts');
    const out = options.text('out') ?? null;
    const resume = options.flag('resume');
    if (resume && out === null) refuse('resume', 'goes with --out, whose rows it keeps');
    const workers = workersOf(options);
    const question = await batchQuestion(options, io);
    const started = io.now();
    const progress = progressLog(io, started);
    const { totals, resumed, isWhole } = await runBatch({
      question,
      accounts: accountSource(accounts),
      out,
      resume,
      workers,
      write: (rows) => io.stream(rows),
      onRows: progress,
      threads: { onDeath: (why) => io.log(`a thread ended (${plainText(why)}); its accounts are computed again\n`) },
    });
    if (!isWhole) {
      io.log('stopped: nobody reads any further\n');
      return;
    }
    const totalsFile = options.text('totals');
    if (totalsFile !== undefined) await writeFile(totalsFile, jsonText(totals.document()));
    io.log(summary(totals, resumed, io.now() - started));
  },
};

async function batchQuestion(options: CommandOptions, io: CommandIo): Promise<BatchQuestion> {
  const asked = options.requiredText('model');
  const models =
    asked === 'all'
      ? marginModels.map(({ id }) => id)
      : asked.split(',').map((id) => modelById(id.trim(), marginModels).id);
  const twice = models.find((id, i) => models.indexOf(id) !== i);
  if (twice !== undefined) refuse('model', `names ${twice} twice`);
  const methods = (options.text('var') ?? '').split(',').filter((part) => part.trim() !== '');
  const parameters = await readParameters(options, io, models);
  const { text: marketText, market } = await readMarketText(options, io);
  return {
    marketText,
    models,
    parameters,
    valueAtRisk: methods.map((part) => ({
      inputVersion: 0,
      marketId: market.id,
      lossLevelsUsd: [],
      method: VAR_METHODS.find((method) => method === part.trim()) ?? unknownMethod(part),
      confidence: options.number('confidence', 0.99),
      horizonDays: options.number('horizon-days', 1),
      ...drawChoices(options, 100_000, ['normal', 'student-t']),
      revaluation: 'full',
      smile: 'sticky-strike',
    })),
  };
}

function unknownMethod(part: string): never {
  return refuse('var', `has "${excerpt(part)}"; there are ${VAR_METHODS.join(', ')}`);
}

const PROGRESS_MS = 10_000;

/** A line every ten seconds. */
function progressLog(io: CommandIo, started: number): (totals: BatchTotals) => void {
  let told = started;
  return ({ accounts }) => {
    if (io.now() - told < PROGRESS_MS) return;
    told = io.now();
    io.log(`${accounts} accounts\n`);
  };
}

function summary({ accounts, failed, underWater }: BatchTotals, resumed: number, ms: number): string {
  const rate = ms > 0 ? `, ${Math.round((1000 * (accounts - resumed)) / ms)}/s` : '';
  const kept = resumed > 0 ? ` (${resumed} from before)` : '';
  return `${accounts} accounts${kept}, ${failed} failed, ${underWater} under water${rate}\n`;
}
