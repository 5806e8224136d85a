import { expect, type Locator, type Page } from '@playwright/test';
import type { BehindElement } from '../src/app/BehindMark.tsx';
import type { ChartElement } from '../src/ui/Chart.tsx';
import type { Numbers } from '../src/ui/numbers.ts';

/** The verdict as it is written on the screen. */
export interface Verdict {
  /** The requirement that counts: after the proposed trade when there is one. */
  readonly initialMargin: string;
  /** Only with a proposal: what it was, and the change, `+3,267 (+4.5 %)`. */
  readonly before: string | null;
  readonly change: string | null;
  readonly maintenance: string;
  readonly freeMargin: string;
  readonly used: string;
  readonly binding: string;
  /** Requirement by rulebook, in the order of the screen. */
  readonly rulebooks: Readonly<Record<string, string>>;
}

/** Everything that follows the book: figures of every panel, as text or as the numbers behind a picture. */
export interface Panels {
  readonly verdict: Verdict;
  readonly payoff: Numbers;
  readonly runway: Numbers;
  readonly stress: readonly string[];
  readonly coverage: readonly string[];
  readonly greeks: readonly string[];
}

export interface Explained {
  /** P&L, then its parts, in the order of the columns. */
  readonly parts: readonly string[];
  readonly rows: readonly ExplainedRow[];
  readonly total: ExplainedRow;
}

export interface ExplainedRow {
  readonly name: string;
  readonly figures: readonly string[];
}

export interface NamedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

type ChartTitle = 'P&L by spot' | 'Margin runway' | 'Coverage' | 'Smile' | 'Backtest' | 'P&L explain';

/** An amount of money alone on its line: `72,051`, `−1,204`, `0.7820`. */
const AMOUNT = /^[−+]?[\d,]+(?:\.\d+)?$/;
const SHARE = /^[−+]?[\d,]+(?:\.\d+)?\s%$/;
const CHANGE = /^(?:0|[−+][\d,.]+)(?: \([^)]+\))?$/;

/** The screen as a person perceives it: what can be read on it and what can be done. Selectors live here and nowhere else. */
export class DashboardPage {
  readonly verdict: Locator;
  readonly book: Locator;
  readonly chain: Locator;
  readonly trade: Locator;
  readonly stressGrid: Locator;
  readonly scenario: Locator;
  readonly coverage: Locator;
  readonly greeks: Locator;
  readonly explain: Locator;
  readonly backtest: Locator;
  readonly command: Locator;
  readonly source: Locator;
  /** What is spoken of the source when its state has changed. */
  readonly sourceNews: Locator;
  readonly marketSheet: Locator;
  /** What the verdict says of prices in doubt; there only where some are. */
  readonly doubts: Locator;
  readonly index: Locator;
  readonly toast: Locator;
  readonly notices: Locator;
  readonly saved: Locator;
  readonly undoButton: Locator;
  readonly redoButton: Locator;
  readonly keepButton: Locator;
  readonly dropButton: Locator;
  readonly pinChip: Locator;

  constructor(readonly page: Page) {
    this.verdict = page.getByRole('region', { name: 'Verdict' });
    this.book = page.getByRole('region', { name: 'Book', exact: true });
    this.chain = page.getByRole('region', { name: 'Option chain' });
    this.trade = page.getByRole('region', { name: 'Add a trade' });
    this.stressGrid = page.getByRole('region', { name: 'Stress grid' }).getByRole('grid');
    this.scenario = page.getByRole('region', { name: 'Scenario' });
    this.coverage = page.getByRole('table', { name: 'Value at risk and expected shortfall by method' });
    this.greeks = page.getByRole('table', { name: /^Greeks by/ });
    this.backtest = page.getByRole('region', { name: 'Backtest', exact: true });
    this.explain = page.getByTestId('explain-panel');
    this.command = page.getByRole('combobox', { name: 'Command' });
    this.source = page.getByTestId('source');
    this.sourceNews = page.getByTestId('source-announcement');
    this.marketSheet = page.getByRole('dialog', { name: 'Market', exact: true });
    this.doubts = this.verdict.getByTestId('doubts');
    this.index = page.getByTestId('index');
    this.toast = page.getByTestId('toast');
    this.notices = page.getByTestId('notice');
    this.saved = page.getByTestId('saved');
    // Messages have an Undo of their own.
    this.undoButton = page.getByRole('banner').getByRole('button', { name: 'Undo', exact: true });
    this.redoButton = page.getByRole('banner').getByRole('button', { name: 'Redo', exact: true });
    this.keepButton = page.getByRole('button', { name: /^Keep/ });
    this.dropButton = page.getByRole('button', { name: /^Drop/ });
    this.pinChip = this.scenario.getByTestId('pin-chip');
  }

