import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type NamedFile, shownNumber } from './DashboardPage.ts';
import { demoMarket, jsonFile, recordedMarket, textFile } from './fixtures/market.ts';
import { DecidePage } from './DecidePage.ts';
import { SHORT_STRANGLE_CSV, spreadAndHedge } from './fixtures/portfolio.ts';
import { expect, test } from './journey.ts';
import { RulebooksPage } from './RulebooksPage.ts';

/** A folder of recorded option chains of BTC and ETH, where there is one. */
const chains = process.env.HEADROOM_CHAINS;

test('a market file replaces the market, says what it is, and is there again after a reload', async ({ dashboard }) => {
  await dashboard.open();
  await dashboard.setQuantity('BTC 25 DEC 82k P', '-9');
  await dashboard.answered();
  const former = await dashboard.readVerdict();
  await dashboard.openFiles(jsonFile('recorded.json', recordedMarket()));
  await expect(dashboard.source).toContainText(/RECORDED.*20 NOV.* 11:00 UTC/);
  await expect(dashboard.toast).toContainText('Opened recorded market a quiet exchange');
  await dashboard.answered();
  await expect(dashboard.quantity('BTC 25 DEC 82k P'), 'the edited book stays').toHaveValue('−9');
  const verdict = await dashboard.readVerdict();
  expect(verdict, 'three hours later').not.toEqual(former);

  await dashboard.reload();
  await expect(dashboard.source).toContainText('RECORDED');
  expect(await dashboard.readVerdict()).toEqual(verdict);

  await dashboard.chooseFromMenu('Open', /^Demo market/);
  await expect(dashboard.source).toContainText('SIMULATED');
  await dashboard.answered();
  expect(await dashboard.readVerdict()).toEqual(former);
});

test('a portfolio file and a CSV replace the book, each undone in one step', async ({ dashboard }) => {
  await dashboard.open();
  const former = { verdict: await dashboard.readVerdict(), book: await dashboard.readBook() };

  await dashboard.openFiles(jsonFile('spread.json', spreadAndHedge()));
  await expect(dashboard.toast).toContainText('Opened “Spread and hedge”, 4 legs.');
  await dashboard.answered();
  expect(await dashboard.readBook()).toEqual({
    'Quantity of BTC 25 DEC 86k P': '−4',
    'Quantity of BTC 25 DEC 78k P': '+4',
    'Quantity of BTC perpetual': '−60,000',
    'Quantity of ETH 25 DEC 3,400 C': '−30',
    'USDC held as collateral': '150,000',
  });
  const spread = await dashboard.readVerdict();
  expect(spread).not.toEqual(former.verdict);

  await dashboard.dropFiles([textFile('strangle.csv', SHORT_STRANGLE_CSV)]);
  await expect(dashboard.toast).toContainText('Opened “strangle”, 2 legs.');
  await dashboard.answered();
  expect(await dashboard.readBook()).toEqual({
    'Quantity of BTC 25 DEC 82k P': '−3',
    'Quantity of BTC 25 DEC 106k C': '−3',
    'USDC held as collateral': '90,000',
  });

  await dashboard.undo();
  expect(await dashboard.readVerdict()).toEqual(spread);
  await dashboard.undo();
  expect({ verdict: await dashboard.readVerdict(), book: await dashboard.readBook() }).toEqual(former);
});

test('what is exported opens again as the same book', async ({ dashboard, page }) => {
  await dashboard.open();
  const former = { verdict: await dashboard.readVerdict(), book: await dashboard.readBook() };
  for (const hint of ['JSON', 'CSV']) {
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('menuitem', { name: new RegExp(`^Export portfolio\\s*${hint}`) }).click();
    const download = await downloaded;
    const buffer = readFileSync(await download.path());
    await dashboard.book.getByRole('button', { name: 'Clear' }).click();
    await dashboard.answered();
    await dashboard.openFiles({ name: download.suggestedFilename(), mimeType: 'text/plain', buffer });
    await expect(dashboard.toast).toContainText('6 legs');
    await dashboard.answered();
    expect({ verdict: await dashboard.readVerdict(), book: await dashboard.readBook() }, hint).toEqual(former);
  }
});

