import { type Result, success } from '../engine/domain/failure.ts';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import { fileKind } from './fileKind.ts';
import { parseMarketFile } from './marketFile.ts';
import { parsePortfolioCsv } from './portfolioCsv.ts';
import { parsePortfolioFile } from './portfolioFile.ts';

export type AnyFile =
  | { readonly kind: 'market'; readonly market: MarketSnapshot }
  | { readonly kind: 'portfolio'; readonly portfolio: Portfolio };

/** What a file of any of the three kinds holds, or why it is refused. A CSV's portfolio is named after the file. */
export function parseAnyFile(name: string, text: string): Result<AnyFile> {
  const kind = fileKind(name, text);
  if (!kind.ok) return kind;
  if (kind.value === 'market') {
    const market = parseMarketFile(text);
    return market.ok ? success({ kind: 'market', market: market.value }) : market;
  }
  const portfolio =
    kind.value === 'portfolio' ? parsePortfolioFile(text) : parsePortfolioCsv(text, baseName(name) || undefined);
  return portfolio.ok ? success({ kind: 'portfolio', portfolio: portfolio.value }) : portfolio;
}

/** `books/Short strangle.csv` is called "Short strangle". */
function baseName(name: string): string {
  const file = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return file.replace(/\.csv$/i, '').slice(0, 200);
}
