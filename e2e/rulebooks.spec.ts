import { shownNumber } from './DashboardPage.ts';
import { expect, test } from './journey.ts';
import { RulebooksPage } from './RulebooksPage.ts';

/** Places of figures in a row that has them. */
const [VENUE, INITIAL, , MAINTENANCE, FREE, AGAINST] = [0, 1, 2, 3, 4, 5];

test('every rulebook stands beside the others, the most free margin first, and is sorted by any column', async ({
  dashboard,
}) => {
  await dashboard.open();
  const rulebooks = new RulebooksPage(dashboard);
  await rulebooks.open();

  const verdict = await dashboard.readVerdict();
  const portfolio = await rulebooks.cells('Portfolio');
  expect(portfolio[VENUE!]).toBe('Headroom');
  expect(portfolio[INITIAL!]).toBe(verdict.initialMargin);
  expect(portfolio[MAINTENANCE!]).toBe(verdict.maintenance);
  expect(portfolio[FREE!]).toBe(verdict.freeMargin);
  expect(portfolio[AGAINST!]).toBe('chosen');

  const order = await rulebooks.titles();
  expect(order.length).toBeGreaterThan(10);
  const figures = async (column: number) => {
    const rows = await Promise.all((await rulebooks.titles()).map((title) => rulebooks.cells(title)));
    return rows.filter((cells) => cells.length > 4).map((cells) => shownNumber(cells[column]!.replace('*', '')));
  };
  const free = await figures(FREE!);
  expect(free).toEqual([...free].sort((a, b) => b - a));
  await rulebooks.sortBy('initial margin');
  const initial = await figures(INITIAL!);
  expect(initial).toEqual([...initial].sort((a, b) => a - b));
  await rulebooks.sortBy('initial margin');
  expect(await figures(INITIAL!)).toEqual(initial.reverse());

  // A rule of securities takes no perpetual: it says so, and stays last.
  const refused = await rulebooks.cells((await rulebooks.titles()).at(-1)!);
  expect(refused.join(' ')).toMatch(/BTC-PERPETUAL|perpetual/i);

  // Difference to the chosen: what its free margin has more.
  const other = await rulebooks.cells('Cross');
  const difference = shownNumber(other[FREE!]!) - shownNumber(portfolio[FREE!]!);
  expect(Math.abs(shownNumber(other[AGAINST!]!) - difference)).toBeLessThan(1.01);
});

test('a rulebook is chosen by keyboard, the whole screen goes by it, and it is still chosen after a reload', async ({
  dashboard,
  page,
}) => {
  await dashboard.open();
  const rulebooks = new RulebooksPage(dashboard);
  await rulebooks.open();
  const titles = await rulebooks.titles();
  const at = titles.indexOf('Portfolio');
  await rulebooks.choose('Portfolio').focus();
  await page.keyboard.press('ArrowUp');
  await expect(rulebooks.choose(titles[at - 1]!)).toBeFocused();
  await page.keyboard.press('Home');
  const first = titles[0]!;
  await expect(rulebooks.choose(first)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rulebooks.choose(first)).toHaveAttribute('aria-pressed', 'true');
  await rulebooks.sized();

  const chosen = await dashboard.readVerdict();
  expect(chosen.initialMargin).toBe((await rulebooks.cells(first))[INITIAL!]);
  expect(Object.keys(chosen.rulebooks)).toHaveLength(4);
  await expect(page.getByTestId('initial-margin')).toContainText(`${first} rulebook`);
  await dashboard.reload();
  await expect(page.getByTestId('initial-margin')).toContainText(`${first} rulebook`);
  await dashboard.answered();
  expect((await dashboard.readVerdict()).initialMargin).toBe(chosen.initialMargin);

  await dashboard.chooseDockTab('Parameters');
  const choice = page.getByRole('combobox', { name: 'Rulebook' });
  await expect(choice.locator('option:checked')).toHaveText(first);
  await choice.selectOption({ label: 'Portfolio' });
  await dashboard.answered();
  expect(Object.keys((await dashboard.readVerdict()).rulebooks)).toEqual(['Isolated', 'Cross', 'Portfolio']);
});

test('approximations are one press away', async ({ dashboard, page }) => {
  await dashboard.open();
  const rulebooks = new RulebooksPage(dashboard);
  await rulebooks.open();
  const notes = rulebooks.row('Deribit PM').getByRole('button', { name: /source and \d+ approximations/ });
  const count = Number(/and (\d+) approx/.exec((await notes.getAttribute('aria-label'))!)![1]);
  expect(count).toBeGreaterThan(0);
  await notes.click();
  const dialog = page.getByRole('dialog', { name: 'Deribit PM: source and approximations' });
  await expect(dialog.getByRole('list', { name: 'Approximations' }).getByRole('listitem')).toHaveCount(count);
  await expect(dialog).toContainText('Parameters of');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('the largest size of a proposal is put into it, and free margin is then all but used up', async ({
  dashboard,
  page,
}) => {
  await dashboard.open();
  const rulebooks = new RulebooksPage(dashboard);
  await rulebooks.open();
  await dashboard.chip('Strangle').click();
  await dashboard.proposed();
  await expect(page.getByRole('combobox', { name: 'Trade whose size varies' })).toContainText('Strangle, all 2 legs');
  await rulebooks.sized();
  expect((await rulebooks.cells('Portfolio'))[INITIAL!]).toMatch(/^[\d,]+\s*[\d,]+\s*\+[\d,]+$/);

  const propose = rulebooks.row('Portfolio').getByRole('button', { name: /^Propose/ });
  const largest = await propose.innerText();
  await propose.click();
  await rulebooks.sized();
  await expect(dashboard.quantity('BTC 11 DEC 84k P')).toHaveValue(`−${largest}`);
  const free = shownNumber((await dashboard.readVerdict()).freeMargin);
  expect(free).toBeGreaterThanOrEqual(0);
  // One step more, a tenth of each leg, would not fit.
  expect(free).toBeLessThan(1_500);
  await expect(propose).toHaveText(largest);

  // The curve passes zero there, in the picture's own figures.
  const series = await page
    .getByTestId('size-chart')
    .evaluate(
      (chart: HTMLElement & { __headroomSeries?: () => { rows: (number | null)[][] } }) =>
        chart.__headroomSeries!().rows,
    );
  const below = series.filter((row) => row[0]! <= Number(largest)).map((row) => row[2]!);
  const above = series.filter((row) => row[0]! > Number(largest) + 0.1).map((row) => row[2]!);
  expect(Math.min(...below)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...above)).toBeLessThan(0);

  await page.getByRole('radio', { name: 'Components' }).click();
  await expect(page.getByRole('table', { name: 'Components of Portfolio' })).toContainText('Worst loss, BTC');
});