/** Files that must be refused, and what their message must name. */
function malformedFiles(): readonly (readonly [NamedFile, RegExp])[] {
  const whole = JSON.stringify(spreadAndHedge());
  const huge = spreadAndHedge();
  huge.positions[1]!.quantity = 1e308;
  const stranger = spreadAndHedge();
  Object.assign(stranger.positions[0]!, { leverage: 5 });
  const nonsense = spreadAndHedge();
  nonsense.positions[2]!.instrument = 'BTC-30FEB27-90000-P';
  const negative = recordedMarket();
  negative.underlyings.BTC!.expiries[0]!.quotes[3]!.markIv = -0.4;
  const future = { ...demoMarket(), schema: 'headroom/market@9' };
  return [
    [
      textFile('truncated.json', whole.slice(0, whole.length / 2)),
      /truncated\.json was not opened\. .*(?:ends|end of|line|character|position)/i,
    ],
    [
      jsonFile('huge.json', huge),
      /huge\.json was not opened\. .*positions\[1\]\.quantity.*1e\+?308.* At \/positions\/1\/quantity/,
    ],
    [
      jsonFile('stranger.json', stranger),
      /stranger\.json was not opened\. .*leverage is not a field.* At \/positions\/0\/leverage/,
    ],
    [jsonFile('nonsense.json', nonsense), /nonsense\.json was not opened\. .*30FEB27.* At \/positions\/2\/instrument/],
    [
      jsonFile('negative.json', negative),
      /negative\.json was not opened\. .*markIv.*-0\.4.* At \/underlyings\/BTC\/expiries\/0\/quotes\/3\/markIv/,
    ],
    [jsonFile('future.json', future), /future\.json was not opened\. .*headroom\/market@9/],
    [
      textFile('ragged.csv', `${SHORT_STRANGLE_CSV}BTC-25DEC26-78000-P,twelve,\r\n`),
      /ragged\.csv was not opened\. Row 5, column quantity: "twelve"/,
    ],
    [
      textFile('large.json', `{"schema":"headroom/portfolio@1","name":"${'x'.repeat(11 * 1024 * 1024)}"}`),
      /large\.json was not opened\. .*11\.0 MB; files up to 10 MB/,
    ],
    [
      {
        name: 'picture.json',
        mimeType: 'application/json',
        buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255, 254]),
      },
      /picture\.json was not opened\. /,
    ],
    [textFile('empty.csv', ''), /empty\.csv was not opened\. .*empty/],
  ];
}

