import { type DashboardPage, type ExplainedRow, shownNumber } from './DashboardPage.ts';
import { demoMarket, jsonFile, recordedMarket } from './fixtures/market.ts';
import { spreadAndHedge } from './fixtures/portfolio.ts';
import { expect, test } from './journey.ts';

const CELL = /^spot −8\s%, vol ×1\.50/;

const numbersOf = ({ figures }: ExplainedRow) => figures.map(shownNumber);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What is written adds up: each row across, and the positions down to the total. Answers the written P&L. */
async function expectSums(dashboard: DashboardPage, digits: number): Promise<number> {
  const { parts, rows, total } = await dashboard.readExplain();
  expect(parts[0]).toBe('P&L');
  expect(parts).toContain('Residual');
  for (const row of [...rows, total]) {
    const [pnl, ...others] = numbersOf(row);
    expect(sum(others), `the parts of ${row.name}`).toBeCloseTo(pnl!, digits);
  }
  const positions = rows.filter(({ name }) => !name.endsWith('total')).map(numbersOf);
  const totals = numbersOf(total);
  for (const [column, part] of parts.entries())
    expect(sum(positions.map((row) => row[column]!)), part).toBeCloseTo(totals[column]!, digits);
  return totals[0]!;
}

/** The P&L of the pinned cell as its name tells it, in thousands of USD or in coin. */
async function pinnedPnl(dashboard: DashboardPage): Promise<number> {
  const name = await dashboard.stressGrid.getByRole('gridcell', { selected: true }).getAttribute('aria-label');
  return shownNumber(/P&L (\S+?)k?,/.exec(name!)![1]!);
}

test('a pinned cell is explained to the dollar, and the explain follows the book, the pin and the unit', async ({
  dashboard,
  page,
}) => {
  await dashboard.open();
  await dashboard.chooseDockTab('Explain');
  await page.getByRole('radio', { name: 'Pinned scenario' }).click();
  await expect(dashboard.explain).toContainText('Nothing is pinned');
  await dashboard.stressGrid.getByRole('gridcell', { name: CELL }).click();
  await dashboard.answered();
  await expect(dashboard.explain).toContainText(/Pinned −8\s%, IV ×1\.50/);

  const pnl = await expectSums(dashboard, 6);
  expect(Math.abs(pnl / 1000 - (await pinnedPnl(dashboard)))).toBeLessThan(0.051);
  await expect(dashboard.explain.getByTestId('explain-sentence')).toContainText(/unexplained/);
  const steps = (await dashboard.numbers('P&L explain')).rows;
  expect(steps[0]![0]).toBe('Start');
  expect(sum(steps.slice(1, -1).map((step) => step[1] as number))).toBeCloseTo(steps.at(-1)![1] as number, 6);
  expect(Math.abs((steps.at(-1)![1] as number) - pnl), 'the picture ends where the table does').toBeLessThan(0.51);
  expect(steps.at(-2)![0]).toBe('Residual');

  await dashboard.setQuantity('BTC 25 DEC 82k P', '-20');
  await dashboard.answered();
  const larger = await expectSums(dashboard, 6);
  expect(larger).not.toBe(pnl);
  expect(Math.abs(larger / 1000 - (await pinnedPnl(dashboard)))).toBeLessThan(0.051);

  await dashboard.chooseUnit('BTC');
  await dashboard.answered();
  expect(Math.abs((await expectSums(dashboard, 8)) - (await pinnedPnl(dashboard)))).toBeLessThan(0.00055);

  await page.keyboard.press('Escape');
  await dashboard.explain.getByRole('button', { name: /^Binding scenario/ }).click();
  await dashboard.answered();
  await expect(dashboard.stressGrid.getByRole('gridcell', { selected: true })).toHaveAccessibleName(/binding cell/);
  await expectSums(dashboard, 8);
});

test('a P&L is explained from an earlier market file to the open market', async ({ dashboard, page }) => {
  await dashboard.open();
  await dashboard.openFiles(jsonFile('later.json', recordedMarket()));
  await expect(dashboard.source).toContainText('RECORDED');
  await dashboard.chooseDockTab('Explain');
  await page.getByRole('radio', { name: 'Market file' }).click();
  await dashboard.openFromMarket(jsonFile('earlier.json', demoMarket()));
  await expect(dashboard.explain.getByTestId('explain-move')).toContainText(
    /SIMULATED 20 NOV 08:00 UTC → .*RECORDED 20 NOV 11:00 UTC, 3\.0\sh/s,
  );
  await dashboard.answered();
  const { parts, total } = await dashboard.readExplain();
  const figure = (part: string) => total.figures[parts.indexOf(part)]!;
  // Three hours and nothing else: the prices are the same.
  expect(figure('Theta')).toMatch(/^\+\d/);
  expect(['Delta', 'Gamma', 'Vega', 'Vanna', 'Volga'].map(figure)).toEqual(['0', '0', '0', '0', '0']);
  await expectSums(dashboard, 6);

  await dashboard.openFromMarket(jsonFile('book.json', spreadAndHedge()));
  await expect(dashboard.explain.getByRole('alert')).toContainText(/Not opened\. .*headroom\/market@1/);
  await expect(dashboard.explain.getByTestId('explain-move'), 'the former start stays').toContainText('SIMULATED');
  expect((await dashboard.readExplain()).total).toEqual(total);

  await dashboard.openFromMarket(jsonFile('last.json', { ...demoMarket(), asOf: '2026-11-20T12:00:00Z' }));
  await expect(dashboard.explain.getByRole('status')).toContainText('start from an earlier one');
});
