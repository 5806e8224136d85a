import { shownNumber } from './DashboardPage.ts';
import { expect, test } from './journey.ts';
import { RunwayPage } from './RunwayPage.ts';

const WAY = /^Shortest way to liquidation: ([+−][\d.]+) %, IV ×([\d.]+), ([\d.]+) σ of 30 days/;

test('the frontier names the shortest way, before and after a trade', async ({ dashboard }) => {
  await dashboard.open();
  const runway = new RunwayPage(dashboard);
  await runway.show('Frontier');
  const [, move, factor, sigmas] = WAY.exec(await runway.read())!;
  expect(shownNumber(move!)).toBeGreaterThan(10);
  expect(Number(factor)).toBeLessThan(1);
  expect(Number(sigmas)).toBeGreaterThan(1);
  await expect(runway.picture.getByRole('img')).toHaveAccessibleName(/re-margined at every point.*Shortest way/);

  // The same margin as everywhere: headroom where nothing moves.
  const { columns, rows } = await runway.numbers();
  const still = columns.findIndex(({ name }) => name === '0 %');
  const headroom = rows.find(([iv]) => iv === 1)![still] as number;
  await runway.show('Runway');
  const along = await dashboard.numbers('Margin runway');
  const here = along.rows.find((row) => Math.abs(row[1] as number) < 1e-9)!;
  expect(headroom).toBeCloseTo(here[along.columns.findIndex(({ name }) => name === 'Headroom')] as number, 6);

  await runway.show('Frontier');
  await dashboard.trade.getByRole('button', { name: 'Strangle' }).click();
  await expect(runway.sentence).toContainText(/, was [\d.]+\sσ$/);
  const after = WAY.exec(await runway.read())!;
  expect(Number(after[3]), 'more sold, less far').toBeLessThan(Number(sigmas));
  await dashboard.dropButton.click();
  await expect(runway.sentence).not.toContainText('was');
  expect(WAY.exec(await runway.read())![3]).toBe(sigmas);
});

test('a point of the plane is pinned by mouse and by keyboard', async ({ dashboard, page }) => {
  await dashboard.open();
  const runway = new RunwayPage(dashboard);
  await runway.show('Frontier');
  await runway.click(0.4, 0.3);
  await expect(dashboard.pinChip).toContainText(/Pinned −\d+(?:\.\d)?\s%, IV ×1\.\d\d/);
  await dashboard.answered();
  await page.keyboard.press('Escape');
  await expect(dashboard.pinChip).toHaveCount(0);

  // Keys go on from the pointer where there is one.
  await dashboard.command.hover();
  await runway.picture.focus();
  // From now: two steps up in spot, one in IV.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowUp');
  await expect(runway.picture).toContainText(/\+4\.1\s%.*IV ×1\.05.*Headroom ≈/);
  await page.keyboard.press('Enter');
  await expect(dashboard.pinChip).toContainText(/Pinned \+4\.1\s%, IV ×1\.05/);
  await dashboard.answered();

  // A pinned date moves the whole plane, and is named.
  await page.keyboard.press('Escape');
  const today = await runway.read();
  await dashboard.scenario.getByRole('slider', { name: 'Spot' }).press('ArrowRight');
  await dashboard.scenario.getByRole('slider', { name: 'Date' }).press('End');
  await expect(runway.panel).toContainText(/pinned \d+ [A-Z]{3}/);
  expect(await runway.read()).not.toBe(today);
});

test('a book that is safe everywhere says how far that was looked into', async ({ dashboard, page }) => {
  await dashboard.open();
  const runway = new RunwayPage(dashboard);
  await runway.show('Frontier');
  await dashboard.book.getByRole('button', { name: 'Clear' }).click();
  await expect(runway.sentence).toHaveText(/^None inside −60\s%…\+100\s% × IV ×0\.50…×2\.50$/);
  await dashboard.answered();

  await runway.panel.getByRole('button', { name: 'Liquidation frontier: table and export' }).click();
  await page.getByRole('menuitem', { name: 'Show table' }).click();
  await expect(runway.table.getByRole('row')).toHaveCount(16);
  await expect(runway.table.getByRole('rowheader').first()).toHaveText('2.50');
});
