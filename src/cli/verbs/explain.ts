import { RiskError } from '../../engine/domain/failure.ts';
import type { PnlExplanation } from '../../engine/domain/pnlExplanation.ts';
import type { Scenario } from '../../engine/domain/scenario.ts';
import { explainedMarkets, explainedScenario } from '../../engine/explain/pnlExplanation.ts';
import { prepareMarket } from '../../engine/scenario/preparedMarket.ts';
import { isoTime } from '../../formats/isoTime.ts';
import type { CommandIo } from '../CommandIo.ts';
import { type CommandOptions, refuse } from '../commandOptions.ts';
import { readMarket, readPortfolio } from '../inputFiles.ts';
import { jsonText } from '../jsonText.ts';
import { nodeKernels } from '../nodeKernels.ts';
import { logNotices } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

/** What makes a scenario; none of it goes with a second market. */
const SCENARIO_OPTIONS = ['spot', 'vol', 'vol-unit', 'days', 'smile', 'spot-vol-beta'] as const;

export const explain: Verb = {
  usage: '--market F --portfolio F (--from-market F | --spot M --vol S --days N)',
  help: `
  --market F        headroom/market@1: where the move ends with --from-market, where it starts with a scenario
  --portfolio F     headroom/portfolio@1, or CSV; held unchanged through the move
  --from-market F   an earlier headroom/market@1: the move leads from it to --market
or a scenario, one move:
  --spot M          relative move of spot, all coins together (0)
  --vol S           vol shock (0)
  --vol-unit UNIT   relative: vol times 1 + shock; points: vol plus shock, 0.05 = five vol points (relative)
  --days N          calendar days forward (0); what expires on the way is settled at its intrinsic value
  --smile RULE      sticky-strike, sticky-delta or spot-vol-beta (sticky-strike); see risk stress
  --spot-vol-beta X beta for all coins (each coin's own, estimated from its history)

  risk explain --from-market monday.json --market tuesday.json --portfolio book.json
  risk explain --market monday.json --portfolio book.json --spot -0.1 --vol 0.25 --days 1

Answer: from and to (asOf, source; a scenario's end has source null), days, scenario or null; legs[] and collateral[] (id,
instrument, quantity, fromUsd, toUsd, pnlUsd by full revaluation, the parts, spotChangeUsd, days, greeks at the start, volatility
{from, to, change, fromSource, toSource} of the option's own strike, settled, notes[]), leftOut[] (id, instrument, quantity,
failure), byUnderlying{}, legsTotal, total (legs and collateral), notices[].

Parts, USD for the holder: delta, gamma, vega, theta, vanna, volga, basis (the forward beyond the index, and discount), currency
(the price of a stablecoin), residual (what the others leave). They add up to pnlUsd, in every row. Funding is in neither.`,
  options: {
    market: { type: 'string' },
    portfolio: { type: 'string' },
    'from-market': { type: 'string' },
    spot: { type: 'string' },
    vol: { type: 'string' },
    'vol-unit': { type: 'string' },
    days: { type: 'string' },
    smile: { type: 'string' },
    'spot-vol-beta': { type: 'string' },
  },
  async run(options, io) {
    const isBetweenMarkets = options.text('from-market') !== undefined;
    const scenario = isBetweenMarkets ? null : scenarioOf(options);
    if (isBetweenMarkets)
      for (const option of SCENARIO_OPTIONS)
        if (options.text(option) !== undefined) refuse(option, 'does not go with --from-market; give one or the other');
    const explained = await explainedBook(options, io, scenario);
    logNotices(explained.notices, io);
    const { from, to, days, legs, collateral, leftOut, byUnderlying, legsTotal, total, notices } = explained;
    io.write(
      jsonText({
        from: { ...from, asOf: isoTime(from.asOf) },
        to: { ...to, asOf: isoTime(to.asOf) },
        days,
        scenario,
        legs,
        collateral,
        leftOut,
        byUnderlying: Object.fromEntries(byUnderlying.map(({ underlying, ...figures }) => [underlying, figures])),
        legsTotal,
        total,
        notices,
      }),
    );
  },
};

async function explainedBook(
  options: CommandOptions,
  io: CommandIo,
  scenario: Scenario | null,
): Promise<PnlExplanation> {
  const market = prepareMarket(await readMarket(options, io), nodeKernels());
  const from = scenario === null ? prepareMarket(await readMarket(options, io, 'from-market'), nodeKernels()) : market;
  const portfolio = await readPortfolio(options, io);
  const explained =
    scenario === null
      ? explainedMarkets(from, market, portfolio)
      : explainedScenario(market, portfolio, scenario, 'all');
  const [lost] = explained.leftOut;
  if (lost !== undefined && explained.legs.length === 0 && portfolio.legs.length > 0) {
    const row = portfolio.legs.findIndex(({ id }) => id === lost.id);
    throw new RiskError(
      lost.failure.code,
      `No leg can be explained. ${lost.failure.message}`,
      `/positions/${row}/instrument`,
    );
  }
  return explained;
}

function scenarioOf(options: CommandOptions): Scenario {
  if (['spot', 'vol', 'days'].every((option) => options.text(option) === undefined))
    refuse('from-market', 'is missing, and so is a scenario; give --from-market, or --spot, --vol or --days');
  const spotMove = options.number('spot', 0);
  if (spotMove <= -1 || spotMove > 100) refuse('spot', 'must be above -1 and at most 100');
  const volUnit = options.choice('vol-unit', ['relative', 'points'], 'relative');
  const volShock = options.number('vol', 0);
  const lowest = volUnit === 'relative' ? -1 : -20;
  if (volShock < lowest || volShock > 100) refuse('vol', `must be from ${lowest} to 100`);
  const days = options.number('days', 0);
  if (!(days >= 0 && days <= 3650)) refuse('days', 'must be from 0 to 3650');
  const smile = options.choice('smile', ['sticky-strike', 'sticky-delta', 'spot-vol-beta'], 'sticky-strike');
  const spotVolBeta = options.optionalNumber('spot-vol-beta');
  if (spotVolBeta === undefined) return { spotMove, volShock, volUnit, days, smile };
  if (smile !== 'spot-vol-beta') refuse('spot-vol-beta', 'goes with --smile spot-vol-beta');
  if (Math.abs(spotVolBeta) > 10) refuse('spot-vol-beta', 'must be from -10 to 10');
  return { spotMove, volShock, volUnit, days, smile, spotVolBeta };
}
