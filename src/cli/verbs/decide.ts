import { cheapestCut } from '../../engine/decide/cheapestCut.ts';
import { expiryCliff } from '../../engine/decide/expiryCliff.ts';
import { fillOrder } from '../../engine/decide/fillOrder.ts';
import type { CliffState, DecideQuestion, FillPath } from '../../engine/domain/decideReport.ts';
import type { Trade } from '../../engine/domain/trade.ts';
import { marginModels } from '../../engine/margin/marginModels.ts';
import { marketRule } from '../../engine/margin/marketRule.ts';
import { rememberedRows, rowsBy } from '../../engine/scenario/unitPnlCache.ts';
import { isoTime } from '../../formats/isoTime.ts';
import type { CommandIo } from '../CommandIo.ts';
import { type CommandOptions, refuse } from '../commandOptions.ts';
import { readPortfolioAt } from '../inputFiles.ts';
import { jsonText } from '../jsonText.ts';
import { logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

const COMMON_HELP = `
  --market F       headroom/market@1
  --portfolio F    headroom/portfolio@1, or CSV
  --smile-edits F  headroom/smile-edits@1: level, skew, wings an expiry
  --model ID       the rulebook that judges, one of risk models (portfolio)`;

const COMMON_OPTIONS = {
  market: { type: 'string' },
  portfolio: { type: 'string' },
  'smile-edits': { type: 'string' },
  model: { type: 'string' },
} as const;

export const cut: Verb = {
  usage: '--market F --portfolio F [--model ID] [--free USD] [--objective premium|delta]',
  help: `${COMMON_HELP}
  --free USD       margin to be freed (the frontier alone)
  --objective O    premium: paid across the quoted spread, each part for itself; delta: change of the legs' delta (premium)
  --options-only   no futures and no perpetual
  --evaluations N  margins that are looked up at most (5000)

  risk cut --market market.json --portfolio book.json --free 10000

Answer: model, initialMarginUsd, availableUsd, frontier[] by margin freed: trades[] (instrument, quantity, price, fill: bid, ask
or mark), freedUsd, initialMarginUsd (after it), availableChangeUsd, costUsd (by the objective), premiumUsd (net; negative is
received), spreadUsd (lost against mark), deltaUsd; chosen (place of the cheapest that frees --free, or null), searched
(candidates, evaluations, isExhaustive, mostTrades, lots[]), leftOut[]. Every margin is the rule's own; the frontier is the
best found, proven only where isExhaustive.`,
  options: {
    ...COMMON_OPTIONS,
    free: { type: 'string' },
    objective: { type: 'string' },
    'options-only': { type: 'boolean' },
    evaluations: { type: 'string' },
  },
  async run(options, io) {
    const objective = options.choice('objective', ['premium', 'delta'], 'premium');
    const targetUsd = options.optionalNumber('free') ?? null;
    if (targetUsd !== null && !(targetUsd > 0)) refuse('free', 'must be above 0');
    const evaluations = options.number('evaluations', 5000);
    if (!(evaluations >= 1 && evaluations <= 1e6)) refuse('evaluations', 'must be between 1 and 1,000,000');
    const { rule, book, question } = await decideInputs(options, io);
    const withFutures = !options.flag('options-only');
    const found = await cheapestCut(rule, { ...question, book, objective, targetUsd, withFutures, evaluations });
    const { marketId: _, elapsedMs: __, ...answer } = found!;
    io.write(jsonText(answer));
  },
};

export const fillOrderVerb: Verb = {
  usage: '--market F --portfolio F [--model ID] [--trades F]',
  help: `${COMMON_HELP}
  --trades F       trades to enter, written as a portfolio: quantity and entryPrice of each leg are the fill's (without: every
                   leg of the book is closed across the quoted spread)

Answer: model, kind (entry or exit), trades[] (instrument, quantity, price), start, best and worst: order[] (places in trades),
steps[] (initialMarginUsd, availableUsd after each fill), peakUsd, peakAt (after so many fills, 0 is the start),
leastAvailableUsd, leastAvailableAt; isExact (every order was compared; up to 10 trades), evaluations, leftOut[].`,
  options: { ...COMMON_OPTIONS, trades: { type: 'string' } },
  async run(options, io) {
    const { rule, book, question } = await decideInputs(options, io);
    const file = options.text('trades');
    const trades =
      file === undefined
        ? null
        : (await readPortfolioAt(file, io)).legs.map(
            ({ instrument, quantity, entryPrice }): Trade => ({ instrument, quantity, price: entryPrice ?? null }),
          );
    const { marketId: _, ...answer } = (await fillOrder(rule, { ...question, book, trades }))!;
    io.write(jsonText({ ...answer, best: named(answer.best), worst: named(answer.worst) }));

    function named(path: FillPath) {
      return { ...path, instruments: path.order.map((at) => answer.trades[at]!.instrument) };
    }
  },
};

export const cliff: Verb = {
  usage: '--market F --portfolio F [--model ID] [--spot M --vol S]',
  help: `${COMMON_HELP}
  --spot M         relative move of spot that holds on the way (0)
  --vol S          relative vol shock that holds on the way (0)

Answer: model, asOf, now, expiries[]: expiry, before and after (one minute each; equityUsd, initialMarginUsd,
maintenanceMarginUsd, availableUsd), expired[] (id, instrument, quantity, settlementUsd), lostHedges[] (hedge, protects: id,
instrument, quantity; worthUsd: how much more the rule would ask without the hedge); leftOut[]. Spot and every strike's vol
stay as they are; what expires settles for its intrinsic value at the index and becomes collateral.`,
  options: { ...COMMON_OPTIONS, spot: { type: 'string' }, vol: { type: 'string' } },
  async run(options, io) {
    const [spotMove, volShock] = [options.number('spot', 0), options.number('vol', 0)];
    if (!(spotMove > -1)) refuse('spot', 'must be above -1');
    if (!(volShock > -1)) refuse('vol', 'must be above -1');
    const { rule, book, question } = await decideInputs(options, io);
    const pin = { spotMove, volShock, volUnit: 'relative', days: 0, smile: 'sticky-strike', movers: 'all' } as const;
    const { marketId: _, asOf, expiries, ...answer } = expiryCliff(rule, { ...question, book, pin });
    const schedule = expiries.map(({ expiry, ...through }): { expiry: string; before: CliffState } => ({
      expiry: isoTime(expiry),
      ...through,
    }));
    io.write(jsonText({ asOf: isoTime(asOf), ...answer, expiries: schedule }));
  },
};

async function decideInputs(options: CommandOptions, io: CommandIo) {
  const model = options.text('model') ?? 'portfolio';
  const { market, portfolio: book, positions } = await readPricedBook(options, io);
  logNotices(positions.notices, io);
  const question: DecideQuestion = { marketId: market.snapshot.id, model, parameters: {} };
  return {
    rule: marketRule(market, question, marginModels, rememberedRows(undefined, rowsBy(market.kernels))),
    book,
    question,
  };
}
