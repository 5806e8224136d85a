import { describe, expect, it } from 'vitest';
import { parsePastedLegs } from './pastedLegs.ts';

describe('parsePastedLegs', () => {
  it('reads lines and CSV alike', () => {
    const text = [
      'instrument,quantity,entryPrice',
      'BTC-27JUN25-100000-P,-10,0.0525',
      '-2 btc-27jun25-122000-c',
      '−0.8\tETH-PERPETUAL',
      '',
      '"BTC-27JUN25";-5000',
      'SOL_USDC-27JUN25-0d75-C 3',
    ].join('\r\n');
    expect(parsePastedLegs(text)).toEqual({
      trades: [
        { instrument: 'BTC-27JUN25-100000-P', quantity: -10, price: 0.0525 },
        { instrument: 'BTC-27JUN25-122000-C', quantity: -2 },
        { instrument: 'ETH-PERPETUAL', quantity: -0.8 },
        { instrument: 'BTC-27JUN25', quantity: -5000 },
        { instrument: 'SOL_USDC-27JUN25-0d75-C', quantity: 3 },
      ],
      problems: [],
    });
  });

  it.each([
    ['BTC-27JUN25-100000-P', /How many/],
    ['-10', /No instrument/],
    ['-10 BTC-31FEB25-100000-P', /not a date/],
    ['USDC,50000,', /USDC is collateral/],
    ['0 BTC-PERPETUAL', /is zero/],
    ['1e308 BTC-PERPETUAL', /more than/],
    ['1e999 BTC-PERPETUAL', /not a number/],
    ['-1 BTC-27JUN25-100000-P -0.05', /above zero/],
    ['-1 BTC-27JUN25-100000-P 0.05 7', /at most one price/],
    ['abc def', /not an instrument|collateral/],
  ])('%s is refused in words', (line, message) => {
    const { trades, problems } = parsePastedLegs(`\n${line}`);
    expect(trades).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 2, message: expect.stringMatching(message) });
  });

  it('refuses a flood', () => {
    expect(parsePastedLegs('-1 BTC-PERPETUAL\n'.repeat(501)).problems[0]?.message).toMatch(/At most 500/);
  });
});
