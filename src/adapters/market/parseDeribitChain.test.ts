import { describe, expect, it } from 'vitest';
import { black76Price } from '../../engine/pricing/black76.ts';
import { yearFraction } from '../../engine/domain/units.ts';
import { parseDeribitChain } from './parseDeribitChain.ts';

const CAPTURED_AT = Date.UTC(2026, 1, 5, 9, 36, 47);
const EXPIRY = Date.UTC(2026, 1, 27, 8);
const YEARS = yearFraction(CAPTURED_AT, EXPIRY);

function coinPrice(type: 'C' | 'P', underlying: number, strike: number, vol: number): number {
  return black76Price(type, underlying, strike, YEARS, vol) / underlying;
}

const FIELDS = [
  'instrument',
  'expiry',
  'strike',
  'type',
  'bid',
  'ask',
  'mark',
  'markIv',
  'openInterest',
  'underlying',
  'ts',
];
type Row = Partial<Record<(typeof FIELDS)[number], unknown>>;

function row(overrides: Row = {}): unknown[] {
  const type = (overrides.type ?? 'C') as string;
  const strike = overrides.strike ?? 70_000;
  const all: Row = {
    instrument: `BTC-27FEB26-${strike}-${type}`,
    expiry: 0,
    strike,
    type,
    bid: null,
    ask: null,
    mark: 0,
    markIv: 53.61,
    openInterest: 12.5,
    underlying: 71_582.66,
    ts: null,
    ...overrides,
  };
  return FIELDS.map((field) => all[field]);
}

function chain(rows: unknown[][], overrides: Record<string, unknown> = {}): string {
  return JSON.stringify({
    exchange: 'Deribit (inverse, coin-settled)',
    currency: 'BTC',
    capturedAt: '2026-02-05T09:36:47Z',
    indexPrice: 71_481.04,
    expiries: [{ time: '2026-02-27T08:00Z', underlying: 71_582.66, underlyingName: 'BTC-27FEB26' }],
    fields: FIELDS,
    rows,
    ...overrides,
  });
}

function quotes(...rows: unknown[][]) {
  const parsed = parseDeribitChain(chain(rows));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value.underlying.expiries[0]!.quotes;
}

function refusal(text: string) {
  const parsed = parseDeribitChain(text);
  if (parsed.ok) throw new Error('was accepted');
  return parsed.failure;
}