  // ---- opening and waiting -----------------------------------------------------------------------------------------------

  async open(address = './'): Promise<void> {
    await this.page.goto(address);
    await this.answered();
  }

  /** Chooses a market in the sheet behind the source badge. */
  async chooseMarket(name: string): Promise<void> {
    await this.openMarketSheet();
    await this.marketSheet.getByRole('button', { name: new RegExp(`^(?:Follow|Open|Play) ${name}$`) }).click();
    await expect(this.marketSheet).toBeHidden();
  }

  async openMarketSheet(): Promise<void> {
    await this.source.click();
    await expect(this.marketSheet.getByRole('button', { name: 'Follow Simulator' })).toBeVisible();
  }

  /** A fact of the connection in the market's sheet, which is open. */
  private async connectionFact(term: string): Promise<string> {
    const fact = this.marketSheet.getByText(term, { exact: true }).locator('..');
    return (await fact.innerText()).replace(term, '').trim();
  }

  async refusedMessages(): Promise<number> {
    return shownNumber(await this.connectionFact('Messages refused'));
  }

  /** By which the exchange's clock is ahead of this device's; NaN while that is not measured. */
  async clockOffsetMs(): Promise<number> {
    const fact = await this.connectionFact('Clock of the exchange');
    if (fact === 'the same as here') return 0;
    const [, size, way] = /^([\d,]+)\sms (ahead|behind)/.exec(fact) ?? [];
    return size === undefined ? Number.NaN : shownNumber(size) * (way === 'ahead' ? 1 : -1);
  }

  /** The mark of a leg whose prices are in doubt, by the label of its quantity. */
  legDoubt(label: string): Locator {
    return this.book
      .getByRole('row')
      .filter({ has: this.page.getByRole('spinbutton', { name: label, exact: true }) })
      .getByRole('button', { name: 'prices in doubt' });
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.answered();
  }

  /** Resolves when every panel in sight answers the book that is in sight: nothing is marked as behind, every picture is painted. */
  async answered(timeout = 30_000): Promise<void> {
    await expect
      .poll(() => this.unanswered(), { message: 'panels without an answer', timeout, intervals: [50, 100, 150, 250] })
      .toEqual([]);
  }

  private unanswered(): Promise<readonly string[]> {
    return this.page.evaluate(() => {
      const needed: Readonly<Record<string, string>> = {
        trade: 'button',
        book: 'table',
        payoff: '[data-testid="payoff-chart"], table',
        runway: '[data-testid="runway-chart"], [data-testid="frontier-chart"], table',
        scenario: 'input',
        stress: '[role="grid"], table',
        coverage: 'table, p',
        chain: 'table',
        greeks: 'table, p',
        rulebooks: 'table, p',
        explain: '[data-testid="explain-chart"], p',
        parameters: 'input, p',
        surface: 'table',
        backtest: 'table, p',
        smile: '[data-testid="smile-chart"], table',
      };
      const waiting: string[] = [];
      const requirement = document.querySelector<HTMLElement>('[data-testid="initial-margin"]');
      if (!/\d/.test(requirement?.innerText ?? '')) waiting.push('verdict');
      for (const slot of document.querySelectorAll<HTMLElement>('[data-panel]'))
        if (slot.querySelector(needed[slot.dataset.panel!] ?? '*') === null)
          waiting.push(`${slot.dataset.panel} loads`);
      if (document.querySelector<BehindElement>('[data-testid="behind"]')?.__headroomBehind === true)
        waiting.push('panels are behind');
      for (const behind of document.querySelectorAll<HTMLElement>('[data-stale], [aria-busy="true"]'))
        waiting.push(
          `${behind.dataset.testid ?? behind.closest<HTMLElement>('[data-panel]')?.dataset.panel} is behind`,
        );
      for (const chart of document.querySelectorAll<HTMLElement>('[data-version]'))
        if (chart.clientWidth > 0 && chart.dataset.painted !== chart.dataset.version)
          waiting.push(`${chart.ariaLabel} is not painted`);
      for (const row of document.querySelectorAll<HTMLTableRowElement>('tr[data-method]')) {
        const isEmpty = row.cells.length > 2 && row.cells[1]!.innerText === '';
        const hasLegs = !document.body.innerText.includes('Nothing can be lost');
        if (row.querySelector('progress') !== null || (isEmpty && hasLegs)) waiting.push(`${row.dataset.method} runs`);
      }
      return waiting;
    });
  }

  // ---- reading -----------------------------------------------------------------------------------------------------------

