import type { ChartElement } from '../src/ui/Chart.tsx';
import { shownNumber } from './DashboardPage.ts';
import { jsonFile, recordedMarket } from './fixtures/market.ts';
import { expect, test } from './journey.ts';

test('a smile is raised by keyboard, the margin follows, the guard stops it, and a reset gives the margin back to the digit', async ({
  dashboard,
  page,
}) => {
  await dashboard.open();
  const before = await dashboard.readVerdict();
  await dashboard.chooseDockTab('Surface');
  await dashboard.answered();

  // Every expiry in the table; the book's options stand in the one of 25 December.
  await expect(dashboard.smiles.getByRole('row')).toHaveCount(13);
  await dashboard.chooseSmile('25 DEC');
  await expect(dashboard.smile).toHaveAttribute('aria-label', /25 DEC/);
  const numbers = await dashboard.smile.evaluate((element) => (element as ChartElement).__headroomSeries!());
  const column = (name: string) => numbers.columns.findIndex((each) => each.name === name);
  expect(numbers.rows.length).toBeGreaterThan(15);
  for (const row of numbers.rows) {
    const [bid, mark, ask, fit] = ['Bid IV', 'Mark IV', 'Ask IV', 'Fitted IV'].map(
      (name) => row[column(name)] as number,
    );
    expect(bid).toBeLessThan(mark!);
    expect(ask).toBeGreaterThan(mark!);
    expect(Math.abs(fit! - mark!)).toBeLessThan(1);
  }
  await expect(dashboard.editedMark).toBeHidden();

  // Five points up by the arrow keys.
  await dashboard.levelField('25 DEC').focus();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('PageUp');
  await dashboard.levelField('25 DEC').press('Enter');
  await dashboard.answered();
  await expect(dashboard.levelField('25 DEC')).toHaveValue('+5');
  const raised = await dashboard.readVerdict();
  expect(raised.initialMargin).not.toBe(before.initialMargin);
  await expect(dashboard.editedMark).toBeVisible();
  await expect(dashboard.source).toContainText('smiles edited');

  // Far more than the calendar allows.
  await dashboard.levelField('25 DEC').fill('200');
  await dashboard.levelField('25 DEC').press('Enter');
  await expect(dashboard.smileStop).toContainText('Stopped at the last value without arbitrage');
  await expect(dashboard.smileStop).toContainText('25 DEC');
  await dashboard.answered();
  const reached = shownNumber(await dashboard.levelField('25 DEC').inputValue());
  expect(reached).toBeGreaterThan(5);
  expect(reached).toBeLessThan(100);

  // It is kept with the workspace.
  await expect(dashboard.saved).toHaveText('saved');
  const stopped = await dashboard.readVerdict();
  await dashboard.reload();
  expect(await dashboard.readVerdict()).toEqual(stopped);
  await expect(dashboard.editedMark).toBeVisible();

  await dashboard.chooseDockTab('Surface');
  await dashboard.chooseSmile('25 DEC');
  await page.getByRole('button', { name: 'Reset 25 DEC' }).click();
  await dashboard.answered();
  expect(await dashboard.readVerdict()).toEqual(before);
  await expect(dashboard.editedMark).toBeHidden();
  await dashboard.undo();
  expect(await dashboard.readVerdict()).toEqual(stopped);
});

test('the surface turns by keys and by drag, and each view is painted from finite numbers', async ({
  dashboard,
  page,
}) => {
  await dashboard.open();
  await dashboard.chooseDockTab('Surface');
  await page.getByRole('button', { name: 'Expand the dock' }).click();
  await dashboard.answered();
  await dashboard.chooseSurfaceView('3D');
  await dashboard.answered();
  const surface = page.getByTestId('surface-chart');
  const turn = async () => Number(await surface.getAttribute('data-turn'));
  const first = await turn();
  await surface.focus();
  await page.keyboard.press('ArrowRight');
  expect(await turn()).toBe(first + 7.5);
  await page.keyboard.press('Home');
  const box = (await surface.boundingBox())!;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + 100, middle.y + 20, { steps: 4 });
  await page.mouse.up();
  expect(await turn()).toBeGreaterThan(first + 30);

  for (const [view, testId] of [
    ['3D', 'surface-chart'],
    ['Term', 'surface-term-chart'],
    ['Skew', 'surface-skew-chart'],
    ['Smile', 'surface-smile-chart'],
  ] as const) {
    await dashboard.chooseSurfaceView(view);
    await dashboard.answered();
    const { rows } = await page
      .getByTestId(testId)
      .evaluate((element) => (element as ChartElement).__headroomSeries!());
    expect(rows.length, view).toBeGreaterThan(10);
    const unfit = rows.flat().filter((value) => typeof value === 'number' && !Number.isFinite(value));
    expect(unfit, view).toEqual([]);
  }

  // A handle follows the pointer, and lets go where it is.
  const handle = page.getByRole('slider', { name: /^Level of/ });
  const grip = (await handle.boundingBox())!;
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
  await page.mouse.down();
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2 - 30, { steps: 6 });
  await page.mouse.up();
  await dashboard.answered();
  expect(Number(await handle.getAttribute('aria-valuenow'))).toBeGreaterThan(0.2);
  await dashboard.undo();
  await expect(handle).toHaveAttribute('aria-valuenow', '0');
});

test('smiles that allow arbitrage are repaired on request, at a cost that is shown, and the book stays as it is', async ({
  dashboard,
  page,
}) => {
  const repair = page.getByRole('button', { name: 'Repair', exact: true });
  await dashboard.open();
  await dashboard.chooseDockTab('Surface');
  await dashboard.answered();
  await expect(repair, 'the demo has no arbitrage').toHaveAttribute('aria-disabled', 'true');

  // An expiry so dear that total variance falls to the next.
  const market = recordedMarket();
  for (const quote of market.underlyings.BTC!.expiries[6]!.quotes)
    for (const vol of ['markIv', 'bidIv', 'askIv']) if (typeof quote[vol] === 'number') quote[vol] = 1.4 * quote[vol];
  await dashboard.openFiles(jsonFile('crossed.json', market));
  await expect(dashboard.source).toContainText('RECORDED');
  await dashboard.answered();
  await dashboard.chooseSmile('25 DEC');
  await expect(dashboard.smiles).toContainText('calendar');
  const before = await dashboard.readVerdict();
  await repair.click();
  await expect(page.getByTestId('repair-note')).toContainText('The book’s figures do not change');
  await expect(dashboard.smiles).not.toContainText('calendar');
  const { columns, rows } = await dashboard.smile.evaluate((element) => (element as ChartElement).__headroomSeries!());
  const at = (name: string) => columns.findIndex((each) => each.name === name);
  const apart = rows.map((row) => Math.abs((row[at('Repaired IV')] as number) - (row[at('Fitted IV')] as number)));
  expect(Math.max(...apart)).toBeGreaterThan(1);
  expect(await dashboard.readVerdict()).toEqual(before);
});
