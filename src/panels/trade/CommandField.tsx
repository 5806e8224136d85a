import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { useChain } from '../../compute/tasks/useChain.ts';
import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { ChainReport } from '../../engine/domain/riskReport.ts';
import { tradePrice } from '../../state/quotedTrades.ts';
import { useStore } from '../../state/store.ts';
import { decimal, indexPrice, MINUS } from '../../ui/format.ts';
import styles from './CommandField.module.css';
import type { Command, CommandContext } from './command.ts';
import { parseCommand } from './commandParser.ts';
import { commandHint, commandSentence } from './commandSentence.ts';
import { exampleCommands } from './commandSuggestions.ts';
import { runCommand } from './runCommand.ts';
import { useTradeDesk } from './useTradeDesk.ts';

interface Choice {
  readonly text: string;
  /** What it means, beside it. */
  readonly hint?: string;
  /** A command runs; a line is written into the field. */
  readonly command: Command | null;
}

/** One line to type trades, structures and scenarios at. Says before Enter what Enter will do. */
export function CommandField() {
  const context = useCommandContext();
  const [text, setText] = useState('');
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const desk = useTradeDesk();

  const parsed = useMemo(
    () => (context === null || text.trim() === '' ? null : parseCommand(text, context)),
    [text, context],
  );
  const price = useTradePrice(parsed?.ok === true ? parsed.command : null);
  const message = parsed !== null && !parsed.ok ? parsed.message : null;
  const choices: readonly Choice[] = useMemo(() => {
    if (context === null) return [];
    if (parsed === null) {
      const keep: Choice[] = context.hasProposal
        ? [{ text: 'keep', hint: commandSentence({ kind: 'keep' }, context), command: { kind: 'keep' } }]
        : [];
      return [...keep, ...exampleCommands(context).map((line) => lineChoice(line, context))];
    }
    if (parsed.ok) return [{ text: commandSentence(parsed.command, context, price), command: parsed.command }];
    return parsed.nearest.map((line) => lineChoice(line, context));
  }, [context, parsed, price]);
  // A command that is understood is what Enter does; a suggestion has to be chosen first.
  const chosen =
    parsed?.ok === true || (parsed === null && context?.hasProposal === true) ? Math.max(active, 0) : active;

  const write = (line: string) => {
    setText(line);
    setActive(-1);
    setIsOpen(true);
  };
  const run = async (choice: Choice) => {
    if (choice.command === null) {
      write(choice.text);
      input.current?.focus();
      return;
    }
    setIsOpen(false);
    if (await runCommand(choice.command, desk)) {
      setText('');
      setActive(-1);
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setIsOpen(true);
      if (choices.length === 0) return;
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((chosen + step + choices.length + (chosen < 0 && step < 0 ? 1 : 0)) % choices.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const choice = choices[chosen];
      if (choice === undefined) setIsOpen(true);
      else void run(choice);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      setIsOpen(false);
      setActive(-1);
      if (text === '') event.currentTarget.blur();
      else setText('');
    }
  };

  const isShown = isOpen && context !== null && (choices.length > 0 || message !== null);
  return (
    <div className={styles.command}>
      <svg className={styles.icon} viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
        <circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
        <path d="m10.5 10.5 4 4" stroke="currentColor" strokeWidth="1.4" />
      </svg>
      <input
        ref={input}
        className={styles.input}
        role="combobox"
        aria-label="Command"
        aria-expanded={isShown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isShown && chosen >= 0 ? `${listId}-${chosen}` : undefined}
        aria-describedby={message === null ? undefined : `${listId}-message`}
        autoComplete="off"
        spellCheck={false}
        placeholder={`Type a trade: ${context === null ? 'strangle 5' : withTrueMinus(exampleCommands(context)[0] ?? '')}`}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        onFocus={() => setIsOpen(true)}
        onBlur={() => setIsOpen(false)}
        onKeyDown={onKeyDown}
      />
      {text === '' && (
        <kbd className={styles.key} aria-hidden="true">
          /
        </kbd>
      )}
      <div className={styles.popup} hidden={!isShown}>
        <p id={`${listId}-message`} className={styles.message} role="status" hidden={message === null}>
          {message}
        </p>
        {(message !== null || parsed === null) && choices.length > 0 && (
          <p className={styles.head}>{message === null ? 'For example' : 'Nearest'}</p>
        )}
        <ul id={listId} role="listbox" aria-label="What Enter will do" className={styles.list}>
          {choices.map((choice, at) => (
            <li
              key={choice.text}
              id={`${listId}-${at}`}
              role="option"
              aria-selected={at === chosen}
              className={styles.option}
              onPointerDown={(event) => {
                // The field keeps its focus.
                event.preventDefault();
              }}
              onClick={() => void run(choice)}
            >
              <span className={styles.line}>{withTrueMinus(choice.text)}</span>
              {choice.hint !== undefined && <span className={styles.hint}>{choice.hint}</span>}
              {at === chosen && (
                <kbd className={styles.key} aria-hidden="true">
                  Enter
                </kbd>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** A typed line has hyphens; a shown one has minus signs. Both are read. */
function withTrueMinus(line: string): string {
  return line.replace(/(^|\s)-(?=[\d.])/g, `$1${MINUS}`);
}

function lineChoice(line: string, context: CommandContext): Choice {
  const parsed = parseCommand(line, context);
  return parsed.ok
    ? { text: line, hint: commandHint(parsed.command, context), command: null }
    : { text: line, command: null };
}

function useCommandContext(): CommandContext | null {
  const market = useStore((state) => state.market);
  const underlying = useStore((state) => state.underlying);
  const chainExpiry = useStore((state) => state.chainExpiry);
  const hasProposal = useStore((state) => state.proposal !== null);
  const hasPin = useStore((state) => state.pin !== null);
  const hasLegs = useStore((state) => state.book.legs.length > 0);
  const canUndo = useStore((state) => state.canUndo);
  const canRedo = useStore((state) => state.canRedo);
  return useMemo(
    () =>
      market === null ? null : { market, underlying, chainExpiry, hasProposal, hasPin, hasLegs, canUndo, canRedo },
    [market, underlying, chainExpiry, hasProposal, hasPin, hasLegs, canUndo, canRedo],
  );
}

/** Where the typed trade would take place: `at bid 0.0152 BTC`; null while it is not known. */
function useTradePrice(command: Command | null): string | null {
  const parsed = command?.kind === 'trade' ? parseInstrument(command.instrument) : null;
  const contract = parsed?.ok === true ? parsed.value : null;
  const option = contract?.product === 'option' ? contract : null;
  const { value } = useChain(option?.underlying ?? '', option?.expiry ?? null);
  const mark = useStore((state) =>
    contract?.product === 'perpetual'
      ? (state.market?.underlyings.find(({ symbol }) => symbol === contract.underlying)?.perpetualMark ?? null)
      : null,
  );
  if (command?.kind !== 'trade' || contract === null) return null;
  if (option === null) return mark === null ? null : `at mark ${indexPrice(mark)}`;
  const fill = value === null ? null : quoted(value, option, command.quantity);
  if (fill === null) return null;
  const unit = option.settlement === 'coin' ? option.underlying : 'USDC';
  return `at ${fill.kind} ${decimal(fill.price, option.settlement === 'coin' ? 4 : 2)} ${unit}`;
}

function quoted(
  chain: ChainReport,
  option: {
    readonly underlying: string;
    readonly expiry: number;
    readonly strike: number;
    readonly optionType: 'C' | 'P';
  },
  size: number,
) {
  // While a new chain is on its way the last one is still here.
  if (chain.underlying !== option.underlying || chain.expiry !== option.expiry) return null;
  const row = chain.rows.find(({ strike }) => strike === option.strike);
  const side = option.optionType === 'C' ? row?.call : row?.put;
  return side === undefined ? null : tradePrice(side, size);
}
