import { CoveragePage } from './CoveragePage.ts';
import { expect, test } from './journey.ts';

test('more paths make the interval of Monte Carlo VaR narrower, and say why they ended', async ({ dashboard }) => {
  await dashboard.open();
  const coverage = new CoveragePage(dashboard);
  const first = await coverage.settled();
  expect(first.ending).toMatch(/^within ±0\.25\s%$/);
  await expect(coverage.means).toContainText(/^weighted, as sure as .+ plain paths · full revaluation$/);

  await coverage.panel.getByRole('button', { name: 'More paths' }).click();
  await expect(coverage.figure).toContainText('±0.125');
  const second = await coverage.settled();
  expect(second.paths).toBeGreaterThan(first.paths);
  expect(second.error).toBeLessThan(first.error);
  expect(Math.abs(second.valueAtRisk - first.valueAtRisk)).toBeLessThan(5 * first.error);

  await dashboard.command.fill('more paths');
  await dashboard.command.press('Enter');
  await expect(coverage.figure).toContainText('±0.0625');
  const third = await coverage.settled();
  expect(third.error).toBeLessThan(second.error);
});

test('a proxy states its error, and full revaluation of the same paths stands beside it', async ({ dashboard }) => {
  await dashboard.open();
  const coverage = new CoveragePage(dashboard);
  const full = await coverage.settled();
  await coverage.choose('Revaluation', 'Proxy');
  await expect(coverage.means).toContainText(
    /proxy, off by at most [\d.,]+ USD \([\d.]+ millionths of gross premium\)/,
  );
  const proxy = await coverage.settled();
  expect(proxy.valueAtRisk).toBe(full.valueAtRisk);

  await coverage.panel.getByRole('button', { name: 'Verify' }).click();
  const found = await coverage.verification();
  expect(Object.keys(found.rows)).toEqual(['VaR', 'Expected shortfall']);
  for (const [byProxy, inFull, difference] of Object.values(found.rows)) {
    expect(Math.abs(byProxy! - inFull! - difference!)).toBeLessThan(1e-3);
    expect(Math.abs(difference!)).toBeLessThanOrEqual(found.statedUsd);
  }
  expect(Math.round(found.rows.VaR![1]!)).toBe(proxy.valueAtRisk);
  expect(found.largestUsd).toBeLessThanOrEqual(found.statedUsd);
  expect(found.paths).toBe(proxy.paths);
  await dashboard.page.keyboard.press('Escape');
  await expect(coverage.dialog).toBeHidden();

  await dashboard.command.fill('verify proxy');
  await dashboard.command.press('Enter');
  await expect(coverage.dialog.getByRole('row', { name: /^VaR/ })).toBeVisible({ timeout: 30_000 });
});
