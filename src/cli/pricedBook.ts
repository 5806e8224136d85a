import { RiskError } from '../engine/domain/failure.ts';
import type { Notice } from '../engine/domain/marketSummary.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import { type BookPositions, bookPositions } from '../engine/scenario/bookPositions.ts';
import { type PreparedMarket, prepareMarket } from '../engine/scenario/preparedMarket.ts';
import type { CommandIo } from './CommandIo.ts';
import type { CommandOptions } from './commandOptions.ts';
import { readMarket, readPortfolio } from './inputFiles.ts';
import { plainText } from './jsonText.ts';

export interface PricedBook {
  readonly market: PreparedMarket;
  readonly portfolio: Portfolio;
  readonly positions: BookPositions;
}

/**
 * The book of `--portfolio` in the market of `--market`. Legs that cannot be priced are named on stderr.
 * @throws RiskError the first leg's failure when no leg at all can be priced.
 */
export async function readPricedBook(options: CommandOptions, io: CommandIo): Promise<PricedBook> {
  const market = prepareMarket(await readMarket(options, io));
  const portfolio = await readPortfolio(options, io);
  const positions = bookPositions(market, portfolio);
  const [unpriced] = positions.unpriced;
  if (unpriced !== undefined && positions.legs.length === 0) {
    const { code, message } = unpriced.failure;
    const index = portfolio.legs.indexOf(unpriced.leg);
    throw new RiskError(code, `No leg can be priced. ${message}`, `/positions/${index}/instrument`);
  }
  return { market, portfolio, positions };
}

export function logNotices(notices: readonly Notice[], io: CommandIo): void {
  for (const { severity, message } of notices) io.log(`${severity}: ${plainText(message)}\n`);
}
