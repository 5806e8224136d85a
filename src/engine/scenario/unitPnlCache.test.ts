import { describe, expect, it, vi } from 'vitest';
import { type Instrument, parseInstrument } from '../domain/instrument.ts';
import { CODES, smallMarket } from '../fixtures/smallMarket.ts';
import { scanScenarios } from '../margin/scan.ts';
import { portfolioMargin } from '../margin/models/portfolioMargin.ts';
import { resolvedParameters } from '../margin/resolvedParameters.ts';
import { contractState } from './contractState.ts';
import { shiftedState } from './shiftedState.ts';
import { computedRows, rememberedRows } from './unitPnlCache.ts';

const market = smallMarket();
const set = scanScenarios(resolvedParameters(portfolioMargin), ['BTC', 'ETH']);

function state(name: string) {
  const instrument = parseInstrument(name) as { ok: true; value: Instrument };
  const found = contractState(market, instrument.value);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}

describe('remembered rows', () => {
  it('prices a contract once a scenario set, and again when it has been moved', () => {
    const compute = vi.fn(computedRows);
    const rows = rememberedRows(1e6, compute);
    const call = state(`BTC-${CODES.month}-90000-C`);
    expect(rows(call, set)).toBe(rows(call, set));
    expect(compute).toHaveBeenCalledTimes(1);
    const moved = shiftedState(call, {
      spotMove: -0.1,
      volShock: 0,
      volUnit: 'relative',
      days: 0,
      smile: 'sticky-strike',
    });
    expect(rows(moved, set)).toEqual(computedRows(moved, set));
    expect(rows(moved, set)).not.toEqual(rows(call, set));
    expect(compute).toHaveBeenCalledTimes(2);
  });

  it('holds no more than it may, and lets the longest unused go first', () => {
    const compute = vi.fn(computedRows);
    const rowBytes = set.count * 8 + 400;
    const rows = rememberedRows(2 * rowBytes, compute);
    const [a, b, c] = [70_000, 90_000, 110_000].map((strike) => state(`BTC-${CODES.month}-${strike}-C`)) as [
      ReturnType<typeof state>,
      ReturnType<typeof state>,
      ReturnType<typeof state>,
    ];
    rows(a, set);
    rows(b, set);
    rows(a, set);
    rows(c, set);
    expect(compute).toHaveBeenCalledTimes(3);
    rows(a, set);
    expect(compute).toHaveBeenCalledTimes(3);
    rows(b, set);
    expect(compute).toHaveBeenCalledTimes(4);
  });
});
