import { instrumentName, type Instrument } from '../../engine/domain/instrument.ts';
import type { VolShockUnit } from '../../engine/domain/scenario.ts';
import { strategies } from '../../state/strategyTemplates.ts';
import { dateCode, MINUS, NBSP, strikeLabel } from '../../ui/format.ts';
import { type CommandContext, type ParsedCommand, type Refusal, refused, accepted } from './command.ts';
import {
  coinNamed,
  symbols,
  listedDays,
  refusedExpiry,
  resolvedExpiry,
  usualExpiry,
  nearestStrikes,
  typedDay,
  typedStrike,
} from './commandListings.ts';
import { exampleCommands, nearestCommands } from './commandSuggestions.ts';
import {
  takenWord,
  takenInstrument,
  takenCoin,
  takenExpiry,
  takenOption,
  takenQuantity,
  signedSize,
  parsedAmount,
} from './commandWords.ts';

const MAX_LENGTH = 120;
const MAX_QUANTITY = 1e9;
/** An inverse contract's quantity below this many units is read as coin, from there on as USD notional. */
const USD_FROM = 1000;

/**
 * The command that a line denotes. Trades: `-10 jun 100k p`, `eth -5 27jun 3200 c`, `-0.8 perp`, `btc perp -30000`, or a full
 * instrument name with a quantity. Structures: `strangle 5`. Scenario: `spot -12 vol +30`. Words: `hedge delta`, `undo`,
 * `redo`, `keep`, `drop`, `clear pin`, `clear book`, `cut 10k`, `coin eth`, `expiry 27jun`, `unit coin`, `about`,
 * `verify proxy`, `more paths`.
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
    case 'about':
      return accepted({ kind: 'about' });
    case 'verify':
    case 'verify proxy':
      return context.hasLegs
        ? accepted({ kind: 'verify-proxy' })
        : refused('The book has no legs, so there is no proxy to verify');
    case 'more paths':
      return accepted({ kind: 'more-paths' });
  }
  if (words[0] === 'hedge') {
    const rest = words.slice(1).filter((word) => word !== 'delta' && word !== 'δ');
    const coin = rest.length === 0 ? coinNamed(context, context.underlying) : coinNamed(context, rest[0]!);
    if (coin === undefined || rest.length > 1)
      return refused(`"${rest.join(' ')}" is not a coin of this market. Coins: ${symbols(context)}`, ['hedge delta']);
    return accepted({ kind: 'hedge-delta', underlying: coin.symbol });
  }
  if (words[0] === 'cut') {
    const rest = words.slice(1).filter((word) => word !== 'margin' && word !== 'im' && word !== 'usd');
    const target = rest[0] === undefined ? null : parsedAmount(rest[0]);
    if (rest.length > 1 || (rest.length === 1 && (target === null || !(target > 0))))
      return refused('A cut names the margin to be freed, in USD, like cut 10k', ['cut 10k', 'cut']);
    return accepted({ kind: 'cut', targetUsd: target });
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