  async readVerdict(): Promise<Verdict> {
    const text = await this.verdict.evaluate((section) => {
      const lines = (testId: string) =>
        (section.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.innerText ?? '')
          .split('\n')
          .map((line) => line.trim());
      return {
        requirement: lines('initial-margin'),
        maintenance: lines('maintenance'),
        freeMargin: lines('free-margin'),
        used: lines('used'),
        binding: lines('binding'),
        rulebooks: [...section.querySelectorAll<HTMLElement>('[role="radio"]')].map((line) => line.innerText),
      };
    });
    const amounts = text.requirement.filter((line) => AMOUNT.test(line));
    const change = text.requirement.find((line) => CHANGE.test(line) && !AMOUNT.test(line));
    const amountIn = (lines: readonly string[]) => lines.find((line) => AMOUNT.test(line)) ?? '';
    return {
      initialMargin: amounts.at(-1) ?? '',
      before: amounts.length > 1 ? amounts[0]! : null,
      change: amounts.length > 1 ? (change ?? null) : null,
      maintenance: amountIn(text.maintenance),
      freeMargin: amountIn(text.freeMargin),
      used: text.used.find((line) => SHARE.test(line)) ?? '',
      binding: text.binding.join(' '),
      rulebooks: Object.fromEntries(text.rulebooks.map((line) => line.split(/\s+/).slice(0, 2) as [string, string])),
    };
  }

  get rulebooks(): Locator {
    return this.verdict.getByRole('radiogroup', { name: 'Rulebook' }).getByRole('radio');
  }

  /** Every quantity in the book, by what it is a quantity of; proposed ones too. */
  async readBook(): Promise<Readonly<Record<string, string>>> {
    const fields = await this.book
      .getByRole('spinbutton')
      .evaluateAll((all) => all.map((field) => [field.ariaLabel, (field as HTMLInputElement).value]));
    return Object.fromEntries(fields) as Record<string, string>;
  }

  async readStress(): Promise<readonly string[]> {
    return this.stressGrid.getByRole('gridcell').evaluateAll((cells) => cells.map((cell) => cell.ariaLabel ?? ''));
  }

  /** What is written in the cells, row by row. */
  async readStressCells(): Promise<readonly string[]> {
    return this.stressGrid.getByRole('gridcell').allInnerTexts();
  }

  async readPanels(): Promise<Panels> {
    return {
      verdict: await this.readVerdict(),
      payoff: await this.numbers('P&L by spot'),
      runway: await this.numbers('Margin runway'),
      stress: await this.readStress(),
      coverage: await this.coverage.getByRole('row').allInnerTexts(),
      greeks: await this.greeks.getByRole('row').allInnerTexts(),
    };
  }

  async readPanelsAndGreeks(): Promise<Panels> {
    await this.chooseDockTab('Greeks');
    await this.answered();
    return this.readPanels();
  }

  /** What speaks of the chosen coin alone. */
  async readPanelsOfCoin() {
    return {
      payoff: await this.numbers('P&L by spot'),
      runway: await this.numbers('Margin runway'),
      smile: await this.numbers('Smile'),
      chain: await this.chain.getByRole('row').allInnerTexts(),
      liquidation: await this.verdict.getByTestId('liquidation').innerText(),
    };
  }

  /** The P&L explain as it is written: the heads, and the figures of each position, of each coin's sum and of the total. */
  async readExplain(): Promise<Explained> {
    return this.explain.getByRole('table').evaluate((table: HTMLTableElement) => {
      const parts = [...table.tHead!.rows[0]!.cells].slice(1, -1).map((head) => head.abbr);
      const figures = (row: HTMLTableRowElement) => ({
        name: row.cells[0]!.innerText.trim(),
        figures: [...row.cells].slice(1, 1 + parts.length).map((cell) => cell.innerText.trim()),
      });
      const rows = [...table.tBodies].flatMap((body) => [...body.rows].map(figures));
      return { parts, rows: rows.filter((row) => row.figures.length > 1), total: figures(table.tFoot!.rows[0]!) };
    });
  }

