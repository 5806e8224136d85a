import type { ChainImport, NamedText } from '../adapters/market/importChain.ts';
import { type PriceSeriesName, priceSeriesName } from '../adapters/market/priceSeriesName.ts';
import { RiskError } from '../engine/domain/failure.ts';
import { excerpt } from '../formats/jsonDocument.ts';
import type { CommandIo } from './CommandIo.ts';
import { type CommandOptions, refuse } from './commandOptions.ts';
import { readText } from './inputFiles.ts';

type SymbolText = NamedText & { readonly symbol: string };

export const CHAIN_OPTIONS = {
  history: { type: 'string', multiple: true },
  'volatility-index': { type: 'string', multiple: true },
} as const;

/** How chains and histories are given, for the help of a verb. */
export const chainHelp = (
  captures: string,
): string => `  FILE...                      chains as JSON, one a coin, ${captures}; and, by their names, daily histories as CSV:
                               btc-usd-daily.csv is a history of BTC, btc-dvol-daily.csv its volatility index in percent
  --history SYMBOL=F           daily closes of a coin, CSV with the columns date and close; may be repeated
  --volatility-index SYMBOL=F  daily volatility index in percent, same form; may be repeated`;

/** The chains and histories that a call names. */
export async function readChains(options: CommandOptions, io: CommandIo): Promise<ChainImport> {
  const chains: NamedText[] = [];
  const histories = await namedSeries('history', options.texts('history'), io);
  const volatilityIndices = await namedSeries('volatility-index', options.texts('volatility-index'), io);
  for (const name of options.files) {
    const text = await readText(name, io);
    if (/\.csv$/i.test(name)) {
      const { symbol, kind } = seriesOf(name);
      (kind === 'volatility-index' ? volatilityIndices : histories).push({ name, text, symbol });
    } else chains.push({ name, text });
  }
  return { chains, histories, volatilityIndices };
}

async function namedSeries(option: string, pairs: readonly string[], io: CommandIo): Promise<SymbolText[]> {
  const found: SymbolText[] = [];
  for (const pair of pairs) {
    const match = /^([A-Za-z][A-Za-z0-9]{0,15})=(.+)$/.exec(pair);
    if (!match) return refuse(option, `is "${excerpt(pair)}"; write a coin and a file, like BTC=btc-usd-daily.csv`);
    const [, symbol, name] = match as unknown as [string, string, string];
    found.push({ symbol: symbol.toUpperCase(), name, text: await readText(name, io) });
  }
  return found;
}

function seriesOf(path: string): PriceSeriesName {
  const series = priceSeriesName(path);
  if (series !== null) return series;
  throw new RiskError('bad-value', `${path} does not begin with a coin's symbol; give it as --history BTC=${path}`, '');
}
