import { instrumentName, type Instrument, type OptionType, parseInstrument } from '../../engine/domain/instrument.ts';
import type { ExpirySummary, MarketSummary, UnderlyingSummary } from '../../engine/domain/marketSummary.ts';
import type { VolShockUnit } from '../../engine/domain/scenario.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import {
  dateCode,
  decimal,
  instrumentLabel,
  MINUS,
  NBSP,
  quantity,
  signedPercent,
  strikeLabel,
  volFactor,
} from '../../ui/format.ts';
import { strategies, type StrategyId } from '../../state/strategyTemplates.ts';

/** What a typed line asks for. */
export type Command =
  | { readonly kind: 'trade'; readonly instrument: string; readonly quantity: number }
  | { readonly kind: 'hedge-delta'; readonly underlying: string }
  | {
      readonly kind: 'strategy';
      readonly strategy: StrategyId;
      readonly size: number | null;
      readonly underlying: string;
      readonly expiry: Timestamp;
    }
  | { readonly kind: 'pin'; readonly spotMove: number; readonly volShock: number; readonly volUnit: VolShockUnit }
  | { readonly kind: 'coin'; readonly underlying: string }
  | { readonly kind: 'expiry'; readonly expiry: Timestamp }
  | { readonly kind: 'unit'; readonly unit: 'usd' | 'coin' }
  | { readonly kind: 'undo' | 'redo' | 'keep' | 'drop' | 'clear-pin' | 'clear-book' };

/** What a line is read against. */
export interface CommandContext {
  readonly market: MarketSummary;
  /** The selected coin and the expiry that the chain shows. */
  readonly underlying: string;
  readonly chainExpiry: Timestamp | null;
  readonly hasProposal: boolean;
  readonly hasPin: boolean;
  readonly hasLegs: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  | {
      readonly ok: false;
      /** Why the line is no command, and what to do. */
      readonly message: string;
      /** Whole lines that would be commands, nearest first. */
      readonly nearest: readonly string[];
    };

const MAX_LENGTH = 120;
const MAX_QUANTITY = 1e9;
/** An inverse contract's quantity below this many units is read as coin, from there on as USD notional. */
const USD_FROM = 1000;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

type Refusal = Extract<ParsedCommand, { ok: false }>;

function refused(message: string, nearest: readonly string[] = []): Refusal {
  return { ok: false, message, nearest };
}

function accepted(command: Command): ParsedCommand {
  return { ok: true, command };
}

/**
 * The command that a line denotes. Trades: `-10 jun 100k p`, `eth -5 27jun 3200 c`, `-0.8 perp`, `btc perp -30000`, or a full
 * instrument name with a quantity. Structures: `strangle 5`. Scenario: `spot -12 vol +30`. Words: `hedge delta`, `undo`,
 * `redo`, `keep`, `drop`, `clear pin`, `clear book`, `coin eth`, `expiry 27jun`, `unit coin`.
 */
export function parseCommand(text: string, context: CommandContext): ParsedCommand {
  if (text.length > MAX_LENGTH) return refused(`A command has at most ${MAX_LENGTH} characters`);
  const words = text
    .trim()
    .toLowerCase()
    .replace(/[−–]/g, '-')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'x' && word !== '×' && word !== 'of');
  const first = words[0];
  if (first === undefined) return refused('Type a trade, a structure or a scenario', exampleCommands(context));
  return (
    parseWord(words, context) ??
    parseScenario(words) ??
    parseStructure(words, context) ??
    parseTrade(words, context) ??
    refused(`"${text.trim()}" is not a command`, nearestCommands(first, context))
  );
}

