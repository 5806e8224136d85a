import { describe, expect, it } from 'vitest';
import type { CommandContext } from './command.ts';
import { parseCommand } from './commandParser.ts';
import { commandSentence } from './commandSentence.ts';
import { exampleCommands } from './commandSuggestions.ts';
import { december, june, market } from '../../state/testMarket.ts';

const context: CommandContext = {
  market,
  underlying: 'BTC',
  chainExpiry: june,
  hasProposal: true,
  hasPin: true,
  hasLegs: true,
  canUndo: true,
  canRedo: true,
};

function command(text: string, change: Partial<CommandContext> = {}) {
  const parsed = parseCommand(text, { ...context, ...change });
  return parsed.ok ? parsed.command : parsed.message;
}

function nearest(text: string) {
  const parsed = parseCommand(text, context);
  return parsed.ok ? [] : parsed.nearest;
}

describe('trades', () => {
  it.each([
    ['-10 jun 100k p', 'BTC-27JUN25-100000-P', -10],
    ['+2 26dec 95k c', 'BTC-26DEC25-95000-C', 2],
    ['-2 96k p', 'BTC-27JUN25-96000-P', -2],
    ['−2 96kp', 'BTC-27JUN25-96000-P', -2],
    ['sell 3 27 jun 100,000 put', 'BTC-27JUN25-100000-P', -3],
    ['buy 3 x 27jun25 100000 calls', 'BTC-27JUN25-100000-C', 3],
    ['sell -3 100k c', 'BTC-27JUN25-100000-C', -3],
    ['5 27 jun 2025 100k p', 'BTC-27JUN25-100000-P', 5],
    ['5 jun 100k p', 'BTC-27JUN25-100000-P', 5],
    ['-1 100 p', 'BTC-27JUN25-100000-P', -1],
    ['eth -5 27jun 3200 c', 'ETH-27JUN25-3200-C', -5],
    ['-5 eth 3200 c', 'ETH-27JUN25-3200-C', -5],
    ['sol -10 172.5 p', 'SOL_USDC-27JUN25-172d5-P', -10],
    ['sol -10 172d5 p', 'SOL_USDC-27JUN25-172d5-P', -10],
    ['BTC-27JUN25-100000-P -2', 'BTC-27JUN25-100000-P', -2],
    ['-2 btc-27jun25-100000-p', 'BTC-27JUN25-100000-P', -2],
    ['btc perp -30000', 'BTC-PERPETUAL', -30_000],
    ['perp -30k', 'BTC-PERPETUAL', -30_000],
    ['-0.8 perp', 'BTC-PERPETUAL', -83_210],
    ['-500 usd perp', 'BTC-PERPETUAL', -500],
    ['sol -0.8 perp', 'SOL_USDC-PERPETUAL', -0.8],
    ['-1 27jun fut', 'BTC-27JUN25', -104_000],
    ['-0.5 96k p', 'BTC-27JUN25-96000-P', -0.5],
  ])('%s', (text, instrument, quantity) => {
    expect(command(text)).toEqual({ kind: 'trade', instrument, quantity });
  });

  it('names the strikes around one that is not listed', () => {
    expect(command('-2 96.5k p')).toBe('Strike 96.5k is not listed for 27 JUN. Nearest: 96k, 98k');
    expect(nearest('-2 96.5k p')).toEqual(['-2 27jun 96k p', '-2 27jun 98k p']);
    expect(command('BTC-27JUN25-96500-P -1')).toBe('Strike 96.5k is not listed for 27 JUN. Nearest: 96k, 98k');
  });

  it('asks for what is missing and offers lines that work', () => {
    expect(command('-2 96k')).toBe('Put or call? Add p or c');
    expect(command('96k p')).toMatch(/How many/);
    expect(command('-2 jun')).toMatch(/Which strike of 27 JUN/);
    expect(command('perp')).toMatch(/How many/);
    expect(command('BTC-PERPETUAL')).toMatch(/How many/);
    expect(command('-2 aug 96k p')).toMatch(/BTC has no expiry in AUG. Listed: 13 JUN, 27 JUN, 26 DEC/);
    for (const text of ['-2 96k', '96k p', '-2 jun', 'perp', 'BTC-PERPETUAL', '-2 96.5k p']) {
      expect(nearest(text).length).toBeGreaterThan(0);
      for (const line of nearest(text)) expect(typeof command(line)).toBe('object');
    }
  });

  it('refuses sizes that mean nothing', () => {
    expect(command('0 100k p')).toMatch(/zero/);
    expect(command('-5000000000 100k p')).toMatch(/at most/);
    expect(command(`-${'9'.repeat(200)} 100k p`)).toMatch(/at most 120 characters/);
    expect(command('-1 usd 100k p')).toMatch(/sized in coin/);
  });

  it('refuses what this market does not have', () => {
    expect(command('DOGE-27JUN25-1-P -1')).toMatch(/DOGE is not in this market/);
    expect(command('BTC-6JUN25-100000-P -1')).toMatch(/has expired/);
    expect(command('BTC-4JUL25-100000-P -1')).toMatch(/no expiry on 4 JUL/);
    const noPerpetual = { ...market, underlyings: [{ ...market.underlyings[0]!, perpetualMark: null }] };
    expect(command('-1 perp', { market: noPerpetual })).toMatch(/no perpetual/);
  });
});

