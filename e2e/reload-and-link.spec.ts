import type { Browser, BrowserContext, Page } from '@playwright/test';
import { DashboardPage } from './DashboardPage.ts';
import { expect, test } from './journey.ts';
import { textDefects, watchPage } from './watchPage.ts';

/** Another person's browser: nothing is stored in it. */
async function stranger(browser: Browser, baseURL: string): Promise<BrowserContext> {
  return browser.newContext({
    baseURL,
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'UTC',
    serviceWorkers: 'block',
  });
}

async function expectHealthy(page: Page, visit: () => Promise<void>, baseURL: string): Promise<void> {
  const watch = await watchPage(page, baseURL);
  await visit();
  expect(await textDefects(page)).toEqual([]);
  expect(watch.faults()).toEqual([]);
}

async function state(dashboard: DashboardPage) {
  return { book: await dashboard.readBook(), verdict: await dashboard.readVerdict() };
}

test('edits that were called saved are there after a reload, to the digit', async ({ dashboard, page }) => {
  await dashboard.open();
  await dashboard.setQuantity('BTC 25 DEC 82k P', '-12.5');
  await dashboard.sellButton('11 DEC 90k put').click();
  await dashboard.proposed();
  await dashboard.keep();
  const name = dashboard.book.getByRole('textbox', { name: 'Name of the book' });
  await name.fill('Kept through a reload');
  await name.press('Enter');
  await dashboard.rulebooks.filter({ hasText: 'Cross' }).click();
  await dashboard.answered();
  await expect(dashboard.saved).toHaveText('saved');
  const former = await state(dashboard);
  expect(former.verdict.initialMargin).toBe(former.verdict.rulebooks.Cross);

  await dashboard.reload();
  expect(await state(dashboard)).toEqual(former);
  await expect(name).toHaveValue('Kept through a reload');
  await expect(page).toHaveURL(/#b=./);
});

test('a shared link opens the same book with the same digits elsewhere', async ({
  dashboard,
  page,
  context,
  browser,
  baseURL,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await dashboard.open();
  await dashboard.setQuantity('ETH 25 DEC 3,400 C', '-45');
  await dashboard.answered();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(dashboard.toast).toContainText('Link to this book copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const former = await state(dashboard);

  const elsewhere = await stranger(browser, baseURL!);
  const guest = new DashboardPage(await elsewhere.newPage());
  await expectHealthy(
    guest.page,
    async () => {
      await guest.open(link);
      expect(await state(guest)).toEqual(former);
    },
    baseURL!,
  );
  await elsewhere.close();
});

test('a link lies over the saved book and does not overwrite it', async ({ dashboard, page, browser, baseURL }) => {
  await dashboard.open();
  await dashboard.setQuantity('BTC 25 DEC 82k P', '-8');
  await dashboard.answered();
  await expect(dashboard.saved).toHaveText('saved');
  const link = page.url();
  const linked = await state(dashboard);

  const elsewhere = await stranger(browser, baseURL!);
  const guest = new DashboardPage(await elsewhere.newPage());
  await expectHealthy(
    guest.page,
    async () => {
      await guest.open();
      await guest.setQuantity('BTC 25 DEC 106k C', '-3');
      await guest.answered();
      await expect(guest.saved).toHaveText('saved');
      const own = await state(guest);
      expect(own).not.toEqual(linked);

      await guest.page.goto('about:blank');
      await guest.page.goto(link);
      // First what does not stay.
      await expect(guest.toast).toContainText('Opened the book in the link.');
      await guest.answered();
      expect(await state(guest)).toEqual(linked);
      await guest.undo();
      expect(await state(guest)).toEqual(own);

      await guest.page.goto('about:blank');
      await guest.open(link);
      await guest.page.goto('about:blank');
      await guest.open();
      expect(await state(guest), 'the saved book after a visit by link').toEqual(own);
    },
    baseURL!,
  );
  await elsewhere.close();
});

test('a link that was edited by hand gets its message, and the own book stays', async ({ dashboard, page }) => {
  await dashboard.open();
  await dashboard.setQuantity('BTC 25 DEC 82k P', '-7');
  await dashboard.answered();
  await expect(dashboard.saved).toHaveText('saved');
  const former = await state(dashboard);
  const code = new URL(page.url()).hash;
  const middle = Math.floor(code.length / 2);
  const other = code[middle] === 'A' ? 'B' : 'A';
  for (const hash of [
    `${code.slice(0, middle)}${other}${code.slice(middle + 1)}`,
    code.slice(0, middle),
    '#b=<script>alert(1)</script>',
    '#b=',
  ]) {
    await page.goto('about:blank');
    await dashboard.open(`./${hash}`);
    await expect(dashboard.notices, hash).toHaveText(/link.*Your own book is open instead\./i);
    expect(await state(dashboard), hash).toEqual(former);
  }
});
