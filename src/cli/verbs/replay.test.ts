import { describe, expect, test } from 'vitest';
import type { MarginOutcome } from '../../engine/domain/riskReport.ts';
import { smallBook } from '../../engine/fixtures/smallMarket.ts';
import { deltaLineText } from '../../formats/recordingFile.ts';
import { portfolioFileText } from '../../formats/portfolioFile.ts';
import { commandRun } from '../fixtures/commandRun.ts';

/** Two coins at three captures of a falling market, as an exchange gave them. */
function chain(currency: string, index: number, vol: number, capturedAt: string): string {
  const strikes = [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3].map((share) => share * (currency === 'BTC' ? 70_000 : 2_000));
  return JSON.stringify({
    currency,
    capturedAt,
    indexPrice: index,
    expiries: [{ time: '2026-02-27T08:00Z', underlying: index * 1.004 }],
    fields: ['expiry', 'strike', 'type', 'bid', 'ask', 'markIv', 'underlying'],
    rows: strikes.flatMap((strike) => ['C', 'P'].map((type) => [0, strike, type, null, null, vol, index * 1.004])),
  });
}
const FILES: Readonly<Record<string, string>> = {
  'btc-1.json': chain('BTC', 71_000, 60, '2026-02-05T09:36:47Z'),
  'eth-1.json': chain('ETH', 2_100, 80, '2026-02-05T09:39:00Z'),
  'btc-2.json': chain('BTC', 67_000, 75, '2026-02-05T15:51:00Z'),
  'btc-3.json': chain('BTC', 63_000, 95, '2026-02-05T21:29:00Z'),
  'eth-3.json': chain('ETH', 1_880, 110, '2026-02-05T21:29:37Z'),
  'book.json': portfolioFileText(
    smallBook(
      [
        ['BTC-27FEB26-70000-P', -2],
        ['ETH-27FEB26-2000-C', -5],
      ],
      [{ asset: 'USDC', quantity: 60_000 }],
    ),
  ),
};
const CHAINS = ['btc-1.json', 'eth-1.json', 'btc-2.json', 'btc-3.json', 'eth-3.json'];

interface Row {
  readonly at: string;
  readonly index: Record<string, number>;
  readonly initialMarginUsd: number;
  readonly leftOut: readonly string[];
  readonly liquidation: { readonly below: number | null } | null;
  readonly unsupported?: { readonly message: string };
}

async function recorded(): Promise<string> {
  const { code, stdout, stderr } = await commandRun(['record-chains', ...CHAINS], FILES);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

const replayed = async (recording: string, ...more: string[]) => {
  const answer = await commandRun(['replay', '--recording', 'crash.jsonl', '--portfolio', 'book.json', ...more], {
    ...FILES,
    'crash.jsonl': recording,
  });
  const rows = answer.stdout.split('\n').filter((line) => line !== '');
  return { ...answer, rows: rows.map((line) => JSON.parse(line) as Row) };
};

describe('risk record-chains and risk replay', () => {
  test('margins of a replay are those of risk margin on the same chains, to the digit', async () => {
    const { rows } = await replayed(await recorded());
    expect(rows.map(({ at }) => at)).toEqual(['2026-02-05T09:39:00Z', '2026-02-05T15:51:00Z', '2026-02-05T21:29:37Z']);
    for (const [row, files] of [
      [rows[0]!, ['btc-1.json', 'eth-1.json']],
      [rows[2]!, ['btc-3.json', 'eth-3.json']],
    ] as const) {
      const market = await commandRun(['import-chain', ...files], FILES);
      const margin = await commandRun(['margin', '--market', 'm', '--portfolio', 'book.json', '--model', 'portfolio'], {
        ...FILES,
        m: market.stdout,
      });
      const [outcome] = JSON.parse(margin.stdout) as (MarginOutcome & Record<string, unknown>)[];
      const { initialMarginUsd, maintenanceMarginUsd, equityUsd, availableUsd } = outcome as unknown as Record<
        string,
        number
      >;
      expect(row).toMatchObject({ initialMarginUsd, maintenanceMarginUsd, equityUsd, availableUsd });
    }
    expect(rows[0]!.index).toEqual({ BTC: 71_000, ETH: 2_100 });
    // Of the second capture there is one coin: the other's leg is left out, and said.
    expect(rows.map(({ leftOut }) => leftOut)).toEqual([[], ['b'], []]);
  });

  test('a moment without figures says why, and the others stand', async () => {
    const { rows } = await replayed(await recorded(), '--underlying', 'eth', '--model', 'cross');
    expect(rows).toHaveLength(3);
    expect(rows[1]!.liquidation).toBeNull();
    const alone = await commandRun(['replay', '--recording', 'r', '--portfolio', 'eth.json'], {
      r: await recorded(),
      'eth.json': portfolioFileText(smallBook([['ETH-27FEB26-2000-C', -5]])),
    });
    const second = JSON.parse(alone.stdout.split('\n')[1]!) as Row;
    expect(second.unsupported!.message).toMatch(/^No leg can be priced\. /);
    expect(second.initialMarginUsd).toBeUndefined();
  });

  test('moves between whole markets have moments of their own; a torn end is left out and said', async () => {
    const moves = Array.from({ length: 5 }, (_, n) =>
      deltaLineText({ asOf: Date.UTC(2026, 1, 5, 22, n), underlyings: [{ symbol: 'BTC', index: 62_000 - 100 * n }] }),
    );
    const { rows, stderr } = await replayed(`${await recorded()}${moves.join('')}{"at":"2026-02`);
    expect(stderr).toContain('warning: the last line of crash.jsonl is cut off');
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.at(-1)).toMatchObject({ at: '2026-02-05T22:04:00Z', index: { BTC: 61_600 } });
  });

  test('refuses what it cannot read, with its line', async () => {
    const bad = (await recorded()).replace('"index": 67000', '"index": -67000');
    const { code, stdout, stderr } = await replayed(bad);
    expect([code, stdout]).toEqual([2, '']);
    const { error } = JSON.parse(stderr) as { error: { path: string; message: string } };
    expect(error.message).toContain('crash.jsonl: Line 3: market: underlyings.BTC.index is -67000');
    expect(error.path).toBe('/market/underlyings/BTC/index');
    expect((await replayed(await recorded(), '--model', 'none')).code).toBe(2);
  });
});
