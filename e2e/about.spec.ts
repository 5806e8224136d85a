import type { Page } from '@playwright/test';
import type { DashboardPage } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

const about = (page: Page) => page.getByRole('dialog', { name: 'About Headroom' });
const reproducible = (page: Page) => about(page).getByRole('checkbox', { name: 'Reproducible figures' });

/** What can be read; behind it, builds may differ in the last bits. */
async function shown(dashboard: DashboardPage) {
  const { verdict, stress, coverage, greeks } = await dashboard.readPanels();
  return { verdict, stress, coverage, greeks };
}

async function openByCommand(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Command' }).fill('about');
  await page.keyboard.press('Enter');
  await expect(about(page)).toContainText('WebAssembly');
}

test('figures are made reproducible, stay so, and differ in no digit that is shown', async ({ dashboard, page }) => {
  await dashboard.open();
  const former = await shown(dashboard);
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'About Headroom' }).click();
  await expect(about(page)).toContainText('WebAssembly, relaxed SIMD');
  await expect(reproducible(page)).not.toBeChecked();
  await reproducible(page).check();
  await expect(about(page)).toContainText('WebAssembly, SIMD');
  await page.keyboard.press('Escape');
  await expect(about(page)).toBeHidden();
  await dashboard.answered();
  expect(await shown(dashboard)).toEqual(former);

  await expect(dashboard.saved).toHaveText('saved');
  await dashboard.reload();
  await openByCommand(page);
  await expect(about(page)).toContainText('WebAssembly, SIMD');
  await expect(reproducible(page)).toBeChecked();
  await reproducible(page).uncheck();
  await expect(about(page)).toContainText('WebAssembly, relaxed SIMD');
});

test('a link that somebody sent is opened with reproducible figures', async ({ dashboard, page, browser, baseURL }) => {
  await dashboard.open();
  await dashboard.setQuantity('BTC 25 DEC 82k P', '-13');
  await dashboard.answered();
  await expect(dashboard.saved).toHaveText('saved');
  const link = page.url();
  const other = await browser.newContext({ baseURL: baseURL! });
  const theirs = await other.newPage();
  await theirs.goto(link);
  await openByCommand(theirs);
  await expect(about(theirs)).toContainText('WebAssembly, SIMD');
  await expect(reproducible(theirs)).toBeChecked();
  await expect(about(theirs)).toContainText('opened from a link');
  await other.close();
});

test('kernels that do not arrive are said, and the figures are the same without', async ({
  dashboard,
  page,
  watch,
}) => {
  await dashboard.open();
  const former = await shown(dashboard);
  watch.expectFault(/404/);
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404 }));
  await dashboard.reload();
  await expect(dashboard.notices).toContainText('The WebAssembly kernels could not be loaded');
  expect(await shown(dashboard)).toEqual(former);
  await page.unroute('**/*.wasm');
  await dashboard.notices.getByRole('button', { name: 'Retry' }).click();
  await expect(dashboard.notices).toHaveCount(0);
  await openByCommand(page);
  await expect(about(page)).toContainText('WebAssembly, relaxed SIMD');
});
