import { shownNumber } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

const LEG = 'BTC 25 DEC 82k P';

test('a new quantity moves every panel, and undo brings each back', async ({ dashboard }) => {
  await dashboard.open();
  await dashboard.chooseDockTab('Greeks');
  await dashboard.answered();
  const former = await dashboard.readPanels();

  await dashboard.setQuantity(LEG, '-14');
  await dashboard.answered();
  await expect(dashboard.quantity(LEG)).toHaveValue('−14');
  const edited = await dashboard.readPanels();
  for (const panel of Object.keys(former) as (keyof typeof former)[])
    expect(edited[panel], panel).not.toEqual(former[panel]);
  for (const figure of ['initialMargin', 'maintenance', 'freeMargin', 'used'] as const)
    expect(edited.verdict[figure], figure).not.toBe(former.verdict[figure]);
  // Four more short puts of the same strike need more alone, and cannot need less under any rulebook that adds legs up.
  for (const rulebook of ['Isolated', 'Cross'])
    expect(shownNumber(edited.verdict.rulebooks[rulebook]!)).toBeGreaterThan(
      shownNumber(former.verdict.rulebooks[rulebook]!),
    );

  await dashboard.undo();
  await expect(dashboard.quantity(LEG)).toHaveValue('−10');
  expect(await dashboard.readPanels()).toEqual(former);
});

test('a quantity can be stepped, reckoned and refused', async ({ dashboard, page }) => {
  await dashboard.open();
  const quantity = dashboard.quantity(LEG);
  await quantity.focus();
  await page.keyboard.press('ArrowDown');
  await expect(quantity).toHaveValue('−11');
  await dashboard.setQuantity(LEG, '-4*3');
  await expect(quantity).toHaveValue('−12');
  await dashboard.answered();
  const former = await dashboard.readVerdict();

  for (const slip of ['twelve', '1e308', '12 apples', '1/0']) {
    await dashboard.setQuantity(LEG, slip);
    await expect(dashboard.book.getByRole('alert'), slip).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(quantity).toHaveValue('−12');
    await expect(dashboard.book.getByRole('alert')).toHaveCount(0);
  }
  await dashboard.answered();
  expect(await dashboard.readVerdict()).toEqual(former);

  // Each settled entry is one step back.
  await dashboard.undo();
  await expect(quantity).toHaveValue('−11');
  await dashboard.undo();
  await expect(quantity).toHaveValue('−10');
  await expect(dashboard.undoButton).toBeDisabled();
});

test('collateral adds to free margin one for one', async ({ dashboard }) => {
  await dashboard.open();
  const former = await dashboard.readVerdict();
  const field = dashboard.book.getByRole('spinbutton', { name: 'USDC held as collateral' });
  await field.fill('112500');
  await field.press('Enter');
  await dashboard.answered();
  const verdict = await dashboard.readVerdict();
  expect(verdict.initialMargin).toBe(former.initialMargin);
  expect(shownNumber(verdict.freeMargin) - shownNumber(former.freeMargin)).toBe(12_500);
});

test('a removed leg and a cleared book come back with one Undo each', async ({ dashboard, page }) => {
  await dashboard.open();
  const former = { verdict: await dashboard.readVerdict(), book: await dashboard.readBook() };
  await dashboard.book.getByRole('row', { name: new RegExp(LEG) }).hover();
  await dashboard.book.getByRole('button', { name: `Remove ${LEG}` }).click();
  await expect(dashboard.quantity(LEG)).toHaveCount(0);
  await dashboard.answered();
  expect(await dashboard.readVerdict()).not.toEqual(former.verdict);
  await dashboard.toast.getByRole('button', { name: 'Undo' }).click();
  await expect(dashboard.quantity(LEG)).toHaveValue('−10');

  await dashboard.book.getByRole('button', { name: 'Clear' }).click();
  await expect(dashboard.book).toContainText('No legs. Click a bid or an ask, or pick a structure.');
  await dashboard.answered();
  // What is left to secure is the coin held as collateral.
  const { initialMargin } = await dashboard.readVerdict();
  expect(initialMargin).not.toBe(former.verdict.initialMargin);
  const total = dashboard.book
    .getByRole('row', { name: /^Total/ })
    .getByRole('cell')
    .last();
  await expect(total).toHaveText(initialMargin);
  await page.keyboard.press('Control+z');
  await dashboard.answered();
  expect(await dashboard.readBook()).toEqual(former.book);
  expect(await dashboard.readVerdict()).toEqual(former.verdict);
});