function parseWord(words: readonly string[], context: CommandContext): ParsedCommand | null {
  const line = words.join(' ');
  switch (line) {
    case 'undo':
      return context.canUndo ? accepted({ kind: 'undo' }) : refused('There is nothing to undo');
    case 'redo':
      return context.canRedo ? accepted({ kind: 'redo' }) : refused('There is nothing to redo');
    case 'keep':
      return context.hasProposal
        ? accepted({ kind: 'keep' })
        : refused('Nothing is proposed, so there is nothing to keep');
    case 'drop':
      return context.hasProposal
        ? accepted({ kind: 'drop' })
        : refused('Nothing is proposed, so there is nothing to drop');
    case 'clear pin':
    case 'unpin':
      return context.hasPin ? accepted({ kind: 'clear-pin' }) : refused('Nothing is pinned');
    case 'clear book':
    case 'clear':
      return context.hasLegs ? accepted({ kind: 'clear-book' }) : refused('The book has no legs');
    case 'unit usd':
      return accepted({ kind: 'unit', unit: 'usd' });
    case 'unit coin':
      return accepted({ kind: 'unit', unit: 'coin' });
  }
  if (words[0] === 'hedge') {
    const rest = words.slice(1).filter((word) => word !== 'delta' && word !== 'δ');
    const coin = rest.length === 0 ? coinNamed(context, context.underlying) : coinNamed(context, rest[0]!);
    if (coin === undefined || rest.length > 1)
      return refused(`"${rest.join(' ')}" is not a coin of this market. Coins: ${symbols(context)}`, ['hedge delta']);
    return accepted({ kind: 'hedge-delta', underlying: coin.symbol });
  }
  if (words[0] === 'coin' && words.length <= 2) {
    const coin = words[1] === undefined ? undefined : coinNamed(context, words[1]);
    return coin === undefined
      ? refused(
          `Which coin? This market has ${symbols(context)}`,
          context.market.underlyings.map(({ symbol }) => `coin ${symbol.toLowerCase()}`),
        )
      : accepted({ kind: 'coin', underlying: coin.symbol });
  }
  if (words[0] === 'expiry') {
    const coin = coinNamed(context, context.underlying);
    const day = takenExpiry(words.slice(1), coin);
    if (coin === undefined) return refused('No coin is selected');
    const found = day === null ? refusedExpiry(coin, '', context) : resolvedExpiry(coin, day, context);
    return 'expiry' in found ? accepted({ kind: 'expiry', expiry: found.expiry }) : found;
  }
  return null;
}

/** `spot -12 vol +30`: percent, vol relative; `vol x1.3` as a factor, `vol +5pts` in points. Either part may be missing. */
function parseScenario(words: readonly string[]): ParsedCommand | null {
  if (words[0] !== 'spot' && words[0] !== 'vol' && words[0] !== 'iv') return null;
  let spotMove = 0;
  let volShock = 0;
  let volUnit: VolShockUnit = 'relative';
  for (let at = 0; at < words.length; at += 2) {
    const [word, amount] = [words[at], words[at + 1]];
    const example = ['spot -12 vol +30', 'spot -10', 'vol x1.25', 'vol +5pts'];
    if (amount === undefined) return refused(`"${word}" needs an amount, like spot -12 vol +30`, example);
    const factor = /^[x×](\d*\.?\d+)$/.exec(amount);
    const points = /^([+-]?\d*\.?\d+)(?:pts?|points?)$/.exec(amount);
    const share = /^([+-]?\d*\.?\d+)%?$/.exec(amount);
    const isVol = word === 'vol' || word === 'iv';
    if (word === 'spot' && share) spotMove = Number(share[1]) / 100;
    else if (isVol && factor) volShock = Number(factor[1]) - 1;
    else if (isVol && points) [volShock, volUnit] = [Number(points[1]) / 100, 'points'];
    else if (isVol && share) volShock = Number(share[1]) / 100;
    else return refused(`"${word} ${amount}" is not a move. Write it like spot -12 vol +30`, example);
  }
  if (!(spotMove > -1) || spotMove > 9)
    return refused(`A spot move lies above ${MINUS}100${NBSP}% and at most 900${NBSP}%`);
  if (volUnit === 'relative' && !(volShock > -1))
    return refused(`A vol shock lies above ${MINUS}100${NBSP}%: ×1.3 is +30, ×0.8 is ${MINUS}20`);
  if (Math.abs(volShock) > 9) return refused('A vol shock is at most 900');
  const rounded = (x: number) => Number(x.toPrecision(12)) + 0;
  return accepted({ kind: 'pin', spotMove: rounded(spotMove), volShock: rounded(volShock), volUnit });
}

