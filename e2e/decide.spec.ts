import { DecidePage } from './DecidePage.ts';
import { shownNumber } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

test('a cut is searched, chosen by mouse and keyboard, proposed and kept, and frees what it says', async ({
  dashboard,
  page,
}) => {
  await dashboard.open();
  const decide = new DecidePage(dashboard);
  await page.getByRole('button', { name: 'Cheapest margin cut' }).click();
  await decide.searched();
  const before = shownNumber((await dashboard.readVerdict()).initialMargin);

  await decide.cuts.getByRole('option').first().click();
  const least = await decide.freed();
  await page.keyboard.press('End');
  const most = await decide.freed();
  expect(most).toBeGreaterThan(least);
  await page.keyboard.press('ArrowUp');
  const freed = await decide.freed();
  expect(freed).toBeLessThan(most);

  await decide.propose.click();
  await dashboard.answered();
  const proposed = await dashboard.readVerdict();
  expect(Math.abs(before - shownNumber(proposed.initialMargin) - freed)).toBeLessThanOrEqual(1);
  // The list speaks of the book itself, and stays.
  expect(await decide.freed()).toBe(freed);

  await dashboard.keepButton.click();
  await dashboard.answered();
  await decide.searched();
  expect(shownNumber((await dashboard.readVerdict()).initialMargin)).toBe(shownNumber(proposed.initialMargin));
});

test('a typed cut asks for its margin, and least delta asks again', async ({ dashboard, page }) => {
  await dashboard.open();
  const decide = new DecidePage(dashboard);
  await decide.type('cut 8k');
  await decide.searched();
  await expect(decide.panel.getByRole('spinbutton', { name: 'Margin to be freed' })).toHaveValue('8,000');
  expect(await decide.freed()).toBeGreaterThanOrEqual(8_000);
  await page.getByRole('radio', { name: 'Least delta' }).click();
  await expect(decide.panel.getByText(/^Searching/)).toBeVisible();
  await decide.searched();
  expect(await decide.freed()).toBeGreaterThanOrEqual(8_000);
});

test('orders of fills: the best peak is not above the worst, on the way in and out', async ({ dashboard, page }) => {
  await dashboard.open();
  const decide = new DecidePage(dashboard);
  await decide.open();
  await decide.view('Fill order');
  await expect(decide.order('Best')).toContainText(/Best: peak [\d,]+/);
  const peak = async (name: 'Best' | 'Worst') =>
    shownNumber(/peak ([\d,]+)/.exec(await decide.order(name).innerText())![1]!);
  expect(await peak('Best')).toBeLessThanOrEqual(await peak('Worst'));
  await expect(decide.order('Best').getByRole('listitem')).toHaveCount(6);

  await page.getByRole('button', { name: 'Condor' }).click();
  await dashboard.answered();
  await decide.panel.getByRole('radio', { name: 'Enter the proposal' }).click();
  await expect(decide.order('Best').getByRole('listitem')).toHaveCount(4);
  expect(await peak('Best')).toBeLessThan(await peak('Worst'));
  // Wings first: the two that are bought.
  const fills = await decide.order('Best').getByRole('listitem').allInnerTexts();
  expect(fills.slice(0, 2).every((fill) => fill.startsWith('+'))).toBe(true);
});

test('a hedge that dies before what it hedges is named', async ({ dashboard }) => {
  await dashboard.open();
  const decide = new DecidePage(dashboard);
  await decide.open();
  await decide.view('Expiry cliff');
  await expect(decide.panel.getByRole('list', { name: 'Expiries' }).getByRole('listitem').first()).toContainText(
    'expire',
  );
  await decide.type('+60 4dec 92k p');
  await decide.type('-60 25dec 92k p');
  await expect(decide.panel).toContainText(/A hedge dies before what it hedges: \+60 BTC 4 DEC 92k P/);
});

test('the chain says what one contract more asks, as the verdict then does', async ({ dashboard, page }) => {
  await dashboard.open();
  const row = dashboard.chain.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /94,000/ }) });
  const marginal = row.getByTitle(/^Initial margin/).first();
  await expect(marginal).toBeVisible();
  const told = shownNumber(await marginal.innerText());
  const before = shownNumber((await dashboard.readVerdict()).initialMargin);
  await row.getByRole('button', { name: /^Buy .* call/ }).click();
  await dashboard.answered();
  const after = shownNumber((await dashboard.readVerdict()).initialMargin);
  expect(Math.abs(after - before - told)).toBeLessThanOrEqual(1);

  await page.keyboard.press('Escape');
  await dashboard.answered();
  await page.getByRole('radio', { name: 'IM sell' }).click();
  await expect(marginal).toHaveText(/^\+/);
});
