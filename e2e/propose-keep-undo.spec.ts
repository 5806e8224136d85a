import { type DashboardPage, shownNumber, type Verdict } from './DashboardPage.ts';
import { expect, test } from './journey.ts';

/** The previewed figures as they must stand once the trade is kept: nothing about them says "before" any more. */
function kept(preview: Verdict): Verdict {
  return { ...preview, before: null, change: null, binding: preview.binding.replace(/, was .*$/, '') };
}

/** `+1,416 (+2.0 %)` is the difference of the two figures beside it, up to the rounding of each. */
function expectSoundChange({ before, initialMargin, change }: Verdict): void {
  const [from, to] = [shownNumber(before!), shownNumber(initialMargin)];
  expect(to, 'the requirement changes').not.toBe(from);
  const [, amount, share] = /^(\S+) \((\S+)\s%\)$/.exec(change!)!;
  expect(Math.abs(shownNumber(amount!) - (to - from)), `${from} → ${to} (${change})`).toBeLessThanOrEqual(1);
  expect(shownNumber(share!)).toBeCloseTo((to / from - 1) * 100, 1);
}

async function keepAndCompare(dashboard: DashboardPage): Promise<void> {
  const preview = await dashboard.readVerdict();
  expectSoundChange(preview);
  await dashboard.keep();
  expect(await dashboard.readVerdict()).toEqual(kept(preview));
}

test('a click on a bid proposes to sell one; Keep gives the previewed figures, undo the former ones', async ({
  dashboard,
}) => {
  await dashboard.open();
  const former = { verdict: await dashboard.readVerdict(), book: await dashboard.readBook() };

  await dashboard.sellButton('11 DEC 90k put').click();
  await dashboard.proposed();
  await expect(dashboard.quantity('BTC 11 DEC 90k P')).toHaveValue('−1');
  await expect(dashboard.book).toContainText(/Receives [\d,]+ premium/);
  const preview = await dashboard.readVerdict();
  expect(preview.before).toBe(former.verdict.initialMargin);
  expectSoundChange(preview);
  await expect(dashboard.verdict).toContainText(`was ${former.verdict.maintenance}`);
  await expect(dashboard.verdict).toContainText(`was ${former.verdict.freeMargin}`);
  const previewed = await dashboard.readStress();

  await dashboard.keep();
  expect(await dashboard.readVerdict()).toEqual(kept(preview));
  expect(await dashboard.readStress()).toEqual(previewed);
  expect(await dashboard.readBook()).toMatchObject({ 'Quantity of BTC 11 DEC 90k P': '−1' });

  await dashboard.undo();
  expect(await dashboard.readVerdict()).toEqual(former.verdict);
  expect(await dashboard.readBook()).toEqual(former.book);
  await expect(dashboard.undoButton).toBeDisabled();

  await dashboard.redo();
  expect(await dashboard.readVerdict()).toEqual(kept(preview));
});

test('clicks on the same side add up, a resized ghost is kept as it was previewed', async ({ dashboard }) => {
  await dashboard.open();
  await dashboard.buyButton('11 DEC 100k call').click();
  await expect(dashboard.quantity('BTC 11 DEC 100k C')).toHaveValue('+1');
  await dashboard.buyButton('11 DEC 100k call').click();
  await expect(dashboard.quantity('BTC 11 DEC 100k C')).toHaveValue('+2');
  await dashboard.sellButton('11 DEC 86k put').click();
  await dashboard.setQuantity('BTC 11 DEC 86k P', '-7.5');
  await dashboard.proposed();
  await expect(dashboard.quantity('BTC 11 DEC 86k P')).toHaveValue('−7.5');
  await keepAndCompare(dashboard);
  expect(await dashboard.readBook()).toMatchObject({
    'Quantity of BTC 11 DEC 100k C': '+2',
    'Quantity of BTC 11 DEC 86k P': '−7.5',
  });
});

