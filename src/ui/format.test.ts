import { describe, expect, it } from 'vitest';
import {
  age,
  amount,
  axisAmount,
  axisThousands,
  cellAmount,
  dateCode,
  dateTime,
  decimal,
  indexPrice,
  instrumentLabel,
  ivPercent,
  marginChange,
  money,
  percent,
  quantity,
  shortLevel,
  signed,
  signedPercent,
  strikeLabel,
  thousands,
  volFactor,
} from './format.ts';

const USD = { perUsd: 1, kind: 'usd' } as const;
const BTC = { perUsd: 1 / 100_000, kind: 'coin' } as const;
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('figures', () => {
  it('carry a true minus sign and say their direction where asked', () => {
    expect(signed(-0.336, 2)).toBe('−0.34');
    expect(signed(1.05, 2)).toBe('+1.05');
    expect(money(-1204.4)).toBe('−1,204');
    expect(money(68_114)).toBe('68,114');
  });

  it('are plain zero when they round to zero', () => {
    expect(signed(-0.0049, 2)).toBe('0');
    expect(signed(0.4, 0)).toBe('0');
    expect(signed(-0, 1)).toBe('0');
    expect(decimal(-0.001, 2)).toBe('0.00');
  });

  it('are words when there is none, whatever the function', () => {
    for (const nothing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      for (const text of [
        decimal(nothing, 2),
        signed(nothing, 2),
        quantity(nothing),
        money(nothing),
        amount(nothing, USD),
        cellAmount(nothing, BTC),
        axisAmount(nothing, USD),
        thousands(nothing),
        axisThousands(nothing),
        percent(nothing),
        signedPercent(nothing),
        volFactor(nothing),
        indexPrice(nothing),
        shortLevel(nothing),
      ])
        expect(text).toBe('not available');
  });

  it('stay short however large', () => {
    for (const huge of [1e15, 1e100, Number.MAX_VALUE, -Number.MAX_VALUE])
      for (const text of [money(huge), signed(huge, 2), quantity(huge), shortLevel(huge)])
        expect(text.length).toBeLessThan(14);
  });

  it('take the decimals of a quantity from the quantity', () => {
    expect(quantity(-0.8)).toBe('−0.8');
    expect(quantity(10)).toBe('+10');
    expect(quantity(0)).toBe('0');
    expect(quantity(-80_000)).toBe('−80,000');
  });

  it('scale in cells and on axes', () => {
    expect(thousands(-17_480)).toBe('−17.5');
    expect(axisThousands(-40_000)).toBe('−40k');
    expect(axisThousands(1_500_000)).toBe('1.5m');
    expect(axisThousands(0)).toBe('0');
  });

  it('turn into coin', () => {
    expect(amount(68_114, BTC)).toBe('0.6811');
    expect(amount(68_114, USD)).toBe('68,114');
  });

  it('show percent, vols and shocks', () => {
    expect(plain(percent(0.548))).toBe('54.8 %');
    expect(plain(signedPercent(-0.16, 0))).toBe('−16 %');
    expect(plain(ivPercent(0.472))).toBe('47.2 %');
    expect(volFactor(0.25)).toBe('×1.25');
  });

  it('show prices by their size', () => {
    expect(indexPrice(104_250.5)).toBe('104,250.5');
    expect(indexPrice(3_412.25)).toBe('3,412.25');
    expect(shortLevel(85_400)).toBe('85.4k');
    expect(shortLevel(3_412.4)).toBe('3,412');
    expect(strikeLabel(96_000)).toBe('96k');
    expect(strikeLabel(97_500)).toBe('97.5k');
    expect(strikeLabel(3_400)).toBe('3,400');
    expect(strikeLabel(0.75)).toBe('0.75');
  });
});

describe('changes', () => {
  it('name the amount and the share', () => {
    expect(plain(marginChange(68_114, 82_175, USD))).toBe('+14,061 (+20.6 %)');
    expect(plain(marginChange(82_175, 68_114, USD))).toBe('−14,061 (−17.1 %)');
  });
  it('leave out the share of nothing', () => {
    expect(marginChange(0, 500, USD)).toBe('+500');
  });
});

describe('times', () => {
  const day = Date.UTC(2026, 5, 9, 8);
  it('are UTC, with the year when it is another one', () => {
    expect(dateCode(day)).toBe('9 JUN');
    expect(dateCode(day, Date.UTC(2026, 0, 1))).toBe('9 JUN');
    expect(dateCode(day, Date.UTC(2025, 0, 1))).toBe('9 JUN 2026');
    expect(dateTime(day)).toBe('9 JUN 08:00 UTC');
  });
  it('tell an age in its largest unit', () => {
    expect(plain(age(12_400))).toBe('12 s');
    expect(plain(age(3_600_000))).toBe('1 h');
    expect(plain(age(200 * 86_400_000))).toBe('200 d');
    expect(plain(age(-5))).toBe('0 s');
  });
});

describe('instruments', () => {
  const june = Date.UTC(2025, 5, 9);
  it('read as traders say them', () => {
    expect(instrumentLabel('BTC-27JUN25-96000-P', june)).toBe('BTC 27 JUN 96k P');
    expect(instrumentLabel('BTC-27JUN25-96000-P', june, false)).toBe('27 JUN 96k P');
    expect(instrumentLabel('BTC-PERPETUAL', june, false)).toBe('Perpetual');
    expect(instrumentLabel('SOL_USDC-27JUN25-200-C', june)).toBe('SOL 27 JUN 200 C USDC');
    expect(instrumentLabel('BTC-27MAR26', june)).toBe('BTC 27 MAR 2026 future');
  });
  it('stay as they are when they cannot be read', () => {
    expect(instrumentLabel('nonsense', june)).toBe('nonsense');
  });
});
