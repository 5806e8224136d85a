import { parseInstrument } from '../../engine/domain/instrument.ts';
import { strategies } from '../../state/strategyTemplates.ts';
import { dateCode, decimal, instrumentLabel, money, quantity, signedPercent, volFactor } from '../../ui/format.ts';
import type { Command, CommandContext } from './command.ts';
import { coinNamed } from './commandListings.ts';

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
    case 'cut':
      return command.targetUsd === null
        ? 'Show the cheapest margin cut'
        : `Show the cheapest cut that frees ${money(command.targetUsd)} USD of margin`;
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
  about: 'Show the version, and what computes the figures',
  'verify-proxy': 'Set Monte Carlo VaR by proxy beside full revaluation',
  'more-paths': 'Draw more paths for a surer Monte Carlo VaR',
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
