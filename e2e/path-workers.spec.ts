import type { Page, Worker } from '@playwright/test';
import { CoveragePage } from './CoveragePage.ts';
import type { DashboardPage } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

const pathWorkers = (page: Page): Worker[] => page.workers().filter((worker) => worker.url().includes('path.worker'));

async function setVar(page: Page, field: 'Enough at an error of ±' | 'Seed', value: number): Promise<void> {
  await page.getByRole('button', { name: 'VaR settings' }).click();
  const input = page.getByRole('dialog', { name: 'VaR settings' }).getByLabel(field, { exact: true });
  await input.fill(String(value));
  await input.press('Enter');
  await page.keyboard.press('Escape');
}

async function monteCarlo({ page }: DashboardPage): Promise<string> {
  return page.locator('tr[data-method="monte-carlo"]').innerText();
}

for (const [how, end] of [
  [
    'crash',
    () =>
      void setTimeout(() => {
        throw new Error('broken on purpose');
      }),
  ],
  ['vanish', () => globalThis.close()],
] as const)
  test(`path workers that ${how} halfway are replaced, and the figures are those of an undisturbed run`, async ({
    dashboard,
    page,
    watch,
  }) => {
    watch.expectFault(/broken on purpose/);
    test.slow();
    await dashboard.open();
    // Every path, so that the run is still under way when its workers end; each revalued, which is the workers' work.
    await new CoveragePage(dashboard).choose('Revaluation', 'Full');
    await setVar(page, 'Enough at an error of ±', 0);
    await dashboard.answered(120_000);
    const undisturbed = await monteCarlo(dashboard);
    await setVar(page, 'Seed', 2);
    await dashboard.answered(120_000);
    expect(await monteCarlo(dashboard)).not.toEqual(undisturbed);

    await setVar(page, 'Seed', 1);
    await page.locator('tr[data-method="monte-carlo"] progress').waitFor();
    const former = pathWorkers(page);
    expect(former.length).toBeGreaterThan(0);
    await Promise.all(former.map((worker) => worker.evaluate(end).catch(() => undefined)));
    await dashboard.answered(120_000);
    expect(await monteCarlo(dashboard)).toEqual(undisturbed);
    await expect(dashboard.verdict).not.toContainText('Not updated');
    const now = pathWorkers(page);
    expect(now.length, 'none is left behind').toBe(former.length);
    expect(
      now.some((worker) => former.includes(worker)),
      'those that ended are gone',
    ).toBe(false);
  });
