import type { Page } from '@playwright/test';
import { shownNumber } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

/** Luminance of what the page is painted on, 0 to 1. */
function backgroundLightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return (0.2126 * red! + 0.7152 * green! + 0.0722 * blue!) / 255;
  });
}

test('the theme follows the system until one is chosen, and the choice is kept', async ({ dashboard, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await dashboard.open();
  expect(await backgroundLightness(page)).toBeLessThan(0.15);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => backgroundLightness(page)).toBeGreaterThan(0.85);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => backgroundLightness(page)).toBeLessThan(0.15);

  await page.getByRole('button', { name: 'Use the light theme' }).click();
  await expect.poll(() => backgroundLightness(page)).toBeGreaterThan(0.85);
  await expect(page.getByRole('button', { name: 'Use the dark theme' })).toBeVisible();
  // An edit after it: what the page calls saved then includes the theme.
  await dashboard.setQuantity('BTC 25 DEC 82k P', '-9');
  await expect(dashboard.saved).toHaveText('saved');
  await dashboard.reload();
  expect(await backgroundLightness(page)).toBeGreaterThan(0.85);
});

test('the unit switch changes every money figure, and changes it back', async ({ dashboard, page }) => {
  await dashboard.open();
  await dashboard.chooseDockTab('Greeks');
  await dashboard.sellButton('11 DEC 90k put').waitFor({ state: 'detached' });
  await dashboard.answered();
  const moneyColumns = async () => ({
    book: await dashboard.book
      .getByRole('row')
      .filter({ has: page.getByRole('spinbutton') })
      .allInnerTexts(),
    total: await dashboard.book.getByRole('row', { name: /^Total/ }).innerText(),
  });
  const inUsd = { ...(await dashboard.readPanels()), ...(await moneyColumns()) };

  await dashboard.chooseUnit('BTC');
  await dashboard.answered();
  const inCoin = { ...(await dashboard.readPanels()), ...(await moneyColumns()) };
  for (const panel of Object.keys(inUsd) as (keyof typeof inUsd)[])
    if (panel !== 'book') expect(inCoin[panel], panel).not.toEqual(inUsd[panel]);
  inUsd.book.forEach((row, at) => expect(inCoin.book[at], row).not.toBe(row));

  const index = shownNumber(/[\d,.]+/.exec(await page.getByTestId('index').innerText())![0]);
  for (const figure of ['initialMargin', 'maintenance', 'freeMargin'] as const) {
    expect(inCoin.verdict[figure]).toMatch(/^−?\d+\.\d{4}$/);
    expect(shownNumber(inCoin.verdict[figure])).toBeCloseTo(shownNumber(inUsd.verdict[figure]) / index, 3);
  }
  for (const rulebook of ['Isolated', 'Cross', 'Portfolio'])
    expect(shownNumber(inCoin.verdict.rulebooks[rulebook]!)).toBeCloseTo(
      shownNumber(inUsd.verdict.rulebooks[rulebook]!) / index,
      3,
    );
  expect(inCoin.verdict.used).toBe(inUsd.verdict.used);
  expect(inCoin.payoff.columns.map(({ unit }) => unit)).toContain('BTC');
  expect(inCoin.runway.columns.map(({ unit }) => unit)).toContain('BTC');
  await expect(dashboard.panel('Stress grid')).toContainText('BTC');
  await expect(dashboard.panel('Coverage')).toContainText('1-day P&L, BTC');

  await page.keyboard.press('u');
  await dashboard.answered();
  expect({ ...(await dashboard.readPanels()), ...(await moneyColumns()) }).toEqual(inUsd);
});

test('a trade is made by keyboard alone', async ({ dashboard, page }) => {
  await dashboard.open();
  const former = await dashboard.readVerdict();
  await page.keyboard.press('/');
  await expect(dashboard.command).toBeFocused();
  await page.keyboard.type('-4 11dec 100k c');
  await page.keyboard.press('Enter');
  await dashboard.proposed();
  await expect(dashboard.quantity('BTC 11 DEC 100k C')).toHaveValue('−4');
  const preview = await dashboard.readVerdict();
  await page.keyboard.press('Enter');
  await expect(dashboard.keepButton).toBeHidden();
  await dashboard.answered();
  expect((await dashboard.readVerdict()).initialMargin).toBe(preview.initialMargin);

  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await expect(dashboard.quantity('BTC 11 DEC 100k C')).toHaveCount(0);
  await dashboard.answered();
  expect(await dashboard.readVerdict()).toEqual(former);
  await page.keyboard.press('Control+Shift+z');
  await expect(dashboard.quantity('BTC 11 DEC 100k C')).toHaveValue('−4');

  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys, signs and units' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('another coin brings its own curves, chain and levels; chain prices follow the unit', async ({
  dashboard,
  page,
}) => {
  await dashboard.open();
  const former = await dashboard.readPanelsOfCoin();
  await dashboard.chooseCoin('ETH');
  await dashboard.answered();
  const other = await dashboard.readPanelsOfCoin();
  for (const panel of Object.keys(former) as (keyof typeof former)[])
    expect(other[panel], panel).not.toEqual(former[panel]);
  await expect(
    page.getByRole('radiogroup', { name: 'Unit of money' }).getByRole('radio', { name: 'ETH' }),
  ).toBeVisible();
  await dashboard.chooseCoin('BTC');
  await dashboard.answered();
  expect(await dashboard.readPanelsOfCoin()).toEqual(former);

  await expect(dashboard.sellButton('11 DEC 90k put')).toHaveAccessibleName(/at [\d,]+ USD$/);
  await dashboard.chooseUnit('BTC');
  await expect(dashboard.sellButton('11 DEC 90k put')).toHaveAccessibleName(/at 0\.\d{4} BTC$/);
});
