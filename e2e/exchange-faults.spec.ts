import { faultKinds } from '../src/cli/exchange/Fault.ts';
import { type DashboardPage, shownNumber } from './DashboardPage.ts';
import { FigureWatch } from './FigureWatch.ts';
import { faultTrials, type Seen, type Trial } from './fixtures/faultTrials.ts';
import { type StillExchange, startStillExchange } from './fixtures/stillExchange.ts';
import { expect, test as base } from './journey.ts';

/** Added to each limit: the way to the screen on a machine with much to do. */
const BUSY_MS = 20_000;
/** The longest that anything is told after it is over: an accepted jump, and a book that is asked for in turn. */
const RECOVERY = { timeout: 90_000 };
/** Beside the way of a few minutes nothing moves the margin of a still market. */
const TOLERANCE = 5e-4;
/** Where the market goes between two faults, so that figures that follow are told from figures that stand. */
const LEVELS = [1, 1.01] as const;
const JUMP_BY = 1.3;

/** The exchange is another origin; what it refuses on purpose is told in the console. */
const EXCHANGE_TRAFFIC =
  /request to another origin: http:\/\/127\.0\.0\.1|WebSocket connection to 'ws:\/\/127|ERR_CONNECTION|response (?:429|5\d\d): http:\/\/127/;

const journeys = [...new Set(Object.values(faultTrials).flatMap((trials) => trials.map(({ journey }) => journey)))];
const trialsOf = (journey: string) =>
  faultKinds.flatMap((kind) =>
    faultTrials[kind].filter((trial) => trial.journey === journey).map((trial) => ({ kind, trial })),
  );

const test = base.extend<{ desk: FaultDesk }>({
  desk: async ({ dashboard, watch }, run) => {
    watch.expectFault(EXCHANGE_TRAFFIC);
    const exchange = await startStillExchange();
    const desk = await FaultDesk.open(dashboard, exchange);
    await run(desk);
    expect(await dashboard.page.evaluate(() => 'isFirstPage' in globalThis), 'no reload').toBe(true);
    await exchange.close();
  },
});

for (const journey of journeys)
  test(`faults of ${journey}: each is shown within its limit, no figure is silently wrong, and all is well again`, async ({
    desk,
  }) => {
    test.setTimeout(600_000);
    for (const { kind, trial } of trialsOf(journey))
      await base.step([kind, ...Object.values(trial.order ?? {})].join(' '), () => desk.through(kind, trial));
  });

/** A book on an exchange that stands still, and what of it is known to be right. */
class FaultDesk {
  /** Margins by level of the market, read while all was well. */
  readonly #right = new Map<number, number>();
  #level: number = LEVELS[0];
  #book: Readonly<Record<string, string>> = {};
  #figures!: FigureWatch;

  private constructor(
    private readonly dashboard: DashboardPage,
    private readonly exchange: StillExchange,
  ) {}

