import { startDemoExchange } from '../src/cli/exchange/demoExchange.ts';
import type { FaultKind, Fault } from '../src/cli/exchange/Fault.ts';
import type { RunningExchange } from '../src/cli/exchange/startExchange.ts';
import { type DashboardPage, shownNumber } from './DashboardPage.ts';
import { expect, test as base } from './journey.ts';

/** Time for a limit to pass, and for a connection to come back. */
const PATIENCE = { timeout: 60_000 };

/** The exchange is another origin; what it refuses on purpose is told in the console. */
const EXCHANGE_TRAFFIC =
  /request to another origin: http:\/\/127\.0\.0\.1|WebSocket connection to 'ws:\/\/127|ERR_CONNECTION|response (?:429|5\d\d): http:\/\/127/;

type Order = { readonly kind: FaultKind } & Partial<Fault>;

interface LiveDesk {
  readonly exchange: RunningExchange;
  /** As it is shown: quantities by label. */
  readonly book: Readonly<Record<string, string>>;
  readonly doubts: ReturnType<DashboardPage['page']['getByRole']>;
  /** Puts a fault in force, has its consequences looked at, ends it, and waits until all is well, without a reload. */
  through(order: Order, shown: () => Promise<void>): Promise<void>;
}

const test = base.extend<{ live: LiveDesk }>({
  live: async ({ dashboard, page, watch }, run) => {
    watch.expectFault(EXCHANGE_TRAFFIC);
    const exchange = await startDemoExchange({ seed: 5, updatesPerSecond: 4 });
    await page.goto(`./?endpoint=${encodeURIComponent(exchange.url)}`);
    await expect(dashboard.source).toHaveText(/^LIVE/, PATIENCE);
    await dashboard.answered();
    // Would be gone after a reload.
    await page.evaluate(() => Object.assign(globalThis, { isFirstPage: true }));
    const book = await dashboard.readBook();
    await dashboard.openMarketSheet();
    const doubts = dashboard.marketSheet.getByRole('list', { name: 'Values in doubt' });
    const trusted = dashboard.marketSheet.getByText('Every value is trusted as it came.');
    await expect(trusted).toBeVisible(PATIENCE);
    await run({
      exchange,
      book,
      doubts,
      async through(order, shown) {
        exchange.control.fault(order);
        await base.step(order.kind, shown);
        exchange.control.clear();
        await expect(dashboard.source, `live again after ${order.kind}`).toHaveText(/^LIVE/, PATIENCE);
        await expect(trusted, `trusted again after ${order.kind}`).toBeVisible(PATIENCE);
        await page.keyboard.press('Escape');
        expect(await dashboard.readBook()).toEqual(book);
        await dashboard.openMarketSheet();
      },
    });
    expect(await page.evaluate(() => 'isFirstPage' in globalThis)).toBe(true);
    await exchange.close();
  },
});

test('what is wrong with a price is said, and the figures rest on the last trusted one', async ({
  dashboard,
  live: { through, doubts },
}) => {
  test.setTimeout(400_000);
  const index = async () => shownNumber(await dashboard.index.innerText());
  const before = await index();

  await through({ kind: 'index-jump', factor: 1.3, coin: 'BTC' }, async () => {
    await expect(doubts).toContainText(/BTC index jumped by 30\.?\d* % .* until others confirm the jump/, PATIENCE);
    expect(await index()).toBeLessThan(1.1 * before);
  });
  await through({ kind: 'index-jump', factor: 0, coin: 'BTC' }, async () => {
    await expect(doubts).toContainText('BTC index', PATIENCE);
    expect(await index()).toBeGreaterThan(0.9 * before);
  });
  await through({ kind: 'perpetual-disagreement', factor: 1.08, coin: 'BTC' }, async () => {
    await expect(doubts).toContainText('BTC perpetual', PATIENCE);
  });
  await through({ kind: 'future-timestamps', ms: 3_600_000 }, async () => {
    await expect(doubts).toContainText(/ahead|old/, PATIENCE);
  });
});

