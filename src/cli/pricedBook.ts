import { RiskError } from '../engine/domain/failure.ts';
import { expiryCode } from '../engine/domain/instrument.ts';
import type { Notice } from '../engine/domain/marketSummary.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { SmileEdit } from '../engine/domain/smileEdit.ts';
import { type BookPositions, bookPositions } from '../engine/scenario/bookPositions.ts';
import { editedMarket } from '../engine/scenario/editedMarket.ts';
import { type PreparedMarket, prepareMarket } from '../engine/scenario/preparedMarket.ts';
import type { CommandIo } from './CommandIo.ts';
import type { CommandOptions } from './commandOptions.ts';
import { readMarket, readPortfolio, readSmileEdits } from './inputFiles.ts';
import { plainText } from './jsonText.ts';
import { nodeKernels } from './nodeKernels.ts';

/** Options that `readPricedBook` reads. */
export const BOOK_OPTIONS = {
  market: { type: 'string' },
  portfolio: { type: 'string' },
  'smile-edits': { type: 'string' },
} as const;

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
  const market = bentMarket(
    prepareMarket(await readMarket(options, io), nodeKernels()),
    await readSmileEdits(options, io),
    io,
  );
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

/**
 * The market on edited smiles. An edit that would allow arbitrage goes as far as it may, and that is said.
 * @throws RiskError when an edited expiry has no smile in the market
 */
function bentMarket(market: PreparedMarket, edits: readonly SmileEdit[], io: CommandIo): PreparedMarket {
  if (edits.length === 0) return market;
  edits.forEach(({ underlying, expiry }, i) => {
    if (market.underlyings.get(underlying)?.expiries.get(expiry)?.fit?.svi) return;
    const name = `${underlying} ${expiryCode(expiry)}`;
    throw new RiskError(
      'missing-data',
      `${name} has no smile in this market that could be edited`,
      `/edits/${i}/expiry`,
    );
  });
  const edited = editedMarket(market, edits);
  for (const { message } of edited.stops) io.log(`warning: smile edits stop short. ${plainText(message)}\n`);
  for (const { underlying, expiry, level, skew, wings } of edited.edits)
    io.log(`info: smile of ${underlying} ${expiryCode(expiry)} edited: level ${level}, skew ${skew}, wings ${wings}\n`);
  return edited.market;
}

export function logNotices(notices: readonly Notice[], io: CommandIo): void {
  for (const { severity, message } of notices) io.log(`${severity}: ${plainText(message)}\n`);
}