/** `strangle`, `condor 5`, `bull put 2 27jun`, `eth straddle`. */
function parseStructure(words: readonly string[], context: CommandContext): ParsedCommand | null {
  const rest = [...words];
  const coin = takenCoin(rest, context) ?? coinNamed(context, context.underlying);
  const strategy = strategies.find(({ title }) => {
    const name = title.toLowerCase().split(' ');
    return name.every((word, at) => rest[at] === word) || rest[0] === name.join('-');
  });
  if (strategy === undefined) return null;
  rest.splice(0, rest[0]!.includes('-') ? 1 : strategy.title.split(' ').length);
  const name = strategy.title.toLowerCase();
  if (coin === undefined) return refused('No coin is selected');
  const day = takenExpiry(rest, coin);
  const found = day === null ? usualExpiry(coin, context) : resolvedExpiry(coin, day, context);
  if (!('expiry' in found)) return found;
  const sizeText = rest.shift();
  const size = sizeText === undefined ? null : parsedAmount(sizeText.replace(/^\+/, ''));
  if (rest.length > 0 || (sizeText !== undefined && (size === null || !(size > 0) || size > MAX_QUANTITY)))
    return refused(`${strategy.title} takes a size above zero and an expiry, like ${name} 5 27jun`, [
      name,
      `${name} 5`,
    ]);
  return accepted({ kind: 'strategy', strategy: strategy.id, size, underlying: coin.symbol, expiry: found.expiry });
}

function parseTrade(words: readonly string[], context: CommandContext): ParsedCommand | null {
  const rest = [...words];
  const named = takenInstrument(rest);
  const side = takenWord(rest, (word) => (/^(sell|short)$/.test(word) ? -1 : /^(buy|long)$/.test(word) ? 1 : null));
  const inUsd = takenWord(rest, (word) => (/^(usd|\$)$/.test(word) ? true : null)) ?? false;
  if (named !== null) {
    const size = takenQuantity(rest, true);
    if (rest.length > 0) return refused(`"${rest.join(' ')}" is not understood after ${named.name}`);
    if (size === null) return refused(`How many? Write ${named.name} -1`, [`${named.name} -1`, `${named.name} +1`]);
    const problem = notListed(named, context);
    return problem ?? sizedTrade(named, signedSize(size, side), inUsd, context);
  }
  const coin = takenCoin(rest, context) ?? coinNamed(context, context.underlying);
  const isPerpetual = takenWord(rest, (word) => (/^(perp|perpetual|perps)$/.test(word) ? true : null)) ?? false;
  const isFuture = takenWord(rest, (word) => (/^(fut|future)$/.test(word) ? true : null)) ?? false;
  const day = takenExpiry(rest, coin);
  const option = takenOption(rest, isPerpetual || isFuture);
  const size = takenQuantity(rest, true);
  const looksLikeTrade = size !== null || option !== null || isPerpetual || isFuture || side !== null || day !== null;
  if (!looksLikeTrade || coin === undefined) return null;
  if (rest.length > 0) return refused(`"${rest.join(' ')}" is not understood`, nearestCommands(words[0]!, context));

  if (isPerpetual) {
    if (coin.perpetualMark === null) return refused(`${coin.symbol} has no perpetual in this market`);
    if (size === null) return refused('How many? Write it like -0.8 perp or perp -30000', ['-0.8 perp', 'perp -30000']);
    const contract = { product: 'perpetual', underlying: coin.symbol, settlement: coin.settlement } as const;
    return sizedTrade({ ...contract, name: instrumentName(contract) }, signedSize(size, side), inUsd, context);
  }
  const found = day === null ? usualExpiry(coin, context) : resolvedExpiry(coin, day, context);
  if (!('expiry' in found)) return found;
  if (isFuture) {
    if (size === null) return refused('How many? Write it like -0.8 27jun fut', ['-0.8 27jun fut']);
    const contract = {
      product: 'future',
      underlying: coin.symbol,
      settlement: coin.settlement,
      expiry: found.expiry,
    } as const;
    return sizedTrade({ ...contract, name: instrumentName(contract) }, signedSize(size, side), inUsd, context);
  }
  const when = dateCode(found.expiry, context.market.asOf);
  const start = `${size === null ? '-1' : size.value} ${typedDay(found.expiry)}`;
  const nearMoney = nearestStrikes(found.strikes, found.forward).map(typedStrike);
  if (option === null || option.strike === null)
    return refused(
      `Which strike of ${when}? Add one, like ${nearMoney[0]}`,
      nearMoney.map((strike) => `${start} ${strike} ${option?.type?.toLowerCase() ?? 'p'}`),
    );
  const strike = found.strikes.find((listed) => listed === option.strike || listed === option.strike! * 1000);
  if (strike === undefined) {
    const near = nearestStrikes(found.strikes, option.strike);
    return refused(
      `Strike ${strikeLabel(option.strike)} is not listed for ${when}. Nearest: ${near.map(strikeLabel).join(', ')}`,
      near.map((listed) => `${start} ${typedStrike(listed)} ${option.type?.toLowerCase() ?? 'p'}`),
    );
  }
  if (option.type === null) {
    const line = `${start} ${typedStrike(strike)}`;
    return refused('Put or call? Add p or c', [`${line} p`, `${line} c`]);
  }
  if (size === null) {
    const line = `${typedDay(found.expiry)} ${typedStrike(strike)} ${option.type.toLowerCase()}`;
    return refused('How many? Start with a signed quantity, like -1', [`-1 ${line}`, `+1 ${line}`]);
  }
  const contract = {
    product: 'option',
    underlying: coin.symbol,
    settlement: coin.settlement,
    expiry: found.expiry,
    strike,
    optionType: option.type,
  } as const;
  return sizedTrade({ ...contract, name: instrumentName(contract) }, signedSize(size, side), inUsd, context);
}

