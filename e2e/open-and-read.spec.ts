import { shownNumber } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

test('a cold open shows the verdict and real figures in every panel', async ({ dashboard, page }) => {
  await dashboard.open();
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
  await expect(dashboard.source).toContainText('SIMULATED');

  const verdict = await dashboard.readVerdict();
  const [initial, maintenance, free] = [verdict.initialMargin, verdict.maintenance, verdict.freeMargin].map(
    shownNumber,
  );
  expect(initial).toBeGreaterThan(1000);
  expect(maintenance).toBeGreaterThan(0);
  expect(maintenance).toBeLessThan(initial!);
  expect(free).toBeGreaterThan(0);
  expect(shownNumber(verdict.used)).toBeCloseTo((100 * initial!) / (initial! + free!), 1);
  expect(verdict.binding).toMatch(/^Binding cell [+−]?\d+ %.*IV ×\d/);
  expect(verdict.before).toBeNull();

  expect(Object.keys(verdict.rulebooks)).toEqual(['Isolated', 'Cross', 'Portfolio']);
  const [isolated, cross, portfolio] = Object.values(verdict.rulebooks).map(shownNumber);
  expect(isolated).toBeGreaterThanOrEqual(cross!);
  expect(cross).toBeGreaterThanOrEqual(portfolio!);
  expect(verdict.rulebooks.Portfolio).toBe(verdict.initialMargin);

  const rows = dashboard.book.getByRole('row').filter({ has: page.getByRole('spinbutton') });
  let parts = 0;
  for (const row of await rows.all()) parts += shownNumber((await row.getByRole('cell').last().innerText()) || '0');
  expect(await rows.count()).toBeGreaterThan(5);
  expect(parts, 'the parts of the requirement in the book').toBe(initial);
});

test('each picture is drawn from finite numbers that belong together', async ({ dashboard }) => {
  await dashboard.open();
  const verdict = await dashboard.readVerdict();
  for (const title of ['P&L by spot', 'Margin runway', 'Coverage', 'Smile'] as const) {
    const { rows } = await dashboard.numbers(title);
    expect(rows.length, title).toBeGreaterThan(10);
    const unfit = rows.flat().filter((value) => typeof value === 'number' && !Number.isFinite(value));
    expect(unfit, title).toEqual([]);
  }

  const payoff = await dashboard.numbers('P&L by spot');
  const moveAt = payoff.columns.findIndex(({ name }) => name === 'Move');
  const nowAt = payoff.columns.findIndex(({ name }) => name === 'Now');
  const still = payoff.rows.find((row) => Math.abs(row[moveAt] as number) < 1e-9);
  expect(still?.[nowAt], 'P&L where nothing moves').toBeCloseTo(0, 6);

  const runway = await dashboard.numbers('Margin runway');
  const here = runway.rows.find((row) => Math.abs(row[1] as number) < 1e-9)!;
  const column = (name: RegExp) => here[runway.columns.findIndex((each) => name.test(each.name))] as number;
  expect(Math.round(column(/^Initial/))).toBe(shownNumber(verdict.initialMargin));
  expect(Math.round(column(/^Maintenance/))).toBe(shownNumber(verdict.maintenance));
  expect(Math.round(column(/^Equity/) - column(/^Initial/))).toBe(shownNumber(verdict.freeMargin));
});

test('stress, coverage, chain and Greeks hold what the book implies', async ({ dashboard, page }) => {
  await dashboard.open();
  const cells = await dashboard.readStress();
  expect(cells.length).toBeGreaterThanOrEqual(63);
  const isBeyond = (await page.getByTestId('stress-binding').innerText()).includes('off the grid');
  expect(cells.filter((cell) => cell.includes('binding cell'))).toHaveLength(isBeyond ? 0 : 1);
  const still = cells.find((cell) => cell.startsWith('spot unchanged, vol ×1.00'));
  expect(still).toContain('P&L 0,');
  expect(new Set(cells.map((cell) => /margin (\S+),/.exec(cell)![1])).size, 'margin differs by cell').toBeGreaterThan(
    20,
  );

  const methods = dashboard.coverage.getByRole('row').filter({ has: dashboard.page.getByRole('cell') });
  await expect(methods).toHaveCount(5);
  for (const row of await methods.all()) {
    const [valueAtRisk, shortfall] = (await row.getByRole('cell').allInnerTexts()).map(shownNumber);
    expect(valueAtRisk).toBeGreaterThan(0);
    expect(shortfall, 'expected shortfall').toBeGreaterThan(valueAtRisk! * 0.9);
  }
  const monteCarlo = methods.filter({ hasText: 'Monte Carlo' });
  await expect(monteCarlo.getByRole('cell').first()).toHaveText(/^[\d,]+ ±[\d,]+$/);
  await expect(dashboard.panel('Coverage')).toContainText(/Initial margin covers .* of 1-day outcomes/);

  const asks = dashboard.chain.getByRole('button', { name: /^Buy .* at [\d,.]+ USD$/ });
  expect(await asks.count()).toBeGreaterThan(10);
  await expect(dashboard.page.getByRole('tablist', { name: 'Expiry' }).getByRole('tab')).toHaveCount(12);

  await dashboard.chooseDockTab('Greeks');
  await expect(dashboard.greeks.getByRole('row', { name: /^BTC total/ })).toBeVisible();
  await expect(dashboard.greeks.getByRole('row', { name: /^ETH total/ })).toBeVisible();
  await dashboard.page.getByRole('radio', { name: 'By leg' }).click();
  await expect(dashboard.greeks.getByRole('row', { name: /82k P/ })).toBeVisible();
});