describe('structures, scenarios and words', () => {
  it('structures take a size, a coin and an expiry', () => {
    const strangle = { kind: 'strategy', strategy: 'strangle', size: 5, underlying: 'BTC', expiry: june };
    expect(command('strangle 5')).toEqual(strangle);
    expect(command('strangle')).toEqual({ ...strangle, size: null });
    expect(command('strangle 5 dec')).toEqual({ ...strangle, expiry: december });
    expect(command('bull put 2')).toEqual({ ...strangle, strategy: 'bull-put', size: 2 });
    expect(command('bull-put 2')).toEqual({ ...strangle, strategy: 'bull-put', size: 2 });
    expect(command('eth condor 20')).toEqual({ ...strangle, strategy: 'condor', size: 20, underlying: 'ETH' });
    expect(command('strangle -5')).toMatch(/size above zero/);
    expect(command('strangle five')).toMatch(/size above zero/);
  });

  it('scenarios', () => {
    expect(command('spot -12 vol +30')).toEqual({ kind: 'pin', spotMove: -0.12, volShock: 0.3, volUnit: 'relative' });
    expect(command('spot −12% vol x1.3')).toEqual({ kind: 'pin', spotMove: -0.12, volShock: 0.3, volUnit: 'relative' });
    expect(command('vol +5pts')).toEqual({ kind: 'pin', spotMove: 0, volShock: 0.05, volUnit: 'points' });
    expect(command('spot')).toMatch(/needs an amount/);
    expect(command('spot -100')).toMatch(/above −100/);
    expect(command('spot down')).toMatch(/not a move/);
  });

  it('words, and why they do not apply', () => {
    expect(command('hedge delta')).toEqual({ kind: 'hedge-delta', underlying: 'BTC' });
    expect(command('hedge eth')).toEqual({ kind: 'hedge-delta', underlying: 'ETH' });
    expect(command('coin eth')).toEqual({ kind: 'coin', underlying: 'ETH' });
    expect(command('coin doge')).toBe('Which coin? This market has BTC, ETH, SOL');
    expect(command('cut 10k')).toEqual({ kind: 'cut', targetUsd: 10_000 });
    expect(command('cut 2,500 margin')).toEqual({ kind: 'cut', targetUsd: 2_500 });
    expect(command('cut')).toEqual({ kind: 'cut', targetUsd: null });
    expect(command('cut -5')).toBe('A cut names the margin to be freed, in USD, like cut 10k');
    expect(command('expiry dec')).toEqual({ kind: 'expiry', expiry: december });
    expect(command('unit coin')).toEqual({ kind: 'unit', unit: 'coin' });
    for (const word of ['undo', 'redo', 'keep', 'drop']) expect(command(word)).toEqual({ kind: word });
    expect(command('more paths')).toEqual({ kind: 'more-paths' });
    for (const line of ['verify', 'verify proxy']) expect(command(line)).toEqual({ kind: 'verify-proxy' });
    expect(command('CLEAR PIN')).toEqual({ kind: 'clear-pin' });
    const nothing = { hasProposal: false, hasPin: false, hasLegs: false, canUndo: false, canRedo: false };
    for (const word of ['undo', 'redo', 'keep', 'drop', 'clear pin', 'clear book', 'verify proxy'])
      expect(typeof command(word, nothing)).toBe('string');
  });

  it('lists the nearest commands for what it does not know', () => {
    expect(command('stragle')).toBe('"stragle" is not a command');
    expect(nearest('stragle')).toContain('strangle 5');
    expect(nearest('str')).toEqual(['strangle 5', 'straddle 5']);
    expect(nearest('xyzzy')).toEqual(exampleCommands(context).slice(0, 5));
  });

  it('every example is a command', () => {
    for (const underlying of ['BTC', 'ETH', 'SOL'])
      for (const line of exampleCommands({ ...context, underlying }))
        expect(typeof command(line, { underlying })).toBe('object');
  });

  it('says what Enter will do', () => {
    const sentence = (text: string) => {
      const parsed = parseCommand(text, context);
      return parsed.ok ? commandSentence(parsed.command, context) : '';
    };
    expect(sentence('-10 jun 100k p')).toBe('Propose: sell 10 × BTC 27 JUN 100k P');
    expect(sentence('-0.8 perp')).toBe('Propose: sell 83,210 USD (0.800 BTC) of BTC perpetual');
    expect(sentence('strangle 5')).toBe('Propose: strangle of 5, BTC 27 JUN, strikes by delta');
    expect(sentence('spot -12 vol +30')).toBe('Pin the scenario spot −12\u00a0%, IV ×1.30');
  });
});