function sizedTrade(instrument: Instrument, size: number, inUsd: boolean, context: CommandContext): ParsedCommand {
  let units = size;
  if (instrument.product !== 'option') {
    const coin = coinNamed(context, instrument.underlying);
    const isInverse = instrument.settlement === 'coin';
    const mark = (instrument.product === 'perpetual' ? coin?.perpetualMark : coin?.index) ?? 0;
    if (isInverse && !inUsd && Math.abs(size) < USD_FROM) units = Math.round((size * mark) / 10) * 10;
    else if (!isInverse && inUsd) units = mark > 0 ? Number((size / mark).toPrecision(6)) : 0;
  } else if (inUsd) return refused('An option is sized in coin. Leave out usd');
  if (units === 0) return refused('The quantity is zero. Write it like -1 or +2');
  if (Math.abs(units) > MAX_QUANTITY) return refused('The quantity is at most 1,000,000,000');
  return accepted({ kind: 'trade', instrument: instrument.name, quantity: units });
}

function notListed(instrument: Instrument, context: CommandContext): Refusal | null {
  const coin = coinNamed(context, instrument.underlying);
  if (coin === undefined) return refused(`${instrument.underlying} is not in this market. Coins: ${symbols(context)}`);
  if (instrument.product === 'perpetual')
    return coin.perpetualMark === null ? refused(`${coin.symbol} has no perpetual in this market`) : null;
  const listed = coin.expiries.find((candidate) => candidate.expiry === instrument.expiry);
  const when = dateCode(instrument.expiry, context.market.asOf);
  if (listed === undefined)
    return instrument.expiry <= context.market.asOf
      ? refused(`${instrument.name} has expired`)
      : refused(`${coin.symbol} has no expiry on ${when}. Listed: ${listedDays(coin, context)}`);
  if (instrument.product === 'future' || listed.strikes.includes(instrument.strike)) return null;
  const near = nearestStrikes(listed.strikes, instrument.strike);
  return refused(
    `Strike ${strikeLabel(instrument.strike)} is not listed for ${when}. Nearest: ${near.map(strikeLabel).join(', ')}`,
  );
}

// ---- words taken out of the line -------------------------------------------------------------------------------------

function takenWord<T>(words: string[], meaning: (word: string) => T | null): T | null {
  for (const [at, word] of words.entries()) {
    const value = meaning(word);
    if (value !== null) {
      words.splice(at, 1);
      return value;
    }
  }
  return null;
}

function takenInstrument(words: string[]): Instrument | null {
  return takenWord(words, (word) => {
    if (!/^[a-z]/.test(word) || !word.includes('-')) return null;
    const parsed = parseInstrument(word);
    return parsed.ok ? parsed.value : null;
  });
}

function takenCoin(words: string[], context: CommandContext): UnderlyingSummary | null {
  return takenWord(words, (word) => coinNamed(context, word) ?? null);
}

