import type { Page } from '@playwright/test';
import { startDemoExchange } from '../src/cli/exchange/demoExchange.ts';
import { DashboardPage, shownNumber } from './DashboardPage.ts';
import { startChangedServer } from './fixtures/changedServer.ts';
import { expect, test } from './journey.ts';

test.use({ serviceWorkers: 'allow' });

const MINUTE = 60_000;

/** The whole build is kept, and this page is under the service worker. */
async function keptOffline(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

test('after one visit the app opens without a network: the book, the demo market, isolated as before', async ({
  dashboard,
  page,
  context,
  watch,
}) => {
  watch.expectFault(/ERR_INTERNET_DISCONNECTED|fetching the script|ServiceWorker/);
  await dashboard.open();
  await dashboard.setQuantity('BTC 25 DEC 82k P', '-12.5');
  await dashboard.answered();
  await expect(dashboard.saved).toHaveText('saved');
  const [book, verdict] = [await dashboard.readBook(), await dashboard.readVerdict()];
  await keptOffline(page);

  await context.setOffline(true);
  const started = Date.now();
  await page.goto('./');
  await expect(dashboard.verdict).toContainText(verdict.initialMargin);
  expect(Date.now() - started, 'nothing waits for the network').toBeLessThan(20_000);
  await dashboard.answered();
  expect(await dashboard.readBook()).toEqual(book);
  expect(await dashboard.readVerdict()).toEqual(verdict);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(dashboard.source).toContainText('SIMULATED 20 NOV');
  // What loads late is there as well.
  await dashboard.chooseMarket('Simulator');
  await expect(dashboard.source).not.toContainText('20 NOV');
});

test('it opens with the last snapshot of a live market, whose age counts, and the book untouched', async ({
  dashboard,
  page,
  context,
  watch,
}) => {
  watch.expectFault(
    /ERR_INTERNET_DISCONNECTED|fetching the script|ServiceWorker|another origin: http:\/\/127|WebSocket/,
  );
  const exchange = await startDemoExchange({ seed: 5, updatesPerSecond: 4 });
  await dashboard.open();
  await dashboard.openMarketSheet();
  const address = dashboard.marketSheet.getByRole('textbox', { name: 'Address of the endpoint' });
  await address.fill(exchange.url);
  await address.press('Enter');
  await expect(dashboard.source).toHaveText(/^LIVE/);
  await dashboard.answered();
  await dashboard.openMarketSheet();
  // What stands still is the last that was kept.
  await dashboard.marketSheet.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(dashboard.source).toHaveText(/^SNAPSHOT/);
  const [book, index] = [await dashboard.readBook(), await dashboard.index.innerText()];
  await expect(dashboard.saved).toHaveText('saved');
  await keptOffline(page);
  await exchange.close();

  await context.setOffline(true);
  await page.clock.setSystemTime(Date.now() + 12 * MINUTE);
  await page.goto('./');
  await expect(dashboard.verdict).toContainText('Initial margin');
  // What was kept is the newest, a moment after what was on the screen.
  const opened = shownNumber(await dashboard.index.innerText());
  expect(Math.abs(opened / shownNumber(index) - 1)).toBeLessThan(1e-3);
  await expect(dashboard.source).toHaveText(/^(?:CONNECTING|RECONNECTING|DISCONNECTED)/);
  await dashboard.openMarketSheet();
  await expect(dashboard.marketSheet).toContainText(/SNAPSHOT, live prices of .* 12\smin ago/);
  await dashboard.marketSheet.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(dashboard.source).toHaveText(/^SNAPSHOT\s*12\smin/);
  await page.keyboard.press('Escape');
  await dashboard.answered();
  expect(await dashboard.readBook()).toEqual(book);
});

test('a newer version is told quietly, and is the page after a reload, once', async ({ browser, baseURL }) => {
  const server = await startChangedServer(baseURL!);
  const context = await browser.newContext({ serviceWorkers: 'allow', viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const dashboard = new DashboardPage(page);
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  const build = page.locator('html');

  await dashboard.open(server.url);
  await keptOffline(page);
  server.change('2');
  await page.goto(server.url);
  await expect(dashboard.notices).toContainText('A newer version of Headroom is ready.');
  await expect(build).toHaveAttribute('data-build', '1');
  loads = 0;
  await dashboard.notices.getByRole('button', { name: 'Reload' }).click();
  await expect(build).toHaveAttribute('data-build', '2');
  await dashboard.answered();
  await expect(dashboard.notices).toHaveCount(0);
  expect(loads).toBe(1);

  // Whoever leaves the notice alone has the newer version after an ordinary reload.
  server.change('3');
  await page.goto(server.url);
  await expect(dashboard.notices).toContainText('A newer version of Headroom is ready.');
  await page.reload();
  await expect(build).toHaveAttribute('data-build', '3');
  await dashboard.answered();
  // The newer version takes over once its page is up, without a word.
  const keptPages = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const sizes = await Promise.all(
        names.map(async (name) => (await (await caches.open(name)).keys()).map((each) => each.url)),
      );
      return sizes.flat().filter((url) => url.includes('index.html')).length;
    });
  await expect.poll(keptPages, { message: 'what older versions kept is gone' }).toBe(1);
  await expect(dashboard.notices).toHaveCount(0);
  await context.close();
  await server.close();
});
