import type { DashboardPage } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

/** What the picture draws: days, and those of them whose loss was larger than VaR. */
async function drawn(dashboard: DashboardPage) {
  const { rows } = await dashboard.numbers('Backtest');
  const days = rows as readonly (readonly [string, number, number, number, string])[];
  for (const [day, pnl, valueAtRisk, shortfall, exception] of days) {
    expect(exception, `${day}: P&L ${pnl}, VaR ${valueAtRisk}`).toBe(-pnl > valueAtRisk ? 'yes' : 'no');
    expect(shortfall).toBeGreaterThanOrEqual(valueAtRisk);
  }
  return { days: days.length, exceptions: days.filter((day) => day[4] === 'yes').length };
}

test('a method’s exceptions are counted, drawn and judged', async ({ dashboard, page }) => {
  await dashboard.open();
  await dashboard.chooseDockTab('Backtest');
  await dashboard.answered();
  const historical = dashboard.backtest.getByRole('row', { name: /^Historical/ });
  await expect(historical).toContainText('8 of 4.8');
  await expect(historical).toContainText('green');
  expect(await drawn(dashboard)).toEqual({ days: 480, exceptions: 8 });
  await expect(dashboard.backtest).toContainText('8 exceptions where 4.8 were expected: not rejected, p = 0.18');

  await dashboard.backtest.getByRole('radio', { name: 'Parametric' }).check();
  await dashboard.answered();
  expect(await drawn(dashboard)).toEqual({ days: 480, exceptions: 21 });
  const tests = dashboard.backtest.getByRole('list', { name: 'Tests of Parametric' });
  await expect(tests).toContainText('21 exceptions where 4.8 were expected: model too mild, p < 0.0001');
  await expect(tests).toContainText('Red: in 480 days yellow begins at 9, red at 15');

  await page
    .getByRole('radiogroup', { name: 'Confidence of the backtest' })
    .getByRole('radio', { name: '95' })
    .first()
    .click();
  await dashboard.answered();
  await expect(tests).toContainText(/exceptions where 24\.0 were expected/);

  await page.getByRole('button', { name: 'Backtest: table and export' }).click();
  await page.getByRole('menuitem', { name: 'Show table' }).click();
  await expect(dashboard.backtest.getByRole('table', { name: /^Backtest, P&L a day/ }).getByRole('row')).toHaveCount(
    481,
  );
});

test('the test follows the book and the proposed trade, and comes back with them', async ({ dashboard }) => {
  await dashboard.open();
  await dashboard.chooseDockTab('Backtest');
  await dashboard.answered();
  const before = await dashboard.readBacktest();
  const figures = await dashboard.numbers('Backtest');

  await dashboard.setQuantity('BTC 25 DEC 106k C', '+7');
  await dashboard.answered();
  expect(await dashboard.numbers('Backtest')).not.toEqual(figures);
  await dashboard.undo();
  expect(await dashboard.readBacktest()).toEqual(before);
  expect(await dashboard.numbers('Backtest')).toEqual(figures);

  await dashboard.chip('Strangle').click();
  await dashboard.proposed();
  expect(await dashboard.numbers('Backtest')).not.toEqual(figures);
  await dashboard.dropButton.click();
  await dashboard.answered();
  expect(await dashboard.numbers('Backtest')).toEqual(figures);
});

test('a window that leaves nothing to test says which one would do', async ({ dashboard, page }) => {
  await dashboard.open();
  await dashboard.chooseDockTab('Backtest');
  await dashboard.answered();
  const window = page.getByRole('spinbutton', { name: 'Window of the backtest' });
  await window.fill('710');
  await window.press('Enter');
  await dashboard.answered();
  await expect(dashboard.backtest).toContainText('leaves 20 of them to test and at least 30 are needed');
  await expect(dashboard.backtest).toContainText('choose a window of at most 700');
  await window.fill('500');
  await window.press('Enter');
  await dashboard.answered();
  expect((await drawn(dashboard)).days).toBe(230);
  await expect(dashboard.backtest).toContainText('Only 2.3 exceptions are expected in 230 days');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('it is a view of the trade page, and nothing scrolls sideways', async ({ dashboard, page }) => {
    await dashboard.open();
    await page.getByRole('tablist', { name: 'Views' }).getByRole('tab', { name: 'Backtest' }).tap();
    await dashboard.answered();
    await expect(dashboard.backtest.getByRole('row', { name: /^Historical/ })).toContainText('8 of 4.8');
    await dashboard.backtest.getByText('Filtered', { exact: true }).tap();
    await expect(dashboard.backtest.getByRole('list', { name: 'Tests of Filtered' })).toContainText('6 exceptions');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