interface Day {
  readonly day: number | null;
  readonly month: number;
  readonly year: number | null;
  readonly text: string;
}

/**
 * `27jun`, `27 jun`, `jun`, `27jun25`, `27 jun 2025`. A number apart before the month is its day, unless it is the line's only
 * candidate for the quantity and no such day is listed (`5 dec` as five of December).
 */
function takenExpiry(words: string[], coin: UnderlyingSummary | undefined): Day | null {
  const at = words.findIndex((word) =>
    /^(\d{1,2})?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(\d{2}|\d{4})?$/.test(word),
  );
  if (at < 0) return null;
  const [, day, month, year] = /^(\d{1,2})?([a-z]{3})[a-z]*(\d{2}|\d{4})?$/.exec(words[at]!) ?? [];
  const number = day === undefined && /^\d{1,2}$/.test(words[at - 1] ?? '') ? words[at - 1] : undefined;
  const isSizedElsewhere = words.some((word, i) => /^[+-]/.test(word) || (i < at - 1 && /^\d/.test(word)));
  const isListed = (coin?.expiries ?? []).some(({ expiry }) => {
    const date = new Date(expiry);
    return date.getUTCDate() === Number(number) && date.getUTCMonth() === MONTHS.indexOf(month!);
  });
  const before = isSizedElsewhere || isListed ? number : undefined;
  const after = year === undefined && /^20\d{2}$/.test(words[at + 1] ?? '') ? words[at + 1] : undefined;
  const from = before === undefined ? at : at - 1;
  const taken = words.splice(from, 1 + (before === undefined ? 0 : 1) + (after === undefined ? 0 : 1));
  const dayText = day ?? before;
  const yearText = year ?? after;
  return {
    day: dayText === undefined ? null : Number(dayText),
    month: MONTHS.indexOf(month!),
    year: yearText === undefined ? null : Number(yearText) % 100,
    text: taken.join(' ').toUpperCase(),
  };
}

/** The strike and type of an option: `100k p`, `100kp`, `3200 call`. A lone plain number is left to be the quantity. */
function takenOption(words: string[], isOther: boolean): { strike: number | null; type: OptionType | null } | null {
  if (isOther) return null;
  let type = takenWord(words, (word): OptionType | null =>
    /^(c|calls?)$/.test(word) ? 'C' : /^(p|puts?)$/.test(word) ? 'P' : null,
  );
  const numbers = words.flatMap((word, at) => (/^\d/.test(word) ? [at] : []));
  const isSized = words.some((word) => /^[+-]/.test(word));
  const attached = words.findIndex((word) => /^\d[\d.,d]*k?[cp]$/.test(word));
  // The strike is written last; without a sign the first of two numbers is the quantity.
  const at = attached >= 0 ? attached : isSized || numbers.length > 1 || type !== null ? (numbers.at(-1) ?? -1) : -1;
  if (at < 0) return type === null ? null : { strike: null, type };
  const [word] = words.splice(at, 1);
  const ending = word!.at(-1);
  if (attached >= 0) type = ending === 'c' ? 'C' : 'P';
  const text = attached >= 0 ? word!.slice(0, -1) : word!;
  return { strike: parsedAmount(text.replace(/(\d)d(\d)/, '$1.$2')), type };
}

interface Size {
  readonly value: number;
  readonly isSigned: boolean;
}

function takenQuantity(words: string[], allowUnsigned: boolean): Size | null {
  const at = words.findIndex((word) => /^[+-]\.?\d/.test(word));
  const from = at >= 0 || !allowUnsigned ? at : words.findIndex((word) => /^\.?\d/.test(word));
  if (from < 0) return null;
  const value = parsedAmount(words[from]!);
  if (value === null) return null;
  words.splice(from, 1);
  return { value, isSigned: at >= 0 };
}

function signedSize({ value }: Size, side: -1 | 1 | null): number {
  return side === null ? value : side * Math.abs(value);
}

/** `12`, `-0.8`, `30k`, `1,000`, `1.5m`. */
function parsedAmount(text: string): number | null {
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?([km])?$/.exec(text);
  if (match === null || ((match[2] ?? '') === '' && match[3] === undefined)) return null;
  const [, sign, whole = '', fraction = '', suffix] = match;
  const value =
    Number(`${whole.replaceAll(',', '') || '0'}${fraction}`) * (suffix === 'k' ? 1e3 : suffix === 'm' ? 1e6 : 1);
  const clean = Number(value.toPrecision(12));
  return sign === '-' ? -clean : clean;
}

