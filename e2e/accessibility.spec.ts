import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './journey.ts';

/** Violations that keep people out, each with the elements concerned. */
async function graveViolations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    );
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(`desktop, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('no grave violation: at rest, with a proposal and a pin, in each tab of the dock', async ({
      dashboard,
      page,
    }) => {
      test.slow();
      await dashboard.open();
      expect(await graveViolations(page), 'at rest').toEqual([]);
      await dashboard.sellButton('11 DEC 90k put').click();
      await dashboard.proposed();
      await dashboard.stressGrid.getByRole('gridcell', { name: /^spot −8\s%, vol ×1\.25/ }).click();
      await dashboard.stressMetric('Free').click();
      await dashboard.chooseDockTab('Greeks');
      await dashboard.answered();
      expect(await graveViolations(page), 'with a proposal').toEqual([]);
      await dashboard.chooseDockTab('Backtest');
      await dashboard.answered();
      expect(await graveViolations(page), 'backtest').toEqual([]);
      await dashboard.chooseDockTab('Explain');
      await dashboard.answered();
      expect(await graveViolations(page), 'explain').toEqual([]);
      await dashboard.chooseDockTab('Surface');
      await dashboard.answered();
      expect(await graveViolations(page), 'surface, smile').toEqual([]);
      await dashboard.chooseSurfaceView('3D');
      await dashboard.answered();
      expect(await graveViolations(page), 'surface, whole').toEqual([]);
      await dashboard.chooseDockTab('Parameters');
      await dashboard.answered();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await graveViolations(page), 'parameters and help').toEqual([]);
    });
  });

  test.describe(`phone, ${colorScheme}`, () => {
    test.use({ colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

    test('no grave violation on any page', async ({ dashboard, page }) => {
      test.slow();
      await dashboard.open();
      await dashboard.chip('Strangle').click();
      await dashboard.proposed();
      expect(await graveViolations(page), 'trade').toEqual([]);
      for (const name of ['Stress', 'Chain', 'Rules'] as const) {
        await dashboard.choosePage(name);
        await dashboard.answered();
        expect(await graveViolations(page), name).toEqual([]);
      }
    });
  });
}