  /** Chooses the market that a P&L is explained from. */
  async openFromMarket(files: NamedFile | readonly NamedFile[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.explain.getByRole('button', { name: /^(?:Open a market|Another) file$/ }).click();
    await (await chooser).setFiles(files as NamedFile | NamedFile[]);
  }

  /** The table of expiries in the Surface tab. */
  get smiles(): Locator {
    return this.page.getByRole('table', { name: /^(?:Smiles|Repaired smiles) of/ });
  }

  /** The smile in the Surface tab. */
  get smile(): Locator {
    return this.page.getByTestId('surface-smile-chart');
  }

  async chooseSmile(day: string): Promise<void> {
    await this.smiles.getByRole('button', { name: day, exact: true }).click();
    await this.answered();
  }

  async chooseSurfaceView(name: 'Smile' | '3D' | 'Term' | 'Skew'): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'View of the surface' }).getByRole('radio', { name }).click();
  }

  levelField(day: string): Locator {
    return this.page.getByRole('spinbutton', { name: `Level of ${day}` });
  }

  /** Why an edit of a smile went no further. */
  get smileStop(): Locator {
    return this.page.getByTestId('smile-stop');
  }

  /** Says in the verdict that its figures rest on edited smiles. */
  get editedMark(): Locator {
    return this.verdict.getByTestId('edited-smiles');
  }

  chart(title: ChartTitle): Locator {
    return this.page.getByRole('group', { name: title === 'Smile' ? /^Smile/ : title, exact: title !== 'Smile' });
  }

  /** The numbers that a picture is drawn from. */
  numbers(title: ChartTitle): Promise<Numbers> {
    return this.chart(title).evaluate((element) => (element as ChartElement).__headroomSeries!());
  }

  /** The backtest's table: figures by method, each row as it reads. */
  async readBacktest(): Promise<readonly string[]> {
    return this.backtest.getByRole('table').locator('tbody').getByRole('row').allInnerTexts();
  }

  panel(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  // ---- the book and what is proposed ----------------------------------------------------------------------------------------

  quantity(leg: string): Locator {
    return this.book.getByRole('spinbutton', { name: `Quantity of ${leg}`, exact: true });
  }

  async setQuantity(leg: string, quantity: string): Promise<void> {
    await this.quantity(leg).fill(quantity);
    await this.quantity(leg).press('Enter');
  }

  sellButton(option: string): Locator {
    return this.chain.getByRole('button', { name: `Sell ${option} at` });
  }

  buyButton(option: string): Locator {
    return this.chain.getByRole('button', { name: `Buy ${option} at` });
  }

  chip(name: string): Locator {
    return this.trade.getByRole('button', { name, exact: true });
  }

  async chooseExpiry(day: string): Promise<void> {
    await this.page.getByRole('tablist', { name: 'Expiry' }).getByRole('tab', { name: day }).click();
  }

  async chooseDockTab(
    name: 'Chain' | 'Rulebooks' | 'Greeks' | 'Parameters' | 'Backtest' | 'Explain' | 'Surface',
  ): Promise<void> {
    await this.page.getByRole('tablist', { name: 'Dock' }).getByRole('tab', { name }).click();
  }

  async chooseUnit(name: 'USD' | 'BTC' | 'ETH'): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Unit of money' }).getByRole('radio', { name }).click();
  }

  async chooseCoin(symbol: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Coin / }).click();
    await this.page.getByRole('menuitem', { name: symbol }).click();
  }

  /** The phone shows one page at a time. */
  async choosePage(name: 'Trade' | 'Stress' | 'Chain' | 'Rules'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name }).click();
  }

  stressMetric(name: 'P&L' | 'Margin' | 'Free'): Locator {
    return this.page.getByRole('radiogroup', { name: 'Figure in the cells' }).getByRole('radio', { name });
  }

  /** A proposed trade is in sight and can be kept. */
  async proposed(): Promise<void> {
    await expect(this.keepButton).toBeVisible();
    await this.answered();
  }

  async keep(): Promise<void> {
    await this.keepButton.click();
    await expect(this.keepButton).toBeHidden();
    await this.answered();
  }

  async undo(): Promise<void> {
    await this.undoButton.click();
    await this.answered();
  }

  async redo(): Promise<void> {
    await this.redoButton.click();
    await this.answered();
  }

  // ---- files ---------------------------------------------------------------------------------------------------------------

  async chooseFromMenu(menu: 'Open' | 'Export' | 'More', action: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: menu, exact: true }).click();
    await this.page.getByRole('menuitem', { name: action }).first().click();
  }

  async openFiles(files: NamedFile | readonly NamedFile[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.chooseFromMenu('Open', /^Open a file/);
    await (await chooser).setFiles(files as NamedFile | NamedFile[]);
  }

  /** Drags files over the page and lets them go. */
  async dropFiles(files: readonly NamedFile[]): Promise<void> {
    const contents = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, text: buffer.toString('utf8') }));
    const dataTransfer = await this.page.evaluateHandle((dropped) => {
      const transfer = new DataTransfer();
      for (const { name, mimeType, text } of dropped) transfer.items.add(new File([text], name, { type: mimeType }));
      return transfer;
    }, contents);
    await this.book.dispatchEvent('dragenter', { dataTransfer });
    await expect(this.page.getByText(/^Drop a market, a portfolio or a CSV/)).toBeVisible();
    await this.book.dispatchEvent('dragover', { dataTransfer });
    await this.book.dispatchEvent('drop', { dataTransfer });
  }
}

/** The number that a figure on the screen stands for. */
export function shownNumber(text: string): number {
  return Number(
    text
      .replaceAll(',', '')
      .replaceAll('−', '-')
      .replace(/[^\d.+-].*$/, ''),
  );
}
