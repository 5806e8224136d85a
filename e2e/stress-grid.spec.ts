import { shownNumber } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

test('the grid is walked, pinned and left by keyboard alone', async ({ dashboard, page }) => {
  await dashboard.open();
  const grid = dashboard.stressGrid;
  const focused = grid.locator(':focus');
  await page.keyboard.press('g');
  await expect(focused).toHaveAccessibleName(/^spot unchanged, vol ×1\.00/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowUp');
  await expect(focused).toHaveAccessibleName(/^spot \+4\s%, vol ×1\.25/);

  const runway = await dashboard.numbers('Margin runway');
  await page.keyboard.press('Enter');
  await expect(grid.getByRole('gridcell', { selected: true })).toHaveAccessibleName(
    /^spot \+4\s%, vol ×1\.25.*pinned$/,
  );
  await expect(dashboard.pinChip).toContainText(/Pinned \+4\s%, IV ×1\.25/);
  await dashboard.answered();
  await expect(dashboard.panel('P&L by spot')).toContainText('IV ×1.25');
  await expect(dashboard.panel('Margin runway')).toContainText('IV ×1.25');
  expect(await dashboard.numbers('Margin runway'), 'the runway is that of the pinned vol').not.toEqual(runway);

  await page.keyboard.press('b');
  await expect(focused).toHaveAccessibleName(/binding cell/);
  await page.keyboard.press('Home');
  await expect(focused).toHaveAccessibleName(/^spot −16\s%/);
  await page.keyboard.press('End');
  await expect(focused).toHaveAccessibleName(/^spot \+16\s%/);

  await page.keyboard.press('Escape');
  await expect(dashboard.pinChip).toHaveCount(0);
  await expect(grid.getByRole('gridcell', { selected: true })).toHaveCount(0);
  await dashboard.answered();
  expect(await dashboard.numbers('Margin runway')).toEqual(runway);
});

test('a click pins, the chip clears; the cell that binds is the one that the verdict names', async ({ dashboard }) => {
  await dashboard.open();
  await dashboard.stressGrid.getByRole('gridcell', { name: /^spot −8\s%, vol ×1\.50/ }).click();
  await expect(dashboard.pinChip).toContainText(/Pinned −8\s%, IV ×1\.50/);
  await dashboard.pinChip.getByRole('button', { name: 'Clear the pinned scenario' }).click();
  await expect(dashboard.pinChip).toHaveCount(0);
  await expect(dashboard.stressGrid.getByRole('gridcell', { selected: true })).toHaveCount(0);

  const { binding } = await dashboard.readVerdict();
  const [, spot, vol] = /([+−]\d+)\s% .*×(\d\.\d+)|([+−]\d+)\s%, IV ×(\d\.\d+)/.exec(binding)!.filter(Boolean);
  const cell = dashboard.stressGrid.getByRole('gridcell', { name: /binding cell/ });
  await expect(cell).toHaveAccessibleName(new RegExp(`^spot \\${spot}\\s%, vol ×${vol}`));
});

test('each metric writes into the cell what the cell is called', async ({ dashboard, page }) => {
  await dashboard.open();
  const verdict = await dashboard.readVerdict();
  const metrics = [
    ['P&L', /P&L ([+−]?[\d.]+)k,/],
    ['Margin', /margin ([\d.]+)k,/],
    ['Free', /free (−?[\d.]+)k/],
  ] as const;
  const seen = new Set<string>();
  await page.keyboard.press('g');
  for (const [metric, figure] of metrics) {
    await expect(dashboard.stressMetric(metric)).toBeChecked();
    const names = await dashboard.readStress();
    const texts = await dashboard.readStressCells();
    let compared = 0;
    names.forEach((name, at) => {
      const inThousands = figure.exec(name)?.[1];
      if (inThousands === undefined) return;
      // The cell may have room for fewer digits than the name.
      const unit = texts[at]!.includes('.') ? 0.1 : 1;
      const difference = shownNumber(texts[at]!) - shownNumber(inThousands);
      expect(Math.abs(difference), `${metric} of ${name} is written ${texts[at]}`).toBeLessThan(unit);
      compared += 1;
    });
    expect(compared).toBeGreaterThan(40);
    seen.add(texts.join());
    await page.keyboard.press('m');
  }
  expect(seen.size, 'three metrics, three sets of figures').toBe(3);

  const names = await dashboard.readStress();
  const still = names.find((name) => name.startsWith('spot unchanged, vol ×1.00'))!;
  const thousands = (text: string) => `${(Number(text.replaceAll(',', '')) / 1000).toFixed(1)}k`;
  expect(still).toContain(`margin ${thousands(verdict.initialMargin)}`);
  expect(still).toContain(`free ${thousands(verdict.freeMargin)}`);
});

test('the plain table and the wide range show the same book', async ({ dashboard, page }) => {
  await dashboard.open();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  const table = dashboard.panel('Stress grid').getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(64);
  await dashboard.panel('Stress grid').getByRole('button', { name: 'Stress grid: table and export' }).click();
  await page.getByRole('menuitem', { name: 'Show picture' }).click();
  await expect(dashboard.stressGrid).toBeVisible();
  await dashboard.panel('Stress grid').getByRole('button', { name: '±60 %' }).click();
  await dashboard.answered();
  await expect(dashboard.stressGrid.getByRole('columnheader').nth(1)).toHaveText('−60');
  expect((await dashboard.readStress()).find((name) => name.startsWith('spot unchanged, vol ×1.00'))).toContain(
    'P&L 0,',
  );
});

test('a crash that has happened is one click: its moves are pinned, its P&L and margin shown, its source told', async ({
  dashboard,
  page,
}) => {
  await dashboard.open();
  const panel = dashboard.panel('Stress grid');
  await panel.getByRole('button', { name: 'Events' }).click();
  await expect(page.getByRole('menuitem')).toHaveCount(6);
  await page.getByRole('menuitem', { name: /2022-11 FTX/ }).click();
  await expect(dashboard.pinChip).toContainText(/Pinned 2022-11 FTX/);
  await dashboard.answered();
  const readout = panel.getByTestId('event-readout');
  await expect(readout).toContainText(/2022-11 P&L [+−][\d.]+[kM]?, IM [\d.]+[kM]?, free −?[\d.]+[kM]?/);
  await readout.getByRole('button', { name: '2022-11' }).hover();
  await expect(page.getByRole('tooltip')).toContainText(/BTC −27\.4\s%, ETH −35\.6\s%, SOL −67\.5\s%.*Deribit/);

  // Another event is another P&L.
  const ftx = await readout.innerText();
  await panel.getByRole('button', { name: 'Events' }).click();
  await page.getByRole('menuitem', { name: /2020-03-12 Black Thursday/ }).click();
  await expect(dashboard.pinChip).toContainText(/Pinned 2020-03-12 Black Thursday/);
  await dashboard.answered();
  await expect(readout).toContainText(/P&L/);
  expect(await readout.innerText()).not.toBe(ftx);

  // Chosen again it lets go.
  await panel.getByRole('button', { name: 'Events' }).click();
  await page.getByRole('menuitem', { name: /2020-03-12 Black Thursday/ }).click();
  await expect(dashboard.pinChip).toHaveCount(0);
  await expect(readout).toHaveCount(0);
});
