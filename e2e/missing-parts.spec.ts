import { DashboardPage } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

const LEG = 'BTC 25 DEC 82k P';
/** What the browser and React say of a file that does not arrive. */
const FILE_FAILED =
  /Failed to load resource|request failed|Unable to preload|dynamically imported module|did not arrive/;

test('a part that does not arrive is told, and a reload brings it and keeps the book', async ({
  dashboard,
  page,
  watch,
}) => {
  watch.expectFault(FILE_FAILED);
  const missing = page.getByTestId('notice').filter({ hasText: 'A part of Headroom did not arrive' });
  await page.route(/\/assets\/(MarketSheet|RulebooksPanel)-/, (route) => route.abort());
  await dashboard.open();
  await dashboard.answered();
  await dashboard.source.click();
  await expect(missing).toContainText('the book is kept');
  await dashboard.chooseDockTab('Rulebooks');
  await expect(dashboard.panel('Rulebooks')).toContainText('Rulebooks did not arrive');
  await expect(dashboard.panel('Rulebooks').getByRole('button', { name: 'Retry' })).toHaveCount(0);

  // The rest goes on.
  await dashboard.setQuantity(LEG, '-12.5');
  await dashboard.answered();
  const [book, verdict] = [await dashboard.readBook(), await dashboard.readVerdict()];
  await page.unrouteAll();
  await missing.getByRole('button', { name: 'Reload' }).click();
  await expect(missing).toHaveCount(0);
  await dashboard.answered();
  expect(await dashboard.readVerdict()).toEqual(verdict);
  expect(await dashboard.readBook()).toEqual(book);
  await dashboard.openMarketSheet();
  await expect(dashboard.marketSheet).toBeVisible();
});

test('without a network the page is not reloaded away', async ({ dashboard, page, context, watch }) => {
  watch.expectFault(FILE_FAILED);
  await dashboard.open();
  await dashboard.answered();
  await context.setOffline(true);
  await dashboard.source.click();
  const notice = page.getByTestId('notice').filter({ hasText: 'Headroom' });
  await expect(notice).toContainText('did not arrive');
  await notice.getByRole('button', { name: 'Reload' }).click();
  await expect(notice).toContainText('cannot be reached now');
  await dashboard.setQuantity(LEG, '-12.5');
  await dashboard.answered();

  await context.setOffline(false);
  await notice.getByRole('button', { name: 'Reload' }).click();
  await expect(notice).toHaveCount(0);
  await expect(dashboard.quantity(LEG)).toHaveValue(/12\.5/);
});

for (const [what, files] of [
  ['the screen', /\/assets\/verdict-.*\.js/],
  ['the first script', /\/assets\/index-.*\.js/],
] as const)
  test(`a page to which ${what} does not come says what to do`, async ({ page, watch }) => {
    watch.expectFault(FILE_FAILED);
    await page.route(files, (route) => route.abort());
    await page.goto('./');
    await expect(page.getByRole('alert')).toContainText('reload the page', { timeout: 20_000 });
    await page.unrouteAll();
    await page.reload();
    await expect(new DashboardPage(page).verdict).toContainText('Initial margin');
    await expect(page.getByText('Headroom is not here yet')).toHaveCount(0);
  });