test('a malformed file gets its message and changes nothing', async ({ dashboard }) => {
  // Over a dozen files, and every figure read again after each.
  test.slow();
  await dashboard.open();
  await dashboard.setQuantity('BTC 25 DEC 82k P', '-9');
  await dashboard.answered();
  const former = { verdict: await dashboard.readVerdict(), book: await dashboard.readBook() };
  for (const [file, message] of malformedFiles()) {
    await dashboard.openFiles(file);
    const notice = dashboard.notices.filter({ hasText: file.name });
    await expect(notice).toHaveText(message);
    await expect(notice).not.toContainText(/\bat \w+ \(|Error:|https?:/);
    await dashboard.answered();
    expect({ verdict: await dashboard.readVerdict(), book: await dashboard.readBook() }, file.name).toEqual(former);
    await expect(dashboard.source).toContainText('SIMULATED');
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await expect(dashboard.notices).toHaveCount(0);
  }
  await expect(dashboard.undoButton, 'the edit before can still be undone').toBeEnabled();
  await dashboard.undo();
  await expect(dashboard.undoButton, 'and nothing else').toBeDisabled();
});

test('a dropped file that is refused and one that is good are judged one by one', async ({ dashboard }) => {
  await dashboard.open();
  await dashboard.dropFiles([textFile('broken.json', '{"schema":'), textFile('strangle.csv', SHORT_STRANGLE_CSV)]);
  await expect(dashboard.notices.filter({ hasText: 'broken.json was not opened.' })).toBeVisible();
  await expect(dashboard.quantity('BTC 25 DEC 106k C')).toHaveValue('−3');
});

test('an expired leg and one of an unknown expiry are flagged with the reason; the rest is computed', async ({
  dashboard,
}) => {
  await dashboard.open();
  const sound = spreadAndHedge();
  await dashboard.openFiles(jsonFile('sound.json', sound));
  await expect(dashboard.toast).toContainText('4 legs');
  await dashboard.answered();
  const former = await dashboard.readVerdict();

  const flawed = spreadAndHedge();
  flawed.positions.push(
    { id: 'old', instrument: 'BTC-25SEP26-90000-C', quantity: 2 },
    { id: 'odd', instrument: 'BTC-17MAR28-90000-C', quantity: -1 },
    { id: 'xrp', instrument: 'XRP_USDC-25DEC26-2-C', quantity: 500 },
  );
  await dashboard.openFiles(jsonFile('flawed.json', flawed));
  await expect(dashboard.toast).toContainText('7 legs');
  await dashboard.answered();
  await expect(dashboard.book).toContainText(/expired/i);
  await expect(dashboard.book).toContainText(/XRP.*(?:not|no) /);
  await expect(dashboard.verdict).toContainText(/\d legs? left out/);
  const verdict = await dashboard.readVerdict();
  expect(shownNumber(verdict.initialMargin)).toBeGreaterThan(0);
  // What cannot be priced counts in no figure.
  expect(verdict).toEqual(former);
});

test('the recorded crash opens, both coins, all expiries', async ({ dashboard, page }) => {
  test.skip(chains === undefined, 'HEADROOM_CHAINS names no folder of recorded chains');
  test.slow();
  const names = readdirSync(chains!).filter((name) => name.endsWith('2026-02-05T2129Z.json'));
  expect(names).toHaveLength(2);
  await dashboard.open();
  await dashboard.dropFiles(
    names.map((name) => ({ name, mimeType: 'application/json', buffer: readFileSync(path.join(chains!, name)) })),
  );
  await expect(dashboard.source).toContainText(/RECORDED.*5 FEB.* 21:29 UTC/, { timeout: 30_000 });
  await dashboard.answered();
  await expect(dashboard.notices).toHaveCount(0);
  const verdict = await dashboard.readVerdict();
  const [isolated, cross, portfolio] = Object.values(verdict.rulebooks).map(shownNumber);
  expect(isolated).toBeGreaterThanOrEqual(cross!);
  expect(cross).toBeGreaterThanOrEqual(portfolio!);
  expect(portfolio).toBeGreaterThan(0);

  for (const coin of ['BTC', 'ETH']) {
    await dashboard.chooseCoin(coin);
    await dashboard.answered();
    const tabs = page.getByRole('tablist', { name: 'Expiry' }).getByRole('tab');
    let instruments = 0;
    for (const tab of await tabs.all()) {
      await tab.click();
      await dashboard.answered();
      instruments += 2 * (await dashboard.chain.getByRole('row').count()) - 2;
    }
    expect(instruments, coin).toBeGreaterThan(300);
  }
});

for (const [day, time, csv] of [
  [
    'a crash',
    '2026-02-05T2129Z',
    'instrument,quantity,entryPrice\nBTC-27FEB26-55000-P,-3,\nBTC-27FEB26-75000-C,-3,\nUSDC,150000,\n',
  ],
  [
    'a calm day',
    '2026-01-15T0358Z',
    'instrument,quantity,entryPrice\nBTC-27FEB26-84000-P,-3,\nBTC-27FEB26-115000-C,-3,\nUSDC,150000,\n',
  ],
] as const) {
  test(`on the recorded chains of ${day}, every rulebook answers, and margin is freed`, async ({ dashboard, page }) => {
    test.skip(chains === undefined, 'HEADROOM_CHAINS names no folder of recorded chains');
    test.slow();
    const names = readdirSync(chains!).filter((name) => name.endsWith(`${time}.json`));
    await dashboard.open();
    await dashboard.dropFiles(
      names.map((name) => ({ name, mimeType: 'application/json', buffer: readFileSync(path.join(chains!, name)) })),
    );
    await expect(dashboard.source).toContainText('RECORDED', { timeout: 30_000 });
    await dashboard.dropFiles([textFile('short.csv', csv)]);
    await dashboard.answered();

    const rulebooks = new RulebooksPage(dashboard);
    await rulebooks.open();
    // Without a history there is no historical value at risk, and its two rulebooks say so; the others have a figure.
    const titles = await rulebooks.titles();
    expect(titles).toHaveLength(18);
    for (const title of titles) {
      const cells = await rulebooks.cells(title);
      if (title === 'Value at risk' || title === 'Expected shortfall') expect(cells.join(' ')).toMatch(/history/);
      else expect(shownNumber(cells[1]!), title).toBeGreaterThan(0);
    }
    await rulebooks.choose('Deribit PM').focus();
    await page.keyboard.press('Enter');
    await dashboard.answered();
    const before = shownNumber((await dashboard.readVerdict()).initialMargin);
    expect(before).toBe(shownNumber((await rulebooks.cells('Deribit PM'))[1]!));

    const decide = new DecidePage(dashboard);
    await decide.open();
    await decide.searched();
    const freed = await decide.freed();
    await decide.propose.click();
    await dashboard.answered();
    expect(Math.abs(before - shownNumber((await dashboard.readVerdict()).initialMargin) - freed)).toBeLessThanOrEqual(
      1,
    );
  });
}
