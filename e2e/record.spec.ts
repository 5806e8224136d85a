import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { startStillExchange, type StillExchange } from './fixtures/stillExchange.ts';
import { textFile } from './fixtures/market.ts';
import { type DashboardPage, shownNumber } from './DashboardPage.ts';
import { expect, test as base } from './journey.ts';

const EXCHANGE_TRAFFIC = /request to another origin: http:\/\/127\.0\.0\.1|WebSocket connection to 'ws:\/\/127/;
/** Where the market goes while it is recorded, as multiples of what it began at. */
const LEVELS = [1, 1.02, 1.04] as const;

const test = base.extend<{ exchange: StillExchange }>({
  exchange: async ({ watch }, run) => {
    base.setTimeout(240_000);
    watch.expectFault(EXCHANGE_TRAFFIC);
    const exchange = await startStillExchange();
    await run(exchange);
    await exchange.close();
  },
});

/** Records a live market while it moves from level to level. Answers the margins that stood on the screen at each. */
async function record(dashboard: DashboardPage, exchange: StillExchange): Promise<readonly number[]> {
  await dashboard.page.goto(`./?endpoint=${encodeURIComponent(exchange.url)}`);
  await expect(dashboard.source).toHaveText(/^LIVE/);
  await dashboard.answered();
  await dashboard.openMarketSheet();
  const { marketSheet } = dashboard;
  await marketSheet.getByRole('button', { name: 'Record', exact: true }).click();
  const progress = marketSheet.getByRole('status');
  await expect(progress).toContainText(/[\d.]+ MB in/);
  await dashboard.page.keyboard.press('Escape');
  const margins: number[] = [];
  for (const level of LEVELS) {
    exchange.moveTo(level);
    await expect
      .poll(async () => shownNumber(await dashboard.index.innerText()) / exchange.firstIndex)
      .toBeCloseTo(level, 4);
    // Forwards and marks follow within a second; it stands when two looks a while apart say the same.
    let known = Number.NaN;
    await expect(async () => {
      const margin = shownNumber((await dashboard.readVerdict()).initialMargin);
      const isSame = margin === known;
      known = margin;
      expect(isSame).toBe(true);
    }).toPass({ intervals: [1_500] });
    margins.push(known);
  }
  await dashboard.openMarketSheet();
  // Who leaves now is asked to stay: the browser throws away what is still being written.
  const question = dashboard.page.waitForEvent('dialog');
  const left = dashboard.page.close({ runBeforeUnload: true });
  const asked = await question;
  expect(asked.type()).toBe('beforeunload');
  await asked.dismiss();
  await left;
  await marketSheet.getByRole('button', { name: 'Stop recording' }).click();
  await expect(dashboard.toast).toContainText(/Recording saved, [\d.]+ MB\./);
  await dashboard.page.keyboard.press('Escape');
  return margins;
}

/** Opens the recording and looks at its end and its start: the same figures as when they were live. */
async function replay(dashboard: DashboardPage, file: Buffer, margins: readonly number[]): Promise<void> {
  const { page } = dashboard;
  const lines = file.toString('utf8').trimEnd().split('\n');
  expect(JSON.parse(lines[0]!)).toMatchObject({ schema: 'headroom/recording@1', source: { kind: 'live' } });
  expect(Object.keys(JSON.parse(lines[1]!) as object)).toEqual(['at', 'market']);
  const book = await dashboard.readBook();

  await dashboard.openFiles(textFile('live.jsonl', file.toString('utf8')));
  const bar = page.getByRole('region', { name: 'Replay' }).filter({ has: page.getByRole('slider') });
  await expect(bar).toBeVisible();
  await expect(dashboard.source).toContainText(/REPLAY|PAUSED|ENDED/);
  const pause = bar.getByRole('button', { name: 'Pause the replay' });
  if (await pause.isVisible()) await pause.click();
  const margin = async () => shownNumber((await dashboard.readVerdict()).initialMargin);
  const near = (wanted: number) => async () => Math.abs((await margin()) / wanted - 1);
  const thumb = bar.getByRole('slider', { name: 'Where the replay stands' });
  await thumb.focus();
  await page.keyboard.press('End');
  await expect.poll(near(margins.at(-1)!)).toBeLessThan(1e-4);
  await page.keyboard.press('Home');
  await expect.poll(near(margins[0]!)).toBeLessThan(1e-4);
  await expect(dashboard.index).not.toHaveText('');
  expect(await dashboard.readBook()).toEqual(book);

  // And the whole of it is drawn.
  const panel = page.getByTestId('replay-panel');
  await expect(panel).toBeVisible();
  // Value at risk of the market that was left may hold all cores for a while.
  await expect(panel).not.toHaveAttribute('data-stale', /.*/, { timeout: 60_000 });
  const drawn = await page
    .getByTestId('replay-money')
    .evaluate((chart) =>
      (
        chart as HTMLElement & { __headroomSeries: () => { rows: unknown[][]; columns: { name: string }[] } }
      ).__headroomSeries(),
    );
  const column = drawn.columns.findIndex(({ name }) => name === 'Initial margin');
  expect(Math.abs((drawn.rows[0]![column] as number) / margins[0]! - 1)).toBeLessThan(1e-3);
}

/** Chromium's own dialog cannot be worked: in its place a file of the page's private room, written by the same stream. */
async function chooseFileInPrivateRoom(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.assign(globalThis, {
      async showSaveFilePicker({ suggestedName }: { suggestedName: string }) {
        const folder = await navigator.storage.getDirectory();
        Object.assign(globalThis, { chosenFile: suggestedName });
        return folder.getFileHandle(suggestedName, { create: true });
      },
    });
  });
}

test('a live market is recorded into the file that a person chose, and replayed in the same figures', async ({
  dashboard,
  page,
  exchange,
}) => {
  await chooseFileInPrivateRoom(page);
  const margins = await record(dashboard, exchange);
  const { name, text } = await page.evaluate(async () => {
    const { chosenFile } = globalThis as unknown as { chosenFile: string };
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(chosenFile);
    return { name: chosenFile, text: await (await handle.getFile()).text() };
  });
  expect(name).toMatch(/^headroom-\d{4}-\d{2}-\d{2}T\d{4}\.jsonl$/);
  await replay(dashboard, Buffer.from(text), margins);
});

test('where no file can be chosen, the recording is downloaded when it is stopped', async ({
  dashboard,
  page,
  exchange,
}) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'showSaveFilePicker');
  });
  const download = page.waitForEvent('download', { timeout: 120_000 });
  const margins = await record(dashboard, exchange);
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^headroom-.*\.jsonl$/);
  await replay(dashboard, await readFile(await file.path()), margins);
});