// ---- what the market lists -------------------------------------------------------------------------------------------

function coinNamed(context: CommandContext, symbol: string): UnderlyingSummary | undefined {
  return context.market.underlyings.find((coin) => coin.symbol.toLowerCase() === symbol.toLowerCase());
}

function symbols(context: CommandContext): string {
  return context.market.underlyings.map(({ symbol }) => symbol).join(', ');
}

function listedDays(coin: UnderlyingSummary, context: CommandContext): string {
  return coin.expiries.map(({ expiry }) => dateCode(expiry, context.market.asOf)).join(', ');
}

function refusedExpiry(coin: UnderlyingSummary, text: string, context: CommandContext): Refusal {
  const what = text === '' ? 'Which expiry?' : `${coin.symbol} has no expiry in ${text}.`;
  return refused(
    `${what} Listed: ${listedDays(coin, context)}`,
    coin.expiries.slice(0, 4).map(({ expiry }) => `expiry ${typedDay(expiry)}`),
  );
}

/** The listed expiry that a written day means; a month alone means its last one, which is the most traded. */
function resolvedExpiry(coin: UnderlyingSummary, day: Day, context: CommandContext): ExpirySummary | Refusal {
  const matching = coin.expiries.filter(({ expiry }) => {
    const date = new Date(expiry);
    return (
      date.getUTCMonth() === day.month &&
      (day.day === null || date.getUTCDate() === day.day) &&
      (day.year === null || date.getUTCFullYear() % 100 === day.year)
    );
  });
  const firstYear = matching[0] && new Date(matching[0].expiry).getUTCFullYear();
  const found = matching.filter(({ expiry }) => new Date(expiry).getUTCFullYear() === firstYear).at(-1);
  return found ?? refusedExpiry(coin, day.text, context);
}

/** The expiry that the chain shows, when the coin lists it; else its nearest one. */
function usualExpiry(coin: UnderlyingSummary, context: CommandContext): ExpirySummary | Refusal {
  const wanted = context.chainExpiry ?? context.market.asOf;
  const nearest = [...coin.expiries].sort(
    (one, other) => Math.abs(one.expiry - wanted) - Math.abs(other.expiry - wanted) || one.expiry - other.expiry,
  )[0];
  return nearest ?? refused(`${coin.symbol} has no expiry in this market`);
}

/** The listed strikes around a number: the one below and the one above, nearest first where only one side exists. */
function nearestStrikes(strikes: readonly number[], near: number): readonly number[] {
  const below = strikes.filter((strike) => strike <= near);
  const above = strikes.filter((strike) => strike > near);
  if (below.length === 0) return above.slice(0, 2);
  if (above.length === 0) return below.slice(-2);
  return [below.at(-1)!, above[0]!];
}

function typedDay(expiry: Timestamp): string {
  const date = new Date(expiry);
  return `${date.getUTCDate()}${MONTHS[date.getUTCMonth()]}`;
}

function typedStrike(strike: number): string {
  return strike >= 10_000 && strike % 100 === 0 ? `${strike / 1000}k` : String(strike);
}

// ---- suggestions -----------------------------------------------------------------------------------------------------

/** Lines that work here and now, one of each kind. */
export function exampleCommands(context: CommandContext): readonly string[] {
  const coin = coinNamed(context, context.underlying);
  const expiry = coin && usualExpiry(coin, context);
  const trades: string[] = [];
  if (expiry !== undefined && 'expiry' in expiry) {
    const [below, above] = nearestStrikes(expiry.strikes, expiry.forward).map(typedStrike);
    if (below !== undefined) trades.push(`-5 ${typedDay(expiry.expiry)} ${below} p`);
    if (above !== undefined) trades.push(`+2 ${typedDay(expiry.expiry)} ${above} c`);
  }
  if (coin?.perpetualMark != null) trades.push('-0.8 perp', 'hedge delta');
  return [...trades, 'strangle 5', 'spot -12 vol +30'];
}

