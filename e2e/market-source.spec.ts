import { startDemoExchange } from '../src/cli/exchange/demoExchange.ts';
import type { RunningExchange } from '../src/cli/exchange/startExchange.ts';
import { shownNumber } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

/** The exchange is another origin; what it refuses on purpose is told in the console. */
const EXCHANGE_TRAFFIC =
  /request to another origin: http:\/\/127\.0\.0\.1|WebSocket connection to 'ws:\/\/127|ERR_CONNECTION/;

const exchangeTest = test.extend<{ exchange: RunningExchange }>({
  exchange: async ({ watch }, run) => {
    watch.expectFault(EXCHANGE_TRAFFIC);
    const exchange = await startDemoExchange({ seed: 5, updatesPerSecond: 4 });
    await run(exchange);
    await exchange.close();
  },
});

test('the simulator moves prices and margin, goes on at the next visit, and gives way to the demo market', async ({
  dashboard,
}) => {
  await dashboard.open();
  await expect(dashboard.source).toContainText('SIMULATED 20 NOV');
  const still = await dashboard.readVerdict();
  await dashboard.chooseMarket('Simulator');
  await expect(dashboard.source).not.toContainText('20 NOV');
  await expect(dashboard.source).toContainText('SIMULATED');
  const index = await dashboard.index.innerText();
  await expect(dashboard.index).not.toHaveText(index);
  await expect.poll(async () => (await dashboard.readVerdict()).initialMargin).not.toBe(still.initialMargin);
  const moved = (await dashboard.readVerdict()).initialMargin;
  await expect.poll(async () => (await dashboard.readVerdict()).initialMargin).not.toBe(moved);

  await dashboard.page.reload();
  await expect(dashboard.verdict).toBeVisible();
  await dashboard.openMarketSheet();
  await expect(dashboard.marketSheet).toContainText('Simulator, seed 1 moves. No exchange ever quoted these prices.');
  await dashboard.marketSheet.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(dashboard.source).toContainText('PAUSED');
  await dashboard.page.keyboard.press('Escape');

  await dashboard.chooseMarket('Demo market');
  await expect(dashboard.source).toContainText('SIMULATED 20 NOV');
  await dashboard.reload();
  await expect(dashboard.source).toContainText('SIMULATED 20 NOV');
});

exchangeTest(
  'the badge names every state of a live source, speaks it once, and moves nothing beside it',
  async ({ dashboard, page, exchange }) => {
    const endpoint = `./?endpoint=${encodeURIComponent(exchange.url)}`;
    await page.goto(endpoint);
    await expect(dashboard.source).toHaveText(/^LIVE\s*\d+\sms/);
    await expect(dashboard.sourceNews).toHaveText(/^Live prices of 127\.0\.0\.1:\d+\.$/);
    await dashboard.answered();
    const book = await dashboard.readBook();
    const place = (await dashboard.command.boundingBox())!;
    const verdict = await dashboard.verdict.boundingBox();
    const nothingMoved = async () => {
      // The price before it may be wider by a fraction of a pixel.
      expect(Math.abs((await dashboard.command.boundingBox())!.x - place.x)).toBeLessThan(1);
      expect(await dashboard.verdict.boundingBox()).toEqual(verdict);
    };

    exchange.control.fault({ kind: 'stall', ms: 9_000 });
    await expect(dashboard.source).toHaveText(/^(?:STALE|SILENT)/);
    await expect(dashboard.source).toHaveText(/^SILENT\s*\d+\ss/);
    await expect(dashboard.sourceNews).toHaveText(/is silent\. Prices stand still\.$/);
    await nothingMoved();
    await expect(dashboard.source).toHaveText(/^LIVE/);

    exchange.control.fault({ kind: 'refuse-connections' });
    exchange.control.fault({ kind: 'drop-connections' });
    await expect(dashboard.source).toHaveText(/^RECONNECTING/);
    await expect(dashboard.sourceNews).toHaveText(/is lost\. Prices stand still\.$/);
    await nothingMoved();
    await dashboard.openMarketSheet();
    await expect(dashboard.marketSheet).toContainText(/The connection to 127\.0\.0\.1:\d+ is lost\. Attempt \d+ is/);
    await page.keyboard.press('Escape');
    exchange.control.clear('refuse-connections');
    await expect(dashboard.source).toHaveText(/^LIVE/, { timeout: 45_000 });

    exchange.control.fault({ kind: 'stale-timestamps', ms: 60_000 });
    await expect(dashboard.source).toHaveText(/^STALE/);
    await nothingMoved();
    exchange.control.clear('stale-timestamps');
    await expect(dashboard.source).toHaveText(/^LIVE/);

    await dashboard.openMarketSheet();
    const ages = dashboard.marketSheet.getByRole('table', { name: /^Age of the oldest value/ });
    await expect(ages.getByRole('row', { name: /^BTC/ })).toContainText(/\d+\ss of \d+\ss/);
    await expect(dashboard.marketSheet).toContainText('Clock of the exchange');
    await dashboard.marketSheet.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.keyboard.press('Escape');
    await expect(dashboard.source).toHaveText(/^SNAPSHOT\s*\d+\ss/);
    await nothingMoved();
    expect(await dashboard.readBook()).toEqual(book);
    await dashboard.openMarketSheet();
    await dashboard.marketSheet.getByRole('button', { name: 'Start again' }).click();
    await expect(dashboard.source).toHaveText(/^LIVE/);
  },
);

exchangeTest(
  'an endpoint in the address is for one visit, one chosen in the sheet for all',
  async ({ dashboard, page, exchange }) => {
    await page.goto(`./?endpoint=${encodeURIComponent(exchange.url)}`);
    await expect(dashboard.source).toHaveText(/^LIVE/);
    expect(shownNumber(await dashboard.index.innerText())).toBeGreaterThan(0);
    await dashboard.open();
    await expect(dashboard.source).not.toHaveText(/^(?:LIVE|CONNECTING)/);

    await dashboard.openMarketSheet();
    const address = dashboard.marketSheet.getByRole('textbox', { name: 'Address of the endpoint' });
    await address.fill('wss://elsewhere.example/ws');
    await address.press('Enter');
    await expect(dashboard.marketSheet.getByRole('alert')).toContainText('not to “wss://elsewhere.example/ws”');
    await address.fill(exchange.url);
    await address.press('Enter');
    await expect(dashboard.source).toHaveText(/^LIVE/);
    await page.goto('about:blank');
    await page.goto('./');
    await expect(dashboard.source).toHaveText(/^LIVE/);
  },
);

test('an endpoint that the page may not reach is named, and the app goes on', async ({ dashboard }) => {
  await dashboard.open('./?endpoint=wss://elsewhere.example/ws');
  await expect(dashboard.notices).toContainText('The endpoint in the address was not used.');
  await expect(dashboard.source).toContainText('SIMULATED');
});
