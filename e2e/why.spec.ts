import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { shownNumber } from './DashboardPage.ts';
import { expect, test } from './journey.ts';
import { RulebooksPage } from './RulebooksPage.ts';
import { WhyPage } from './WhyPage.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('why the margin moves, step by step to the cent, with its cells and legs lit', async ({ dashboard }) => {
  const why = new WhyPage(dashboard);
  await dashboard.open();
  await why.open();
  const alone = await why.readSteps();
  expect(alone.at(-1)!.name).toBe('Initial margin');
  expect(sum(alone.slice(0, -1).map(({ cents }) => cents))).toBe(alone.at(-1)!.cents);
  await expect(why.detail).toContainText('Offsetting is worth');

  await dashboard.chip('Strangle').click();
  await dashboard.proposed();
  await expect(why.steps.first()).toContainText('Before');
  await why.answered();
  const steps = await why.readSteps();
  expect(steps.at(-1)!.name).toBe('After');
  expect(sum(steps.slice(0, -1).map(({ cents }) => cents)), 'to the cent').toBe(steps.at(-1)!.cents);
  const { before, initialMargin } = await dashboard.readVerdict();
  expect(Math.round(steps[0]!.cents / 100)).toBe(shownNumber(before!));
  expect(Math.round(steps.at(-1)!.cents / 100)).toBe(shownNumber(initialMargin));

  await why.step('The trade alone, 2 legs').hover();
  await expect(why.detail).toContainText('at its own worst');
  await expect(why.litRows).toHaveCount(2);
  await expect(why.litRows).toContainText([/11 DEC \d+k P/, /11 DEC \d+k C/]);
  await why.steps.last().hover();
  await expect(why.litRows).toHaveCount(0);

  await dashboard.dropButton.click();
  await why.answered();
  await why.steps.last().hover();
  await expect(why.litCells).toHaveAccessibleName(/binding cell/);
});

test('the change in the verdict leads to the steps, and keys walk them', async ({ dashboard, page }) => {
  const why = new WhyPage(dashboard);
  await dashboard.open();
  await dashboard.sellButton('11 DEC 90k put').click();
  await dashboard.proposed();
  await dashboard.verdict.getByTitle('Why did it move?').focus();
  // Enter belongs to what a key has reached.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await why.answered();
  await why.steps.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(why.steps.nth(1)).toBeFocused();
  await expect(why.detail).toContainText('at its own worst');
  await page.keyboard.press('End');
  await expect(why.steps.last()).toBeFocused();
  await expect(why.detail).toContainText('Binding scenario');
});

test('the grid names the binding scenario, and says when it is beyond the grid', async ({ dashboard, page }) => {
  await dashboard.open();
  const { binding } = await dashboard.readVerdict();
  const legend = page.getByTestId('stress-binding');
  const bindingCell = dashboard.stressGrid.getByRole('gridcell', { name: /binding cell/ });
  expect(binding).toMatch(/\+16\s%, IV ×1\.50$/);
  await expect(legend).toContainText(/\+16\s%, IV ×1\.50$/);
  await expect(bindingCell).toHaveCount(1);
  // Its scan ends with a rise of 500 %, for what calls sold lose there.
  const rulebooks = new RulebooksPage(dashboard);
  await rulebooks.open();
  await rulebooks.choose('Paradex PM').click();
  await expect(legend).toContainText(/off the grid: .*\+500\s%/);
  await expect(bindingCell).toHaveCount(0);
});

test('a figure tells where it is from, and its document reruns to the same digits', async ({
  dashboard,
  page,
  context,
}, info) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const why = new WhyPage(dashboard);
  await dashboard.open();
  const { initialMargin } = await dashboard.readVerdict();
  await why.figure('initial-margin').click();
  await expect(why.origin).toContainText('Initial margin, Portfolio');
  const total = await why.origin.getByTestId('origin-total').innerText();
  expect(Math.round(shownNumber(total))).toBe(shownNumber(initialMargin));
  await expect(why.origin).toContainText('SIMULATED');
  await expect(why.origin).toContainText(/forward [\d,.]+, IV \d+\.\d\s%/);
  await why.origin.getByRole('button', { name: 'Copy as JSON' }).click();
  await expect(why.origin).toContainText('Copied');
  const file = info.outputPath('case.json');
  await writeFile(file, await page.evaluate(() => navigator.clipboard.readText()));
  const { stdout, stderr } = await promisify(execFile)('npm', ['run', '-s', 'risk', '--', 'margin', '--case', file]);
  expect(stderr).toContain('digit for digit');
  const [margin] = JSON.parse(stdout) as { initialMarginUsd: number }[];
  expect(margin!.initialMarginUsd.toFixed(2)).toBe(total.replaceAll(',', ''));
});

test('by keyboard: free margin opens, closes by Esc, and the focus returns', async ({ dashboard, page }) => {
  const why = new WhyPage(dashboard);
  await dashboard.open();
  await why.figure('free-margin').focus();
  await page.keyboard.press('Enter');
  await expect(why.origin).toContainText('Free margin = equity − initial margin');
  await page.keyboard.press('Escape');
  await expect(why.origin).toBeHidden();
  await expect(why.figure('free-margin')).toBeFocused();
});