test('Esc drops what is proposed and leaves nothing to undo', async ({ dashboard, page }) => {
  await dashboard.open();
  const former = { verdict: await dashboard.readVerdict(), book: await dashboard.readBook() };
  await dashboard.buyButton('11 DEC 94k call').click();
  await dashboard.proposed();
  expect(await dashboard.readVerdict()).not.toEqual(former.verdict);
  await page.keyboard.press('Escape');
  await expect(dashboard.keepButton).toBeHidden();
  await dashboard.answered();
  expect(await dashboard.readVerdict()).toEqual(former.verdict);
  expect(await dashboard.readBook()).toEqual(former.book);
  await expect(dashboard.undoButton).toBeDisabled();
});

test('a structure chip proposes its legs at the chosen size', async ({ dashboard }) => {
  await dashboard.open();
  const before = Object.keys(await dashboard.readBook()).length;
  await dashboard.chip('Condor').click();
  await dashboard.proposed();
  const proposed = Object.entries(await dashboard.readBook()).filter(([name]) => name.includes('11 DEC'));
  expect(proposed).toHaveLength(4);
  expect(proposed.map(([, quantity]) => Math.abs(shownNumber(quantity)))).toEqual([5, 5, 5, 5]);
  expect(proposed.reduce((sum, [, quantity]) => sum + shownNumber(quantity), 0)).toBe(0);
  await keepAndCompare(dashboard);
  expect(Object.keys(await dashboard.readBook())).toHaveLength(before + 4);
});

test('Hedge delta brings the delta of the coin to zero', async ({ dashboard, page }) => {
  await dashboard.open();
  const total = dashboard.book
    .getByRole('row', { name: /^Total/ })
    .getByRole('cell')
    .first();
  expect(Math.abs(shownNumber(await total.innerText()))).toBeGreaterThan(0.1);
  await dashboard.chip('Hedge delta').click();
  await dashboard.proposed();
  await page.keyboard.press('Enter');
  await expect(dashboard.keepButton).toBeHidden();
  await dashboard.answered();
  await expect(total).toHaveText(/^(?:0|[+−]0\.0[01])$/);
});

test('a typed line says what it will do, and does it; a line that is none is explained', async ({
  dashboard,
  page,
}) => {
  await dashboard.open();
  await dashboard.command.fill('-5 11dec 90k p');
  await expect(page.getByRole('option').first()).toContainText(/sell 5 × BTC 11 DEC 90k P at bid 0\.\d+ BTC/i);
  await dashboard.command.press('Enter');
  await dashboard.proposed();
  await expect(dashboard.quantity('BTC 11 DEC 90k P')).toHaveValue('−5');
  await keepAndCompare(dashboard);

  await dashboard.command.fill('sell the moon');
  await expect(page.getByText('"the moon" is not understood')).toBeVisible();
  await dashboard.command.press('Enter');
  await expect(dashboard.keepButton).toBeHidden();
  await dashboard.command.fill('undo');
  await dashboard.command.press('Enter');
  await expect(dashboard.quantity('BTC 11 DEC 90k P')).toHaveCount(0);
});

test('pasted legs are proposed together, and a bad line says which', async ({ dashboard, page }) => {
  await dashboard.open();
  await dashboard.chip('Paste legs').click();
  const dialog = page.getByRole('dialog', { name: 'Paste legs' });
  const text = dialog.getByRole('textbox');
  await text.fill('-3 BTC-11DEC26-86000-P\nBTC-11DEC26-1-Q,2');
  await expect(dialog.getByText(/^Line 2: /)).toBeVisible();
  await expect(dialog.getByRole('button', { name: /^Propose/ })).toBeDisabled();
  await text.fill('-3 BTC-11DEC26-86000-P\nBTC-11DEC26-100000-C,-2,0.0105');
  await dialog.getByRole('button', { name: 'Propose 2 legs' }).click();
  await dashboard.proposed();
  await expect(dashboard.quantity('BTC 11 DEC 86k P')).toHaveValue('−3');
  await expect(dashboard.quantity('BTC 11 DEC 100k C')).toHaveValue('−2');
  await keepAndCompare(dashboard);
});