function nearestCommands(word: string, context: CommandContext): readonly string[] {
  const lines = [
    ...strategies.map(({ title }) => `${title.toLowerCase()} 5`),
    'hedge delta',
    'spot -12 vol +30',
    'vol x1.25',
    'undo',
    'redo',
    'keep',
    'drop',
    'clear pin',
    'clear book',
    ...context.market.underlyings.map(({ symbol }) => `coin ${symbol.toLowerCase()}`),
    'expiry',
    'unit usd',
    'unit coin',
    '-0.8 perp',
  ];
  const near = lines
    .map((line) => ({ line, distance: distanceTo(line, word) }))
    .filter(({ distance }) => distance <= 2)
    .sort((one, other) => one.distance - other.distance);
  return (near.length > 0 ? near.map(({ line }) => line) : exampleCommands(context)).slice(0, 5);
}

/** 0 when some word of the line starts with what was typed, else the edits from the line's first word. */
function distanceTo(line: string, typed: string): number {
  const words = line.split(' ');
  if (words.some((word) => word.startsWith(typed))) return 0;
  return editDistance(words[0]!, typed);
}

/** Levenshtein distance of two short words. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[other.length]!;
}

// ---- what will happen ------------------------------------------------------------------------------------------------

/** What Enter will do, as a sentence without its full stop. `price` completes a trade: "at bid 0.0152 BTC". */
export function commandSentence(command: Command, context: CommandContext, price: string | null = null): string {
  const { asOf } = context.market;
  switch (command.kind) {
    case 'trade': {
      const verb = command.quantity < 0 ? 'Sell' : 'Buy';
      return `Propose: ${verb.toLowerCase()} ${contractSize(command, context)}${price === null ? '' : ` ${price}`}`;
    }
    case 'hedge-delta':
      return `Propose the hedge that brings the ${command.underlying} delta to zero`;
    case 'strategy': {
      const { title } = strategies.find(({ id }) => id === command.strategy)!;
      const size = command.size === null ? '' : ` of ${decimalSize(command.size)}`;
      return `Propose: ${title.toLowerCase()}${size}, ${command.underlying} ${dateCode(command.expiry, asOf)}, strikes by delta`;
    }
    case 'pin': {
      const vol =
        command.volUnit === 'points'
          ? `IV ${quantity(Number((command.volShock * 100).toPrecision(12)))} pts`
          : `IV ${volFactor(command.volShock)}`;
      return `Pin the scenario spot ${signedPercent(command.spotMove, 0)}, ${vol}`;
    }
    case 'coin':
      return `Select ${command.underlying}`;
    case 'expiry':
      return `Show the chain of ${dateCode(command.expiry, asOf)}`;
    case 'unit':
      return command.unit === 'usd' ? 'Show money in USD' : 'Show money in the selected coin';
    default:
      return SENTENCES[command.kind];
  }
}

/** The same in few words, beside a line that is offered. */
export function commandHint(command: Command, context: CommandContext): string {
  const sentence = commandSentence(command, context).replace(/^Propose:? /, '');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

const SENTENCES = {
  undo: 'Undo the last edit',
  redo: 'Redo the edit undone last',
  keep: 'Keep what is proposed',
  drop: 'Drop what is proposed',
  'clear-pin': 'Clear the pinned scenario',
  'clear-book': 'Remove all legs; undo brings them back',
} as const;

/** `10 × BTC 27 JUN 100k P`, `83,200 USD (0.8 BTC) of BTC perpetual`. */
function contractSize(
  command: { readonly instrument: string; readonly quantity: number },
  context: CommandContext,
): string {
  const label = instrumentLabel(command.instrument, context.market.asOf);
  const size = Math.abs(command.quantity);
  const parsed = parseInstrument(command.instrument);
  if (!parsed.ok || parsed.value.product === 'option') return `${decimalSize(size)} × ${label}`;
  const coin = coinNamed(context, parsed.value.underlying);
  if (parsed.value.settlement !== 'coin') return `${decimalSize(size)} ${parsed.value.underlying} of ${label}`;
  const mark = coin?.perpetualMark ?? coin?.index;
  const inCoin = mark ? ` (${decimal(size / mark, 3)} ${parsed.value.underlying})` : '';
  return `${decimalSize(size)} USD${inCoin} of ${label}`;
}

function decimalSize(size: number): string {
  return quantity(size).replace('+', '');
}
