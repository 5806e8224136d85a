import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from './journey.ts';
import { shownNumber } from './DashboardPage.ts';
import { demoMarket, jsonFile, textFile } from './fixtures/market.ts';
import { spreadAndHedge } from './fixtures/portfolio.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T08:00:00Z');
const time = (minutes: number) => new Date(START + minutes * MINUTE).toISOString().replace('.000Z', 'Z');

/** The bundled market in a fall of three steps, ten minutes apart, with a move of the index between the steps. */
function recording(): string {
  const whole = (minutes: number, spot: number, vol: number) => {
    const market = demoMarket() as unknown as {
      asOf: string;
      source: { kind: string; name: string };
      underlyings: Record<
        string,
        {
          index: number;
          perpetual?: { mark: number };
          expiries: { forward: number; quotes: Record<string, number | string>[]; svi?: unknown }[];
        }
      >;
    };
    market.asOf = time(minutes);
    for (const coin of Object.values(market.underlyings)) {
      coin.index *= spot;
      if (coin.perpetual) coin.perpetual.mark *= spot;
      for (const expiry of coin.expiries) {
        expiry.forward *= spot;
        delete expiry.svi;
        for (const quote of expiry.quotes)
          for (const name of ['markIv', 'bidIv', 'askIv'])
            if (typeof quote[name] === 'number') quote[name] = (quote[name] as number) * vol;
      }
    }
    return { at: market.asOf, market };
  };
  const first = whole(0, 1, 1);
  const btc = first.market.underlyings.BTC!.index;
  const moved = (minutes: number, share: number) => ({
    at: time(minutes),
    delta: { underlyings: { BTC: { index: btc * share, perpetual: { mark: btc * share } } } },
  });
  const lines = [
    {
      schema: 'headroom/recording@1',
      source: { kind: 'live', name: 'a falling exchange' },
      startedAt: time(0),
      tool: 'test',
    },
    first,
    moved(4, 0.99),
    { at: time(6), event: 'Liquidations begin' },
    moved(7, 0.98),
    whole(10, 0.95, 1.15),
    moved(15, 0.93),
    whole(20, 0.9, 1.3),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

interface Row {
  readonly at: string;
  readonly initialMarginUsd: number;
  readonly maintenanceMarginUsd: number;
}

/** What the command says of the same recording and book. */
function commandRows(text: string): readonly Row[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headroom-replay-'));
  const file = (name: string, content: string) => {
    const place = path.join(folder, name);
    writeFileSync(place, content);
    return place;
  };
  const book = file('book.json', JSON.stringify(spreadAndHedge()));
  const args = ['replay', '--recording', file('r.jsonl', text), '--portfolio', book, '--model', 'portfolio'];
  const out = execFileSync(process.execPath, ['--import', 'tsx', 'src/cli/risk.ts', ...args], {
    cwd: path.join(import.meta.dirname, '..'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

test('a recording is opened, played and scrubbed; its margins are those of the command', async ({
  dashboard,
  page,
}) => {
  const text = recording();
  const rows = commandRows(text);
  const rowAt = (minutes: number) => rows.find(({ at }) => at === time(minutes))!;
  await dashboard.open();
  await dashboard.openFiles(jsonFile('book.json', spreadAndHedge()));
  await dashboard.answered();

  await dashboard.openFiles(textFile('fall.jsonl', text));
  const bar = page.getByRole('region', { name: 'Replay' }).filter({ has: page.getByRole('slider') });
  await expect(bar).toBeVisible();
  const thumb = bar.getByRole('slider', { name: 'Where the replay stands' });
  const pause = bar.getByRole('button', { name: 'Pause the replay' });
  const play = bar.getByRole('button', { name: 'Play the recording' });
  const margin = async () => shownNumber((await dashboard.readVerdict()).initialMargin);
  await expect(page.getByTestId('source')).toContainText(/REPLAY|RECORDED/);
  if (await pause.isVisible()) await pause.click();
  await expect(play).toBeVisible();

  // Scrubbed by key: to the start, and from whole market to whole market.
  await thumb.focus();
  await page.keyboard.press('Home');
  await expect.poll(margin).toBe(Math.round(rowAt(0).initialMarginUsd));
  const next = bar.getByRole('button', { name: 'To the next whole market' });
  await next.click();
  await expect(bar.getByTestId('replay-time')).toContainText('08:10');
  await expect.poll(margin).toBe(Math.round(rowAt(10).initialMarginUsd));
  await next.click();
  await expect.poll(margin).toBe(Math.round(rowAt(20).initialMarginUsd));
  expect(Math.round(rowAt(20).initialMarginUsd)).not.toBe(Math.round(rowAt(0).initialMarginUsd));

  // Played from the start at its fastest: it comes to the end by itself.
  await thumb.focus();
  await page.keyboard.press('Home');
  await expect.poll(margin).toBe(Math.round(rowAt(0).initialMarginUsd));
  await bar.getByRole('combobox', { name: 'Speed of the replay' }).selectOption('max');
  await play.click();
  await expect(bar).toHaveAttribute('data-state', 'ended');
  await expect(bar.getByTestId('replay-time')).toContainText('08:20');
  await expect.poll(margin).toBe(Math.round(rowAt(20).initialMarginUsd));

  // The whole of it, drawn over time, in the same figures.
  const panel = page.getByTestId('replay-panel');
  await expect(panel).toBeVisible();
  await expect(panel).not.toHaveAttribute('data-stale', /.*/);
  const drawn = await page
    .getByTestId('replay-money')
    .evaluate((chart) =>
      (
        chart as HTMLElement & { __headroomSeries: () => { rows: unknown[][]; columns: { name: string }[] } }
      ).__headroomSeries(),
    );
  const column = drawn.columns.findIndex(({ name }) => name === 'Initial margin');
  expect(drawn.rows).toHaveLength(rows.length);
  for (const [n, row] of rows.entries())
    expect(Math.abs((drawn.rows[n]![column] as number) / row.initialMarginUsd - 1)).toBeLessThan(1e-9);
  await expect(page.getByText('Liquidations begin')).toHaveCount(0);
  await expect(bar.getByTitle(/Liquidations begin/)).toBeAttached();
});

test('a damaged recording is refused with its line, and the market stays', async ({ dashboard }) => {
  await dashboard.open();
  const before = await dashboard.readVerdict();
  const lines = recording().split('\n');
  lines[2] = lines[2]!.replace('"index":', '"price":');
  await dashboard.openFiles(textFile('bad.jsonl', lines.join('\n')));
  await expect(dashboard.notices).toContainText(
    'bad.jsonl was not opened. Line 3: delta.underlyings.BTC.price is not a field',
  );
  expect(await dashboard.readVerdict()).toEqual(before);
});
