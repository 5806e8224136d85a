import { requirementOf, stressGrid } from '../../engine/explore.ts';
import { marginModels } from '../../engine/margin/marginModels.ts';
import { type MarketRule, marketRule } from '../../engine/margin/marketRule.ts';
import { modelById } from '../../engine/margin/modelById.ts';
import { rowsBy } from '../../engine/scenario/unitPnlCache.ts';
import type { BookPositions } from '../../engine/scenario/bookPositions.ts';
import { type PreparedMarket, preparedUnderlying } from '../../engine/scenario/preparedMarket.ts';
import { legsValueUsd, shiftedBook } from '../../engine/scenario/shiftedBook.ts';
import { riskError } from '../../engine/domain/failure.ts';
import type { StressAxes } from '../../engine/domain/riskReport.ts';
import { isoTime } from '../../formats/isoTime.ts';
import { type CommandOptions, refuse } from '../commandOptions.ts';
import { jsonText } from '../jsonText.ts';
import { BOOK_OPTIONS, logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

/** Cells of the largest grid that is computed. */
const MAX_CELLS = 10_000;

export const stress: Verb = {
  usage: '--market F --portfolio F [options]',
  help: `
  --market F        headroom/market@1
  --portfolio F     headroom/portfolio@1, or CSV
  --smile-edits F   headroom/smile-edits@1: level, skew, wings an expiry
  --spot LIST       relative moves of spot, all coins together (-0.2,-0.1,0,0.1,0.2)
  --vol LIST        vol shocks (-0.25,0,0.5)
  --vol-unit UNIT   relative: vol times 1 + shock; points: vol plus shock, 0.05 = five vol points (relative)
  --days N          calendar days forward (0); what expires on the way is settled at its intrinsic value
  --smile RULE      sticky-strike, sticky-delta or spot-vol-beta (sticky-strike); spot-vol-beta moves the smile along
                    with spot and every vol by beta x ln(spot move), beta x 0.1 for a rise of 10.5 %
  --spot-vol-beta X beta for all coins (each coin's own, estimated from its history)
  --margin MODEL    re-margin every cell by this model; see risk models

Answer: asOf, spot[], vol[], volUnit, days, smile, spotVolBeta (by coin; spot-vol-beta only), pnlUsd[vol][spot] of the legs (collateral left out), leftOut[] (ids of
legs without a price), and with --margin model, equityUsd (what the rule counts as such), initialMarginUsd and maintenanceMarginUsd,
each [vol][spot]; null in a cell whose book the rule cannot take, and then unsupported, the reason.`,
  options: {
    ...BOOK_OPTIONS,
    spot: { type: 'string' },
    vol: { type: 'string' },
    'vol-unit': { type: 'string' },
    days: { type: 'string' },
    smile: { type: 'string' },
    'spot-vol-beta': { type: 'string' },
    margin: { type: 'string' },
  },
  async run(options, io) {
    const axes = stressAxes(options);
    const model = options.text('margin');
    // A model that does not exist is said before the files are read.
    if (model !== undefined) modelById(model, marginModels);
    const { market, positions } = await readPricedBook(options, io);
    logNotices(positions.notices, io);
    const base = legsValueUsd(positions);
    const figures =
      model !== undefined
        ? {
            model,
            ...marginedGrid(
              positions,
              axes,
              marketRule(market, { model, parameters: {} }, marginModels, rowsBy(market.kernels)),
            ),
          }
        : {
            pnlUsd: axes.vol.map((volShock) =>
              axes.spot.map(
                (spotMove) => legsValueUsd(shiftedBook(positions, { ...axes, spotMove, volShock }, axes.movers)) - base,
              ),
            ),
          };
    const { spot, vol, volUnit, days, smile } = axes;
    const spotVolBeta = smile === 'spot-vol-beta' ? { spotVolBeta: betas(axes, market, positions) } : {};
    const leftOut = positions.unpriced.map(({ leg }) => leg.id);
    io.write(
      jsonText({
        asOf: isoTime(market.snapshot.asOf),
        spot,
        vol,
        volUnit,
        days,
        smile,
        ...spotVolBeta,
        ...figures,
        leftOut,
      }),
    );
  },
};

/** @throws RiskError when the rule cannot take the book as it stands; where it cannot take a moved one, its cell is null. */
function marginedGrid(positions: BookPositions, axes: StressAxes, rule: MarketRule): object {
  const { unsupported } = requirementOf(positions, rule);
  if (unsupported !== null) throw riskError(unsupported);
  const { unsupported: reason, ...grid } = stressGrid(positions, axes, rule);
  return reason === null ? grid : { ...grid, unsupported: reason.message };
}

function stressAxes(options: CommandOptions): StressAxes {
  const spot = options.numbers('spot', [-0.2, -0.1, 0, 0.1, 0.2]);
  if (spot.some((move) => move <= -1 || move > 100)) refuse('spot', 'must hold moves above -1 and at most 100');
  const vol = options.numbers('vol', [-0.25, 0, 0.5]);
  const volUnit = options.choice('vol-unit', ['relative', 'points'], 'relative');
  if (vol.some((shock) => shock > 100 || shock < (volUnit === 'relative' ? -1 : -20))) {
    refuse('vol', `must hold shocks from ${volUnit === 'relative' ? -1 : -20} to 100`);
  }
  if (spot.length * vol.length > MAX_CELLS) refuse('spot', `and --vol make more than ${MAX_CELLS} cells; give fewer`);
  const days = options.number('days', 0);
  if (!(days >= 0 && days <= 3650)) refuse('days', 'must be from 0 to 3650');
  const smile = options.choice('smile', ['sticky-strike', 'sticky-delta', 'spot-vol-beta'], 'sticky-strike');
  const axes: StressAxes = { spot, vol, volUnit, days, smile, movers: 'all' };
  const beta = options.optionalNumber('spot-vol-beta');
  if (beta === undefined) return axes;
  if (smile !== 'spot-vol-beta') refuse('spot-vol-beta', 'goes with --smile spot-vol-beta');
  if (Math.abs(beta) > 10) refuse('spot-vol-beta', 'must be from -10 to 10');
  return { ...axes, spotVolBeta: beta };
}

/** The beta in use for each coin of the book: given, or estimated, with what it is estimated from. */
function betas(axes: StressAxes, market: PreparedMarket, { legs }: BookPositions): object {
  const coins = new Set(legs.map(({ state }) => state.instrument.underlying));
  return Object.fromEntries(
    [...coins].map((coin) => [
      coin,
      axes.spotVolBeta === undefined ? preparedUnderlying(market, coin).spotVolBeta : { beta: axes.spotVolBeta },
    ]),
  );
}
