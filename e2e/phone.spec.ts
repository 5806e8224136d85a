import type { Locator, Page } from '@playwright/test';
import { expect, test } from './journey.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, `width of the page, ${where}`).toBeLessThanOrEqual(390);
}

/** A finger anywhere within 44 by 44 px around the middle meets the control, however small it is drawn. */
async function expectTouchable(targets: Locator): Promise<void> {
  expect(await targets.count()).toBeGreaterThan(0);
  for (const target of await targets.all()) {
    await target.scrollIntoViewIfNeeded();
    const missed = await target.evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const around = [
        [0, 0],
        [-21, 0],
        [21, 0],
        [0, -21],
        [0, 21],
      ] as const;
      return around.filter(([dx, dy]) => !element.contains(document.elementFromPoint(x + dx, y + dy)));
    });
    const name = (await target.getAttribute('aria-label')) ?? (await target.innerText());
    expect(missed, `where a finger on "${name}" misses it, px from its middle`).toEqual([]);
  }
}

test('the verdict stays while the page scrolls, and nothing scrolls sideways', async ({ dashboard, page }) => {
  await dashboard.open();
  const top = (await dashboard.verdict.boundingBox())!;
  expect(top.y + top.height).toBeLessThan(844 / 2);
  await page.mouse.move(200, 600);
  await page.mouse.wheel(0, 3000);
  await dashboard.book.getByRole('row', { name: /^Total/ }).scrollIntoViewIfNeeded();
  await expect(dashboard.book.getByRole('row', { name: /^Total/ })).toBeInViewport();
  await expect(dashboard.verdict).toBeInViewport({ ratio: 1 });
  expect((await dashboard.verdict.boundingBox())!.y).toBeCloseTo(top.y, 0);
  await expectNoSidewaysScroll(page, 'trade');
  for (const name of ['Stress', 'Chain', 'Rules'] as const) {
    await dashboard.choosePage(name);
    await dashboard.answered();
    await expect(dashboard.verdict).toBeInViewport({ ratio: 1 });
    await expectNoSidewaysScroll(page, name);
  }
});

test('a structure is proposed by a chip and kept as previewed', async ({ dashboard, page }) => {
  await dashboard.open();
  const former = await dashboard.readVerdict();
  await dashboard.chip('Strangle').tap();
  await dashboard.proposed();
  const preview = await dashboard.readVerdict();
  expect(preview.before).toBe(former.initialMargin);
  expect(preview.initialMargin).not.toBe(former.initialMargin);
  await expect(dashboard.verdict).toBeInViewport({ ratio: 1 });
  await expect(dashboard.keepButton).toBeInViewport({ ratio: 1 });
  await expectTouchable(dashboard.keepButton);
  await expectTouchable(dashboard.dropButton);
  await dashboard.keepButton.tap();
  await expect(dashboard.keepButton).toBeHidden();
  await dashboard.answered();
  expect((await dashboard.readVerdict()).initialMargin).toBe(preview.initialMargin);
  expect(Object.keys(await dashboard.readBook()).filter((name) => name.includes('11 DEC'))).toHaveLength(2);

  await dashboard.chooseFromMenu('More', 'Undo');
  await dashboard.answered();
  expect(await dashboard.readVerdict()).toEqual(former);
  await expectNoSidewaysScroll(page, 'after undo');
});

test('a trade is proposed from the chain, resized with a finger, and dropped', async ({ dashboard, page }) => {
  await dashboard.open();
  const former = await dashboard.readVerdict();
  await dashboard.choosePage('Chain');
  await dashboard.answered();
  await dashboard.sellButton('11 DEC 90k put').tap();
  const bar = page.getByRole('region', { name: 'Proposed trade' });
  await expect(bar).toContainText('Sell, proposed');
  await expect(bar).toContainText('−1');
  const buttons = bar.getByRole('button');
  await expectTouchable(buttons);
  await bar.getByRole('button', { name: 'Less' }).tap();
  await expect(bar).toContainText('−2');
  await dashboard.answered();
  expect((await dashboard.readVerdict()).before).toBe(former.initialMargin);
  await dashboard.dropButton.tap();
  await expect(bar).toBeHidden();
  await dashboard.answered();
  expect(await dashboard.readVerdict()).toEqual(former);
});

test('each view of the book opens by its tab, and controls are as large as a finger', async ({ dashboard, page }) => {
  await dashboard.open();
  const tabs = page.getByRole('tablist', { name: 'Views' }).getByRole('tab');
  await expect(tabs).toHaveText(['Curve', 'Stress', 'Runway', 'Why', 'Decide', 'Coverage', 'Backtest']);
  await expect(dashboard.chart('P&L by spot')).toBeVisible();
  await tabs.filter({ hasText: 'Runway' }).tap();
  await dashboard.answered();
  await expect(dashboard.chart('Margin runway')).toBeVisible();
  await tabs.filter({ hasText: 'Coverage' }).tap();
  await dashboard.answered();
  await expect(dashboard.coverage.getByRole('row', { name: /^Monte Carlo/ })).toContainText('±');
  await tabs.filter({ hasText: 'Stress' }).tap();
  await dashboard.answered();
  await expect(dashboard.stressGrid.getByRole('gridcell')).toHaveCount(35);
  await dashboard.stressGrid.getByRole('gridcell', { name: /^spot −8\s%, vol ×1\.25/ }).tap();
  await expect(dashboard.stressGrid.getByRole('gridcell', { selected: true })).toHaveAccessibleName(/pinned$/);

  await expectTouchable(tabs);
  await expectTouchable(page.getByRole('navigation', { name: 'Pages' }).getByRole('button'));
  await expectTouchable(dashboard.trade.getByRole('button'));
  await expectTouchable(dashboard.rulebooks);
  await expectTouchable(page.getByRole('button', { name: 'More' }));
  await expectTouchable(dashboard.book.getByRole('button', { name: /^(?:Increase|Decrease)/ }).first());
});

test('a crash that has happened is pinned and read on the phone', async ({ dashboard, page }) => {
  await dashboard.open();
  await page.getByRole('tablist', { name: 'Views' }).getByRole('tab', { name: 'Stress' }).tap();
  await page.getByRole('button', { name: 'Events' }).tap();
  await page.getByRole('menuitem', { name: /2020-03-12 Black Thursday/ }).tap();
  const readout = page.getByTestId('event-readout');
  await expect(readout).toContainText(/2020-03-12 P&L [+−][\d.]+[kM]?, IM [\d.]+[kM]?, free −?[\d.]+[kM]?/);
  await readout.scrollIntoViewIfNeeded();
  await expect(readout).toBeInViewport();
  await expectNoSidewaysScroll(page, 'with an event pinned');
});
