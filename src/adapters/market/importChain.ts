import { type Failure, failed, type Result, success } from '../../engine/domain/failure.ts';
import type { MarketSnapshot, PriceHistory, UnderlyingMarket } from '../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../../engine/domain/units.ts';
import { isoTime } from '../../formats/isoTime.ts';
import { identified } from '../../formats/marketFile.ts';
import { parseDeribitChain, type RecordedChain } from './parseDeribitChain.ts';
import { parsePriceHistoryCsv, parseVolatilityIndexCsv } from './parsePriceHistoryCsv.ts';

/** A file's text and the name that messages call it by. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface ChainImport {
  /** One chain a coin of each capture. */
  readonly chains: readonly NamedText[];
  /** Daily closes of a coin, as CSV. */
  readonly histories?: readonly (NamedText & { readonly symbol: string })[];
  /** Daily volatility index of a coin in percent, as CSV. */
  readonly volatilityIndices?: readonly (NamedText & { readonly symbol: string })[];
}

/** Chains of one capture are read within minutes; further apart, the prices do not belong together. */
const LONGEST_CAPTURE = 3_600_000;

/**
 * One market from recorded chains of several coins and, where given, their histories. As-of is the latest capture; USDC is
 * taken to be worth one dollar, which the chains do not say. A history keeps its own dates, however old; days that had not
 * ended at the capture are left out. Underlyings come in the order of the chains. A failure names the file.
 */
export function importChain(given: ChainImport): Result<MarketSnapshot> {
  const markets = importChains(given);
  if (!markets.ok) return markets;
  const [first] = markets.value;
  const last = markets.value.at(-1);
  if (first === undefined || last === undefined || first === last) return success(first!);
  return failed(
    'bad-value',
    `The chains were captured at ${isoTime(first.asOf)} and ${isoTime(last.asOf)}; import chains of one capture together`,
  );
}

/** The same of chains of several captures: a market each, the earliest first. There is at least one. */
export function importChains({
  chains,
  histories = [],
  volatilityIndices = [],
}: ChainImport): Result<readonly MarketSnapshot[]> {
  if (chains.length === 0) return failed('missing-data', 'No chain is given; name at least one chain file');
  const parsed: NamedChain[] = [];
  for (const file of chains) {
    const chain = parseDeribitChain(file.text);
    if (!chain.ok) return inFile(file, chain.failure);
    parsed.push({ file, chain: chain.value });
  }
  const captures = capturesOf(parsed);
  for (const capture of captures) {
    const symbols = new Set<string>();
    for (const { file, chain } of capture) {
      const { symbol } = chain.underlying;
      if (symbols.has(symbol))
        return failed('bad-value', `${file.name}: a chain of ${symbol} is given already; import one chain a coin`);
      symbols.add(symbol);
    }
  }

  const closes = new Map<string, PriceHistory['closes']>();
  const volatility = new Map<string, PriceHistory['volatilityIndex']>();
  for (const [files, read, into] of [
    [histories, parsePriceHistoryCsv, closes],
    [volatilityIndices, parseVolatilityIndexCsv, volatility],
  ] as const) {
    for (const file of files) {
      if (!parsed.some(({ chain }) => chain.underlying.symbol === file.symbol)) {
        return failed('bad-value', `${file.name}: no chain of ${file.symbol} is given, so its history has no place`);
      }
      if (into.has(file.symbol)) {
        return failed('bad-value', `${file.name}: a history of ${file.symbol} is given already; keep one`);
      }
      const series = read(file.text);
      if (!series.ok) return inFile(file, series.failure);
      into.set(file.symbol, series.value);
    }
  }

  return success(
    captures.map((capture) => {
      const asOf = Math.max(...capture.map(({ chain }) => chain.capturedAt));
      return identified({
        asOf,
        source: { kind: 'recorded', name: 'Deribit' },
        underlyings: capture.map(({ chain: { underlying } }) =>
          withHistory(
            underlying,
            ended(closes.get(underlying.symbol), asOf),
            ended(volatility.get(underlying.symbol), asOf),
          ),
        ),
        stablecoins: [{ asset: 'USDC', priceUsd: 1 }],
      });
    }),
  );
}

interface NamedChain {
  readonly file: NamedText;
  readonly chain: RecordedChain;
}

/** The chains by capture, the earliest first; of one capture in the order in which they are given. */
function capturesOf(chains: readonly NamedChain[]): NamedChain[][] {
  const captures: { readonly from: Timestamp; readonly members: NamedChain[] }[] = [];
  for (const named of [...chains].sort((one, other) => one.chain.capturedAt - other.chain.capturedAt)) {
    const last = captures.at(-1);
    const { capturedAt } = named.chain;
    if (last !== undefined && capturedAt - last.from <= LONGEST_CAPTURE) last.members.push(named);
    else captures.push({ from: capturedAt, members: [named] });
  }
  return captures.map(({ members }) => members.sort((one, other) => chains.indexOf(one) - chains.indexOf(other)));
}

/** The days that had ended by an instant. */
function ended(series: PriceHistory['closes'] | undefined, asOf: Timestamp): PriceHistory['closes'] | undefined {
  return series?.filter(([day]) => day + MILLISECONDS_PER_DAY <= asOf);
}

function withHistory(
  underlying: UnderlyingMarket,
  closes: PriceHistory['closes'] | undefined,
  volatilityIndex: PriceHistory['volatilityIndex'] | undefined,
): UnderlyingMarket {
  if (closes === undefined && volatilityIndex === undefined) return underlying;
  return {
    ...underlying,
    history: { intervalDays: 1, closes: closes ?? [], volatilityIndex: volatilityIndex ?? [] },
  };
}

function inFile(file: NamedText, failure: Failure): { ok: false; failure: Failure } {
  return { ok: false, failure: { ...failure, message: `${file.name}: ${failure.message}` } };
}