test('what is wrong with an option is said of its leg', async ({ live: { book, through, doubts } }) => {
  test.setTimeout(400_000);
  const [leg] = Object.keys(book).flatMap((label) => optionName(label) ?? []);
  const instruments = [leg!];
  await through({ kind: 'crossed-quotes', instruments }, async () => {
    await expect(doubts).toContainText(instruments[0]!, PATIENCE);
  });
  for (const value of ['nan', 'null', 'zero', 'negative', 'huge'] as const) {
    await through({ kind: 'bad-volatility', value, instruments }, async () => {
      // NaN is no JSON: the message that holds it is refused as a whole.
      if (value !== 'nan') await expect(doubts).toContainText(instruments[0]!, PATIENCE);
    });
  }
});

test('messages that are no messages are left out and counted, and floods are caught up with', async ({
  dashboard,
  live: { exchange, through },
}) => {
  test.setTimeout(400_000);
  const refused = async () => {
    const row = dashboard.marketSheet.getByText('Messages refused').locator('..');
    return shownNumber((await row.innerText()).replace('Messages refused', '').trim());
  };
  for (const kind of ['malformed-json', 'truncated-json', 'html-page', 'binary-frame'] as const) {
    const known = await refused();
    await through({ kind, messages: 5 }, () => expect.poll(refused, PATIENCE).toBeGreaterThan(known));
  }
  const sent = () => exchange.control.state().messagesSent;
  for (const order of [
    { kind: 'huge-message' },
    { kind: 'burst', messages: 500 },
    { kind: 'duplicates', messages: 40 },
    { kind: 'out-of-order', messages: 40 },
    { kind: 'lost-messages', messages: 40 },
  ] as const) {
    const known = sent();
    await through(order, () => expect.poll(sent, PATIENCE).toBeGreaterThan(known + 40));
  }
});

test('a connection that is refused, slowed, or has lost count comes back by itself', async ({
  dashboard,
  live: { exchange, through },
}) => {
  test.setTimeout(400_000);
  const accepted = () => exchange.control.state().connectionsAccepted;
  const known = accepted();
  await through({ kind: 'half-open' }, () => expect(dashboard.source).toHaveText(/^(?:SILENT|RECONNECTING)/, PATIENCE));
  for (const code of [1000, 1008, 1013]) {
    await through({ kind: 'drop-connections', code }, () => expect(dashboard.source).not.toHaveText(/^LIVE/, PATIENCE));
  }
  await through({ kind: 'connection-too-slow' }, () => expect(dashboard.source).not.toHaveText(/^LIVE/, PATIENCE));
  await through({ kind: 'http-status', status: 503 }, async () => {
    exchange.control.fault({ kind: 'drop-connections' });
    await expect(dashboard.source).toHaveText(/^RECONNECTING/, PATIENCE);
  });
  for (const order of [{ kind: 'rate-limit' }, { kind: 'wrong-id', messages: 2 }, { kind: 'slow-answers' }] as const) {
    await through(order, async () => {
      // Its consequences show when the next connection asks for everything.
      exchange.control.fault({ kind: 'drop-connections' });
      await expect(dashboard.source).not.toHaveText(/^LIVE/, PATIENCE);
    });
  }
  // None of it became a storm.
  expect(accepted() - known).toBeLessThan(40);
});

/** `BTC-25DEC26-82000-P` of `Quantity of BTC 25 DEC 82k P`; null for what is no option. */
function optionName(label: string): string | null {
  const [, coin, day, month, strike, type] = /of (\w+) (\d+) ([A-Z]{3}) ([\d.,]+k?) ([CP])/.exec(label) ?? [];
  if (coin === undefined || strike === undefined) return null;
  const now = new Date();
  const isPast = Date.parse(`${day} ${month} ${now.getUTCFullYear()} 08:00 UTC`) < now.getTime();
  const year = (now.getUTCFullYear() + (isPast ? 1 : 0)) % 100;
  const amount = Number(strike.replace(/[,k]/g, '')) * (strike.endsWith('k') ? 1_000 : 1);
  return `${coin}-${day}${month}${year}-${amount}-${type}`;
}
