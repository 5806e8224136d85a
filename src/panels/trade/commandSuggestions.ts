import { strategies } from '../../state/strategyTemplates.ts';
import type { CommandContext } from './command.ts';
import { coinNamed, usualExpiry, nearestStrikes, typedDay, typedStrike } from './commandListings.ts';

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
  return [...trades, 'strangle 5', 'cut 10k', 'spot -12 vol +30'];
}

export function nearestCommands(word: string, context: CommandContext): readonly string[] {
  const lines = [
    ...strategies.map(({ title }) => `${title.toLowerCase()} 5`),
    'hedge delta',
    'cut 10k',
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
    'about',
    'verify proxy',
    'more paths',
    '-0.8 perp',
  ];
  const near = lines
    .map((line) => ({ line, distance: distanceTo(line, word) }))
    .filter(({ distance }) => distance <= 2)
    .sort((one, other) => one.distance - other.distance);
  return (near.length > 0 ? near.map(({ line }) => line) : exampleCommands(context)).slice(0, 5);
}

/** 0 when some word of the line starts with what was typed, else the edits from the line's first word. */
export function distanceTo(line: string, typed: string): number {
  const words = line.split(' ');
  if (words.some((word) => word.startsWith(typed))) return 0;
  return editDistance(words[0]!, typed);
}

/** Levenshtein distance of two short words. */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[other.length]!;
}