  static async open(dashboard: DashboardPage, exchange: StillExchange): Promise<FaultDesk> {
    const { page } = dashboard;
    const desk = new FaultDesk(dashboard, exchange);
    await page.goto(`./?endpoint=${encodeURIComponent(exchange.url)}`);
    await expect(dashboard.source).toHaveText(/^LIVE/, RECOVERY);
    await dashboard.answered();
    // Would be gone after a reload.
    await page.evaluate(() => Object.assign(globalThis, { isFirstPage: true }));
    desk.#book = await dashboard.readBook();
    desk.#figures = await FigureWatch.start(page);
    for (const level of [...LEVELS, LEVELS[0]]) await desk.#learn(level);
    const [one, other] = LEVELS.map((level) => desk.#right.get(level)!);
    expect(Math.abs(one! / other! - 1), 'a move of the market moves the margin').toBeGreaterThan(3 * TOLERANCE);
    return desk;
  }

  /** Puts a fault in force, has it seen, ends it, and waits until all is well. */
  async through(kind: (typeof faultKinds)[number], trial: Trial): Promise<void> {
    const { control } = this.exchange;
    if (trial.margin === 'jumps') await this.#learnJump();
    const before = await this.#sheetFacts();
    const sent = control.state().messagesSent;
    await this.#figures.forget();

    control.fault({ kind, ...trial.order });
    for (const order of trial.with ?? []) control.fault(order);
    await this.#see(trial.seen, trial.limitMs + BUSY_MS, before, sent);
    if (trial.margin === 'jumps') await this.#settled(this.#level * JUMP_BY, 'once the jump is confirmed');
    await this.#judge(kind, trial);
    if (trial.movesMeanwhile) this.#move();
    control.clear();
    await this.#recovered(kind);
    if (!trial.movesMeanwhile) {
      await this.#settled(this.#level, `after ${kind}`);
      await this.#judge(`${kind}, on the way back`, trial);
      this.#move();
    }
    // It follows again, and to the right figure.
    await this.#settled(this.#level, `after ${kind} and a move of the market`);
    expect(await this.dashboard.readBook(), `the book after ${kind}`).toEqual(this.#book);
  }

  async #see(seen: Seen, timeout: number, before: SheetFacts, sent: number): Promise<void> {
    const { dashboard, exchange } = this;
    const limit = { timeout };
    if (seen.source !== undefined) await this.#figures.sawSource(seen.source, timeout);
    if (seen.verdict !== undefined) await expect(dashboard.doubts).toHaveText(seen.verdict, limit);
    if (seen.messages !== undefined)
      await expect.poll(() => exchange.control.state().messagesSent, limit).toBeGreaterThan(sent + seen.messages);
    if (seen.legs !== undefined) await this.#seeLegs(seen.legs, limit);
    const { doubt, sheet, clockMs, refused } = seen;
    if (doubt === undefined && sheet === undefined && clockMs === undefined && refused === undefined) return;
    await dashboard.openMarketSheet();
    const { marketSheet } = dashboard;
    if (doubt !== undefined)
      await expect(marketSheet.getByRole('list', { name: 'Values in doubt' })).toContainText(doubt, limit);
    if (sheet !== undefined) await expect(marketSheet).toContainText(sheet, limit);
    if (clockMs !== undefined) {
      const clock = async () => (await dashboard.clockOffsetMs()) - before.clockOffsetMs;
      await expect.poll(async () => Math.abs((await clock()) - clockMs), limit).toBeLessThan(5_000);
    }
    if (refused !== undefined)
      await expect.poll(() => dashboard.refusedMessages(), limit).toBeGreaterThan(before.refused);
    await dashboard.page.keyboard.press('Escape');
    await expect(marketSheet).toBeHidden();
  }

  /** Every leg of that name has its mark, and the mark says why to whoever comes to it by key. */
  async #seeLegs({ named, reason }: NonNullable<Seen['legs']>, limit: { timeout: number }): Promise<void> {
    const { dashboard } = this;
    const labels = Object.keys(this.#book).filter((label) => named.test(label));
    expect(labels.length).toBeGreaterThan(0);
    for (const label of labels) await expect(dashboard.legDoubt(label)).toBeVisible(limit);
    await expect(async () => {
      await dashboard.legDoubt(labels[0]!).focus();
      await expect(dashboard.page.getByRole('tooltip')).toContainText(reason, { timeout: 2_000 });
      await expect(dashboard.legDoubt(labels[0]!)).toHaveAccessibleDescription(reason, { timeout: 2_000 });
    }).toPass(limit);
    await dashboard.page.keyboard.press('Escape');
  }

  async #recovered(kind: string): Promise<void> {
    const { dashboard } = this;
    await expect(dashboard.source, `live again after ${kind}`).toHaveText(/^LIVE/, RECOVERY);
    await expect(dashboard.doubts, `no doubt of a leg after ${kind}`).toHaveCount(0, RECOVERY);
    await dashboard.openMarketSheet();
    await expect(
      dashboard.marketSheet.getByText('Every value is trusted as it came.'),
      `trusted again after ${kind}`,
    ).toBeVisible(RECOVERY);
    await dashboard.page.keyboard.press('Escape');
    await expect(dashboard.marketSheet).toBeHidden();
  }

  /** No margin was painted but the right one, or one under a flag where the fault makes another. */
  async #judge(what: string, { margin }: Trial): Promise<void> {
    const painted = await this.#figures.painted();
    const rights = [this.#level, ...(margin === 'jumps' ? [this.#level * JUMP_BY] : [])].map(
      (level) => this.#right.get(level)!,
    );
    const wrong = painted.filter(({ initialMargin, source, doubts }) => {
      if (rights.some((right) => Math.abs(initialMargin / right - 1) <= TOLERANCE)) return false;
      return margin === 'right' || (source === 'LIVE' && doubts === '');
    });
    expect(wrong, `margins that are silently wrong under ${what}, where ${rights.join(' or ')} is right`).toEqual([]);
    await this.#figures.forget();
  }

  #move(): void {
    this.#level = LEVELS.find((level) => level !== this.#level)!;
    this.exchange.moveTo(this.#level);
  }

  async #settled(level: number, when: string): Promise<void> {
    const right = this.#right.get(level)!;
    await expect
      .poll(async () => Math.abs((await this.#margin()) / right - 1), {
        message: `the margin ${when}, ${right}`,
        ...RECOVERY,
      })
      .toBeLessThanOrEqual(TOLERANCE);
  }

  /** What the margin is at a level, while nothing is wrong: it stands there for a second. */
  async #learn(level: number): Promise<void> {
    this.exchange.moveTo(level);
    await expect
      .poll(async () => shownNumber(await this.dashboard.index.innerText()) / this.exchange.firstIndex, RECOVERY)
      .toBeCloseTo(level, 4);
    let known = Number.NaN;
    await expect(async () => {
      const margin = await this.#margin();
      const isSame = margin === known;
      known = margin;
      expect(isSame).toBe(true);
    }).toPass({ ...RECOVERY, intervals: [1_500] });
    this.#right.set(level, known);
  }

  /** The margin after the jump, reached in steps that no breaker holds. */
  async #learnJump(): Promise<void> {
    const from = this.#level;
    const steps = [1.09, 1.09 ** 2, JUMP_BY, 1.09 ** 2, 1.09, 1].map((step) => step * from);
    for (const level of steps) await this.#learn(level);
  }

  async #margin(): Promise<number> {
    return shownNumber((await this.dashboard.readVerdict()).initialMargin);
  }

  async #sheetFacts(): Promise<SheetFacts> {
    const { dashboard } = this;
    await dashboard.openMarketSheet();
    const facts = { refused: await dashboard.refusedMessages(), clockOffsetMs: await dashboard.clockOffsetMs() };
    await dashboard.page.keyboard.press('Escape');
    await expect(dashboard.marketSheet).toBeHidden();
    return facts;
  }
}

interface SheetFacts {
  readonly refused: number;
  readonly clockOffsetMs: number;
}