describe('parseDeribitChain', () => {
  it('reads index, forward, expiry and capture time', () => {
    const parsed = parseDeribitChain(chain([row()]));
    expect(parsed).toEqual({
      ok: true,
      value: {
        capturedAt: CAPTURED_AT,
        underlying: {
          symbol: 'BTC',
          index: 71_481.04,
          expiries: [
            {
              expiry: EXPIRY,
              forward: 71_582.66,
              discount: 1,
              quotes: [{ strike: 70_000, type: 'C', markIv: 0.5361, openInterest: 12.5 }],
            },
          ],
        },
      },
    });
  });

  it('sorts expiries by time and quotes by strike, calls before puts', () => {
    const expiries = [
      { time: '2026-03-27T08:00Z', underlying: 72_000 },
      { time: '2026-02-27T08:00Z', underlying: 71_500 },
    ];
    const near = (strike: number, type: 'C' | 'P') => row({ expiry: 1, strike, type });
    const far = row({ instrument: 'BTC-27MAR26-70000-C', strike: 70_000 });
    const parsed = parseDeribitChain(
      chain([far, near(80_000, 'P'), near(70_000, 'P'), near(70_000, 'C')], { expiries }),
    );
    if (!parsed.ok) throw new Error(parsed.failure.message);
    expect(parsed.value.underlying.expiries.map(({ expiry }) => new Date(expiry).toISOString())).toEqual([
      '2026-02-27T08:00:00.000Z',
      '2026-03-27T08:00:00.000Z',
    ]);
    expect(parsed.value.underlying.expiries[0]!.quotes.map(({ strike, type }) => [strike, type])).toEqual([
      [70_000, 'C'],
      [70_000, 'P'],
      [80_000, 'P'],
    ]);
  });

  it('turns coin prices into vols on the underlying price of their own row', () => {
    const underlying = 71_400;
    const [quote] = quotes(
      row({
        strike: 75_000,
        underlying,
        bid: coinPrice('C', underlying, 75_000, 0.52),
        ask: coinPrice('C', underlying, 75_000, 0.55),
      }),
    );
    expect(quote!.bidIv).toBeCloseTo(0.52, 6);
    expect(quote!.askIv).toBeCloseTo(0.55, 6);
  });

  it('leaves out prices that no vol gives, and lists the option all the same', () => {
    const intrinsic = 1 - 60_000 / 71_582.66;
    expect(quotes(row({ strike: 60_000, markIv: null, openInterest: null, bid: intrinsic * 0.99, ask: 1.01 }))).toEqual(
      [{ strike: 60_000, type: 'C' }],
    );
    expect(quotes(row({ markIv: 0, bid: 0 }))).toEqual([{ strike: 70_000, type: 'C', openInterest: 12.5 }]);
  });

  it('keeps the latest of rows for the same option, and the last of equals', () => {
    expect(quotes(row({ markIv: 50, ts: 2_000 }), row({ markIv: 60, ts: 1_000 }))).toMatchObject([
      { markIv: 0.5, timestamp: 2_000 },
    ]);
    expect(quotes(row({ markIv: 50 }), row({ markIv: 60 }))).toMatchObject([{ markIv: 0.6 }]);
  });

  it('has no bid or ask vol at the expiry itself', () => {
    const parsed = parseDeribitChain(chain([row({ bid: 0.05 })], { capturedAt: '2026-02-27T08:00:00Z' }));
    expect(parsed.ok && parsed.value.underlying.expiries[0]!.quotes[0]!.bidIv).toBeUndefined();
  });

  it.each([
    ['', chain([row()]).slice(0, 400)],
    ['/currency', chain([row()], { currency: 'b t c' })],
    ['/capturedAt', chain([row()], { capturedAt: 'yesterday' })],
    ['/indexPrice', chain([row()], { indexPrice: -1 })],
    ['/fields', chain([row()], { fields: ['strike'] })],
    ['/expiries', chain([row()], { expiries: null })],
    ['/expiries/0/time', chain([row()], { expiries: [{ time: '2026-02-27T09:00Z', underlying: 1 }] })],
    ['/expiries/0/underlying', chain([row()], { expiries: [{ time: '2026-02-27T08:00Z', underlying: null }] })],
    ['/rows', chain([row()], { rows: {} })],
    ['/rows/1', chain([row(), 7 as never])],
    ['/rows/1/1', chain([row(), row({ expiry: 5 })])],
    ['/rows/0/2', chain([row({ instrument: null, strike: 0 })])],
    ['/rows/0/3', chain([row({ instrument: null, type: 'X' })])],
    ['/rows/0/0', chain([row({ instrument: 'BTC-27FEB26-71000-C' })])],
    ['/rows/0/0', chain([row({ instrument: 'ETH-27FEB26-70000-C' })])],
    ['/rows/0/0', chain([row({ instrument: 'gold' })])],
    ['/rows/0/4', chain([row({ bid: -0.1 })])],
    ['/rows/0/5', chain([row({ ask: '0.1' })])],
    ['/rows/0/7', chain([row({ markIv: -5 })])],
    ['/rows/0/8', chain([row({ openInterest: 'much' })])],
    ['/rows/0/9', chain([row({ underlying: null })])],
    ['/rows/0/10', chain([row({ ts: 1e300 })])],
  ])('refuses what is wrong at %s', (path, text) => {
    const failure = refusal(text);
    if (path !== '') expect(failure.path).toBe(path);
    expect(failure.message).toMatch(/^[`TL]/);
  });
});
