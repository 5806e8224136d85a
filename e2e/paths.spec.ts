import { expect, test } from './journey.ts';
import { PathsPage } from './PathsPage.ts';

const CHANCE =
  /^([\d.]+)\s% ± [\d.]+ chance that equity touches maintenance within 7 days; half of these by day (\d+)\.$/;

test('paths say how likely equity touches maintenance, and more sold makes it likelier', async ({ dashboard }) => {
  test.slow();
  await dashboard.open();
  const paths = new PathsPage(dashboard);
  await paths.show();
  await paths.choose('Length of the paths', '7 days');
  await paths.choose('How often equity is looked at', 'each 6 h');
  await expect(paths.headline).toContainText('within 7 days', { timeout: 60_000 });
  await paths.walked();
  const before = await paths.chances();
  expect(before).toHaveLength(8);
  expect(before).toEqual([...before].sort((a, b) => a - b));
  await expect(paths.details).toContainText('10,000 paths, nobody acts');

  await dashboard.trade.getByRole('button', { name: 'Strangle' }).click();
  await expect(paths.headline).toHaveText(CHANCE, { timeout: 60_000 });
  await expect.poll(async () => (await paths.chances()).at(-1), { timeout: 60_000 }).toBeGreaterThan(before.at(-1)!);
  await paths.walked();
  const [, , half] = CHANCE.exec(await paths.headline.innerText())!;
  expect(Number(half)).toBeLessThanOrEqual(7);
  await expect(
    paths.panel.getByRole('img', { name: /Quantiles of equity and of maintenance margin over 7 days/ }),
  ).toBeVisible();
});
